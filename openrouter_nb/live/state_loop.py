"""The event loop that runs the requests of a widget's pages, and the lock of its state.

This is the client's background loop, so answers stream while a cell computes.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import background_loop
from openrouter_nb.client.kernel_interrupts import wait_for_result

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class StateLoop:
    """The loop and the lock. Every method may be called from any thread."""

    def __init__(self) -> None:
        #: Acquire it to read or change the state. Changes are short and never block.
        self.lock = threading.RLock()
        self._event_loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def event_loop(self) -> asyncio.AbstractEventLoop:
        """The event loop, started on first use."""
        if self._event_loop is None or self._event_loop.is_closed():
            self._event_loop = background_loop.background_loop()
        return self._event_loop

    @property
    def is_current(self) -> bool:
        """Whether this code runs on the loop."""
        return self._event_loop is not None and _runs_on(self._event_loop)

    def call_soon(self, action: Callable[..., object], *args: Any) -> None:
        """Run a function on the loop."""
        self.event_loop.call_soon_threadsafe(action, *args)

    def create_task(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Run a coroutine function on the loop as a task."""

        def begin() -> None:
            task = self.event_loop.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self.call_soon(begin)

    def close(self, timeout: float = 5.0) -> None:
        """Cancel the running tasks, and wait for their cleanup."""

        async def cancel_tasks() -> None:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        if self._event_loop is None or self._event_loop.is_closed():
            return
        ended = asyncio.run_coroutine_threadsafe(cancel_tasks(), self._event_loop)
        if not _runs_on(self._event_loop):
            with contextlib.suppress(TimeoutError):
                wait_for_result(ended, timeout)


def _runs_on(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
