"""How many requests run at once, and when the next may begin."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_WAIT_S = 120.0  # a broken hint must not put everything to sleep


class RateLimiter:
    """Room for requests: half of it after a refusal, more again with each answer (additive increase, multiplicative decrease).

    A wait that the service asks of one request holds for all: they share its limit.

    Args:
        most: Requests at once, 1 or more.
        now: Seconds from some fixed moment.
    """

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._room = float(most)
        self._now = now
        self._open_at = 0.0

    @property
    def concurrency(self) -> int:
        """Requests that may run at once just now."""
        return int(self._room)

    @property
    def wait_s(self) -> float:
        """Seconds until another request may begin, 0 for at once."""
        return max(0.0, self._open_at - self._now())

    def on_rate_limited(self, wait_s: float) -> None:
        """Take note that the service wants fewer requests.

        Args:
            wait_s: Seconds before the refused request is sent again.
        """
        if not self.wait_s:  # those that ran beside it are refused with it, which says nothing new
            self._room = max(1.0, self._room / 2)
        self._open_at = max(self._open_at, self._now() + min(wait_s, _LONGEST_WAIT_S))

    def on_success(self) -> None:
        """Take note of an answer."""
        self._room = min(float(self._most), self._room + 1 / self._room)
