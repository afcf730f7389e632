"""The value of a chat cell with several models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.compare import Comparison
from openrouter_nb.live.ipython_frontend import publish
from openrouter_nb.notebook.cell.displayed_answer import execution_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.errors import OpenRouterError


class DisplayedComparison(Comparison):
    """What a cell with several models leaves in `_`: the answers and the errors by model.

    `keep(model)` makes an answer part of the conversation: which of several it goes on from is for the reader to say. With
    `--code` its code goes into a new cell then.

    Args:
        outcomes: Answer or error of each model.
        bundle: What the cell shows.
        record: Makes the answer of a model part of the conversation.

    Attributes:
        shown_in: Number of the execution that has drawn it.
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
        self.shown_in = execution_count()

    def keep(self, model: str) -> Answer:
        """Make the answer of a model part of the conversation, in this cell's place, and return it.

        Raises:
            KeyError: it was not asked.
            OpenRouterError: it failed.
            ValueError: its answer was stopped before its end, or is not of the type that was asked for.
        """
        answer = self[model]
        if not answer.complete:
            raise ValueError(f"The answer of {model} was stopped before its end and cannot be gone on from.")
        if answer.problems:
            raise ValueError(f"The answer of {model} is not of the type that was asked for.")
        self._record(model, answer)
        return answer

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Show what the cell has shown."""
        return dict(self._bundle)

    def _ipython_display_(self) -> None:
        # The cell that asked has shown it already; any other shows it again.
        if self.shown_in != execution_count():
            publish(self._bundle)
