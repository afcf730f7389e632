"""The budget of the session, for the requests of widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult
    from openrouter_nb.notebook.magics import ChatMagics
    from openrouter_nb.notebook.session import NotebookSession

#: The row of `%chat_cost`.
NAME = "widgets"


class WidgetBudget:
    """The `SessionBudget` of the magics.

    Args:
        session: The session, whose costs are counted.
        magics: Has the limit.
    """

    def __init__(self, session: NotebookSession, magics: ChatMagics) -> None:
        self._session = session
        self._magics = magics

    @property
    def limit(self) -> float | None:
        """US dollars of all requests of the session; None for no limit."""
        limit: float | None = self._magics.budget
        return limit

    @property
    def spent(self) -> float:
        """US dollars so far."""
        return self._session.spent

    def count(self, asked_model: str, result: ChatResult) -> None:
        """Add a billed answer."""
        self._session.count(NAME, asked_model, result)
