"""Where the playground's work is done: one event loop, and one lock around its state.

The loop is the client's background one, so that answers go on while a cell computes. Where there are no threads
(JupyterLite) it is the loop that runs already.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import background_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class StateLoop:
    """The loop and the lock. Every method may be called from any thread."""

    def __init__(self) -> None:
        #: Held by whoever reads or changes the state; changes are short and never wait for anything.
        self.lock = threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, started on first use."""
        if self._loop is None or self._loop.is_closed():
            try:
                self._loop = background_loop.background_loop()
            except RuntimeError:
                self._loop = asyncio.get_running_loop()
        return self._loop

    @property
    def is_here(self) -> bool:
        """Whether this code runs on the loop."""
        return self._loop is not None and _runs_on(self._loop)

    def call_soon(self, action: Callable[..., object], *args: Any) -> None:
        """Run a function on the loop."""
        self.loop.call_soon_threadsafe(action, *args)

    def create_task(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Run a coroutine function on the loop as a task."""

        def begin() -> None:
            task = self.loop.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self.call_soon(begin)

    def close(self, timeout: float = 5.0) -> None:
        """Cancel what still runs, and wait until it has cleaned up."""

        async def wind_up() -> None:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        if self._loop is None or self._loop.is_closed():
            return
        ended = asyncio.run_coroutine_threadsafe(wind_up(), self._loop)
        if not _runs_on(self._loop):
            with contextlib.suppress(TimeoutError):
                ended.result(timeout)


def _runs_on(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
