"""The value of a chat cell with several models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.compare import Comparison
from openrouter_nb.live.ipython_frontend import publish
from openrouter_nb.replay.running_cell import CELL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.errors import OpenRouterError


class DisplayedComparison(Comparison):
    """The value of a cell with several models, in `_`: the answers and the errors by model.

    `keep(model)` adds an answer to the conversation: the user chooses the one to continue with. With `--code`, this also
    inserts its code into a new cell.

    Args:
        outcomes: Answer or error of each model.
        bundle: Mime bundle that the cell displays.
        record: Adds the answer of a model to the conversation.

    Attributes:
        shown_in: The execution that has displayed it.
    """

    def __init__(
        self,
        outcomes: Mapping[str, Answer | OpenRouterError],
        bundle: Mapping[str, str],
        record: Callable[[str, Answer], object],
    ) -> None:
        super().__init__(outcomes)
        self._bundle = bundle
        self._record = record
        self.shown_in = CELL.get()

    def keep(self, model: str) -> Answer:
        """Add the answer of a model to the conversation, as this cell's turn, and return it.

        Raises:
            KeyError: the model was not asked.
            OpenRouterError: the model failed.
            ValueError: the answer was stopped before its end, or does not match the requested type.
        """
        answer = self[model]
        if not answer.complete:
            raise ValueError(f"The answer of {model} was stopped before its end and cannot be continued.")
        if answer.problems:
            raise ValueError(f"The answer of {model} does not match the requested type.")
        self._record(model, answer)
        return answer

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the bundle that the cell has displayed."""
        return dict(self._bundle)

    def _ipython_display_(self) -> None:
        # Its cell has displayed it already; other cells display it again.
        if self.shown_in != CELL.get():
            publish(self._bundle)
