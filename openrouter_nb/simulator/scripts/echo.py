"""Models that return their request."""

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
    ScriptedModel(slug="demo/echo", summary="Answers with the request body as JSON.", respond=echo),
    ScriptedModel(slug="demo/parrot", summary="Answers with the text of the last message.", respond=parrot),
    ScriptedModel(
        slug="demo/bare",
        summary="Like `demo/parrot`, but supports tools and no sampling parameters.",
        respond=parrot,
        parameters=("tools",),
        takes_usual=False,
    ),
)
