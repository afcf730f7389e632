"""The costs of a bridge's requests: what was spent, and the worst case of what runs."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.cost_estimate import CostEstimate, estimate_cost
from openrouter_nb.errors import BridgeRefusedError
from openrouter_nb.live.session_budget import current_budget
from openrouter_nb.render.answer.footer import cost as format_cost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client.resources.model_catalog import ModelCatalog

_MINUTE_S = 60.0


class Reservation:
    """The worst case of one running request, in US dollars; 0 without a limit of cost."""

    def __init__(self, usd: float) -> None:
        self.usd = usd


class CostAccount:
    """Costs of all requests. Call every method on one event loop.

    Args:
        max_cost: US dollars of all requests together; None for no limit.
        max_cost_per_minute: US dollars of the requests that run or have ended in the last 60 s; None for no limit.
        clock: Returns seconds.

    Attributes:
        spent: US dollars of the requests that have ended.
        requests: Number of requests that were sent.
    """

    def __init__(
        self,
        max_cost: float | None = None,
        max_cost_per_minute: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_cost = max_cost
        self._max_cost_per_minute = max_cost_per_minute
        self._clock = clock
        self._running: set[Reservation] = set()
        self._ended: deque[tuple[float, float]] = deque()
        self.spent = 0.0
        self.requests = 0

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit of cost or a budget of the session, for which prices must be known."""
        return (
            self._max_cost is not None
            or self._max_cost_per_minute is not None
            or self._budget_left is not None
        )

    def reserve(self, body: Mapping[str, Any], catalog: ModelCatalog) -> Reservation:
        """Count a request that is sent now with its worst case.

        Args:
            body: The body of the request.
            catalog: The prices.

        Raises:
            BridgeRefusedError: it could exceed a limit or the budget of the session, or its price is unknown.
        """
        usd = worst_case(body, catalog).usd or 0.0 if self.is_limited else 0.0
        running = sum(reservation.usd for reservation in self._running)
        _check("budget", "the budget of the session", self._budget_left, usd, running)
        _check("cost", "max_cost", self._max_cost, usd, self.spent + running)
        recent = self._recent() + running
        _check("cost_per_minute", "max_cost_per_minute", self._max_cost_per_minute, usd, recent)
        reservation = Reservation(usd)
        self._running.add(reservation)
        self.requests += 1
        return reservation

    def settle(self, reservation: Reservation, usd: float | None) -> None:
        """Replace the worst case of a request that has ended by its cost. Without effect for one that has ended before.

        Args:
            reservation: The request.
            usd: US dollars; None if the cost is not known, so that the worst case is counted.
        """
        if reservation in self._running:
            self._running.discard(reservation)
            cost = reservation.usd if usd is None else usd
            self.spent += cost
            self._ended.append((self._clock(), cost))

    @property
    def _budget_left(self) -> float | None:
        budget = current_budget()
        return None if budget is None or budget.limit is None else max(0.0, budget.limit - budget.spent)

    def _recent(self) -> float:
        while self._ended and self._ended[0][0] <= self._clock() - _MINUTE_S:
            self._ended.popleft()
        return sum(usd for _, usd in self._ended)


def worst_case(body: Mapping[str, Any], catalog: ModelCatalog) -> CostEstimate:
    """Estimate the cost of a request whose answer is as long as the request or its model permits.

    Raises:
        BridgeRefusedError: a price is unknown, or the length of the answer is not limited.
    """
    bounds = [body[name] for name in ("max_completion_tokens", "max_tokens") if body.get(name)]
    estimate = estimate_cost({**body, "max_completion_tokens": int(max(bounds, default=0)) or None}, catalog)
    if estimate.usd is None or estimate.usd < 0:  # routers have a price of -1
        model = estimate.unknown or body.get("model")
        raise BridgeRefusedError(
            f"The price of {model} is not known, so the limit of cost cannot be checked.", reason="cost"
        )
    if bounds:
        return estimate
    longest = [
        _longest_answer(catalog, name) for name in (body.get("model"), *(body.get("models") or ())) if name
    ]
    if None in longest:
        raise BridgeRefusedError(
            "The length of the answer is not limited, so the limit of cost cannot be checked: set max_tokens.",
            reason="cost",
        )
    return estimate_cost({**body, "max_completion_tokens": max(filter(None, longest))}, catalog)


def _longest_answer(catalog: ModelCatalog, name: str) -> int | None:
    model = catalog.find(name)
    if model is None:
        return None
    return model.top_provider.max_completion_tokens or model.context_length


def _check(reason: str, keyword: str, limit: float | None, usd: float, counted: float) -> None:
    if limit is not None and counted + usd > limit:
        raise BridgeRefusedError(
            f"The request could cost {format_cost(usd)}; of {keyword}, {format_cost(limit)}, "
            f"{format_cost(counted)} is spent or reserved.",
            reason=reason,
        )
