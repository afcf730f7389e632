"""Many questions of one kind and what came of each: run, stopped, and gone on with."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import background_loop
from openrouter_nb.conversation.errors import WrongAnswerError
from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from openrouter_nb.batch.runner import BatchRunner
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.cost_estimate import CostEstimate

Failure = OpenRouterError | WrongAnswerError


@dataclass(slots=True)
class Row:
    """One row and what came of it.

    Attributes:
        label: The index of a DataFrame or Series, the key of a dict, else the place from 0.
        question: What is asked: text or content parts.
        answer: The answer; None where there is none yet, or the row failed.
        error: What went wrong; None where nothing did.
        cost: US dollars of all that was asked for it, as far as OpenRouter reported them.
    """

    label: Hashable
    question: Any = field(repr=False)
    answer: Answer | None = None
    error: Failure | None = None
    cost: float = 0.0

    @property
    def is_done(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None


class Batch(Sequence[Row]):
    """Rows in order. A cell that ends with it shows a table; `to_frame()` and `records` are for further work.

    Rows that failed, and those that were not asked because of a limit or an interrupt, are asked by `run()`, and no others.

    Attributes:
        stopped_by: Why rows were left unasked: the cost limit, or an error that every row would meet; None where none was.
        seconds: How long it has run.
        estimate: Tokens and cost of the rows that the last run had to send, estimated before it sent any: the estimate that
            `%%chat --dry-run` shows. None if no run has started, or with `replay="only"`.
    """

    def __init__(self, rows: Sequence[Row], run: Callable[[Batch], BatchRunner]) -> None:
        self._rows = list(rows)
        self._run = run
        self.stopped_by: str | OpenRouterError | None = None
        self.seconds: float = 0.0
        self.estimate: CostEstimate | None = None

    def resume_from(self, other: Batch) -> None:
        """Take over what was answered to the same questions, but not how they were asked."""
        self._rows, self.seconds = other._rows, other.seconds

    def run(self) -> Batch:
        """Ask what has no answer yet, wait, and return the batch itself. Ctrl-C keeps what is there.

        Raises:
            OpenRouterError: no row could be answered because of it, such as without a key.
        """
        __tracebackhide__ = True
        try:
            background_loop.run_sync(self.run_async)
        except OpenRouterError as error:
            raise error.with_traceback(None) from None
        return self

    async def run_async(self) -> Batch:
        """The same, awaited."""
        __tracebackhide__ = True
        await self._run(self).run()
        return self

    @property
    def waiting(self) -> list[Row]:
        """The rows without an answer, those that failed included."""
        return [row for row in self._rows if not row.is_done]

    @property
    def answers(self) -> list[Answer | None]:
        """The answer of each row, None where there is none."""
        return [row.answer for row in self._rows]

    @property
    def errors(self) -> dict[Hashable, Failure]:
        """What went wrong, by label; `{}` where nothing did."""
        return {row.label: row.error for row in self._rows if row.error is not None}

    @property
    def cost(self) -> float:
        """US dollars of everything that was asked, failed attempts at an answer included."""
        return sum(row.cost for row in self._rows)

    @property
    def records(self) -> list[dict[str, Any]]:
        """A dict for each row: `row`, `answer` (or the fields of `schema`), `prompt_tokens`, `completion_tokens`, `cost`, `error`."""
        return [_record(row) for row in self._rows]

    def to_frame(self) -> Any:
        """Return the records as a DataFrame with the labels as its index: `df.join(batch.to_frame())`.

        Raises:
            ImportError: pandas is not installed.
        """
        pd = importlib.import_module("pandas")

        frame = pd.DataFrame([{k: v for k, v in record.items() if k != "row"} for record in self.records])
        frame.index = pd.Index([row.label for row in self._rows])
        return frame

    def __getitem__(self, place: Any) -> Any:
        """Return the row at a place, or the rows of a slice."""
        return self._rows[place]

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
        """Show the first rows as a table, and what all of them took."""
        from openrouter_nb.batch.display import bundle

        return bundle(self)


def _record(row: Row) -> dict[str, Any]:
    answer = row.answer
    usage = answer.usage if answer else None
    return {
        "row": row.label,
        **(_fields(answer) if answer else {}),
        "prompt_tokens": usage.prompt_tokens if usage else None,
        "completion_tokens": usage.completion_tokens if usage else None,
        "cost": row.cost,
        "error": str(row.error) if row.error is not None else None,
    }


def _fields(answer: Answer) -> dict[str, Any]:
    """Return a structured answer field by field, any other as its text."""
    parsed = answer.parsed
    if parsed is None:
        return {"answer": answer.text}  # a table of texts has a column `text` already
    if isinstance(parsed, Mapping):
        return {str(name): value for name, value in parsed.items()}
    names = getattr(type(parsed), "model_fields", None) or getattr(parsed, "__dataclass_fields__", None)
    return {name: getattr(parsed, name) for name in names} if names else {"parsed": parsed}
