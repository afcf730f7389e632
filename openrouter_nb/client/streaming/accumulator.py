"""Accumulate stream chunks into a `ChatResult`.

Field by field, not by concatenating every string: OpenRouter repeats `role`, `id` and `format` on each chunk. Values of
unknown shapes are skipped. Sources: OpenRouter docs, api_reference/streaming and
best-practices/reasoning-tokens, August 2026; recorded streams.
"""

from __future__ import annotations

from typing import Any

from openrouter_nb.client.streaming.delta_assembly import ReasoningAssembler, ToolCallAssembler
from openrouter_nb.components.responses.result import ChatResult

_LAST_WINS = (
    "id",
    "object",
    "created",
    "model",
    "provider",
    "system_fingerprint",
    "service_tier",
    "openrouter_metadata",
)
# Of fields of a delta; `chunk_shape.rename` adds OpenRouter's.
_OTHER_NAMES = ("reasoning_content", "function_call")


class Accumulator:
    """Accumulates parsed chunks into a `ChatResult`.

    Feed it every chunk, also those after a finish reason: usage comes later. `result()` can be called at any time.
    """

    def __init__(self) -> None:
        #: The last value of each field of a chunk that was not empty.
        self._fields: dict[str, Any] = {}
        self._usage: dict[str, Any] | None = None
        self._choices: dict[int, _Choice] = {}
        #: `error` of the chunk that carried one, with that chunk, or None.
        self.failure: dict[str, Any] | None = None
        #: Bodies echoed by `debug.echo_upstream_body`, one for each provider tried.
        self.debug: list[Any] = []

    @property
    def has_choices(self) -> bool:
        """Whether anything of an answer has arrived."""
        return bool(self._choices)

    @property
    def has_content(self) -> bool:
        """Whether text, reasoning, a tool call or media has arrived."""
        return any(choice.has_content for choice in self._choices.values())

    @property
    def has_usage(self) -> bool:
        """Whether token counts or a cost have arrived."""
        return bool(self._usage)

    @property
    def finish_reason(self) -> str | None:
        """Last finish reason of the first answer."""
        choice = self._choices.get(0)
        return choice.finish_reason if choice else None

    @property
    def native_finish_reason(self) -> str | None:
        """Last finish reason of the first answer, as the provider named it."""
        choice = self._choices.get(0)
        return choice.native_finish_reason if choice else None

    def feed(self, chunk: dict[str, Any]) -> bool:
        """Add one chunk. Unknown fields and unexpected shapes are skipped without an error.

        Returns:
            Whether the chunk has choices, and each of them a delta with OpenRouter's names and no message.
        """
        # This runs for every chunk, so its fields are taken together.
        self._fields.update(
            chunk if all(chunk.values()) else {k: value for k, value in chunk.items() if value}
        )
        if isinstance(usage := chunk.get("usage"), dict) and usage:
            self._usage = usage
        if debug := chunk.get("debug"):
            self.debug.append(debug)
        if chunk.get("error"):
            self.failure = chunk
        choices = chunk.get("choices")
        has_deltas = bool(choices)
        for item in choices if isinstance(choices, list) else ():
            if isinstance(item, dict):
                index = item.get("index")
                choice = self._choices.get(index) if type(index) is int else None
                has_deltas &= (choice or self._choice(index)).feed(item)
                if item.get("error"):
                    self.failure = {**chunk, "error": item["error"]}
        return has_deltas

    def result(self) -> ChatResult:
        """Return the answer so far."""
        choices = [self._choices[index].finished() for index in sorted(self._choices)]
        head = {key: self._fields[key] for key in _LAST_WINS if key in self._fields}
        fields = {**head, "object": "chat.completion", "choices": choices, "usage": self._usage}
        if self.debug:
            fields["debug"] = self.debug
        return ChatResult.model_validate(fields)

    def _choice(self, index: Any) -> _Choice:
        if not isinstance(index, int):
            index = 0
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = _Choice(index)
        return choice


class _Choice:
    def __init__(self, index: int) -> None:
        self.finish_reason: str | None = None
        self.native_finish_reason: str | None = None
        self._index = index
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._refusal: list[str] = []
        self._details: ReasoningAssembler | None = None
        self._calls = ToolCallAssembler()
        self._media: dict[str, list[Any]] = {}
        self._audio: dict[str, Any] = {}
        self._audio_pieces: dict[str, list[str]] = {}
        self._logprobs: dict[str, list[Any]] = {}

    def feed(self, item: dict[str, Any]) -> bool:
        delta = item.get("delta")
        if (
            type(delta) is dict
            and len(delta) == 2
            and "role" in delta
            and type(text := delta.get("content")) is str
        ):
            self._content.append(text)  # most chunks
            has_delta = True
        else:
            has_delta = bool(delta) and isinstance(delta, dict) and self._delta(delta)
        if reason := item.get("finish_reason"):
            self.finish_reason = str(reason)
        if reason := item.get("native_finish_reason"):
            self.native_finish_reason = str(reason)
        if logprobs := item.get("logprobs"):
            _extend(self._logprobs, logprobs, ("content", "refusal"))
        return has_delta and "message" not in item

    @property
    def has_content(self) -> bool:
        texts = (self._content, self._reasoning, self._refusal)
        return any(map(any, texts)) or bool(
            self._details or self._media or self._audio_pieces or self._calls.finished()
        )

    def finished(self) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "".join(self._content),
            "refusal": "".join(self._refusal) or None,
            "reasoning": "".join(self._reasoning) or None,
        }
        if self._details is not None:
            message["reasoning_details"] = self._details.finished()
        if calls := self._calls.finished():
            message["tool_calls"] = calls
        message |= self._media
        if audio := {**self._audio, **{key: "".join(pieces) for key, pieces in self._audio_pieces.items()}}:
            message["audio"] = audio
        return {
            "index": self._index,
            "message": message,
            "finish_reason": self.finish_reason,
            "native_finish_reason": self.native_finish_reason,
            "logprobs": self._logprobs or None,
        }

    def _delta(self, delta: dict[str, Any]) -> bool:
        has_other_names = False
        for key, value in delta.items():
            if key == "content":
                if isinstance(value, str):
                    self._content.append(value)
                else:
                    self._content_parts(value)
            elif key == "role":  # repeated on every chunk, and always the same
                continue
            elif key == "reasoning":
                if value:
                    self._reasoning.append(str(value))
            elif key == "reasoning_details":
                # An empty list stays one: some providers need `[]` back.
                if isinstance(value, list):
                    if self._details is None:
                        self._details = ReasoningAssembler()
                    self._details.feed(value)
            elif not value:
                continue
            elif key == "tool_calls":
                self._calls.feed(value)
            elif key == "refusal":
                self._refusal.append(str(value))
            elif key in ("images", "annotations"):
                _extend(self._media, delta, (key,))
            elif key == "audio":
                self._audio_piece(value)
            elif key in _OTHER_NAMES:
                has_other_names = True
        return not has_other_names

    def _content_parts(self, content: Any) -> None:
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                self._content.append(part["text"])

    def _audio_piece(self, piece: Any) -> None:
        for key, value in piece.items() if isinstance(piece, dict) else ():
            if key in ("data", "transcript"):
                self._audio_pieces.setdefault(key, []).append(value if isinstance(value, str) else "")
            elif value is not None:
                self._audio[key] = value


def _extend(lists: dict[str, list[Any]], source: Any, keys: tuple[str, ...]) -> None:
    for key in keys if isinstance(source, dict) else ():
        if isinstance(entries := source.get(key), list) and entries:
            lists.setdefault(key, []).extend(entries)
