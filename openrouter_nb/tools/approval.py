"""Approval callbacks for non-interactive runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.tools.tool_call import Decision, Refuse, Run, ToolCall

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Approve = Callable[[ToolCall], Decision | bool | Awaitable[Decision | bool]]

NO_APPROVER = "no user can be asked here, and only tools with approve='auto' run without approval."


async def deny_all(call: ToolCall) -> Decision:
    """Refuse every call: for runs without a user, such as nbclient and papermill."""
    del call
    return Refuse(NO_APPROVER)


async def approve_auto(call: ToolCall) -> Decision:
    """Approve every call, except of tools with `approve="ask"`."""
    return Refuse(NO_APPROVER) if call.tool is not None and call.tool.approval == "ask" else Run()
