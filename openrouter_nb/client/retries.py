"""Retry policies: which errors are retried, and the backoff.

There are two: `RetryPolicy`, the default, and the policy that a `RetryConfig` of OpenRouter's SDKs describes. A request is
not retried once a part of its answer has arrived: that part is billed, and already displayed.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from openrouter_nb.client.log import logger
from openrouter_nb.errors import (
    Attempt,
    ConfigurationError,
    NoResponseError,
    OpenRouterError,
    StreamInterruptedError,
)
from openrouter_nb.parameters import shown
from openrouter_nb.user_code import call_user_code

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from openrouter_nb.components.unset import Unset

T = TypeVar("T")

_MAX_EXPONENT = 64  # of a backoff; beyond it every interval is at its maximum


class Clock(Protocol):
    """A clock that tests can replace."""

    def monotonic(self) -> float:
        """Return the monotonic time in seconds."""

    async def sleep(self, seconds: float) -> None:
        """Sleep; cancelling the task ends it."""


class SystemClock:
    """The clock of the system."""

    def monotonic(self) -> float:
        """Return the monotonic time in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep; cancelling the task ends it."""
        await asyncio.sleep(seconds)


_CLOCK = SystemClock()


class Policy(Protocol):
    """Decides whether a failed attempt is retried, and when."""

    @property
    def clock(self) -> Clock:
        """The clock for measuring and sleeping."""

    def wait_s(self, error: OpenRouterError, retries: int, elapsed_s: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None if this error is final.

        Args:
            error: The error that ended the attempt.
            retries: Attempts already repeated: 0 after the first one.
            elapsed_s: Seconds since the first attempt began.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Retry a few times within a short total time, for interactive use.

    Retried are failures to connect, 408, 409, 429, 5XX and errors of these kinds within status 200, unless the service sends
    `availability.retryable: false`; 400, 401, 402, 403, 404, 413 and 422 only if it sends true; never a daily limit.
    The wait is the one that the service asks for (`retry-after-ms`, `Retry-After`, `availability.retry_after`,
    `X-RateLimit-Reset`, in this order), else `first_wait_s`, doubled each time, with a jitter of 25 %.

    Args:
        max_retries: Attempts after the first one.
        max_total_s: Seconds from the first attempt within which another one may start.
        max_hint_s: Longest wait in seconds that the service may ask for; a longer one is reported as an error at once.
        first_wait_s: Seconds before the second attempt if the service does not specify a wait.
        further_statuses: Further statuses to retry.
        clock: The clock for measuring and sleeping.
        chance: Returns a number from 0 to 1, for the jitter.
    """

    max_retries: int = 2
    max_total_s: float = 90.0
    max_hint_s: float = 60.0
    first_wait_s: float = 0.5
    further_statuses: frozenset[int] = frozenset()
    clock: Clock = _CLOCK
    chance: Callable[[], float] = random.random

    def wait_s(self, error: OpenRouterError, retries: int, elapsed_s: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None if this error is final."""
        if retries >= self.max_retries:
            return None
        if not error.retryable and error.status_code not in self.further_statuses:
            return None
        # A wait of 0 is ignored: it is derived from a date or a reset in the past.
        wait = error.retry_after or self.first_wait_s * 2**retries * (0.75 + self.chance() / 2)
        if (error.retry_after or 0) > self.max_hint_s or elapsed_s + wait > self.max_total_s:
            return None
        return wait


class NoRetries:
    """Every error is final."""

    clock: Clock = _CLOCK

    def wait_s(self, error: OpenRouterError, retries: int, elapsed_s: float) -> float | None:  # noqa: ARG002
        """Return None."""
        return None


@dataclass(frozen=True, slots=True)
class BackoffStrategy:
    """Exponential backoff as OpenRouter's SDKs define it: all numbers except `exponent` are milliseconds.

    Args:
        initial_interval: Before the second attempt.
        max_interval: Longest interval. A wait that the service asks for may be longer.
        exponent: Factor from one interval to the next.
        max_elapsed_time: After this time a failed attempt is the last. The interval before it does not count.
        jitter_ms: Upper bound of the random time added. None: 1,000.
    """

    initial_interval: int = 500
    max_interval: int = 60_000
    exponent: float = 1.5
    max_elapsed_time: int = 3_600_000
    jitter_ms: int | None = None

    def __post_init__(self) -> None:
        if self.jitter_ms is not None and self.jitter_ms < 0:
            raise ValueError("jitter_ms must be >= 0")


@dataclass(frozen=True, slots=True)
class RetryConfig:
    """Retries as OpenRouter's SDKs configure them.

    Args:
        strategy: `backoff`, or `none` for no retries.
        backoff: Intervals. None takes the SDKs' defaults, which retry for an hour.
        retry_connection_errors: Whether to retry also if no response arrived, or not in time.
        status_codes_override: Statuses to retry, such as `429` or `5XX`. None or empty: 429 and 5XX, the union of what the
            SDKs of early 2026 (five statuses) and of late 2026 (5XX) retry.
    """

    strategy: str = "backoff"
    backoff: BackoffStrategy | None = None
    retry_connection_errors: bool = True
    status_codes_override: Sequence[str | int] | None = None


class ConfiguredPolicy:
    """The policy of a `RetryConfig`. Source: Python package openrouter 1.3.84, utils/retries.py.

    Args:
        config: A `RetryConfig` of this package or of the SDK.
        clock: The clock for measuring and sleeping.
        chance: Returns a number from 0 to 1, for the jitter.
    """

    def __init__(
        self, config: Any, *, clock: Clock | None = None, chance: Callable[[], float] = random.random
    ) -> None:
        self.clock: Clock = clock or _CLOCK
        self._config = config
        self._backoff = config.backoff or BackoffStrategy()
        self._chance = chance
        given = getattr(config, "status_codes_override", None) or ("429", "5XX")
        self._codes = frozenset(str(code).upper() for code in given)

    def wait_s(self, error: OpenRouterError, retries: int, elapsed_s: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None if this error is final."""
        backoff = self._backoff
        if not self._covers(error) or elapsed_s * 1000 > backoff.max_elapsed_time:
            return None
        if error.retry_after and error.headers.keys() & {"retry-after", "retry-after-ms"}:
            return error.retry_after
        given = getattr(backoff, "jitter_ms", None)  # older configurations do not have it
        jitter = 1000 if given is None else given
        interval = backoff.initial_interval * backoff.exponent ** min(retries, _MAX_EXPONENT)
        return float(min(interval + jitter * self._chance(), backoff.max_interval)) / 1000

    def _covers(self, error: OpenRouterError) -> bool:
        if isinstance(error, ConfigurationError):
            return False
        if isinstance(error, (NoResponseError, StreamInterruptedError)):
            return bool(self._config.retry_connection_errors)
        code = str(error.status_code or "")
        return bool(code) and bool({code, f"{code[0]}XX"} & self._codes)


if TYPE_CHECKING:
    #: Values of `retries=`: a policy, the SDKs' configuration, None for no retries, UNSET for the default.
    Retries = RetryConfig | Policy | Unset | None
    OnRetry = Callable[[Attempt], object]


def policy_of(retries: Any) -> Policy:
    """Return the policy for a value of `retries=`; UNSET must be resolved before.

    Raises:
        TypeError: it is neither a policy nor a configuration.
    """
    is_class = isinstance(retries, type)
    if is_class or not (retries is None or hasattr(retries, "strategy") or hasattr(retries, "wait_s")):
        raise TypeError(f"retries must be a RetryConfig, a RetryPolicy or None, not {shown(retries)}")
    if retries is None or getattr(retries, "strategy", "backoff") == "none":
        return NoRetries()
    if hasattr(retries, "strategy"):
        return ConfiguredPolicy(retries)
    policy: Policy = retries
    return policy


class Retrier(Generic[T]):
    """Sends one request until it succeeds or its error is final.

    Args:
        send: Makes one attempt.
        policy: The retry policy.
        on_retry: Called before each wait, with the failed attempt.
    """

    def __init__(
        self,
        send: Callable[[], Awaitable[T]],
        policy: Policy,
        on_retry: OnRetry | None = None,
    ) -> None:
        self._send = send
        self._policy = policy
        self._on_retry = on_retry
        self._started = policy.clock.monotonic()
        #: The attempts that failed so far, oldest first.
        self.attempts: tuple[Attempt, ...] = ()

    async def run(self, failure: OpenRouterError | None = None) -> T:
        """Return the value of the first successful attempt.

        Args:
            failure: The error of a stream that had opened and failed before its first content; None for the first attempt.

        Raises:
            OpenRouterError: the final error, with its `attempts`.
        """
        while True:
            if failure is not None:
                await self._wait(failure)
            try:
                return await self._send()
            except OpenRouterError as error:
                failure = error

    async def _wait(self, error: OpenRouterError) -> None:
        clock = self._policy.clock
        elapsed = clock.monotonic() - self._started
        error.attempts = self.attempts
        is_begun = error.partial is not None and error.partial.has_content
        wait = None if is_begun else self._policy.wait_s(error, len(self.attempts), elapsed)
        if wait is None:
            raise error
        # Without its traceback, whose frames would keep the closed response alive.
        attempt = Attempt(len(self.attempts) + 1, error.with_traceback(None), wait)
        self.attempts += (attempt,)
        logger.debug(
            "attempt %d failed (%s); trying again in %.1f s", attempt.number, type(error).__name__, wait
        )
        if self._on_retry is not None:
            call_user_code(self._on_retry, attempt)
        await clock.sleep(wait)
