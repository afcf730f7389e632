"""`demo/tools`: calls the tools it is given, in fragments as real models do.

Source: OpenRouter docs, guides/features/tool-calling, and the OpenAPI schema ChatStreamToolCall, August 2026.
"""

import json
from typing import Any

from openrouter_nb.simulator.message_validation import text_of
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.delta_merge import Delta
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.prompt_arguments import arguments
from openrouter_nb.simulator.scripts.text_deltas import equal, say

FRAGMENTS = 4
PARAMETERS = ("tools", "tool_choice", "parallel_tool_calls")


def tools(request: ParsedChatRequest) -> ScriptedAnswer:
    """Call the first tool, or every tool when the prompt says "parallel"; use results when they come."""
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
    return asking(
        [
            call(index, function["name"], json.dumps(arguments(schema_of(function), request.prompt)))
            for index, function in enumerate(chosen)
        ]
    )


def asking(calls: list[list[Delta]], before: list[Delta] | None = None) -> ScriptedAnswer:
    """Return the answer that asks for calls."""
    deltas = [*(before or ()), *interleave(calls)]
    return ScriptedAnswer(deltas=deltas, finish_reason="tool_calls", native_finish_reason="tool_use")


def conclusion(request: ParsedChatRequest) -> ScriptedAnswer:
    """Return the answer that repeats what the tools said."""
    lines = "\n".join(f"- {result}" for result in results(request))
    return ScriptedAnswer(deltas=say(f"The tools answered:\n\n{lines}\n", request))


def call(index: int, name: str, written: str, ident: str | None = None) -> list[Delta]:
    """Return one call as deltas: id and name first, then the arguments in fragments.

    Args:
        index: The slot that its fragments name.
        name: Of the function.
        written: The arguments, JSON or not.
        ident: The call's id; by its index if left out.
    """
    head = {"id": ident or f"call_simulated_{index}", "type": "function", "index": index}
    fragments: list[dict[str, Any]] = [{**head, "function": {"name": name, "arguments": ""}}]
    fragments += [{"index": index, "function": {"arguments": piece}} for piece in equal(written, FRAGMENTS)]
    return [{"content": None, "tool_calls": [fragment]} for fragment in fragments]


def interleave(calls: list[list[Delta]]) -> list[Delta]:
    """Mix the fragments of parallel calls: all heads in order, then the fragments in turns."""
    longest = max(map(len, calls))
    return [fragments[turn] for turn in range(longest) for fragments in calls if turn < len(fragments)]


def callable_tools(request: ParsedChatRequest) -> list[dict[str, Any]]:
    """Return the functions that the request allows to call."""
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
    """Return what the tools answered to the last calls, `[]` where the last message is no result."""
    found = []
    for message in reversed(request.messages):
        if message["role"] != "tool":
            break
        found.append(text_of(message["content"]))
    return found[::-1]


TOOLS = ScriptedModel(
    slug="demo/tools",
    summary='Calls the first tool, or all of them when the prompt says "parallel".',
    play=tools,
    parameters=PARAMETERS,
)
