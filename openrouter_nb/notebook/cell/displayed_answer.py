"""The value of a chat cell with one model. The cell has displayed it, so it does not display itself again there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

from openrouter_nb.conversation import answer
from openrouter_nb.live.ipython_frontend import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components import ChatResult


class DisplayedAnswer(answer.Answer):
    """The answer of one cell, which has drawn it: it does not draw itself a second time there.

    Args:
        result: What the service sent.
        complete: False where the cell was stopped before the answer ended.
        bundle: What the cell shows.
        metadata: Output metadata that goes with it.

    Attributes:
        shown_in: Number of the execution that has drawn it.
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
        self.shown_in = execution_count()

    def _ipython_display_(self) -> None:
        # The cell that asked has shown it already; any other shows it again.
        if self.shown_in != execution_count():
            publish(*self._repr_mimebundle_())


def execution_count() -> int | None:
    """Return the number of the running execution, None where there is no shell."""
    shell = get_ipython()
    return shell.execution_count if shell else None
