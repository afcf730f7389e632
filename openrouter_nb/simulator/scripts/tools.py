"""`demo/tools`: calls the tools it is given, in fragments as real models do.

Source: OpenRouter docs, guides/features/tool-calling, and the OpenAPI schema ChatStreamToolCall, August 2026.
"""

import json
from typing import Any

from openrouter_nb.simulator.answer import Answer
from openrouter_nb.simulator.content import text_of
from openrouter_nb.simulator.fold import Delta
from openrouter_nb.simulator.request import ChatRequest
from openrouter_nb.simulator.script import Script
from openrouter_nb.simulator.scripts.pieces import equal, say
from openrouter_nb.simulator.scripts.schema_example import example

FRAGMENTS = 4


def tools(request: ChatRequest) -> Answer:
    """Call the first tool, or every tool when the prompt says "parallel"; use results when they come."""
    results = _results(request)
    if results:
        lines = "\n".join(f"- {result}" for result in results)
        return Answer(deltas=say(f"The tools answered:\n\n{lines}\n", request))
    functions = _callable(request)
    if not functions:
        return Answer(deltas=say("Give me `tools` (functions), and I will call the first of them.", request))
    chosen = functions if "parallel" in request.prompt.lower() else functions[:1]
    if request.body.get("parallel_tool_calls") is False:
        chosen = chosen[:1]
    deltas = interleave([call(index, function) for index, function in enumerate(chosen)])
    return Answer(deltas=deltas, finish_reason="tool_calls", native_finish_reason="tool_use")


def call(index: int, function: dict[str, Any]) -> list[Delta]:
    """Return one call as deltas: id and name first, then the arguments in fragments."""
    arguments = json.dumps(example(function.get("parameters") or {"type": "object"}))
    head = {"id": f"call_simulated_{index}", "type": "function", "index": index}
    name = {"name": function["name"], "arguments": ""}
    fragments: list[dict[str, Any]] = [{**head, "function": name}]
    fragments += [{"index": index, "function": {"arguments": piece}} for piece in equal(arguments, FRAGMENTS)]
    return [{"content": None, "tool_calls": [fragment]} for fragment in fragments]


def interleave(calls: list[list[Delta]]) -> list[Delta]:
    """Mix the fragments of parallel calls: all heads in order, then the fragments in turns."""
    longest = max(map(len, calls))
    return [fragments[turn] for turn in range(longest) for fragments in calls if turn < len(fragments)]


def _callable(request: ChatRequest) -> list[dict[str, Any]]:
    choice = request.body.get("tool_choice", "auto")
    functions = [tool["function"] for tool in request.body.get("tools", []) if tool["type"] == "function"]
    if choice == "none":
        return []
    if isinstance(choice, dict) and choice.get("type") == "function":
        return [function for function in functions if function["name"] == choice["function"]["name"]]
    return functions


def _results(request: ChatRequest) -> list[str]:
    results = []
    for message in reversed(request.messages):
        if message["role"] != "tool":
            break
        results.append(text_of(message["content"]))
    return results[::-1]


TOOLS = Script(
    slug="demo/tools",
    summary='Calls the first tool, or all of them when the prompt says "parallel".',
    play=tools,
    parameters=("tools", "tool_choice", "parallel_tool_calls"),
)
