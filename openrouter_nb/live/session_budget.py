"""The budget of the chat cells of this kernel (`%chat_config budget`), for requests that no cell sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult


class SessionBudget(Protocol):
    """The costs of a session, and their limit. Methods are called on any thread."""

    @property
    def limit(self) -> float | None:
        """US dollars of all requests of the session; None for no limit."""

    @property
    def spent(self) -> float:
        """US dollars so far."""

    def count(self, chat: str, asked_model: str, result: ChatResult) -> None:
        """Add a billed answer, complete or not, to the row `chat` of `%chat_cost`."""


_budget: SessionBudget | None = None


def use_budget(budget: SessionBudget | None) -> None:
    """Set the budget; None for none."""
    global _budget  # noqa: PLW0603 - a process has one session
    _budget = budget


def current_budget() -> SessionBudget | None:
    """Return the budget, None if the magics are not loaded."""
    return _budget
