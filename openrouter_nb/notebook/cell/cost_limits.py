"""What a request will cost, about, and whether that is allowed: looked at before anything is sent."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.footer import cost as format_cost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.client.resources.model_catalog import ModelCatalog

# Of an answer whose length the cell does not bound: a page of text. The model's own limit, the only sure bound, is a
# hundred times what answers take.
_USUAL_ANSWER = 1_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request will take, about.

    Attributes:
        tokens_in: Tokens of the request.
        tokens_out: Most tokens of the answer where the request bounds them, else what answers usually take.
        is_bounded: Whether the request bounds them.
        usd: US dollars by the list of prices, the dearest of the models that may answer; None where a price is unknown.
        unknown: The model whose price is not known, or None.
    """

    tokens_in: int
    tokens_out: int
    is_bounded: bool
    usd: float | None
    unknown: str | None = None

    def __str__(self) -> str:
        out = f"at most {self.tokens_out:,}" if self.is_bounded else f"some {self.tokens_out:,}"
        if self.usd is None:
            price = f"the price of {self.unknown} is not known"
        else:
            price = f"about {format_cost(self.usd)}"
        hint = "" if self.is_bounded else " (-n bounds them)"
        return f"About {self.tokens_in:,} tokens in and {out} out{hint}: {price}."


def estimate_cost(request: Mapping[str, Any], catalog: ModelCatalog) -> Estimate:
    """Estimate what a request costs. Searches, sound and pictures beyond 1,000 tokens each are not in it.

    Args:
        request: As `chat.send` takes it.
        catalog: The prices.
    """
    from openrouter_nb.conversation import estimate

    tokens_in = estimate(list(request["messages"]))
    for name in ("tools", "response_format"):
        if request.get(name):
            tokens_in += len(json.dumps(request[name], default=str)) // 4
    bound = request.get("max_completion_tokens") or request.get("max_tokens")
    tokens_out = int(bound or _USUAL_ANSWER)
    usd = 0.0
    for name in (request["model"], *(request.get("models") or ())):
        model = catalog.find(name)
        prices = model.pricing if model else None
        if prices is None or prices.prompt is None or prices.completion is None:
            return Estimate(tokens_in, tokens_out, bool(bound), None, name)
        once = float(prices.request or 0)
        usd = max(usd, float(prices.prompt * tokens_in + prices.completion * tokens_out) + once)
    return Estimate(tokens_in, tokens_out, bool(bound), usd)


def total(estimates: Sequence[Estimate]) -> Estimate:
    """Return what several requests take in all."""
    unknown = next((each.unknown for each in estimates if each.usd is None), None)
    return Estimate(
        sum(each.tokens_in for each in estimates),
        sum(each.tokens_out for each in estimates),
        all(each.is_bounded for each in estimates),
        None if unknown else sum(each.usd or 0.0 for each in estimates),
        unknown,
    )


@dataclass(frozen=True, slots=True)
class CostLimits:
    """How much may be spent, in US dollars.

    Attributes:
        cell: By one cell, None for no bound.
        is_given: Whether the cell itself names it, and not a setting.
        budget: By all cells, None for no bound.
        spent: By all cells so far.
    """

    cell: float | None
    is_given: bool
    budget: float | None
    spent: float

    @property
    def are_set(self) -> bool:
        """Whether there is anything to look at."""
        return self.cell is not None or self.budget is not None

    def refusal(self, expected: Estimate) -> Refusal | None:
        """Say why a request is not sent, or None."""
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
                f"--max-cost cannot be kept: {what[0].lower()}{what[1:]}", "%chat_models --sort price"
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
        remedy: What to run to have it sent.
    """

    message: str
    remedy: str


def _raised(usd: float) -> str:
    return f"%chat_config budget={_above(usd)}\n%chat_retry"


def _above(usd: float) -> str:
    """An amount a little above another, in two digits that a person would choose."""
    unit = 10.0 ** (math.floor(math.log10(max(usd, 1e-6))) - 1)
    return f"{math.ceil(usd * 1.1 / unit) * unit:.8f}".rstrip("0").rstrip(".")


def _exact(usd: float) -> str:
    return "$0" if usd == 0 else format_cost(usd)
