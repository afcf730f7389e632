"""Typed events of an answer, decoded from stream chunks or from a non-streamed result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.streaming.delta_assembly import PartialToolCall, ToolCallAssembler
from openrouter_nb.components.responses.media_parts import MediaPart, entry_media, field_media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from openrouter_nb.components import ChatResult, ChatStreamChunk


@dataclass(frozen=True, slots=True)
class TextDelta:
    """New text of the answer.

    Attributes:
        text: Not empty.
        is_refusal: Whether the model refuses with it.
    """

    text: str
    is_refusal: bool = False


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """New text of the reasoning, not empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A fragment of a tool call.

    Attributes:
        call: The call as assembled so far. It is updated in place by later fragments.
        arguments: New JSON text of its arguments; may be empty.
    """

    call: PartialToolCall
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class MediaDelta:
    """A complete image, or a fragment of audio."""

    part: MediaPart


@dataclass(frozen=True, slots=True)
class CitationDelta:
    """One entry of `annotations`: a cited page, a parsed file, or a kind that is not known here."""

    annotation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Token counts and cost, as the service reports them near the end."""

    usage: Mapping[str, Any]


AnswerEvent = TextDelta | ReasoningDelta | ToolCallDelta | MediaDelta | CitationDelta | UsageReported

#: Events that end the reasoning. Citations do not: a search sends them before the model writes (recorded).
CONTENT = (TextDelta, ToolCallDelta, MediaDelta)


class AnswerDecoder:
    """Decodes one response into answer events, and measures when its first parts arrive.

    Args:
        started: When the request was sent, by `clock`. The default is now.
        clock: Returns seconds.

    Attributes:
        first_token_s: Seconds from `started` to the first reasoning or content. None before that, and for a response
            that was not streamed.
        reasoning_s: Seconds from the first reasoning to the first content, or to the last reasoning while there is no
            content. None without reasoning, and for a response that was not streamed.
    """

    def __init__(self, started: float | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.first_token_s: float | None = None
        self.reasoning_s: float | None = None
        self._clock = clock
        self._started = clock() if started is None else started
        self._reasoning_from = 0.0
        self._has_content = False
        self._tool_calls = ToolCallAssembler()

    def decode(self, chunks: Iterable[ChatStreamChunk]) -> list[AnswerEvent]:
        """Return the events of some chunks, in order. Fields of an unexpected shape are ignored."""
        events: list[AnswerEvent] = []
        for chunk in chunks:
            # By keys, not by attributes, which create views: this runs for every token.
            choices = chunk.get("choices")
            for choice in choices if isinstance(choices, list) else ():
                delta = choice.get("delta") if isinstance(choice, dict) else None
                if isinstance(delta, dict):
                    self._decode_delta(delta, events)
            if (usage := chunk.get("usage")) and isinstance(usage, dict):
                events.append(UsageReported(usage))
        if events and not self._has_content:
            self._measure(events)
        return events

    def decode_result(self, result: ChatResult) -> list[AnswerEvent]:
        """Return the events of a non-streamed result."""
        events: list[AnswerEvent] = []
        if result.choices:
            message = result.choices[0].message.model_dump(exclude_none=True)
            # Complete calls have no `index`, without which those without an id would be taken for one.
            for index, call in enumerate(message.get("tool_calls") or ()):
                call["index"] = index
            self._decode_delta(message, events)
        if result.usage is not None:
            events.append(UsageReported(result.usage.model_dump(exclude_none=True)))
        return events

    def _decode_delta(self, delta: Mapping[str, Any], events: list[AnswerEvent]) -> None:
        get = delta.get
        if reasoning := get("reasoning"):
            events.append(ReasoningDelta(str(reasoning)))
        if content := get("content"):
            if isinstance(content, str):
                events.append(TextDelta(content))
            else:
                self._decode_parts(content, events)
        elif refusal := get("refusal"):
            events.append(TextDelta(str(refusal), is_refusal=True))
        if media := field_media(delta):
            events += map(MediaDelta, media)
        if tool_calls := get("tool_calls"):
            events += [ToolCallDelta(*fed) for fed in self._tool_calls.feed(tool_calls)]
        if annotations := get("annotations"):
            events += [CitationDelta(each) for each in _list(annotations) if isinstance(each, dict)]

    @staticmethod
    def _decode_parts(parts: Any, events: list[AnswerEvent]) -> None:
        for part in _list(parts):
            if media := entry_media(part):
                events.append(MediaDelta(media))
            elif isinstance(part, dict) and (text := part.get("text")) and isinstance(text, str):
                events.append(TextDelta(text))

    def _measure(self, events: list[AnswerEvent]) -> None:
        now = self._clock()
        for event in events:
            self._has_content = isinstance(event, CONTENT)
            if not (self._has_content or isinstance(event, ReasoningDelta)):
                continue
            if self.first_token_s is None:
                self.first_token_s = now - self._started
            if self.reasoning_s is not None:
                self.reasoning_s = now - self._reasoning_from
            elif not self._has_content:
                self._reasoning_from, self.reasoning_s = now, 0.0
            if self._has_content:
                return


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
