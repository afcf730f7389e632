"""`demo/tools`: calls the given tools, in fragments like real models.

Source: OpenRouter docs, guides/features/tool-calling, and the OpenAPI schema ChatStreamToolCall, August 2026.
"""

import json
from typing import Any

from openrouter_nb.simulator.message_validation import text_of
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.delta_merge import Delta
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.schema_example import arguments
from openrouter_nb.simulator.scripts.text_deltas import equal, say

FRAGMENTS = 4
PARAMETERS = ("tools", "tool_choice", "parallel_tool_calls")


def tools(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call the first tool, or every tool if the prompt contains "parallel"; use results if there are any."""
    if results(request):
        return conclusion(request)
    functions = callable_tools(request)
    if not functions:
        return ScriptedAnswer(
            deltas=say("Give me `tools` (functions), and I will call the first of them.", request)
        )
    chosen = functions if "parallel" in request.prompt.lower() else functions[:1]
    if request.body.get("parallel_tool_calls") is False:
        chosen = chosen[:1]
    return tool_call_answer(
        [
            call(index, function["name"], json.dumps(arguments(schema_of(function), request.prompt)))
            for index, function in enumerate(chosen)
        ]
    )


def tool_call_answer(calls: list[list[Delta]], before: list[Delta] | None = None) -> ScriptedAnswer:
    """Return the answer that requests calls."""
    deltas = [*(before or ()), *interleave(calls)]
    return ScriptedAnswer(deltas=deltas, finish_reason="tool_calls", native_finish_reason="tool_use")


def conclusion(request: ParsedChatRequest) -> ScriptedAnswer:
    """Return the answer that repeats the results of the tools."""
    lines = "\n".join(f"- {result}" for result in results(request))
    return ScriptedAnswer(deltas=say(f"The tools answered:\n\n{lines}\n", request))


def call(index: int, name: str, json_text: str, ident: str | None = None) -> list[Delta]:
    """Return one call as deltas: id and name first, then the arguments in fragments.

    Args:
        index: The `index` of its fragments.
        name: Name of the function.
        json_text: The arguments; may be invalid JSON.
        ident: The call's id; derived from the index by default.
    """
    head = {"id": ident or f"call_simulated_{index}", "type": "function", "index": index}
    fragments: list[dict[str, Any]] = [{**head, "function": {"name": name, "arguments": ""}}]
    fragments += [{"index": index, "function": {"arguments": piece}} for piece in equal(json_text, FRAGMENTS)]
    return [{"content": None, "tool_calls": [fragment]} for fragment in fragments]


def interleave(calls: list[list[Delta]]) -> list[Delta]:
    """Interleave the fragments of parallel calls: first the heads, then the fragments in turn."""
    longest = max(map(len, calls))
    return [fragments[turn] for turn in range(longest) for fragments in calls if turn < len(fragments)]


def callable_tools(request: ParsedChatRequest) -> list[dict[str, Any]]:
    """Return the functions that `tools` and `tool_choice` allow."""
    choice = request.body.get("tool_choice", "auto")
    functions = [tool["function"] for tool in request.body.get("tools", []) if tool["type"] == "function"]
    if choice == "none":
        return []
    if isinstance(choice, dict) and choice.get("type") == "function":
        return [function for function in functions if function["name"] == choice["function"]["name"]]
    return functions


def schema_of(function: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a function's arguments."""
    return function.get("parameters") or {"type": "object"}


def results(request: ParsedChatRequest) -> list[str]:
    """Return the results of the last calls; `[]` if the last message is not a tool result."""
    found = []
    for message in reversed(request.messages):
        if message["role"] != "tool":
            break
        found.append(text_of(message["content"]))
    return found[::-1]


TOOLS = ScriptedModel(
    slug="demo/tools",
    summary='Calls the first tool, or all of them if the prompt contains "parallel".',
    respond=tools,
    parameters=PARAMETERS,
)
