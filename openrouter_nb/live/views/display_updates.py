"""A live view without a widget manager: the text as it grows, by updates of one display."""

from __future__ import annotations

import uuid
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.views.base import LiveView
from openrouter_nb.render.html.control_characters import escape_control

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.live.answer import Delta
    from openrouter_nb.live.cards import ShownCard
    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.protocol import Phase

# Each update sends the whole text again. Growing by this factor between two of them keeps the sum below four times
# the text, however the pieces come.
_GROWTH = 1.6


class UpdatesView(LiveView):
    """Shows the text so far, more seldom as it grows longer.

    Args:
        model: What is asked.
        frontend: Where the cell runs.
        display_id: Takes over a display that is there already.
        text: What had arrived before.
        cards: The cards that were shown before.
    """

    draws_objects = True

    def __init__(
        self,
        model: str,
        frontend: Frontend,
        *,
        display_id: str | None = None,
        text: str = "",
        cards: Mapping[str, ShownCard] | None = None,
    ) -> None:
        super().__init__(model)
        self._frontend = frontend
        self.answer.cards.update(cards or {})
        self._takes_over = display_id is not None
        self._display_id = display_id or uuid.uuid4().hex
        self._text = text
        self._painted = 0
        self._painted_lines: list[str] = []

    def begin(self) -> None:
        """Show that the model was asked."""
        self._display(update=self._takes_over)

    def paint(self, delta: Delta) -> None:
        """Show the text so far, if enough is new or something else is said. A card is a line."""
        self._text += delta.text
        if self.is_over:
            return  # the bundle comes next
        is_new = self._lines() != self._painted_lines
        if is_new or (self._text and (self._painted == 0 or len(self._text) >= self._painted * _GROWTH)):
            self._display(update=True)

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Put the bundle in the text's place."""
        super().end(phase, bundle, metadata, note)
        self._frontend.publish(bundle, metadata, display_id=self._display_id, update=True)

    def release(self) -> None:
        """Stop updating the display: another view takes it over."""
        self._sender.cancel()

    def _lines(self) -> list[str]:
        return [self.note, *(shown.card.line for shown in self.answer.cards.values())]

    def _display(self, *, update: bool) -> None:
        self._painted, self._painted_lines = len(self._text), self._lines()
        status = f"{self.model} · {self.note or ('answering' if self._text else 'waiting')} …"
        html = f"<div>{escape(status)}</div>"
        if self._text:
            html += f'<pre style="white-space:pre-wrap">{escape(escape_control(self._text))}</pre>'
        for line in self._painted_lines[1:]:
            html += f"<div>{escape(escape_control(line))}</div>"
            status += f"\n[{escape_control(line)}]"
        self._frontend.publish(
            {"text/html": html, "text/plain": status}, display_id=self._display_id, update=update
        )
