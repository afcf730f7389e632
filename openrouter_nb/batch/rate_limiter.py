"""Adaptive limit of concurrent requests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_WAIT_S = 120.0  # bounds a wrong Retry-After


class RateLimiter:
    """Limit of concurrent requests: halved by a rate limit, increased by each answer (AIMD).

    A `Retry-After` for one request applies to all, because they share the limit.

    Args:
        max_concurrency: Upper limit, 1 or more.
        now: Monotonic clock, in seconds.
    """

    def __init__(self, max_concurrency: int, now: Callable[[], float] = time.monotonic) -> None:
        self._max = max_concurrency
        self._limit = float(max_concurrency)
        self._now = now
        self._resume_at = 0.0

    @property
    def concurrency(self) -> int:
        """The current limit, from 1 to `max_concurrency`."""
        return int(self._limit)

    @property
    def wait_s(self) -> float:
        """Seconds until another request may start; 0 if it may start now."""
        return max(0.0, self._resume_at - self._now())

    def on_rate_limited(self, wait_s: float) -> None:
        """Record a rate-limited request.

        Args:
            wait_s: Seconds before it is retried.
        """
        if not self.wait_s:  # further refusals during the wait belong to requests sent before it
            self._limit = max(1.0, self._limit / 2)
        self._resume_at = max(self._resume_at, self._now() + min(wait_s, _MAX_WAIT_S))

    def on_success(self) -> None:
        """Record an answer."""
        self._limit = min(float(self._max), self._limit + 1 / self._limit)
