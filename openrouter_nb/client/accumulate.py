"""Chunks in, one answer out: the folding rules of a streamed chat answer.

Field by field, never by concatenating every string: OpenRouter repeats `role`, `id` and `format` on each chunk. Sources:
OpenRouter docs, api_reference/streaming and best-practices/reasoning-tokens, August 2026; recorded streams.
"""

from __future__ import annotations

from typing import Any

from openrouter_nb.components import ChatResult

_LAST_WINS = (
    "id",
    "created",
    "model",
    "provider",
    "system_fingerprint",
    "service_tier",
    "openrouter_metadata",
)
_JOINED = {"reasoning.text": "text", "reasoning.summary": "summary"}


class Accumulator:
    """Folds parsed chunks into a `ChatResult`.

    Feed it every chunk, also those after a finish reason: usage comes later. `result()` may be asked for at any time.
    """

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._usage: dict[str, Any] | None = None
        self._choices: dict[int, _Choice] = {}
        #: `error` of the chunk that carried one, with that chunk, or None.
        self.failure: dict[str, Any] | None = None
        #: Bodies echoed by `debug.echo_upstream_body`, one for each provider tried.
        self.debug: list[Any] = []

    @property
    def finish_reason(self) -> str | None:
        """Last finish reason of the first answer."""
        choice = self._choices.get(0)
        return choice.finish_reason if choice else None

    @property
    def native_finish_reason(self) -> str | None:
        """The provider's own word for it."""
        choice = self._choices.get(0)
        return choice.native_finish_reason if choice else None

    def feed(self, chunk: dict[str, Any]) -> None:
        """Fold one chunk in. Unknown fields and odd shapes are passed over, never an error."""
        head = self._head
        for key in _LAST_WINS:
            value = chunk.get(key)
            if value is not None:
                head[key] = value
        if usage := chunk.get("usage"):
            self._usage = usage
        if debug := chunk.get("debug"):
            self.debug.append(debug)
        if chunk.get("error"):
            self.failure = chunk
        for item in chunk.get("choices") or ():
            if not isinstance(item, dict):
                continue
            index = item.get("index") or 0
            choice = self._choices.get(index)
            if choice is None:
                choice = self._choices[index] = _Choice(index)
            choice.feed(item)
            if item.get("error"):
                self.failure = {**chunk, "error": item["error"]}

    def result(self) -> ChatResult:
        """Return the answer so far."""
        choices = [self._choices[index].message() for index in sorted(self._choices)]
        fields = {**self._head, "object": "chat.completion", "choices": choices, "usage": self._usage}
        if self.debug:
            fields["debug"] = self.debug
        return ChatResult.model_validate(fields)


class _Choice:
    def __init__(self, index: int) -> None:
        self.index = index
        self.finish_reason: str | None = None
        self.native_finish_reason: str | None = None
        self.content: list[str] = []
        self.reasoning: list[str] = []
        self.refusal: list[str] = []
        self.details: list[dict[str, Any]] | None = None
        self.calls = _ToolCalls()
        self.images: list[Any] = []
        self.annotations: list[Any] = []
        self.audio: dict[str, Any] | None = None
        self.logprobs: dict[str, list[Any]] = {}

    def feed(self, item: dict[str, Any]) -> None:
        if reason := item.get("finish_reason"):
            self.finish_reason = reason
        if reason := item.get("native_finish_reason"):
            self.native_finish_reason = reason
        if logprobs := item.get("logprobs"):
            for key in ("content", "refusal"):
                if entries := logprobs.get(key):
                    self.logprobs.setdefault(key, []).extend(entries)
        delta = item.get("delta")
        if not isinstance(delta, dict):
            return
        if content := delta.get("content"):
            self._content(content)
        if reasoning := delta.get("reasoning"):
            self.reasoning.append(str(reasoning))
        if (details := delta.get("reasoning_details")) is not None:
            # An empty list is kept as one: some providers need `[]` back.
            self.details = self.details or []
            for detail in details:
                _join_detail(self.details, detail)
        if calls := delta.get("tool_calls"):
            self.calls.feed(calls)
        if refusal := delta.get("refusal"):
            self.refusal.append(str(refusal))
        if images := delta.get("images"):
            self.images.extend(images)
        if annotations := delta.get("annotations"):
            self.annotations.extend(annotations)
        if audio := delta.get("audio"):
            self.audio = _join_audio(self.audio, audio)

    def _content(self, content: Any) -> None:
        if isinstance(content, str):
            self.content.append(content)
            return
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                self.content.append(part["text"])

    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "".join(self.content),
            "refusal": "".join(self.refusal) or None,
            "reasoning": "".join(self.reasoning) or None,
        }
        if self.details is not None:
            message["reasoning_details"] = self.details
        if calls := self.calls.finished():
            message["tool_calls"] = calls
        for key in ("images", "annotations", "audio"):
            if value := getattr(self, key):
                message[key] = value
        return {
            "index": self.index,
            "message": message,
            "finish_reason": self.finish_reason,
            "native_finish_reason": self.native_finish_reason,
            "logprobs": self.logprobs or None,
        }


class _ToolCalls:
    """Tool calls by slot; a new id in a used slot starts a new call.

    Recorded: fifteen complete calls with fifteen ids, every one with index 0 (gemini-2.5-flash-lite).
    """

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []
        self._by_index: dict[Any, dict[str, Any]] = {}

    def feed(self, fragments: Any) -> None:
        for fragment in fragments if isinstance(fragments, list) else ():
            if isinstance(fragment, dict):
                self._fold(self._slot(fragment), fragment)

    def finished(self) -> list[dict[str, Any]]:
        return [
            {
                **call,
                "function": {
                    "name": call["function"]["name"],
                    "arguments": "".join(call["function"]["arguments"]),
                },
            }
            for call in self._calls
        ]

    def _slot(self, fragment: dict[str, Any]) -> dict[str, Any]:
        index, ident = fragment.get("index"), fragment.get("id")
        if ident:
            for call in self._calls:
                if call["id"] == ident:
                    return call
        current = (
            self._by_index.get(index) if index is not None else (self._calls[-1] if self._calls else None)
        )
        if current is None or (ident and current["id"] and current["id"] != ident):
            current = {"id": None, "type": "function", "function": {"name": None, "arguments": []}}
            self._calls.append(current)
        if index is not None:
            self._by_index[index] = current
        return current

    @staticmethod
    def _fold(call: dict[str, Any], fragment: dict[str, Any]) -> None:
        call["id"] = call["id"] or fragment.get("id") or None
        call["type"] = fragment.get("type") or call["type"]
        function = fragment.get("function")
        if isinstance(function, dict):
            call["function"]["name"] = call["function"]["name"] or function.get("name") or None
            if arguments := function.get("arguments"):
                call["function"]["arguments"].append(str(arguments))


def _join_detail(details: list[dict[str, Any]], detail: Any) -> None:
    """Append a reasoning detail, or join it to the entry that it continues."""
    if not isinstance(detail, dict):
        return
    kind = detail.get("type")
    key = _JOINED.get(str(kind))
    target = _continued(details, detail) if key else None
    if key is None or target is None:
        details.append(dict(detail))
        return
    if piece := detail.get(key):
        target[key] = (target.get(key) or "") + piece
    for name in ("signature", "id", "format"):
        if detail.get(name) and not target.get(name):
            target[name] = detail[name]


def _continued(details: list[dict[str, Any]], detail: dict[str, Any]) -> dict[str, Any] | None:
    kind, index = detail.get("type"), detail.get("index")

    def continues(entry: dict[str, Any]) -> bool:
        return entry.get("type") == kind and (index is None or entry.get("index") in (None, index))

    # A signature comes in an entry of its own, even after other entries, and belongs to the text before them.
    only_signature = bool(detail.get("signature")) and not detail.get("text")
    for entry in reversed(details if only_signature else details[-1:]):
        if continues(entry):
            return entry
    return None


def _join_audio(audio: dict[str, Any] | None, piece: Any) -> dict[str, Any] | None:
    if not isinstance(piece, dict):
        return audio
    joined = dict(audio or {})
    for key, value in piece.items():
        if key in ("data", "transcript"):
            joined[key] = joined.get(key, "") + (value or "")
        elif value is not None:
            joined[key] = value
    return joined
