"""Write answer events into a live view."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from openrouter_nb.conversation.answer_events import (
    CONTENT,
    MediaDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
)
from openrouter_nb.live.cards import Card
from openrouter_nb.render.answer.tool_calls import pretty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.client.streaming.delta_assembly import PartialToolCall
    from openrouter_nb.components.responses.media_parts import MediaPart
    from openrouter_nb.conversation.answer_events import AnswerEvent
    from openrouter_nb.live.views import LiveView, Phase


class EventDisplay:
    """Shows answer events: text and reasoning as they are, everything else as cards.

    A tool call is a card under the id of the call, so that running the tool updates the same card.

    Args:
        view: The cell's output.
        shows_text: Whether text is shown. False where it is the JSON of an object that is shown instead.
    """

    def __init__(self, view: LiveView, *, shows_text: bool = True) -> None:
        self._view = view
        self._shows_text = shows_text
        self._has_content = False
        self._reasoning: list[str] = []
        self._text: list[str] = []
        self._media: Counter[str] = Counter()
        self._fragment_bytes = 0
        self._transcript: list[str] = []
        self._call_cards: dict[int, str] = {}

    def show(self, events: Sequence[AnswerEvent]) -> None:
        """Show some events; none at all means that the service is working on the request."""
        changed: dict[int, PartialToolCall] = {}
        for event in events:
            self._has_content = self._has_content or isinstance(event, CONTENT)
            if isinstance(event, TextDelta):
                self._text.append(event.text)
            elif isinstance(event, ReasoningDelta):
                self._reasoning.append(event.text)
            elif isinstance(event, CONTENT):
                self._flush()  # a card is placed after the text that arrived before it
                if isinstance(event, ToolCallDelta):
                    if event.call.position in self._call_cards:
                        changed[event.call.position] = event.call
                    else:
                        self._show_call(event.call)
                elif isinstance(event, MediaDelta):
                    self._show_media(event.part)
        self._flush()
        for call in changed.values():
            self._show_call(call)
        if not events and self._view.phase == "connecting":
            self._view.show("processing")

    def start_response(self) -> None:
        """Expect the events of the next response."""
        self._has_content = False
        self._call_cards = {}

    @property
    def call_cards(self) -> list[str]:
        """Ids of the cards of the response's tool calls."""
        return list(self._call_cards.values())

    def _flush(self) -> None:
        phase: Phase = "answering" if self._has_content else "reasoning"
        if self._reasoning or self._text or (self._has_content and self._view.phase != phase):
            text = "".join(self._text) if self._shows_text else ""
            self._view.show(phase, reasoning="".join(self._reasoning), text=text)
            self._reasoning.clear()
            self._text.clear()

    def _show_call(self, call: PartialToolCall) -> None:
        card = self._call_cards.get(call.position)
        if card is None:
            # Some providers give all calls one id (reported), or none.
            is_own = call.id and call.id not in self._call_cards.values()
            card = self._call_cards[call.position] = call.id if is_own else f"call-{call.position}"
        self._view.card(
            Card(id=card, kind="tool", title=call.name, body=pretty(call.arguments), status="asked for")
        )

    def _show_media(self, part: MediaPart) -> None:
        if part.url:
            self._media[part.kind] += 1
            number = self._media[part.kind]
            self._view.card(
                Card(id=f"{part.kind}-{number}", kind="media", title=f"{part.kind} {number}", body=part.url)
            )
            return
        self._fragment_bytes += len(part.encoded) * 3 // 4
        self._transcript.append(part.transcript)
        status = f"{self._fragment_bytes // 1000:,} kB so far"
        self._view.card(
            Card(id=part.kind, kind="media", title=part.kind, status=status, body="".join(self._transcript))
        )
