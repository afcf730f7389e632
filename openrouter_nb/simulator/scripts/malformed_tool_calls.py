"""Models with malformed or unusual tool calls, from recordings and reports or as a precaution.

Source: recorded streams (fifteen calls with index 0, gemini-2.5-flash-lite; arguments cut off at the token limit), and
OpenRouter docs, guides/features/tool-calling, August 2026.
"""

import json
from collections.abc import Callable
from typing import Any

from openrouter_nb.simulator.message_validation import text_of
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import Responder, ScriptedModel
from openrouter_nb.simulator.scripts.reasoner import thinking
from openrouter_nb.simulator.scripts.schema_example import arguments
from openrouter_nb.simulator.scripts.text_deltas import say
from openrouter_nb.simulator.scripts.tools import (
    call,
    callable_tools,
    conclusion,
    results,
    schema_of,
    tool_call_answer,
)


def _first(request: ParsedChatRequest) -> tuple[str, str]:
    """Return name and arguments of the first tool; an unknown name if there are no tools."""
    functions = callable_tools(request)
    if not functions:
        return "nothing", "{}"
    prompt = next(text_of(item["content"]) for item in reversed(request.messages) if item["role"] == "user")
    return functions[0]["name"], json.dumps(arguments(schema_of(functions[0]), prompt))


def one_index(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call every tool, each in one delta with index 0 and a unique id."""
    if results(request):
        return conclusion(request)
    deltas: list[dict[str, Any]] = []
    for number, function in enumerate(callable_tools(request)):
        fragment = {
            "id": f"call_unique_{number}",
            "type": "function",
            "index": 0,
            "function": {
                "name": function["name"],
                "arguments": json.dumps(arguments(schema_of(function), request.prompt)),
            },
        }
        deltas.append({"content": None, "tool_calls": [fragment]})
    return ScriptedAnswer(deltas=deltas, finish_reason="tool_calls", native_finish_reason="STOP")


def cut(request: ParsedChatRequest) -> ScriptedAnswer:
    """End inside the arguments, as at the token limit; use the result if there is one."""
    if results(request):
        return conclusion(request)
    name, json_text = _first(request)
    answer = tool_call_answer([call(0, name, json_text[: len(json_text) // 2 + 1])])
    return ScriptedAnswer(deltas=answer.deltas, finish_reason="length", native_finish_reason="max_tokens")


def endless(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call the first tool regardless of its results, each time with new arguments."""
    name, json_text = _first(request)
    values = json.loads(json_text)
    so_far = sum(1 for message in request.messages if message["role"] == "tool")
    for key, value in values.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            values[key] = value + so_far
        elif isinstance(value, str):
            values[key] = f"{value} {so_far}"
    return tool_call_answer([call(0, name, json.dumps(values), ident=f"call_{so_far}")])


def identical(request: ParsedChatRequest) -> ScriptedAnswer:
    """Repeat the same call without limit, with the same id."""
    return tool_call_answer([call(0, *_first(request))])


def unknown(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call an unknown function, `simulator.text` or `exec`; use the result if there is one."""
    if results(request):
        return conclusion(request)
    return tool_call_answer([call(0, request.overrides.text or "exec", '{"code": "1 / 0"}')])


def wrong(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call the first tool with the arguments `simulator.text`, or with an unknown argument."""
    if results(request):
        return conclusion(request)
    text = request.overrides.text
    return tool_call_answer([call(0, _first(request)[0], '{"wrong": true}' if text is None else text)])


def reasoning(request: ParsedChatRequest) -> ScriptedAnswer:
    """Reason before the call, and require the unchanged `reasoning_details` with the result."""
    if not results(request):
        return tool_call_answer([call(0, *_first(request))], before=thinking())
    calling = next(message for message in reversed(request.messages) if message["role"] == "assistant")
    details = calling.get("reasoning_details") or [{}]
    if len(details) != 1 or details[0].get("signature") is None:
        return ScriptedAnswer(deltas=say("The thought did not come back as it was.", request))
    return conclusion(request)


def _script(slug: str, summary: str, respond: Callable[[ParsedChatRequest], Responder]) -> ScriptedModel:
    return ScriptedModel(slug=slug, summary=summary, respond=respond, parameters=("tools",))


ODD_TOOLS = (
    _script("demo/tools-one-index", "Calls every tool, all with one index.", one_index),
    _script("demo/tools-cut", "Ends inside the arguments of a call.", cut),
    _script(
        "demo/tools-endless", "Calls the first tool without limit, with new arguments each time.", endless
    ),
    _script("demo/tools-identical", "Repeats the same call without limit.", identical),
    _script("demo/tools-unknown", "Calls an unknown tool.", unknown),
    _script("demo/tools-wrong", "Calls the first tool with wrong arguments.", wrong),
    _script(
        "demo/tools-thinking", "Reasons, calls the first tool, and requires its reasoning back.", reasoning
    ),
)
