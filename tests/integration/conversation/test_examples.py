"""The examples of the documentation run, and say what they say."""

import doctest
import importlib

import pytest

from openrouter_nb.simulator import Simulator
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say
from openrouter_nb.simulator.scripts.tools import tools

MODEL = "openai/gpt-5-mini"
ANSWERS = {
    "Say hello.": "Hello!",
    "Count to three.": "One, two, three.",
    "Say tree in French.": "arbre",
    "Say sea in Italian.": "mare",
    "And in Italian?": "albero",
    "And in German?": "Baum",
}


def respond(request):
    if request.sent.get("tools"):
        return tools(request)
    return ScriptedAnswer(deltas=say(ANSWERS[request.prompt], request))


@pytest.fixture
def model(monkeypatch):
    """Serve the model of the examples, which is also the default one."""
    script = ScriptedModel(
        slug=MODEL, summary="Answers as in the examples.", respond=respond, parameters=("tools",)
    )
    with Simulator(scripts=[script]) as server:
        monkeypatch.setenv("OPENROUTER_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENROUTER_NB_MODEL", MODEL)
        yield


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    "name",
    [
        "batch.api",
        "client.chat",
        "conversation.answer_stream",
        "conversation.api",
        "conversation.chat",
        "conversation.compare",
        "conversation.run_tools",
        "tools.function_schema",
    ],
)
def test_every_example_runs(name):
    module = importlib.import_module(f"openrouter_nb.{name}")
    outcome = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0
