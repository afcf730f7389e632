"""Cards: what a live view shows beside the text, such as a tool call that waits for approval. All plain text."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Literal

CardKind = Literal["tool", "media", "wait", "note"]

_MAX_BODY = 20_000
_MAX_MEDIA = 4 * 1024 * 1024
_LONGEST_WAIT_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a card.

    Attributes:
        id: Passed to `LiveView.on_action`.
        label: Text of the button.
        takes_text: Whether the text of the card's field is passed as well.
    """

    id: str
    label: str
    takes_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. Shown again under the same id it replaces the old one, in its place.

    Attributes:
        id: Its name among the cards of the view.
        kind: `tool`, `media` (the body is a URL or a transcript), `wait` or `note`. A wait is placed below everything else,
            the others where they arrived in the text.
        title: A few words.
        body: Plain text: arguments, captured output, a transcript. Beyond 20,000 characters its end is shown.
        status: A word or two: `waiting for you`, `running`, `done`.
        actions: Buttons. A view that cannot ask shows none.
        editable: Initial text of the card's field; None for no field.
        wait_s: Seconds, from now, until something happens by itself: shown as a countdown. None, and what is no time
            (negative, not finite), for none; longer than a week is shown as a week.
    """

    id: str
    kind: CardKind
    title: str
    body: str = ""
    status: str = ""
    actions: tuple[Action, ...] = ()
    editable: str | None = None
    wait_s: float | None = None

    @property
    def line(self) -> str:
        """The card in one line of plain text, for a view that can show no more."""
        parts = [part for part in (self.title, self.status) if part]
        wait = seconds(self.wait_s)
        return ": ".join(parts) + (f" in {max(1, math.ceil(wait))} s" if wait is not None else "")


def seconds(value: float | None) -> float | None:
    """Return a wait that can be counted down, or None where there is none."""
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return min(value, _LONGEST_WAIT_S)


@dataclass(slots=True)
class ShownCard:
    """A card, its place in the text, and when it was shown.

    Attributes:
        card: The card.
        at: Length of the text above it, in UTF-16 units, as the browser counts.
    """

    card: Card
    at: int
    _shown: float = field(default_factory=time.monotonic)

    def wire(self) -> dict[str, Any]:
        """Return the card as the browser gets it, its countdown as what is left of it now."""
        card = self.card
        sent: dict[str, Any] = {"id": card.id, "kind": card.kind, "title": card.title, "at": self.at}
        if card.body:
            sent["body"] = _bounded(card)
        if card.status:
            sent["status"] = card.status
        if card.actions:
            sent["actions"] = [
                {"id": action.id, "label": action.label, "takes_text": action.takes_text}
                for action in card.actions
            ]
        if card.editable is not None:
            sent["editable"] = card.editable
        if (wait := seconds(card.wait_s)) is not None:
            sent["wait_ms"] = max(0, round((self._shown + wait - time.monotonic()) * 1000))
        return sent


def _bounded(card: Card) -> str:
    body = card.body
    if card.kind == "media" and body.startswith("data:"):
        return body if len(body) <= _MAX_MEDIA else "too large to show while the answer is written"
    if len(body) <= _MAX_BODY:
        return body
    return f"[{len(body) - _MAX_BODY:,} characters before this]\n{body[-_MAX_BODY:]}"
