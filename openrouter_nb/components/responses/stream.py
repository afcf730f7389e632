"""Chunks of a streamed answer, as typed views over the parsed JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.components.lazy_view import LazyView, as_object, views

if TYPE_CHECKING:
    from collections.abc import Iterable


def has_content(fields: Iterable[tuple[str, Any]]) -> bool:
    """Return whether the fields of a message or a delta hold more than its role: text, reasoning, a tool call, media."""
    return any(value for name, value in fields if name != "role")


class ChatStreamToolCall(LazyView):
    """A fragment of a tool call. Fragments of one call share `index`; see `client/streaming/delta_assembly.py`."""

    __slots__ = ()

    @property
    def index(self) -> int | None:
        """Index of the call; some providers send 0 for every call."""
        return self._data.get("index")

    @property
    def id(self) -> str | None:
        """Id of the call, in its first fragment."""
        return self._data.get("id")

    @property
    def name(self) -> str | None:
        """Name of the function, in the first fragment."""
        return as_object(self._data.get("function")).get("name")

    @property
    def arguments(self) -> str | None:
        """A part of the arguments' JSON text."""
        return as_object(self._data.get("function")).get("arguments")


class ChatStreamDelta(LazyView):
    """The content of a chunk. Every field may be absent; an empty string has no meaning."""

    __slots__ = ()

    @property
    def role(self) -> str | None:
        """`assistant`, repeated in every chunk."""
        return self._data.get("role")

    @property
    def content(self) -> str | None:
        """A part of the answer's text."""
        return self._data.get("content")

    @property
    def reasoning(self) -> str | None:
        """A part of the reasoning, as plain text."""
        return self._data.get("reasoning")

    @property
    def refusal(self) -> str | None:
        """A part of a refusal."""
        return self._data.get("refusal")

    @property
    def reasoning_details(self) -> list[dict[str, Any]] | None:
        """Structured parts of the reasoning, with the same text as `reasoning`."""
        return self._data.get("reasoning_details")

    @property
    def tool_calls(self) -> list[ChatStreamToolCall]:
        """Fragments of tool calls, `[]` if there are none."""
        return views(ChatStreamToolCall, self._data.get("tool_calls"))

    @property
    def images(self) -> list[dict[str, Any]] | None:
        """Complete images, each with a data URL."""
        return self._data.get("images")

    @property
    def annotations(self) -> list[dict[str, Any]] | None:
        """Citations and parsed files."""
        return self._data.get("annotations")

    @property
    def audio(self) -> dict[str, Any] | None:
        """A part of the base64 audio and of its transcript."""
        return self._data.get("audio")


class ChatStreamChoice(LazyView):
    """One choice of a chunk."""

    __slots__ = ()

    @property
    def index(self) -> int:
        """Index of the choice, always 0."""
        return self._data.get("index") or 0

    @property
    def delta(self) -> ChatStreamDelta:
        """The content of the chunk."""
        # Inlined, like `choices`, because both are read for every token.
        delta = self._data.get("delta")
        return ChatStreamDelta(delta if isinstance(delta, dict) else {})

    @property
    def finish_reason(self) -> str | None:
        """Reason why the answer ended. It may come with text, and more than once."""
        return self._data.get("finish_reason")

    @property
    def native_finish_reason(self) -> str | None:
        """The provider's own finish reason."""
        return self._data.get("native_finish_reason")

    @property
    def logprobs(self) -> dict[str, Any] | None:
        """Log probabilities of the chunk's tokens."""
        return self._data.get("logprobs")


class ChatStreamChunk(LazyView):
    """One event of a streamed answer."""

    __slots__ = ()

    @property
    def id(self) -> str | None:
        """`gen-...`, the same in every chunk."""
        return self._data.get("id")

    @property
    def created(self) -> int | None:
        """Creation time, in Unix seconds."""
        return self._data.get("created")

    @property
    def model(self) -> str | None:
        """Id of the answering model."""
        return self._data.get("model")

    @property
    def provider(self) -> str | None:
        """Display name of the provider."""
        return self._data.get("provider")

    @property
    def choices(self) -> list[ChatStreamChoice]:
        """Usually one; none in debug chunks and some usage chunks."""
        items = self._data.get("choices")
        if not isinstance(items, list):
            return []
        return [ChatStreamChoice(item) for item in items if isinstance(item, dict)]

    @property
    def usage(self) -> dict[str, Any] | None:
        """Token counts and cost, once, near the end."""
        return self._data.get("usage")

    @property
    def error(self) -> dict[str, Any] | None:
        """The error that ended the answer; the stream raises it after its last chunk."""
        return self._data.get("error")
