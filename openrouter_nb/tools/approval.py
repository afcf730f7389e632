"""Who says yes to a call where no person is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.tools.tool_call import Decision, Refuse, Run, ToolCall

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Approve = Callable[[ToolCall], Decision | bool | Awaitable[Decision | bool]]

NO_APPROVER = "nobody can be asked here, and only tools marked approve='auto' run unasked."


async def deny_all(call: ToolCall) -> Decision:
    """Refuse every call: for runs without anybody to ask, such as nbclient and papermill."""
    del call
    return Refuse(NO_APPROVER)


async def approve_auto(call: ToolCall) -> Decision:
    """Allow every call of a tool that does not insist on being asked."""
    return Refuse(NO_APPROVER) if call.tool is not None and call.tool.approval == "ask" else Run()
