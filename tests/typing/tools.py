"""Tools and structured answers as an editor sees them: checked by mypy, never run."""

from typing import assert_type

from openrouter_nb import (
    Answer,
    Limits,
    Refuse,
    Run,
    RunWith,
    chat,
    run_tools,
    run_tools_async,
    tool,
    tools_from_mcp,
)
from openrouter_nb.tools import Tool
from openrouter_nb.tools.tool_call import ToolCall


@tool(approve="auto", timeout=3)
def multiply(a: int, b: int) -> int:
    return a * b


async def approve(call: ToolCall) -> Run | Refuse:
    return Run() if call.arguments else Refuse("no arguments")


async def acting() -> None:
    assert_type(multiply, Tool)
    assert_type(tool(len, name="length"), Tool)
    assert_type(run_tools("Hi", [multiply], approve=lambda _call: True), Answer)
    assert_type(await run_tools_async("Hi", multiply, limits=Limits(cost=0.1), approve=approve), Answer)
    assert_type(run_tools("Hi", "web_search", schema=dict[str, int]).calls, tuple[ToolCall, ...])
    assert_type(chat("Hi", tools=[multiply], schema=list[str]).stopped_by, str | None)
    with tools_from_mcp(["server"], only=["a"], approve="ask") as tools:
        run_tools("Hi", tools, approve=lambda call: RunWith(call.arguments or {}))
