"""Display a playground in cell outputs, and replace it with static output when it is closed."""

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
# More than the first panel of a page takes to load, also on a busy machine.
_UNSEEN_S = 10.0
_OPEN = "A playground was displayed here: run this cell again to open it."
_AGAIN = "The playground is no longer open. Run this cell again to open it."
_WITHOUT = "The panel is not displayed because OPENROUTER_NB_LIVE is 0."
_UNSEEN = (
    "No page has opened the panel. A page that does not permit modules of widgets cannot, such as VS Code with the setting"
    " notebook.experimental.enableCsp; %chat, chat() and p.send() work without it."
)
_IN_TERMINAL = (
    "A console has no panel: the playground opens in JupyterLab, Notebook 7, VS Code and Colab. Here, %chat and chat() send"
    " requests."
)


def panel_bundle(state: PlaygroundState, model_id: str) -> dict[str, Any]:
    """Return the mime bundle of one output with the panel, and the conversation where no panel is shown."""
    return {**widget_view(model_id), **SavedOutput(state).bundle(_OPEN)}


class OutputManager:
    """Manages the outputs of one playground: in each cell, the panel and below it the static conversation.

    The conversation is a separate output because it changes with every answer: in one output with the panel, JupyterLab
    would create the panel again (measured with JupyterLab 4.6), and the page could not save the conversation. While the
    panel is displayed, it hides the conversation, whose longest messages are shortened.

    Args:
        state: The playground state. Call every method with its lock acquired.
        frontend: Frontend of the cells.
    """

    def __init__(self, state: PlaygroundState, frontend: Frontend) -> None:
        self._state = state
        self._frontend = frontend
        self._saved = SavedOutput(state)
        self._panels: list[str] = []
        self._conversations: list[str] = []
        self._note = ""
        self._soon: asyncio.TimerHandle | None = None

    def show(self, model_id: str | None) -> None:
        """Display the panel in the running cell.

        Args:
            model_id: Model id of the widget; None to save what is read without it, where no page shows widgets.
        """
        panel = widget_view(model_id) if model_id else {}
        self._publish({**panel, **answer_bundle("", note=_OPEN)}, self._panels)
        self._publish(self._conversation(), self._conversations)
        if model_id:
            loop = self._state.loop
            loop.call_soon(loop.event_loop.call_later, _UNSEEN_S, self._note_unseen)

    def show_without_panel(self) -> None:
        """Display the conversation only, and say why."""
        is_console = self._frontend.view_kind == "terminal"
        self._frontend.publish(self._saved.bundle(_IN_TERMINAL if is_console else _WITHOUT))

    def on_change(self) -> None:
        """Update the conversation: from a running cell at once, otherwise 2 s after the last change."""
        loop = self._state.loop
        if not loop.is_current:
            self.update()
            return
        # At the end of an answer the page is busy, and further changes may follow: debounce.
        if self._soon is not None:
            self._soon.cancel()
        self._soon = loop.event_loop.call_later(_QUIET_S, self._update_now)

    def update(self, *, again: bool = False) -> None:
        """Update the conversation in all outputs.

        Args:
            again: Also send an unchanged conversation: programs that run notebooks ignore updates that were sent on
                behalf of a finished cell.
        """
        if self._conversations and (self._saved.is_stale() or again):
            self._update(self._conversations, self._conversation())

    def _update_now(self) -> None:
        with self._state.loop.lock:
            self.update()

    def _note_unseen(self) -> None:
        """Say below the panel that no page has opened it. A panel hides the note with the conversation."""
        with self._state.loop.lock:
            if self._panels and not self._state.is_seen:
                self._note = _UNSEEN
                self._update(self._conversations, self._conversation())

    def close(self) -> None:
        """Replace every panel with static output."""
        if not self._panels:
            return
        self._update(self._panels, answer_bundle("", note=_AGAIN))
        self._update(self._conversations, self._conversation(whole=True))  # no longer hidden by the panel
        self._panels.clear()
        self._conversations.clear()

    def _conversation(self, *, whole: bool = False) -> dict[str, str]:
        note = "" if self._state.is_seen or whole else self._note
        bundle = self._saved.bundle(note, briefly=self._state.is_seen and not whole)
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
