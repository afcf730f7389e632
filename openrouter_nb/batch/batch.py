"""The result of `chat_map`: rows with answers and errors, which can be run again."""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openrouter_nb.batch.row import Row
from openrouter_nb.client import background_loop
from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

    from openrouter_nb.batch.row import Failure
    from openrouter_nb.batch.runner import BatchRunner
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.cost_estimate import CostEstimate


class Batch(Sequence[Row]):
    """Rows in order. As the value of a cell it is shown as a table; `to_frame()` and `records` return its data.

    `run()` sends the rows that failed, or were not sent because of a limit or an interrupt.

    Attributes:
        stopped_by: Why rows were not sent: the cost limit, or an error that would affect every row; None if all were.
        seconds: Total run time.
        estimate: Estimated tokens and cost of the rows of the last run, as in `%%chat --dry-run`, made before sending. None
            before the first run, or with `replay="only"`.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        make_runner: Callable[
            [Sequence[Row], CostEstimate | None, Callable[[float, bool], None], float | None], BatchRunner
        ],
        estimate: Callable[[Sequence[Row]], Awaitable[CostEstimate | None]],
        make_progress: Callable[[], Callable[[Batch, bool], None]] | None = None,
        *,
        is_reproducible: bool = False,
    ) -> None:
        self._rows = list(rows)
        self._make_runner = make_runner
        self._estimate = estimate
        self._make_progress = make_progress
        self._is_reproducible = is_reproducible
        self.stopped_by: str | OpenRouterError | None = None
        self.seconds: float = 0.0
        self.estimate: CostEstimate | None = None

    def resume_from(self, other: Batch) -> None:
        """Take over the rows of an earlier batch with the same prompts; options are not taken over."""
        self._rows, self.seconds = other._rows, other.seconds

    def run(self, *, max_cost: float | None = None) -> Batch:
        """Send the rows without an answer, wait, and return the batch itself. Ctrl-C keeps the answers so far.

        Args:
            max_cost: US dollars for the whole batch, with what earlier runs cost. Default: the limit of `chat_map()`.

        Raises:
            OpenRouterError: no row could be answered, for example without a key.
            ValueError: an invalid limit.
        """
        __tracebackhide__ = True
        try:
            background_loop.run_sync(functools.partial(self.run_async, max_cost=max_cost))
        except OpenRouterError as error:
            raise error.with_traceback(None) from None
        return self

    async def run_async(self, *, max_cost: float | None = None) -> Batch:
        """Like `run`, but awaitable. Same argument and errors."""
        __tracebackhide__ = True
        progress = self._make_progress() if self._make_progress is not None else None
        before = self.seconds

        def on_progress(seconds: float, is_end: bool) -> None:
            self.seconds = before + seconds
            if is_end:
                self.stopped_by = runner.stopped_by
            if progress is not None:
                progress(self, is_end)

        self.stopped_by = None
        self.estimate = await self._estimate([row for row in self._rows if row.is_sendable])
        runner = self._make_runner(self._rows, self.estimate, on_progress, max_cost)
        await runner.run()
        return self

    @property
    def waiting(self) -> list[Row]:
        """The rows without an answer, including failed ones."""
        return [row for row in self._rows if not row.is_done]

    @property
    def answers(self) -> list[Answer | None]:
        """The answer of each row; None if there is none."""
        return [row.answer for row in self._rows]

    @property
    def errors(self) -> dict[Hashable, Failure]:
        """Errors by label."""
        return {row.label: row.error for row in self._rows if row.error is not None}

    @property
    def cost(self) -> float:
        """US dollars of all requests, including failed ones."""
        return sum(row.cost for row in self._rows)

    @property
    def records(self) -> list[dict[str, Any]]:
        """One dict per row: `row`, `answer` (or the fields of `schema`), `prompt_tokens`, `completion_tokens`, `cost`, `error`.

        The cost of a replayed row is the one that was recorded; `Batch.cost` is what was paid.
        The error of a row that was not asked says why; its cost is None.
        """
        is_interrupted = self.stopped_by is None
        reason = "interrupted before an answer" if is_interrupted else f"not asked: {self.stopped_by}"
        return [_record(row, reason) for row in self._rows]

    def to_frame(self) -> Any:
        """Return the records as a DataFrame with the labels as its index: `df.join(batch.to_frame())`.

        Raises:
            ImportError: pandas is not installed.
        """
        pd = importlib.import_module("pandas")

        frame = pd.DataFrame([{k: v for k, v in record.items() if k != "row"} for record in self.records])
        frame.index = pd.Index([row.label for row in self._rows])
        return frame

    def __getitem__(self, index: Any) -> Any:
        """Return the row at an index, or a list of rows for a slice."""
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __repr__(self) -> str:
        done, failed = sum(row.is_done for row in self._rows), len(self.errors)
        left = len(self._rows) - done - failed
        more = f", {failed} failed" if failed else ""
        return f"<Batch of {len(self)} rows, {done} answered{more}{f', {left} not asked' if left else ''}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the first rows as a table, with totals."""
        from openrouter_nb.batch.display import bundle

        is_timed = not self._is_reproducible and os.environ.get("OPENROUTER_NB_LIVE") != "0"
        seconds = self.seconds if is_timed else None
        return bundle(self._rows, self.records, stopped_by=self.stopped_by, seconds=seconds)


def _record(row: Row, reason: str) -> dict[str, Any]:
    """Return the record of a row; `reason` says why it has neither an answer nor an error."""
    answer = row.answer
    usage = answer.usage if answer else None
    return {
        "row": row.label,
        **(_fields(answer) if answer else {}),
        "prompt_tokens": usage.prompt_tokens if usage else None,
        "completion_tokens": usage.completion_tokens if usage else None,
        # A replayed answer has the cost that it had.
        "cost": row.cost + _replayed_cost(row) if row.was_asked or row.cost else None,
        "error": str(row.error) if row.error is not None else None if row.is_done else reason,
    }


def _replayed_cost(row: Row) -> float:
    return (row.answer.cost or 0.0) if row.answer is not None and row.answer.replayed else 0.0


def _fields(answer: Answer) -> dict[str, Any]:
    """Return the fields of a structured answer; for other answers, the text as `answer`."""
    parsed = answer.parsed
    if parsed is None:
        return {"answer": answer.text}  # not `text`, which is a likely column name of the input
    if isinstance(parsed, Mapping):
        return {str(name): value for name, value in parsed.items()}
    names = getattr(type(parsed), "model_fields", None) or getattr(parsed, "__dataclass_fields__", None)
    return {name: getattr(parsed, name) for name in names} if names else {"parsed": parsed}
