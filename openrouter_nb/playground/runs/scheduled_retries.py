"""Asks a column again by itself when the wait is over that the service has asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.state.state import Column
    from openrouter_nb.playground.state.state_loop import StateLoop


class ScheduledRetries:
    """The waits of all columns. Every method is called with the lock held.

    Args:
        home: Where time passes.
        changed: Called with the lock held when a wait is over.
    """

    def __init__(self, home: StateLoop, changed: Callable[[], None]) -> None:
        self._home = home
        self._changed = changed

    def begin(self, column: Column, wait_s: float, again: Callable[[], None]) -> None:
        """Call `again` after so many seconds, unless that is cancelled."""
        self.cancel(column)
        column.retry_at = time.monotonic() + wait_s

        def end() -> None:
            with self._home.lock:
                column.retry, column.retry_at = None, None
                try:
                    again()
                except PlaygroundError:
                    # What is set cannot be sent any more. The banner is there, and its row says why.
                    self._changed()

        def schedule() -> None:
            if column.retry_at is not None:
                left = max(0.0, column.retry_at - time.monotonic())
                column.retry = self._home.loop.call_later(left, end)

        self._home.call_soon(schedule)

    def cancel(self, column: Column) -> None:
        """Wait no longer, and ask nothing."""
        column.retry_at = None
        if column.retry is not None:
            self._home.call_soon(column.retry.cancel)
            column.retry = None
