"""Who says yes to a call where no person is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.tools.tool_call import Call, Decision, Refuse, Run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Approve = Callable[[Call], Decision | bool | Awaitable[Decision | bool]]

NOBODY = "nobody can be asked here, and only tools marked approve='auto' run unasked."


async def refuse(call: Call) -> Decision:
    """Refuse every call: for runs without anybody to ask, such as nbclient and papermill."""
    del call
    return Refuse(NOBODY)


async def allow(call: Call) -> Decision:
    """Allow every call of a tool that does not insist on being asked."""
    return Refuse(NOBODY) if call.tool is not None and call.tool.approval == "ask" else Run()
