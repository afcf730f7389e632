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
    """A fragment of a tool call. Fragments of one call share `index`; see `client/accumulate.py` for the rules."""

    __slots__ = ()

    @property
    def index(self) -> int | None:
        """Slot of the call; some providers send 0 for every call."""
        return self._data.get("index")

    @property
    def id(self) -> str | None:
        """Id of the call, on its first fragment."""
        return self._data.get("id")

    @property
    def name(self) -> str | None:
        """Name of the function, on the first fragment."""
        return as_object(self._data.get("function")).get("name")

    @property
    def arguments(self) -> str | None:
        """A piece of the JSON text of the arguments."""
        return as_object(self._data.get("function")).get("arguments")


class ChatStreamDelta(LazyView):
    """What a chunk adds. Every field may be absent; an empty string means nothing."""

    __slots__ = ()

    @property
    def role(self) -> str | None:
        """`assistant`, repeated on every chunk."""
        return self._data.get("role")

    @property
    def content(self) -> str | None:
        """A piece of the answer."""
        return self._data.get("content")

    @property
    def reasoning(self) -> str | None:
        """A piece of the reasoning, as plain text."""
        return self._data.get("reasoning")

    @property
    def refusal(self) -> str | None:
        """A piece of a refusal."""
        return self._data.get("refusal")

    @property
    def reasoning_details(self) -> list[dict[str, Any]] | None:
        """Structured pieces of the reasoning; the same text as `reasoning`."""
        return self._data.get("reasoning_details")

    @property
    def tool_calls(self) -> list[ChatStreamToolCall]:
        """Fragments of tool calls, `[]` where there are none."""
        return views(ChatStreamToolCall, self._data.get("tool_calls"))

    @property
    def images(self) -> list[dict[str, Any]] | None:
        """Whole images, each with a data URL."""
        return self._data.get("images")

    @property
    def annotations(self) -> list[dict[str, Any]] | None:
        """Citations and parsed files."""
        return self._data.get("annotations")

    @property
    def audio(self) -> dict[str, Any] | None:
        """A piece of base64 audio and of its transcript."""
        return self._data.get("audio")


class ChatStreamChoice(LazyView):
    """One answer's part of a chunk."""

    __slots__ = ()

    @property
    def index(self) -> int:
        """Position of the answer; 0."""
        return self._data.get("index") or 0

    @property
    def delta(self) -> ChatStreamDelta:
        """What the chunk adds."""
        # Written out, like `choices`, because a reader asks for both with every token.
        delta = self._data.get("delta")
        return ChatStreamDelta(delta if isinstance(delta, dict) else {})

    @property
    def finish_reason(self) -> str | None:
        """Why the answer ended; may come with text, and more than once."""
        return self._data.get("finish_reason")

    @property
    def native_finish_reason(self) -> str | None:
        """The provider's own word for it."""
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
        """`gen-...`, the same on every chunk."""
        return self._data.get("id")

    @property
    def created(self) -> int | None:
        """Unix seconds."""
        return self._data.get("created")

    @property
    def model(self) -> str | None:
        """The model that answers."""
        return self._data.get("model")

    @property
    def provider(self) -> str | None:
        """Display name of the upstream."""
        return self._data.get("provider")

    @property
    def choices(self) -> list[ChatStreamChoice]:
        """Usually one; none on debug chunks and some usage chunks."""
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
