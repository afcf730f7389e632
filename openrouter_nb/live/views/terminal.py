"""A live view for IPython in a terminal: the text as it comes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.views.base import LiveView
from openrouter_nb.render.html.control_characters import escape_control

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.live.answer import Delta
    from openrouter_nb.live.protocol import Phase


class TerminalView(LiveView):
    """Writes to standard output; control characters of the model never reach the terminal."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._text = ""
        self._written = 0
        self._lines: dict[str, str] = {}

    def paint(self, delta: Delta) -> None:
        """Write what is new. A card is a line, written again when the line has changed."""
        cards = self.answer.cards
        for card in delta.cards:
            line = cards[card].card.line if card in cards else ""
            if line and line != self._lines.get(card):
                self._lines[card] = line
                self._write(f"[{escape_control(line)}]\n")
        if self.note and not self.is_over:
            self._write(f"[{escape_control(self.note)}]\n")
        self._text += delta.text
        # A sequence may arrive in two pieces, so the whole is cleaned and its new part written; what may still be the
        # beginning of a sequence waits.
        whole = escape_control(self._text.rpartition("\x1b")[0] if "\x1b" in self._text[-32:] else self._text)
        self._write(whole[self._written :])
        self._written = max(self._written, len(whole))

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Write the rest: what was not written yet of the plain text, footer and banner included."""
        super().end(phase, bundle, metadata, note)
        written = escape_control(self._text)[: self._written]
        plain = bundle["text/plain"]
        rest = plain[len(written) :] if plain.startswith(written) else f"\n{plain}"
        self._write(rest.rstrip("\n") + "\n")

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
