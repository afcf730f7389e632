"""Refuse a cell that would cost more than its limit or the budget, before anything is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openrouter_nb.render.answer.footer import cost as format_cost

if TYPE_CHECKING:
    from openrouter_nb.conversation.cost_estimate import CostEstimate


@dataclass(frozen=True, slots=True)
class CostLimits:
    """Limits of cost in US dollars.

    Attributes:
        cell: Limit of one cell, None for no bound.
        is_given: Whether the cell sets that limit, not a setting.
        budget: Limit of all cells together, None for no bound.
        spent: Cost of all cells so far.
    """

    cell: float | None
    is_given: bool
    budget: float | None
    spent: float

    @property
    def are_set(self) -> bool:
        """Whether any limit is set."""
        return self.cell is not None or self.budget is not None

    def refusal(self, expected: CostEstimate) -> Refusal | None:
        """Return why a request is not sent, None if it is within the limits."""
        if self.budget is not None and self.spent >= self.budget:
            spent = f"{format_cost(self.spent)} so far (ChatMagics.budget)"
            more = max(self.spent, expected.usd or 0.0)
            return Refusal(
                f"The budget of {_exact(self.budget)} is spent: {spent}.", _raised(self.spent + more)
            )
        if expected.usd is None:
            if not self.is_given:
                return None
            what = str(expected)
            return Refusal(
                f"--max-cost cannot be checked: {what[0].lower()}{what[1:]}", "%chat_models --sort price"
            )
        if self.cell is not None and expected.usd > self.cell:
            name = "--max-cost" if self.is_given else "ChatMagics.max_cost"
            remedy = f"%chat_retry --max-cost {_above(expected.usd)}"
            return Refusal(f"{expected} {name} allows {_exact(self.cell)}.", remedy)
        if self.budget is not None and self.spent + expected.usd > self.budget:
            left = f"Of the budget of {_exact(self.budget)}, {format_cost(self.spent)} is spent (ChatMagics.budget)."
            return Refusal(f"{expected} {left}", _raised(self.spent + expected.usd))
        return None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not sent.

    Attributes:
        message: One or two sentences.
        remedy: Code that sends it.
    """

    message: str
    remedy: str


def _raised(usd: float) -> str:
    return f"%chat_config budget={_above(usd)}\n%chat_retry"


def _above(usd: float) -> str:
    """Return a round amount of two digits, about 10 % above another."""
    unit = 10.0 ** (math.floor(math.log10(max(usd, 1e-6))) - 1)
    return f"{math.ceil(usd * 1.1 / unit) * unit:.8f}".rstrip("0").rstrip(".")


def _exact(usd: float) -> str:
    return "$0" if usd == 0 else format_cost(usd)
