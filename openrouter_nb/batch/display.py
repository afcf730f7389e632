"""A batch as a cell shows it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.footer import cost
from openrouter_nb.render.tables.table import table

if TYPE_CHECKING:
    from openrouter_nb.batch.batch import Batch

_SHOWN = 20
_NUMBERS = ("prompt_tokens", "completion_tokens", "cost")


def bundle(batch: Batch) -> dict[str, str]:
    """Return the mime bundle of a batch: its first rows, failed ones first where they are hidden, and one line below."""
    records = batch.records
    rows = [_shown(record) for record in records[:_SHOWN]]
    hidden = [record for record in records[_SHOWN:] if record["error"] is not None]
    rows += [_shown(record) for record in hidden[: _SHOWN // 4]]
    return table(rows, note=summary(batch, hidden=len(records) - len(rows)))


def summary(batch: Batch, *, hidden: int = 0) -> str:
    """Return one line: rows, failures, tokens, cost and time.

    Args:
        batch: The batch.
        hidden: Rows that are not shown.
    """
    done, failed = sum(row.is_done for row in batch), len(batch.errors)
    left = len(batch) - done - failed
    usages = [row.answer.usage for row in batch if row.answer is not None and row.answer.usage]
    tokens_in = sum(usage.prompt_tokens or 0 for usage in usages)
    tokens_out = sum(usage.completion_tokens or 0 for usage in usages)
    replayed = sum(row.answer is not None and row.answer.replayed for row in batch)
    parts = [
        f"{len(batch):,} rows" + (f", {hidden:,} of them not shown" if hidden else ""),
        f"{failed:,} failed" if failed else "",
        f"{left:,} not asked ({batch.stopped_by or 'interrupted'}): .run() asks them" if left else "",
        f"{replayed:,} replayed, not paid" if replayed else "",
        f"{tokens_in:,} → {tokens_out:,} tokens" if usages else "",
        cost(batch.cost),
        # Runs without live output are compared with saved ones, where no time is like another.
        "" if os.environ.get("OPENROUTER_NB_LIVE") == "0" else f"{batch.seconds:.1f} s",
    ]
    return " · ".join(part for part in parts if part)


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in record.items() if name not in _NUMBERS and value is not None}
    return kept | {"cost": cost(record["cost"])}
