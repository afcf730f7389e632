"""When a failed request is sent again, and after how long.

Two policies: ours (`RetryPolicy`), used unless the caller says otherwise, and the one that a `RetryConfig` of
OpenRouter's SDKs describes. Neither ever repeats a request of which a part of the answer has arrived: that part is
paid for, and the reader has seen it.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from openrouter_nb.client.log import logger
from openrouter_nb.errors import Attempt, NoResponseError, OpenRouterError, StreamInterruptedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from openrouter_nb.components.unset import Unset

T = TypeVar("T")

_LONGEST_EXPONENT = 64  # of a back-off; beyond it every interval is at its maximum anyway


class Clock(Protocol):
    """Time, so that tests need not wait for it."""

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""

    async def sleep(self, seconds: float) -> None:
        """Wait; cancelling the task ends the wait."""


class SystemClock:
    """The real one."""

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; cancelling the task ends the wait."""
        await asyncio.sleep(seconds)


_CLOCK = SystemClock()


class Policy(Protocol):
    """Decides about one failed attempt."""

    @property
    def clock(self) -> Clock:
        """What measures and waits."""

    def wait_s(self, error: OpenRouterError, retries: int, elapsed_s: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None if this error is final.

        Args:
            error: What ended the attempt.
            retries: Attempts already repeated: 0 after the first one.
            elapsed_s: Seconds since the first attempt began.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Few attempts and a short total: somebody is looking at the cell.

    Repeated are failures to connect, 408, 409, 429, 5XX and errors of these kinds inside a 200, unless the service says
    `availability.retryable: false`; never 400, 401, 402, 403, 404, 413 and 422, unless it says true; never a daily limit.
    The wait is what the service asks for (`retry-after-ms`, `Retry-After`, `availability.retry_after`,
    `X-RateLimit-Reset`, in this order), else `first_wait_s` doubled each time, a quarter more or less.

    Args:
        max_retries: Attempts after the first one.
        max_total_s: Seconds from the first attempt within which another one may begin.
        max_hint_s: Longest wait asked for by the service, in seconds, that is waited and not reported at once.
        first_wait_s: Seconds before the second attempt where the service does not say.
        further_statuses: Statuses that are repeated as well.
        clock: What measures and waits.
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
        # A wait of 0 says nothing: it comes from a date or a reset that has passed.
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
    """Growing intervals, as OpenRouter's SDKs define them: all numbers but `exponent` are milliseconds.

    Args:
        initial_interval: Before the second attempt.
        max_interval: Longest interval. A wait that the service asks for may be longer.
        exponent: Each interval is this many times the one before.
        max_elapsed_time: After this time a failed attempt is the last. The interval before it does not count.
        jitter_ms: Up to so much is added at random. None: 1,000.
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
        backoff: Intervals. None takes the SDKs' defaults, which go on for an hour.
        retry_connection_errors: Whether to repeat also where no answer came, or not in time.
        status_codes_override: Statuses to repeat, such as `429` or `5XX`. None or empty: 429 and 5XX, which is what the
            SDKs of early 2026 repeat (five statuses) and what those of late 2026 repeat (5XX) taken together.
    """

    strategy: str = "backoff"
    backoff: BackoffStrategy | None = None
    retry_connection_errors: bool = True
    status_codes_override: Sequence[str | int] | None = None


class ConfiguredPolicy:
    """What a `RetryConfig` means. Source: Python package openrouter 1.3.84, utils/retries.py.

    Args:
        config: Ours, or the SDK's own object of that name.
        clock: What measures and waits.
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
        given = getattr(backoff, "jitter_ms", None)  # older configurations have none
        jitter = 1000 if given is None else given
        interval = backoff.initial_interval * backoff.exponent ** min(retries, _LONGEST_EXPONENT)
        return float(min(interval + jitter * self._chance(), backoff.max_interval)) / 1000

    def _covers(self, error: OpenRouterError) -> bool:
        if isinstance(error, (NoResponseError, StreamInterruptedError)):
            return bool(self._config.retry_connection_errors)
        code = str(error.status_code or "")
        return bool(code) and bool({code, f"{code[0]}XX"} & self._codes)


if TYPE_CHECKING:
    #: How callers say it: a policy, the SDKs' configuration, None for no retries, UNSET for the default.
    Retries = RetryConfig | Policy | Unset | None
    OnRetry = Callable[[Attempt], object]


def policy_of(retries: Any) -> Policy:
    """Return the policy that a caller's `retries=` stands for; UNSET must be resolved before.

    Raises:
        TypeError: it is neither a policy nor a configuration.
    """
    if retries is None or getattr(retries, "strategy", "backoff") == "none":
        return NoRetries()
    if hasattr(retries, "strategy"):
        return ConfiguredPolicy(retries)
    if not callable(getattr(retries, "wait_s", None)):
        raise TypeError("retries must be a RetryConfig, a RetryPolicy or None")
    policy: Policy = retries
    return policy


class Retrier(Generic[T]):
    """Sends one request until it succeeds or its error is final.

    Args:
        send: One attempt.
        policy: What decides.
        on_retry: Called before each wait, with the attempt that failed.
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
        """Return what the first successful attempt returns.

        Args:
            failure: What ended an attempt that had begun well: without it this is the first attempt.

        Raises:
            OpenRouterError: the final error, its `attempts` filled in.
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
            self._on_retry(attempt)
        await clock.sleep(wait)
