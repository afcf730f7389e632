"""How long a stream may keep its reader waiting."""

from __future__ import annotations

import asyncio
from typing import Any


class IdleTimeout:
    """Ends a wait that has lasted too long, as `asyncio.timeout` does. What the caller does between reads does not count.

    One timer serves a whole stream: it is moved when it rings too early, because setting one for each read costs as much
    as decoding what was read.
    """

    __slots__ = ("_before", "_deadline", "_loop", "_rang", "_task", "_timer", "remaining_s")

    def __init__(self) -> None:
        #: Seconds of waiting that are left.
        self.remaining_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[Any] | None = None  # that is waiting
        self._rang = False

    def __enter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task(self._loop)
        assert self._task is not None  # noqa: S101 - who awaits is a task
        self._before = self._task.cancelling()
        self._deadline = self._loop.time() + self.remaining_s
        if self._timer is None or self._timer.when() > self._deadline:
            self._set()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        task, self._task = self._task, None
        if self._rang and task is not None:
            self._rang = False
            # Not ours alone if somebody else has cancelled the task as well.
            if task.uncancel() <= self._before and kind is asyncio.CancelledError:
                raise TimeoutError

    def is_expired(self) -> bool:
        """Count what was done since the wait began as waiting, and tell whether nothing is left.

        So that a flood which keeps the decoder busy ends as silence does.
        """
        self.remaining_s = self._deadline - self._loop.time()
        return self.remaining_s <= 0

    def cancel(self) -> None:
        """Take the timer away."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self) -> None:
        self.cancel()
        self._timer = self._loop.call_at(self._deadline, self._on_timer)

    def _on_timer(self) -> None:
        assert self._timer is not None  # noqa: S101 - it has just rung
        due, self._timer = self._timer.when(), None
        if self._task is None:
            return
        if due < self._deadline:
            self._set()
        else:
            self._rang = True
            self._task.cancel()
