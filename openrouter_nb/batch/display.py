"""Mime bundle of a batch: a table and a summary line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.footer import cost
from openrouter_nb.render.tables.table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.batch.row import Row

_SHOWN = 20
_NUMBERS = ("prompt_tokens", "completion_tokens", "cost")


def bundle(
    rows: Sequence[Row], records: Sequence[dict[str, Any]], *, stopped_by: object, seconds: float | None
) -> dict[str, str]:
    """Return the mime bundle of a batch: the first 20 rows, up to 5 failed rows after them, and a summary.

    Args:
        rows: The rows.
        records: `Batch.records`, one per row.
        stopped_by: Why rows were not sent; None for an interrupt.
        seconds: Total run time; None omits it, so that outputs can be compared.
    """
    pairs = list(zip(rows, records, strict=True))
    failed = [pair for pair in pairs[_SHOWN:] if pair[0].error is not None]
    shown = [_cells(*pair) for pair in [*pairs[:_SHOWN], *failed[: _SHOWN // 4]]]
    return table(
        shown,
        note=summary(rows, records, stopped_by=stopped_by, seconds=seconds, hidden=len(records) - len(shown)),
    )


def summary(
    rows: Sequence[Row],
    records: Sequence[dict[str, Any]],
    *,
    stopped_by: object,
    seconds: float | None,
    hidden: int = 0,
) -> str:
    """Return one line: rows, failures, tokens, cost and time.

    Args:
        rows: The rows.
        records: `Batch.records`, one per row.
        stopped_by: Why rows were not sent; None for an interrupt.
        seconds: Total run time; None omits it.
        hidden: Number of rows that are not shown.
    """
    done, failed = sum(row.is_done for row in rows), sum(row.error is not None for row in rows)
    left = len(rows) - done - failed
    usages = [row.answer.usage for row in rows if row.answer is not None and row.answer.usage]
    tokens_in = sum(usage.prompt_tokens or 0 for usage in usages)
    tokens_out = sum(usage.completion_tokens or 0 for usage in usages)
    costs = [record["cost"] for record in records if record["cost"] is not None]
    # The limit counts all runs: a further one needs a higher limit.
    again = ".run(max_cost=…)" if isinstance(stopped_by, str) else ".run()"
    parts = [
        f"{len(rows):,} rows" + (f", {hidden:,} of them not shown" if hidden else ""),
        f"{failed:,} failed" if failed else "",
        f"{left:,} not asked ({stopped_by or 'interrupted'}): {again} asks them" if left else "",
        f"{tokens_in:,} → {tokens_out:,} tokens" if usages else "",
        cost(sum(costs)) if any(row.has_cost for row in rows) else "",
        "" if seconds is None else f"{seconds:.1f} s",
    ]
    return " · ".join(part for part in parts if part)


def _cells(row: Row, record: dict[str, Any]) -> dict[str, Any]:
    cells = {name: value for name, value in record.items() if name not in _NUMBERS and value is not None}
    return cells | {"cost": cost(record["cost"]) if row.has_cost else ""}
