"""The examples of the documentation run, and say what they say."""

import doctest
import importlib

import pytest


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
