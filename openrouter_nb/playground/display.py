"""How a playground reaches a cell's output, and what stays there when it is gone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.frontend import widget_view
from openrouter_nb.playground.saved_output import SavedOutput
from openrouter_nb.render.answer.text_bundle import answer_bundle

if TYPE_CHECKING:
    import asyncio

    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.playground.state.state import PlaygroundState

_QUIET_S = 2.0
_OPEN = "Here was a playground: run this cell again to open it anew."
_AGAIN = "The playground is no longer open. Run this cell again to open it anew."
_WITHOUT = "Here is a panel where OPENROUTER_NB_LIVE is not 0."


class OutputManager:
    """The outputs that show one playground: two in each cell, the panel and below it the conversation to read.

    The conversation is an output of its own because it changes with every answer: JupyterLab would build the panel anew if
    it were part of the same one (measured with JupyterLab 4.6), and nobody could save it from the page. Where the panel is
    on screen, the panel hides it, and the longest messages are not repeated in it.

    Args:
        state: The playground state. Call every method with its lock acquired.
        frontend: Where the cells run.
    """

    def __init__(self, state: PlaygroundState, frontend: Frontend) -> None:
        self._state = state
        self._frontend = frontend
        self._saved = SavedOutput(state)
        self._panels: list[str] = []
        self._conversations: list[str] = []
        self._soon: asyncio.TimerHandle | None = None

    def show(self, model_id: str) -> None:
        """Show the panel in the cell that runs.

        Args:
            model_id: Of the widget.
        """
        self._publish({**widget_view(model_id), **answer_bundle("", note=_OPEN)}, self._panels)
        self._publish(self._conversation(), self._conversations)

    def show_without_panel(self) -> None:
        """Show the conversation only."""
        self._frontend.publish(self._saved.bundle(_WITHOUT))

    def on_change(self) -> None:
        """Bring the conversation up to date: at once for the cell that runs, else when nothing has changed for a moment."""
        loop = self._state.loop
        if not loop.is_current:
            self.update()
            return
        # A page has other things to do at the end of an answer, and the next change may come at once.
        if self._soon is not None:
            self._soon.cancel()
        self._soon = loop.event_loop.call_later(_QUIET_S, self._update_now)

    def update(self, *, again: bool = False) -> None:
        """Bring the conversation up to date where it is shown.

        Args:
            again: Also where it has not changed: it was said in the name of a cell that had ended, which programs that run
                notebooks do not listen to.
        """
        if self._conversations and (self._saved.is_stale() or again):
            self._update(self._conversations, self._conversation())

    def _update_now(self) -> None:
        with self._state.loop.lock:
            self.update()

    def close(self) -> None:
        """Put something that needs no widget in the place of every panel."""
        if not self._panels:
            return
        self._update(self._panels, answer_bundle("", note=_AGAIN))
        self._update(self._conversations, self._conversation(whole=True))  # on a page that hides it no more
        self._panels.clear()
        self._conversations.clear()

    def _conversation(self, *, whole: bool = False) -> dict[str, str]:
        bundle = self._saved.bundle(briefly=self._state.is_seen and not whole)
        return {
            **bundle,
            "text/html": f'<div class="{self._state.saved_output_class}">{bundle["text/html"]}</div>',
        }

    def _publish(self, bundle: dict[str, Any], ids: list[str]) -> None:
        ids.append(uuid.uuid4().hex)
        self._frontend.publish(bundle, display_id=ids[-1])

    def _update(self, ids: list[str], bundle: dict[str, str]) -> None:
        for id_ in ids:
            self._frontend.publish(bundle, display_id=id_, update=True)
