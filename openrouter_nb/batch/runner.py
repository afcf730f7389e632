"""Send the rows of a batch concurrently, within a cost limit."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

from openrouter_nb.batch.rate_limiter import RateLimiter
from openrouter_nb.conversation.errors import WrongAnswerError, failure_of
from openrouter_nb.errors import (
    ConfigurationError,
    MissingAPIKeyError,
    NotFoundError,
    OpenRouterError,
    PaymentRequiredError,
    TooManyRequestsError,
    UnauthorizedError,
)
from openrouter_nb.render.answer.footer import cost as format_cost
from openrouter_nb.user_code import create_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openrouter_nb.batch.row import Row
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.cost_estimate import CostEstimate
    from openrouter_nb.errors import Attempt

    Request = Callable[[Row, Callable[[Attempt], None]], AnswerStream]

# Errors that affect every row; those of the second tuple only while no row has an answer.
_FATAL = (MissingAPIKeyError, UnauthorizedError, PaymentRequiredError)
_FATAL_AT_FIRST = (ConfigurationError, NotFoundError)
_MAX_FAILURES_AT_FIRST = 10  # without an answer, for example with a wrong model or during an outage


class BatchRunner:
    """One run over the rows without an answer. Single use.

    Args:
        rows: All rows of the batch.
        request: Returns the unsent answer stream of a row; its second argument is called after each failed attempt.
        estimate: Estimated cost of the rows without an answer; None if unknown.
        concurrency: Maximum number of concurrent requests.
        max_cost: US dollars for the batch; None for no limit.
        on_progress: Called with the seconds since the start after each change, and finally with True as its second
            argument.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        request: Request,
        estimate: CostEstimate | None,
        *,
        concurrency: int,
        max_cost: float | None,
        on_progress: Callable[[float, bool], None],
    ) -> None:
        self._rows = rows
        self._request = request
        self._estimate = estimate
        self._limiter = RateLimiter(concurrency)
        self._max_cost = max_cost
        self._on_progress = on_progress
        self._queue = deque(row for row in rows if row.is_sendable)
        self._to_send = len(self._queue)
        self._has_answers = any(row.is_done for row in rows)
        self._failures = 0
        self._costs = [row.cost for row in rows if row.cost]
        self._fatal_error: OpenRouterError | None = None

    @property
    def stopped_by(self) -> str | OpenRouterError | None:
        """Why rows were not sent; None if all were, or after an interrupt."""
        if self._fatal_error is not None or not self._queue or not self._would_exceed_cost(0):
            return self._fatal_error
        limit = f"the limit of {format_cost(self._max_cost or 0.0)}"
        usd = None if self._costs else self._estimated_usd
        return limit if usd is None else f"{limit} is below the cost of a row, about {format_cost(usd)}"

    async def run(self) -> None:
        """Send requests until every row has an answer or an error, or a limit or fatal error stops the run.

        Raises:
            OpenRouterError: a fatal error, no row has an answer, and nothing was paid for.
        """
        started = time.monotonic()
        running: set[asyncio.Task[None]] = set()
        try:
            while self._queue or running:
                while self._queue and self._may_start(len(running)):
                    running.add(create_task(self._run_row(self._queue.popleft())))
                self._on_progress(time.monotonic() - started, False)
                if running:
                    ended, running = await asyncio.wait(
                        running, timeout=self._limiter.wait_s or None, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in ended:
                        task.result()  # raises unexpected exceptions
                elif self._fatal_error is not None or self._would_exceed_cost(0):
                    break
                else:
                    await asyncio.sleep(self._limiter.wait_s)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            self._on_progress(time.monotonic() - started, True)
        if self._fatal_error is not None and not self._has_answers and not self._costs:
            raise self._fatal_error

    def _may_start(self, running: int) -> bool:
        return (
            self._fatal_error is None
            and running < self._limiter.concurrency
            and not self._limiter.wait_s
            and not self._would_exceed_cost(running)
        )

    def _would_exceed_cost(self, running: int) -> bool:
        """Whether another request may exceed the limit.

        Before the first reported cost, the estimate is used; if it has no upper bound, the first row is sent alone.
        """
        if self._max_cost is None:
            return False
        if self._costs:
            usd = sum(self._costs) / len(self._costs)
        else:
            if running and not (self._estimate and self._estimate.is_bounded):
                return True
            if self._estimated_usd is None:
                return running > 0
            usd = self._estimated_usd
        return sum(row.cost for row in self._rows) + usd * (running + 1) > self._max_cost

    @property
    def _estimated_usd(self) -> float | None:
        """Estimated US dollars of one row; None if a price is unknown."""
        if self._estimate is None or self._estimate.usd is None:
            return None
        return self._estimate.usd / self._to_send

    async def _run_row(self, row: Row) -> None:
        row.error = None
        try:
            answer = await self._request(row, self._on_failed_attempt).wait_async()
        except WrongAnswerError as error:
            row.error = error.with_traceback(None)
            if not error.answer.replayed:
                self._add_cost(row, error.answer.cost)
        except OpenRouterError as error:
            self._fail(row, error)
        except asyncio.CancelledError as interrupt:
            self._add_cost(row, _cost_of(getattr(interrupt, "partial", None)))
            raise
        except Exception as error:  # noqa: BLE001 - a callback may raise anything; keep the other rows
            self._fail(row, failure_of(error, getattr(error, "partial", None)))
        else:
            if not answer.replayed:
                self._add_cost(row, answer.cost or 0.0)  # without a reported cost, it counts as free
            if answer.stopped_by is not None:
                said = f"The model asked for more tool calls at the limit of {answer.stopped_by}."
                row.error = OpenRouterError(said, partial=answer.result)
                return
            row.answer = answer
            self._has_answers = True
            self._limiter.on_success()

    def _is_fatal_at_first(self, error: OpenRouterError) -> bool:
        return isinstance(error, _FATAL_AT_FIRST) or self._failures >= _MAX_FAILURES_AT_FIRST

    def _fail(self, row: Row, error: OpenRouterError) -> None:
        row.error = error.with_traceback(None)
        self._add_cost(row, _cost_of(error.partial))
        self._failures += 1
        if isinstance(error, _FATAL) or (not self._has_answers and self._is_fatal_at_first(error)):
            self._fatal_error = self._fatal_error or error

    def _add_cost(self, row: Row, cost: float | None) -> None:
        if cost is not None:
            row.cost += cost
            self._costs.append(cost)

    def _on_failed_attempt(self, attempt: Attempt) -> None:
        if isinstance(attempt.error, TooManyRequestsError):
            self._limiter.on_rate_limited(attempt.waited_s)


def _cost_of(result: ChatResult | None) -> float | None:
    """Return the cost of a partial answer in US dollars; None if it was not reported."""
    return result.usage.cost if result is not None and result.usage is not None else None
