"""Models that call tools as no client would like them to: seen in recordings and reports, or feared.

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
from openrouter_nb.simulator.scripts.prompt_arguments import arguments
from openrouter_nb.simulator.scripts.reasoner import thinking
from openrouter_nb.simulator.scripts.text_deltas import say
from openrouter_nb.simulator.scripts.tools import asking, call, callable_tools, conclusion, results, schema_of

Written = list[tuple[str, str]]


def _first(request: ParsedChatRequest) -> tuple[str, str]:
    """Return name and arguments of the first tool; a name that is nobody's where there is none."""
    functions = callable_tools(request)
    if not functions:
        return "nothing", "{}"
    asked = next(text_of(item["content"]) for item in reversed(request.messages) if item["role"] == "user")
    return functions[0]["name"], json.dumps(arguments(schema_of(functions[0]), asked))


def one_index(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call every tool at once, whole, all under the index 0 and an id each."""
    if results(request):
        return conclusion(request)
    deltas: list[dict[str, Any]] = []
    for number, function in enumerate(callable_tools(request)):
        written = json.dumps(arguments(schema_of(function), request.prompt))
        fragment = {
            "id": f"call_of_its_own_{number}",
            "type": "function",
            "index": 0,
            "function": {"name": function["name"], "arguments": written},
        }
        deltas.append({"content": None, "tool_calls": [fragment]})
    return ScriptedAnswer(deltas=deltas, finish_reason="tool_calls", native_finish_reason="STOP")


def cut(request: ParsedChatRequest) -> ScriptedAnswer:
    """Break off inside the arguments, as at the token limit; use the result when it comes."""
    if results(request):
        return conclusion(request)
    name, written = _first(request)
    answer = asking([call(0, name, written[: len(written) // 2 + 1])])
    return ScriptedAnswer(deltas=answer.deltas, finish_reason="length", native_finish_reason="max_tokens")


def endless(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call the first tool, whatever comes back, each time with a number that was not there before."""
    name, written = _first(request)
    given = json.loads(written)
    so_far = sum(1 for message in request.messages if message["role"] == "tool")
    for key, value in given.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            given[key] = value + so_far
        elif isinstance(value, str):
            given[key] = f"{value} {so_far}"
    return asking([call(0, name, json.dumps(given), ident=f"call_{so_far}")])


def identical(request: ParsedChatRequest) -> ScriptedAnswer:
    """Make the same call for ever, even under the same id."""
    return asking([call(0, *_first(request))])


def unknown(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call what was never offered: `simulator.text`, or `exec`; use the result when it comes."""
    if results(request):
        return conclusion(request)
    return asking([call(0, request.tuning.text or "exec", '{"code": "1 / 0"}')])


def wrong(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call the first tool with the arguments `simulator.text`, or with none of the right names."""
    if results(request):
        return conclusion(request)
    text = request.tuning.text
    return asking([call(0, _first(request)[0], '{"wrong": true}' if text is None else text)])


def reasoning(request: ParsedChatRequest) -> ScriptedAnswer:
    """Think aloud before the call, and insist that the thought comes back with the result, unchanged."""
    if not results(request):
        return asking([call(0, *_first(request))], before=thinking())
    asked = next(message for message in reversed(request.messages) if message["role"] == "assistant")
    details = asked.get("reasoning_details") or [{}]
    if len(details) != 1 or details[0].get("signature") is None:
        return ScriptedAnswer(deltas=say("The thought did not come back as it was.", request))
    return conclusion(request)


def _script(slug: str, summary: str, play: Callable[[ParsedChatRequest], Responder]) -> ScriptedModel:
    return ScriptedModel(slug=slug, summary=summary, play=play, parameters=("tools",))


ODD_TOOLS = (
    _script("demo/tools-one-index", "Calls every tool, all under one index.", one_index),
    _script("demo/tools-cut", "Breaks off inside the arguments of a call.", cut),
    _script("demo/tools-endless", "Calls the first tool for ever, always differently.", endless),
    _script("demo/tools-identical", "Makes the same call for ever.", identical),
    _script("demo/tools-unknown", "Calls a tool that nobody offered.", unknown),
    _script("demo/tools-wrong", "Calls the first tool with wrong arguments.", wrong),
    _script("demo/tools-thinking", "Reasons, calls the first tool, and wants its reasoning back.", reasoning),
)
