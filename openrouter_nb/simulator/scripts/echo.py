"""Models that show what they were sent."""

import json

from openrouter_nb.simulator.parsed_request import ChatRequest
from openrouter_nb.simulator.responses.scripted_answer import Answer
from openrouter_nb.simulator.scripted_model import Script
from openrouter_nb.simulator.scripts.text_deltas import say


def echo(request: ChatRequest) -> Answer:
    """Answer with the body as a JSON code block."""
    body = json.dumps(request.sent, indent=2, ensure_ascii=False)
    return Answer(deltas=say(f"```json\n{body}\n```\n", request))


def parrot(request: ChatRequest) -> Answer:
    """Answer with the text of the last message."""
    return Answer(deltas=say(request.prompt, request))


MIRRORS = (
    Script(slug="demo/echo", summary="Answers with the request body as JSON.", play=echo),
    Script(slug="demo/parrot", summary="Answers with the text of the last message.", play=parrot),
    Script(
        slug="demo/bare",
        summary="A parrot that takes tools and no sampling parameter.",
        play=parrot,
        parameters=("tools",),
        takes_usual=False,
    ),
)
