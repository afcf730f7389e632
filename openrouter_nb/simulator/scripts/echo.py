"""Models that show what they were sent."""

import json

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say


def echo(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with the body as a JSON code block."""
    body = json.dumps(request.sent, indent=2, ensure_ascii=False)
    return ScriptedAnswer(deltas=say(f"```json\n{body}\n```\n", request))


def parrot(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with the text of the last message."""
    return ScriptedAnswer(deltas=say(request.prompt, request))


MIRRORS = (
    ScriptedModel(slug="demo/echo", summary="Answers with the request body as JSON.", play=echo),
    ScriptedModel(slug="demo/parrot", summary="Answers with the text of the last message.", play=parrot),
    ScriptedModel(
        slug="demo/bare",
        summary="A parrot that takes tools and no sampling parameter.",
        play=parrot,
        parameters=("tools",),
        takes_usual=False,
    ),
)
