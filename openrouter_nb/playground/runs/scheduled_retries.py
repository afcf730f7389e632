"""Resend a column's request after the wait that the service asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.live.state_loop import StateLoop
    from openrouter_nb.playground.state.state import Column


class ScheduledRetries:
    """The scheduled retries of all columns. Call every method with the lock acquired.

    Args:
        loop: The loop of the state.
        changed: Called with the lock acquired when a retry cannot be sent.
    """

    def __init__(self, loop: StateLoop, changed: Callable[[], None]) -> None:
        self._loop = loop
        self._changed = changed

    def begin(self, column: Column, wait_s: float, again: Callable[[], None]) -> None:
        """Call `again` after `wait_s` seconds, unless cancelled."""
        self.cancel(column)
        column.retry_at = time.monotonic() + wait_s

        def end() -> None:
            with self._loop.lock:
                column.retry, column.retry_at = None, None
                try:
                    again()
                except PlaygroundError:
                    # The parameters are no longer valid. The banner stays, and the parameter panel shows the problem.
                    self._changed()

        def schedule() -> None:
            if column.retry_at is not None:
                left = max(0.0, column.retry_at - time.monotonic())
                column.retry = self._loop.event_loop.call_later(left, end)

        self._loop.call_soon(schedule)

    def cancel(self, column: Column) -> None:
        """Cancel a column's retry."""
        column.retry_at = None
        if column.retry is not None:
            self._loop.call_soon(column.retry.cancel)
            column.retry = None
