"""Feed the answer events of responses to the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.answer_events import (
    CONTENT,
    CitationDelta,
    MediaDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
)
from openrouter_nb.live.feed.citations import citation_notes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.client.streaming.delta_assembly import PartialToolCall
    from openrouter_nb.components.responses.media_parts import MediaPart
    from openrouter_nb.conversation.answer_events import AnswerEvent
    from openrouter_nb.live.answer import LiveAnswer
    from openrouter_nb.live.feed.delta_feed import DeltaFeed
    from openrouter_nb.live.protocol import Phase


class EventFeed:
    """Turns the events of the responses of one answer into deltas of a live answer.

    Args:
        live: What pages show of the answer.
        feed: Sends the deltas.
        media_part: Returns media of an answer as pages get it.
        call_state: State of a tool call while it arrives.
    """

    def __init__(
        self,
        live: LiveAnswer,
        feed: DeltaFeed,
        media_part: Callable[[MediaPart], dict[str, Any]],
        *,
        call_state: str = "waiting",
    ) -> None:
        self._live = live
        self._feed = feed
        self._media_part = media_part
        self._call_state = call_state
        self._requested: list[dict[str, Any]] = []
        self._has_content = False
        self._has_text = False  # an answer with text is shown without the transcript of its audio
        self._text: list[str] = []
        self._calls: dict[int, PartialToolCall] = {}
        self._media: list[dict[str, Any]] = []
        self._annotations: list[Mapping[str, Any]] = []

    def start_response(self) -> None:
        """Expect the events of the next response."""
        self._has_content = False
        self._calls = {}

    def show_calls(self, phase: Phase, calls: list[dict[str, Any]]) -> None:
        """Send the state of all calls of complete responses.

        Args:
            phase: What the answer is doing.
            calls: The calls as pages get them.
        """
        self._requested, self._calls = calls, {}
        self._feed.tell(self._live, phase)
        self._feed.add(self._live, tool_calls=self._list("tool_calls"))

    def show(self, events: Sequence[AnswerEvent]) -> None:
        """Send some events; none at all means that the service is working on the request."""
        live = self._live
        reasoning: list[str] = []
        text: list[str] = []
        changed: set[str] = set()
        for event in events:
            self._has_content = self._has_content or isinstance(event, CONTENT)
            if isinstance(event, TextDelta):
                self._has_text = True
                text.append(event.text)
            elif isinstance(event, ReasoningDelta):
                reasoning.append(event.text)
            elif isinstance(event, ToolCallDelta):
                self._calls[event.call.position] = event.call
                changed.add("tool_calls")
            elif isinstance(event, MediaDelta):
                if event.part.url:
                    self._media.append(self._media_part(event.part))
                    changed.add("media")
                elif not self._has_text:
                    text.append(event.part.transcript)
            elif isinstance(event, CitationDelta):
                self._annotations.append(event.annotation)
                changed.add("citations")
        if self._has_content or reasoning:
            self._feed.tell(live, "answering" if self._has_content else "reasoning")
        elif not events and live.phase in ("connecting", "waiting"):
            self._feed.tell(live, "processing")
        if reasoning or text or changed:
            self._text += text
            lists = {name: self._list(name) for name in sorted(changed)}
            self._feed.add(live, reasoning="".join(reasoning), text="".join(text), **lists)

    def _list(self, name: str) -> list[Any]:
        if name == "tool_calls":
            arriving = [
                {"id": call.id, "name": call.name, "arguments": call.arguments, "state": self._call_state}
                for call in self._calls.values()
            ]
            return [*self._requested, *arriving]
        if name == "media":
            return list(self._media)
        return citation_notes(self._annotations, "".join(self._text))
