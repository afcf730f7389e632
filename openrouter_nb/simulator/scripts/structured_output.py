"""`demo/structured`: JSON that satisfies the given schema; `demo/structured-wrong`: only on the second attempt."""

import json

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.schema_example import example
from openrouter_nb.simulator.scripts.text_deltas import equal


def structured(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with an example of the schema, an object for `json_object`, or otherwise a hint."""
    response_format = request.body.get("response_format") or {}
    if response_format.get("type") == "json_schema":
        text = json.dumps(example(response_format["json_schema"].get("schema") or {}), ensure_ascii=False)
    elif response_format.get("type") == "json_object":
        text = json.dumps({"simulated": True, "prompt": request.prompt}, ensure_ascii=False)
    else:
        text = "Give me a `response_format` of type `json_schema`, and I will answer in it."
    pieces = equal(text, request.overrides.chunks or max(1, len(text) // 6))
    return ScriptedAnswer(deltas=[{"content": piece} for piece in pieces])


def structured_wrong(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with `simulator.text`, or with strings in all fields; correctly on the second attempt."""
    if any(message["role"] == "assistant" for message in request.messages):
        return structured(request)
    schema = ((request.body.get("response_format") or {}).get("json_schema") or {}).get("schema") or {}
    text = request.overrides.text or json.dumps(
        dict.fromkeys(schema.get("properties", {"answer": {}}), "wrong")
    )
    return ScriptedAnswer(deltas=[{"content": piece} for piece in equal(text, 4)])


STRUCTURED = ScriptedModel(
    slug="demo/structured",
    summary="JSON that satisfies the given schema.",
    respond=structured,
    parameters=("response_format", "structured_outputs", "tools", "tool_choice"),
)
STRUCTURED_WRONG = ScriptedModel(
    slug="demo/structured-wrong",
    summary="JSON that does not satisfy the given schema; the second attempt does.",
    respond=structured_wrong,
    parameters=("response_format", "structured_outputs", "tools", "tool_choice"),
)
