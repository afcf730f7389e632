"""Execute the tool calls of one response: validate, approve, run concurrently."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import TYPE_CHECKING

from openrouter_nb.conversation.agent import tool_messages
from openrouter_nb.conversation.agent.events import ToolCallUpdated
from openrouter_nb.output.type_adapter import to_text
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.tools.approval import NO_APPROVER
from openrouter_nb.tools.function_runner import ToolTimeoutError, run
from openrouter_nb.tools.tool_call import (
    Decision,
    Refuse,
    Respond,
    Run,
    RunWith,
    ToolCall,
    decision_of,
    failed_approval,
)
from openrouter_nb.tools.tool_results import ToolReportedError, content_of, error_text
from openrouter_nb.user_code import call_user_code, create_task, run_in_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openrouter_nb.conversation.agent.events import Event
    from openrouter_nb.tools.approval import Approve
    from openrouter_nb.tools.toolset import Toolset


_STOPPED = "Stopped by the user."


class ToolExecutor:
    """Executes the calls of a loop.

    Args:
        approve: Decides about each call that needs approval; None leaves that to `call.decide(...)`.
        identical: How often the same call is run.
        emit: Receives a `ToolCallUpdated` for each change of a call.
    """

    def __init__(
        self,
        approve: Approve | None,
        identical: int,
        emit: Callable[[Event], object],
    ) -> None:
        self._approve = approve
        self._identical = identical
        self._emit = emit
        self._requested: list[ToolCall] = []

    def is_repeated(self, call: ToolCall) -> bool:
        """Whether a call was refused because it was made too often before."""
        return call.status == "refused" and self._repeats(call) > self._identical

    def _repeats(self, call: ToolCall) -> int:
        """Count the calls like this one, this one included."""
        before = self._requested[: self._requested.index(call) + 1]
        return sum(1 for other in before if other.identity == call.identity)

    async def execute(self, calls: Sequence[ToolCall], toolset: Toolset | None) -> None:
        """Execute calls concurrently; each has its result afterwards. Cancelling this stops them.

        Args:
            calls: The calls of one response.
            toolset: The tools that the request offered, for the message about an unknown one.
        """
        self._requested += calls
        tasks = [create_task(self._execute(call, toolset)) for call in calls]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for call in calls:
                if not call.has_ended:  # cancelled before it started
                    call.finish("stopped", _STOPPED)

    async def _execute(self, call: ToolCall, toolset: Toolset | None) -> None:
        try:
            if self._is_valid(call, toolset):
                await self._apply(call, await self._decision(call))
        except asyncio.CancelledError:
            if not call.has_ended:
                call.finish("stopped", _STOPPED)
            raise
        finally:
            self._emit(ToolCallUpdated(call))

    def _is_valid(self, call: ToolCall, toolset: Toolset | None) -> bool:
        """Validate a call before its approval; a problem is its result."""
        if call.tool is None:
            known = toolset.nearest(call.name) if toolset else "There are no tools."
            call.finish("unknown", f"Not run: there is no tool {call.name!r}. {known}")
            return False
        try:
            call_user_code(call.validate)
        except Exception as error:  # noqa: BLE001 - the check of a tool may raise anything
            said = error if isinstance(error, WrongValueError) else error_text(error)
            call.finish("invalid", f"Not run: the arguments are wrong. {said}", error=error)
            return False
        if self._repeats(call) > self._identical:
            call.finish(
                "refused",
                f"Not run: this call was made {self._identical} times before, with the same arguments.",
            )
            return False
        return True

    async def _decision(self, call: ToolCall) -> Decision:
        policy = call.tool.approval if call.tool else None
        has_function = call.tool is not None and call.tool.function is not None
        if policy == "auto" and has_function:
            return Run()
        decided = call.wait()
        self._emit(ToolCallUpdated(call))
        if self._approve is None:
            return await decided
        try:
            decision = call_user_code(self._approve, call)
            if inspect.isawaitable(decision):
                decision = await run_in_task(decision)
            return decision_of(decision)
        except Exception as error:  # noqa: BLE001 - an approval function may raise anything
            return failed_approval(error)

    async def _apply(self, call: ToolCall, decision: Decision) -> None:
        if isinstance(decision, Refuse):
            is_by_user = decision.reason != NO_APPROVER and decision.error is None
            words = "the user refused this call." if is_by_user else ""
            said = " ".join(part for part in ("Not run:", words, decision.reason) if part)
            call.finish("refused", said, error=decision.error)
        elif isinstance(decision, Respond):
            call.finish("answered", content_of(decision.text), value=decision.text)
        else:
            if isinstance(decision, RunWith):
                try:
                    call.set_arguments(decision.arguments)
                except (TypeError, ValueError) as error:  # not JSON values, or wrong ones
                    call.finish("invalid", f"Not run: the changed arguments are wrong. {error}", error=error)
                    return
            await self._run(call)

    async def _run(self, call: ToolCall) -> None:
        function = call.tool.function if call.tool else None
        if call.tool is None or function is None or call.arguments is None:
            call.finish(
                "refused", "Not run: this tool has no function here, and no result was entered by hand."
            )
            return

        def on_output(text: str) -> None:
            if not call.has_ended:
                call.append_output(text)
                self._emit(ToolCallUpdated(call))

        call.start()
        self._emit(ToolCallUpdated(call))
        try:
            value = await run(function, call.arguments, timeout_s=call.tool.timeout_s, on_output=on_output)
            content = call_user_code(content_of, value)  # calls `__repr__` and other methods of the value
        except ToolTimeoutError as error:
            call.finish("failed", str(error), error=error)
        except ToolReportedError as error:
            content = tool_messages.with_note("The tool failed.", content_of(error.content))
            call.finish("failed", content, error=error)
        except Exception as error:  # noqa: BLE001 - whatever a tool raises is its result
            call.finish("failed", f"The tool failed. {error_text(error)}", error=error)
        else:
            if call.edited:
                said = f"The user changed the arguments to {json.dumps(call.arguments, default=to_text)}."
                content = tool_messages.with_note(said, content)
            call.finish("done", content, value=value)
