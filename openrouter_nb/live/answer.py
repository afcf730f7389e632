"""The state of an answer while it arrives, and its changes as numbered deltas."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.cards import ShownCard
from openrouter_nb.live.protocol import VERSION

if TYPE_CHECKING:
    from openrouter_nb.live.cards import Card
    from openrouter_nb.live.protocol import Phase


@dataclass(frozen=True, slots=True)
class Delta:
    """A change of a live answer.

    Attributes:
        reasoning: New text of the reasoning.
        text: New text of the answer.
        cards: Ids of the cards that are new, changed or gone.
        wire: The delta as pages get it: `run` and `seq`, and only what has changed.
        extra_bytes: Approximate size of all other fields.
    """

    reasoning: str
    text: str
    cards: tuple[str, ...]
    wire: dict[str, Any]
    extra_bytes: int


class LiveAnswer:
    """An answer while it arrives, as a page shows it.

    `take_delta` and `snapshot` may be called on different threads; everything else is called on one event loop.

    Args:
        run: Its id among the answers of one sender.
        model: What is asked.
        text: Text that the answer continues.

    Attributes:
        seq: Number of the last delta; 0 before the first.
        started: When the request was sent, by `time.monotonic`.
        cards: The cards by id, in order.
    """

    def __init__(self, run: str, model: str, *, text: str = "") -> None:
        self.run = run
        self.model = model
        self.seq = 0
        self.started = time.monotonic()
        self.cards: dict[str, ShownCard] = {}
        self._fields: dict[str, Any] = {"phase": "connecting", "note": ""}
        self._wait: tuple[float, int] | None = None
        self._sent: dict[str, list[str]] = {"reasoning": [], "text": [text] if text else []}
        self._units = _utf16_units(text)
        self._pending: dict[str, list[str]] = {"reasoning": [], "text": []}
        self._changed: set[str] = set()
        self._changed_cards: set[str] = set()
        self._lock = threading.Lock()

    @property
    def phase(self) -> Phase:
        """What the answer is doing."""
        phase: Phase = self._fields["phase"]
        return phase

    @property
    def note(self) -> str:
        """One line about the phase, `""` for none."""
        note: str = self._fields["note"]
        return note

    @property
    def text(self) -> str:
        """The text as of the last delta."""
        return "".join(self._sent["text"])

    @property
    def elapsed_s(self) -> float:
        """Seconds since the request was sent."""
        return time.monotonic() - self.started

    def append(self, *, reasoning: str = "", text: str = "") -> None:
        """Add new text."""
        if reasoning:
            self._pending["reasoning"].append(reasoning)
        if text:
            self._pending["text"].append(text)
            self._units += _utf16_units(text)

    def update(self, **fields: Any) -> None:
        """Set fields: `phase`, `note`, `reasoning_s`, and the lists `tool_calls`, `media` and `citations`, each complete."""
        for name, value in fields.items():
            if name not in self._fields or self._fields[name] != value:
                self._fields[name] = value
                self._changed.add(name)

    def wait_for_retry(self, wait_s: float | None, attempt: int = 0) -> None:
        """Set the wait before the next attempt; None ends it."""
        if wait_s is not None or self._wait is not None:
            self._wait = None if wait_s is None else (time.monotonic() + wait_s, attempt)
            self._changed.add("wait")

    def put_card(self, card: Card) -> None:
        """Add a card after the text so far, or replace the card of the same id in its place."""
        known = self.cards.get(card.id)
        self.cards[card.id] = ShownCard(card, known.at if known else self._units)
        self._changed_cards.add(card.id)

    def drop_card(self, card: str) -> bool:
        """Remove a card, and return whether it was there."""
        if self.cards.pop(card, None) is None:
            return False
        self._changed_cards.add(card)
        return True

    def take_delta(self) -> Delta | None:
        """Return what has changed since the last delta, None if nothing has."""
        reasoning, text = ("".join(pieces) for pieces in self._pending.values())
        if not (reasoning or text or self._changed or self._changed_cards):
            return None
        cards = [card for card in self.cards if card in self._changed_cards]
        cards += sorted(self._changed_cards - self.cards.keys())
        fields = {name: self._wire_wait() if name == "wait" else self._fields[name] for name in self._changed}
        extra = sum(len(self.cards[card].card.body) for card in cards if card in self.cards)
        extra += sum(len(repr(value)) for value in fields.values() if isinstance(value, list))
        with self._lock:
            self.seq += 1
            wire = {"run": self.run, "seq": self.seq, **fields}
            for name, piece in (("reasoning", reasoning), ("text", text)):
                if piece:
                    wire[name] = piece
                    self._sent[name].append(piece)
                    self._pending[name].clear()
            self._changed.clear()
            self._changed_cards.clear()
        if cards:
            wire["cards"] = [
                self.cards[card].wire() if card in self.cards else {"id": card, "gone": True}
                for card in cards
            ]
        return Delta(reasoning, text, tuple(cards), wire, extra)

    def snapshot(self) -> dict[str, Any]:
        """Return the state as of the last delta."""
        with self._lock:
            snapshot = {
                "v": VERSION,
                "run": self.run,
                "seq": self.seq,
                "model": self.model,
                "elapsed_ms": round(self.elapsed_s * 1000),
                **self._fields,
                **{name: "".join(pieces) for name, pieces in self._sent.items()},
            }
        if self._wait is not None:
            snapshot["wait"] = self._wire_wait()
        if self.cards:
            snapshot["cards"] = [shown.wire() for shown in list(self.cards.values())]
        return snapshot

    def _wire_wait(self) -> dict[str, Any] | None:
        if self._wait is None:
            return None
        until, attempt = self._wait
        return {"remaining_ms": max(0, round((until - time.monotonic()) * 1000)), "attempt": attempt}


def _utf16_units(text: str) -> int:
    """Return the length of a text as the browser counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
