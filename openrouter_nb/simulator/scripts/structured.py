"""`demo/structured`: JSON that satisfies the schema it is given."""

import json

from openrouter_nb.simulator.answer import Answer
from openrouter_nb.simulator.request import ChatRequest
from openrouter_nb.simulator.script import Script
from openrouter_nb.simulator.scripts.pieces import equal
from openrouter_nb.simulator.scripts.schema_example import example


def structured(request: ChatRequest) -> Answer:
    """Answer with an example of the schema; with an object for `json_object`; with a hint otherwise."""
    wish = request.body.get("response_format") or {}
    if wish.get("type") == "json_schema":
        text = json.dumps(example(wish["json_schema"].get("schema") or {}), ensure_ascii=False)
    elif wish.get("type") == "json_object":
        text = json.dumps({"simulated": True, "prompt": request.prompt}, ensure_ascii=False)
    else:
        text = "Give me a `response_format` of type `json_schema`, and I will answer in it."
    pieces = equal(text, request.tuning.chunks or max(1, len(text) // 6))
    return Answer(deltas=[{"content": piece} for piece in pieces])


STRUCTURED = Script(
    slug="demo/structured",
    summary="JSON that satisfies the given schema.",
    play=structured,
    parameters=("response_format", "structured_outputs"),
)
