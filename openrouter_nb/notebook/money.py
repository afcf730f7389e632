"""What a request will cost, about, and whether that is allowed: looked at before anything is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.footer import cost as dollars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.notebook.catalogue import Catalogue

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
        out = (
            f"at most {self.tokens_out:,} out"
            if self.is_bounded
            else f"{self.tokens_out:,} out, a guess: -n bounds it"
        )
        price = (
            f"the price of {self.unknown} is not known" if self.usd is None else f"about {dollars(self.usd)}"
        )
        return f"About {self.tokens_in:,} tokens in, {out}: {price}."


def estimate_cost(request: Mapping[str, Any], catalogue: Catalogue) -> Estimate:
    """Estimate what a request costs. Searches, sound and pictures beyond 1,000 tokens each are not in it.

    Args:
        request: As `chat.send` takes it.
        catalogue: The prices.
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
        model = catalogue.find(name)
        prices = model.pricing if model else None
        if prices is None or prices.prompt is None or prices.completion is None:
            return Estimate(tokens_in, tokens_out, bool(bound), None, name)
        once = float(prices.request or 0)
        usd = max(usd, float(prices.prompt * tokens_in + prices.completion * tokens_out) + once)
    return Estimate(tokens_in, tokens_out, bool(bound), usd)


def together(estimates: Sequence[Estimate]) -> Estimate:
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
class Limits:
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

    def refusal(self, expected: Estimate) -> str:
        """Say why a request is not sent, or `""`."""
        if self.budget is not None and self.spent >= self.budget:
            return f"The budget of {_exact(self.budget)} is spent: {dollars(self.spent)} so far (ChatMagics.budget)."
        if expected.usd is None:
            if self.is_given:
                return f"--max-cost cannot be kept: {str(expected)[0].lower()}{str(expected)[1:]}"
            return ""
        if self.cell is not None and expected.usd > self.cell:
            name = "--max-cost" if self.is_given else "ChatMagics.max_cost"
            return f"{expected} {name} allows {_exact(self.cell)}."
        if self.budget is not None and self.spent + expected.usd > self.budget:
            return f"{expected} Of the budget of {_exact(self.budget)}, {dollars(self.spent)} is spent (ChatMagics.budget)."
        return ""


def _exact(usd: float) -> str:
    return "$0" if usd == 0 else dollars(usd)
