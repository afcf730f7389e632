"""`Limits`: bounds of a tool loop."""

from __future__ import annotations

from dataclasses import dataclass

from openrouter_nb.conversation.agent.events import LimitReached


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one tool loop.

    Attributes:
        rounds: Requests, the first one included.
        calls: Executed tool calls, over all rounds.
        identical: How often the same call with the same arguments is executed.
        cost: US dollars, as reported by OpenRouter, after which no further request is sent; None for no bound.
    """

    rounds: int = 8
    calls: int = 16
    identical: int = 3
    cost: float | None = None

    def __post_init__(self) -> None:
        for name in ("rounds", "calls", "identical"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"Limits: {name} takes a whole number from 1 on, not {value!r}.")
        if self.cost is not None and (isinstance(self.cost, bool) or not self.cost > 0):
            raise ValueError(f"Limits: cost takes US dollars, more than 0, or None, not {self.cost!r}.")

    def reached(self, *, rounds: int, calls: int, cost: float) -> LimitReached | None:
        """Return the limit that forbids the tool calls of a response, else None.

        Args:
            rounds: Requests so far.
            calls: Executed calls and those of the response.
            cost: US dollars so far.
        """
        if self.is_spent(cost):
            return LimitReached("cost", f"the limit of {self.cost:g} US dollars is reached.")
        if rounds >= self.rounds:
            return LimitReached("rounds", f"the limit of {self.rounds} rounds is reached.")
        if calls > self.calls:
            return LimitReached("calls", f"the limit of {self.calls} calls is reached.")
        return None

    def is_spent(self, cost: float) -> bool:
        """Whether the cost limit is reached."""
        return self.cost is not None and cost >= self.cost
