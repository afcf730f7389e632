"""Ask the rows of a batch, several at once, within a limit of cost."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

from openrouter_nb.batch.rate_limiter import RateLimiter
from openrouter_nb.conversation.errors import WrongAnswerError
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

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from openrouter_nb.batch.batch import Batch, Failure, Row
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.cost_estimate import CostEstimate
    from openrouter_nb.errors import Attempt

    Estimate = Callable[[Sequence[Row]], Awaitable[CostEstimate | None]]
    Ask = Callable[[Row, Callable[[Attempt], None]], AnswerStream]

# What every row would meet; the others only if none has an answer yet.
_EVERY_ROW = (MissingAPIKeyError, UnauthorizedError, PaymentRequiredError)
_PERHAPS_EVERY_ROW = (ConfigurationError, NotFoundError)
_FAILURES_ENOUGH = 10  # without an answer, as with a wrong model or a service that is down


class BatchRunner:
    """One run over the rows that have no answer.

    Args:
        batch: The rows.
        ask: Returns the stream of a row's answer, unsent; its second argument is to be told of refusals.
        estimate: Estimates the cost of rows before they are sent.
        concurrency: Requests at once.
        max_cost: US dollars for the whole batch; None for no bound.
        progress: Called after each change, and once more at the end, with whether it is the end.
    """

    def __init__(
        self,
        batch: Batch,
        ask: Ask,
        estimate: Estimate,
        *,
        concurrency: int,
        max_cost: float | None,
        progress: Callable[[Batch, bool], None],
    ) -> None:
        self._batch = batch
        self._ask = ask
        self._estimate = estimate
        self._pace = RateLimiter(concurrency)
        self._max_cost = max_cost
        self._progress = progress
        self._waiting = deque(batch.waiting)
        self._to_send = len(self._waiting)
        self._has_answers = any(row.is_done for row in batch)
        self._refusals = 0
        self._priced = [row.cost for row in batch if row.cost]
        self._hopeless: OpenRouterError | None = None

    async def run(self) -> None:
        """Ask until every row has its answer or its error, or something stops it.

        Raises:
            OpenRouterError: no row has an answer, and none would have.
        """
        batch, started, before = self._batch, time.monotonic(), self._batch.seconds
        batch.stopped_by = None
        batch.estimate = await self._estimate(batch.waiting)
        running: set[asyncio.Task[None]] = set()
        try:
            while self._waiting or running:
                while self._waiting and self._may_begin(len(running)):
                    running.add(asyncio.create_task(self._one(self._waiting.popleft())))
                batch.seconds = before + time.monotonic() - started
                self._progress(batch, False)
                if running:
                    ended, running = await asyncio.wait(
                        running, timeout=self._pace.wait_s or None, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in ended:
                        task.result()  # raises what is no fate of a single row
                elif self._hopeless is not None or self._is_spent(0):
                    break
                else:
                    await asyncio.sleep(self._pace.wait_s)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            batch.seconds = before + time.monotonic() - started
            self._progress(batch, True)
        if self._hopeless is not None:
            if not self._has_answers:
                raise self._hopeless
            batch.stopped_by = self._hopeless
        elif self._waiting:
            limit = f"the limit of {self._max_cost:g} US dollars"
            usd = None if self._priced else self._estimated_usd
            batch.stopped_by = limit if usd is None else f"{limit}: a row may cost about {format_cost(usd)}"

    def _may_begin(self, running: int) -> bool:
        return (
            self._hopeless is None
            and running < self._pace.concurrency
            and not self._pace.wait_s
            and not self._is_spent(running)
        )

    def _is_spent(self, running: int) -> bool:
        """Whether one more request may exceed the limit.

        Until the first price is known a row costs what was estimated, and unless the estimate is bounded the first row is
        sent alone.
        """
        if self._max_cost is None:
            return False
        if self._priced:
            usd = sum(self._priced) / len(self._priced)
        else:
            estimate = self._batch.estimate
            if running and not (estimate and estimate.is_bounded):
                return True
            if self._estimated_usd is None:
                return running > 0
            usd = self._estimated_usd
        return self._batch.cost + usd * (running + 1) > self._max_cost

    @property
    def _estimated_usd(self) -> float | None:
        """Estimated US dollars of one row, None if a price is unknown."""
        estimate = self._batch.estimate
        return None if estimate is None or estimate.usd is None else estimate.usd / self._to_send

    async def _one(self, row: Row) -> None:
        row.error = None
        try:
            answer = await self._ask(row, self._refused).wait_async()
        except WrongAnswerError as error:
            self._failed(row, error)
            self._pay(row, error.answer.cost)
        except OpenRouterError as error:
            self._failed(row, error)
            usage = error.partial.usage if error.partial is not None else None
            self._pay(row, usage.cost if usage is not None else None)
            self._refusals += 1
            if isinstance(error, _EVERY_ROW) or (not self._has_answers and self._is_for_all(error)):
                self._hopeless = self._hopeless or error
        else:
            row.answer = answer
            self._has_answers = True
            self._pace.on_success()
            if not answer.replayed:
                self._pay(row, answer.cost)

    def _is_for_all(self, error: OpenRouterError) -> bool:
        return isinstance(error, _PERHAPS_EVERY_ROW) or self._refusals >= _FAILURES_ENOUGH

    def _failed(self, row: Row, error: Failure) -> None:
        row.error = error.with_traceback(None)

    def _pay(self, row: Row, cost: float | None) -> None:
        row.cost += cost or 0.0
        if cost is not None or row.is_done:  # a server that names no price takes none
            self._priced.append(cost or 0.0)

    def _refused(self, attempt: Attempt) -> None:
        if isinstance(attempt.error, TooManyRequestsError):
            self._pace.on_rate_limited(attempt.waited_s)
