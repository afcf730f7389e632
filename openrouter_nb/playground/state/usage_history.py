"""Requests of this playground and their cost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.playground.state.exchange_record import ExchangeRecord

_MAX_ROWS = 500
_PROMPT = 120


class UsageHistory:
    """One row per request, successful or not."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.totals: dict[str, Any] = {
            "calls": 0, "cost": 0.0, "unpriced": 0, "tokens_in": 0, "tokens_out": 0,
        }  # fmt: skip

    def add(self, record: ExchangeRecord, stats: dict[str, Any], prompt: str, *, failed: str = "") -> None:
        """Add a row.

        Args:
            record: The exchange.
            stats: `answer_stats` of its answer.
            prompt: The last question.
            failed: Title of the error, or `""`.
        """
        totals = self.totals
        totals["calls"] += 1
        totals["tokens_in"] += stats["tokens_in"] or 0
        totals["tokens_out"] += stats["tokens_out"] or 0
        totals["cost"] = round(totals["cost"] + (stats["cost"] or 0.0), 10)
        # A rejected request costs nothing; the cost of an interrupted one is unknown.
        if stats["cost"] is None and (not failed or record.result is not None):
            totals["unpriced"] += 1
        self.rows.append(
            {
                "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(record.started)),
                "model": stats["model"],
                "provider": stats["provider"],
                "end": failed or stats["end"],
                "tokens_in": stats["tokens_in"],
                "tokens_out": stats["tokens_out"],
                "cost": stats["cost"],
                "seconds": stats["seconds"],
                "prompt": prompt if len(prompt) <= _PROMPT else f"{prompt[:_PROMPT]}…",
            }
        )
        del self.rows[:-_MAX_ROWS]
