"""Base of all live views: buffer what arrives, show it at a bounded rate, and leave a static bundle."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.live.cards import Card, ShownCard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Phase = Literal[
    "connecting",
    "processing",
    "reasoning",
    "answering",
    "waiting",
    "calling",
    "finished",
    "stopped",
    "interrupted",
    "failed",
]

FINAL: frozenset[Phase] = frozenset({"finished", "stopped", "interrupted", "failed"})

# One kernel message costs about 700 bytes whatever it carries, and jupyter_server drops everything above 1,000 messages
# a second. So: quick at first, then less than half as much overhead as text, and never slower than the eye minds.
_QUICK_S = 0.05
_CALM_S = 0.25
_MESSAGE_BYTES = 700
_CREDIT_BYTES = 2_000
# More than anybody reads while it is written; beyond it a page becomes slow. The answer itself keeps everything.
_MAX_SHOWN = 300_000


class LiveView:
    """The output of one running cell.

    All methods are called on one event loop, from `begin` to `end`; `on_stop` and `on_action` may be called from any
    thread.

    Args:
        model: What is asked, for the status line.

    Attributes:
        keeps_reasoning: Whether the reasoning stays open when the answer begins; set before `begin`.
        is_object: Whether the text is the JSON of an object; set before `begin`.
        draws_objects: Whether such a text is worth showing while it is written.
        on_stop: Called when the reader presses Stop.
        stop_wanted: Whether that was before anything heard of it.
        kept_as: The expression that gives the answer when the cell has ended.
        on_action: Called with the ids of a card and of its action, and the text of the card's field or None, when the
            reader presses a button of a card that is shown just now.
    """

    draws_objects = False

    def __init__(self, model: str) -> None:
        self.model = model
        self.phase: Phase = "connecting"
        self.stop_wanted = False
        self.on_stop: Callable[[], object] = self._want_stop
        self.on_action: Callable[[str, str, str | None], object] = lambda _card, _action, _text: None
        self.kept_as = "_"
        self._cards: dict[str, ShownCard] = {}
        self._changed: set[str] = set()
        self._units = 0
        self._room = {"reasoning": _MAX_SHOWN, "text": _MAX_SHOWN}
        self._started = time.monotonic()
        self.note = ""
        self.keeps_reasoning = False
        self.is_object = False
        self._shown: tuple[Phase, str] | None = None
        self._reasoning: list[str] = []
        self._text: list[str] = []
        self._last = 0.0
        self._messages = 0
        self._sent = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Show a first sign, at once."""

    def show(self, phase: Phase, *, reasoning: str = "", text: str = "", note: str = "") -> None:
        """Add what has arrived. It is on screen within a quarter of a second.

        Args:
            phase: The current phase.
            reasoning: New text of the reasoning.
            text: New text of the answer.
            note: One line about the current phase; the next call replaces it.
        """
        self.phase = phase
        self.note = note
        if reasoning := self._within("reasoning", reasoning):
            self._reasoning.append(reasoning)
        if text := self._within("text", text):
            self._text.append(text)
            self._units += len(text.encode("utf-16-le", "surrogatepass")) // 2
        self._soon()

    def card(self, card: Card) -> None:
        """Show a card, or replace the one of the same id."""
        known = self._cards.get(card.id)
        self._cards[card.id] = ShownCard(card, known.at if known else self._units)
        self._changed.add(card.id)
        self._soon()

    def drop_card(self, card: str) -> None:
        """Take a card away, if it is there."""
        if self._cards.pop(card, None) is not None:
            self._changed.add(card)
            self._soon()

    async def can_ask(self) -> bool:
        """Return whether a user can press a card's button. Waits, a second or two, until that is known."""
        return False

    def flush(self) -> None:
        """Show everything that has arrived."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        reasoning, text = "".join(self._reasoning), "".join(self._text)
        if not (reasoning or text or self._changed or (self.phase, self.note) != self._shown):
            return
        changed = [card for card in self._cards if card in self._changed]
        changed += sorted(self._changed - self._cards.keys())
        self._changed.clear()
        self._reasoning.clear()
        self._text.clear()
        self._shown = (self.phase, self.note)
        self._last = time.monotonic()
        bodies = sum(len(self._cards[card].card.body) for card in changed if card in self._cards)
        self._messages += 1 + bodies // _MESSAGE_BYTES
        self._sent += len(reasoning) + len(text)
        self.paint(reasoning, text, changed)

    def paint(self, reasoning: str, text: str, cards: Sequence[str]) -> None:
        """Show what is new. For subclasses.

        Args:
            reasoning: New text of the reasoning.
            text: New text of the answer.
            cards: Ids of the cards that are new, changed or gone.
        """

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Replace the live view by the bundle that stays. For subclasses, which call this first.

        Args:
            phase: How it ended.
            bundle: Mime bundle to leave.
            metadata: Output metadata to leave with it.
            note: The same end in one line, for a page that was reloaded and cannot get the bundle any more.
        """
        del bundle, metadata
        self.phase = phase
        self.note = note
        self.flush()

    @property
    def is_over(self) -> bool:
        """Whether the answer has ended, in whatever way."""
        return self.phase in FINAL

    @property
    def elapsed_s(self) -> float:
        """Seconds since the view was made."""
        return time.monotonic() - self._started

    def _want_stop(self) -> None:
        self.stop_wanted = True

    def _soon(self) -> None:
        if self._timer is not None:
            return
        wait = self._last + self._interval() - time.monotonic()
        if wait <= 0:
            self.flush()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait, self.flush)

    def _within(self, kind: Literal["reasoning", "text"], piece: str) -> str:
        """Return as much of a piece as a page can bear; the first one that is cut says so."""
        room = self._room[kind]
        self._room[kind] = room - len(piece)
        if len(piece) <= room or not piece:
            return piece
        if room < 0:
            return ""
        more = "More is arriving than can be shown: the whole answer is in `_` when the cell has ended."
        self.card(Card(id=f"cut-{kind}", kind="note", title=more))
        return piece[:room]

    def _interval(self) -> float:
        spent = self._messages * _MESSAGE_BYTES
        return _QUICK_S if spent <= _CREDIT_BYTES + 0.4 * self._sent else _CALM_S
