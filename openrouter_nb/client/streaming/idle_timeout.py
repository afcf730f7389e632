"""Idle timeout for streamed responses."""

from __future__ import annotations

import asyncio
from typing import Any


class IdleTimeout:
    """Like `asyncio.timeout`, but reusable, and counting only time spent waiting for data.

    One timer serves a whole stream and is rescheduled when it fires too early, because one timer for each read costs as
    much as decoding the data.
    """

    __slots__ = ("_before", "_deadline", "_due", "_fired", "_loop", "_task", "_timer", "remaining_s")

    def __init__(self) -> None:
        #: Seconds of waiting left.
        self.remaining_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0  # when the timer fires; the handles of Pyodide's loop have no `when()`
        self._task: asyncio.Task[Any] | None = None  # the waiting task
        self._fired = False

    def __enter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task(self._loop)
        assert self._task is not None  # noqa: S101 - the code that awaits runs in a task
        self._before = self._task.cancelling()
        self._deadline = self._loop.time() + self.remaining_s
        if self._timer is None or self._due > self._deadline:
            self._set()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        task, self._task = self._task, None
        if self._fired and task is not None:
            self._fired = False
            # If other code has cancelled the task as well, the cancellation is not only a timeout.
            if task.uncancel() <= self._before and kind is asyncio.CancelledError:
                raise TimeoutError

    def is_expired(self) -> bool:
        """Count the time since the wait began, including decoding, as waiting; return whether no time is left.

        So a flood of data without events times out, too.
        """
        self.remaining_s = self._deadline - self._loop.time()
        return self.remaining_s <= 0

    def cancel(self) -> None:
        """Cancel the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self) -> None:
        self.cancel()
        self._due = self._deadline
        self._timer = self._loop.call_at(self._due, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._task is None:
            return
        if self._due < self._deadline:
            self._set()
        else:
            self._fired = True
            self._task.cancel()
