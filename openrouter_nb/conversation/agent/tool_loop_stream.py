"""A tool loop, read like the stream of one response."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

from openrouter_nb.client import background_loop
from openrouter_nb.conversation.agent.events import ChunksReceived, ToolCallUpdated
from openrouter_nb.tools.tool_call import ToolCall, failed_approval
from openrouter_nb.user_code import call_user_code, create_task, run_in_task

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.components import ChatResult, ChatStreamChunk
    from openrouter_nb.conversation.agent.events import Event
    from openrouter_nb.conversation.agent.tool_loop import ToolLoop
    from openrouter_nb.tools.approval import Approve


class ToolLoopStream:
    """Chunks of all responses of a loop, in order. The loop runs while it is read.

    Approval is requested while reading, on the thread that reads: `input()` and the caller's own function belong there.

    Args:
        loop: The loop, not started.
        approve: Decides about each call.
        on_event: Receives the events, on the thread of the event loop; None for none.
    """

    def __init__(
        self, loop: ToolLoop, approve: Approve, on_event: Callable[[Event], object] | None = None
    ) -> None:
        self.loop = loop
        self._approve = approve
        self._on_event = on_event
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._task = create_task(loop.run(self._events.put_nowait))
        self._task.add_done_callback(lambda _: self._events.put_nowait(None))

    @property
    def result(self) -> ChatResult:
        """The last response, or the received part of it, with the usage of all responses."""
        return self.loop.total

    async def read_ready(self) -> list[ChatStreamChunk]:
        """Wait for an event and return its chunks, `[]` if it has none.

        Raises:
            StopAsyncIteration: the loop has finished.
            OpenRouterError: a request failed.
        """
        try:
            return await self._read()
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Close the request and stop the calls that run. Safe to call twice."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _read(self) -> list[ChatStreamChunk]:
        event = await self._events.get()
        if event is None:
            await self._task
            raise StopAsyncIteration
        if self._on_event is not None:
            call_user_code(self._on_event, event)
        if isinstance(event, ToolCallUpdated) and event.call.status == "waiting":
            await self._approve_call(event.call)
        return event.chunks if isinstance(event, ChunksReceived) else []

    async def _approve_call(self, call: ToolCall) -> None:
        # A coroutine function runs on this loop; any other function may block, or read from the keyboard.
        try:
            decision = await background_loop.call_in_waiting_thread(self._approve, call)
            if inspect.isawaitable(decision):
                decision = await run_in_task(decision)
            call.decide(decision)
        except Exception as error:  # noqa: BLE001 - an approval function may raise anything
            call.decide(failed_approval(error))
