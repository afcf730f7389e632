"""Base of all live views: buffer what arrives, show it at a bounded rate, and leave a static bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from openrouter_nb.live.answer import LiveAnswer
from openrouter_nb.live.cards import Card
from openrouter_nb.live.delta_sender import DeltaSender
from openrouter_nb.live.protocol import FINAL, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.live.answer import Delta

# Beyond this number of characters a page becomes slow, and they are not read while they arrive. The answer itself has all.
_MAX_SHOWN = 300_000
_RUN = "0"  # a cell has one answer


class LiveView:
    """The output of one answer.

    All methods are called on one event loop, from `begin` to `end`; `on_stop` and `on_action` may be called from any
    thread.

    Args:
        model: What is asked, for the status line.

    Attributes:
        keeps_reasoning: Whether the reasoning stays open when the answer begins; set before `begin`.
        is_object: Whether the text is the JSON of an object; set before `begin`.
        draws_objects: Whether such a text is shown while it arrives.
        on_stop: Called when the user presses Stop.
        stop_wanted: Whether Stop was pressed before `on_stop` was set.
        kept_as: The expression that gives the answer when the cell has ended.
        on_action: Called with the ids of a card and of its action, and the text of the card's field or None, when the
            user presses a button of a card that is shown.
        answer: The state that is shown.
    """

    draws_objects = False
    #: Whether no page took up the last widget: its page may not permit modules of widgets. Answers are display updates then, at
    #: once, until a page takes up a widget after all.
    widgets_fail: ClassVar[bool] = False

    def __init__(self, model: str) -> None:
        self.answer = LiveAnswer(_RUN, model)
        self.stop_wanted = False
        self.on_stop: Callable[[], object] = self._want_stop
        self.on_action: Callable[[str, str, str | None], object] = lambda _card, _action, _text: None
        self.kept_as = "_"
        self.keeps_reasoning = False
        self.is_object = False
        self._room = {"reasoning": _MAX_SHOWN, "text": _MAX_SHOWN}
        self._sender = DeltaSender(self._paint_all)
        self._sender.begin(self.answer)

    @property
    def model(self) -> str:
        """What is asked."""
        return self.answer.model

    @property
    def phase(self) -> Phase:
        """What the answer is doing."""
        return self.answer.phase

    @property
    def note(self) -> str:
        """One line about the phase."""
        return self.answer.note

    def begin(self) -> None:
        """Show that the request is being sent, at once."""

    def show(self, phase: Phase, *, reasoning: str = "", text: str = "", note: str = "") -> None:
        """Add what has arrived. It is on screen within a quarter of a second.

        Args:
            phase: The current phase.
            reasoning: New text of the reasoning.
            text: New text of the answer.
            note: One line about the current phase; the next call replaces it.
        """
        self.answer.update(phase=phase, note=note)
        self.answer.append(reasoning=self._within("reasoning", reasoning), text=self._within("text", text))
        self._sender.schedule(self.answer)

    def card(self, card: Card) -> None:
        """Show a card, or replace the one of the same id."""
        self.answer.put_card(card)
        self._sender.schedule(self.answer)

    def drop_card(self, card: str) -> None:
        """Remove a card, if it is there."""
        if self.answer.drop_card(card):
            self._sender.schedule(self.answer)

    async def can_ask(self) -> bool:
        """Return whether a user can press a card's button. Waits, a second or two, until that is known."""
        return False

    def flush(self) -> None:
        """Show everything that has arrived."""
        self._sender.flush()

    def paint(self, delta: Delta) -> None:
        """Show a delta. For subclasses."""

    def _paint_all(self, deltas: list[Delta]) -> None:
        for delta in deltas:
            self.paint(delta)

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Replace the live view by the static bundle. For subclasses, which call this first.

        Args:
            phase: How it ended.
            bundle: Mime bundle to leave.
            metadata: Output metadata to leave with it.
            note: The same end in one line, for a page that was reloaded and cannot get the bundle any more.
        """
        del bundle, metadata
        self.answer.update(phase=phase, note=note)
        self._sender.end(self.answer)

    @property
    def is_over(self) -> bool:
        """Whether the answer has ended, in whatever way."""
        return self.phase in FINAL

    def _want_stop(self) -> None:
        self.stop_wanted = True

    def _within(self, kind: Literal["reasoning", "text"], piece: str) -> str:
        """Return the part of a piece that is within the limit; a card announces the first cut."""
        room = self._room[kind]
        self._room[kind] = room - len(piece)
        if len(piece) <= room or not piece:
            return piece
        if room < 0:
            return ""
        more = "More is arriving than can be shown: the whole answer is in `_` when the cell has ended."
        self.card(Card(id=f"cut-{kind}", kind="note", title=more))
        return piece[:room]
