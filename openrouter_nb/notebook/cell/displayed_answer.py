"""The value of a chat cell with one model. The cell has displayed it, so it does not display itself again there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation import answer
from openrouter_nb.live.ipython_frontend import publish
from openrouter_nb.replay.running_cell import CELL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components import ChatResult


class DisplayedAnswer(answer.Answer):
    """The answer of one cell. In that cell it does not display itself a second time.

    Args:
        result: The service's response.
        complete: False if the cell was stopped before the answer ended.
        bundle: Mime bundle that the cell displays.
        metadata: Output metadata of the bundle.

    Attributes:
        shown_in: The execution that has displayed it.
    """

    def __init__(
        self,
        result: ChatResult,
        *,
        complete: bool = True,
        bundle: Mapping[str, str],
        metadata: Mapping[str, Any],
    ) -> None:
        super().__init__(result, complete=complete, bundle=bundle, metadata=metadata)
        self.shown_in = CELL.get()

    def _ipython_display_(self) -> None:
        # Its cell has displayed it already; other cells display it again.
        if self.shown_in != CELL.get():
            publish(*self._repr_mimebundle_())
