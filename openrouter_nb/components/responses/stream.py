"""Chunks of a streamed answer, as typed views over the parsed JSON."""

from typing import Any

from openrouter_nb.components.responses.parts import (
    ChatStreamChunkError,
    ChatTokenLogprobs,
    ReceivedAnnotation,
    ReceivedAudio,
    ReceivedImage,
    ReceivedReasoningDetail,
)
from openrouter_nb.components.responses.router_metadata import OpenRouterMetadata
from openrouter_nb.components.responses.usage import ChatUsage
from openrouter_nb.components.views.json_view import JSONView


def has_content(fields: dict[str, Any]) -> bool:
    """Return whether a message or a delta holds more than its role: text, reasoning, a tool call, media."""
    return any(value for name, value in fields.items() if name != "role")


class ChatStreamToolCallFunction(JSONView):
    """The name of a function, in the first fragment, and a part of the arguments' JSON text."""

    __slots__ = ()

    name: str | None
    arguments: str | None


class ChatStreamToolCall(JSONView):
    """A fragment of a tool call. Fragments of one call share `index`; see `client/streaming/delta_assembly.py`.

    Attributes:
        index: Index of the call; some providers send 0 for every call.
        id: Id of the call, in its first fragment.
    """

    __slots__ = ()

    index: int | None
    id: str | None
    type: str | None
    function: ChatStreamToolCallFunction | None

    @property
    def name(self) -> str | None:
        """Name of the function, in the first fragment."""
        return self.function.name if self.function is not None else None

    @property
    def arguments(self) -> str | None:
        """A part of the arguments' JSON text."""
        return self.function.arguments if self.function is not None else None


class ChatStreamDelta(JSONView):
    """The content of a chunk. Every field may be absent; an empty string has no meaning.

    Attributes:
        role: `assistant`, repeated in every chunk.
        content: A part of the answer's text.
        reasoning: A part of the reasoning, as plain text.
        refusal: A part of a refusal.
        reasoning_details: Structured parts of the reasoning, with the same text as `reasoning`.
        tool_calls: Fragments of tool calls.
        images: Complete images, each with a data URL.
        annotations: Citations and parsed files.
        audio: A part of the base64 audio and of its transcript.
    """

    __slots__ = ()

    role: str | None
    content: str | None
    reasoning: str | None
    refusal: str | None
    reasoning_details: list[ReceivedReasoningDetail] | None
    tool_calls: list[ChatStreamToolCall] | None
    images: list[ReceivedImage] | None
    annotations: list[ReceivedAnnotation] | None
    audio: ReceivedAudio | None


class ChatStreamChoice(JSONView):
    """One choice of a chunk.

    Attributes:
        index: Index of the choice, always 0.
        delta: The content of the chunk.
        finish_reason: Reason why the answer ended. It may come with text, and more than once.
        native_finish_reason: The provider's own finish reason.
        logprobs: Log probabilities of the chunk's tokens.
    """

    __slots__ = ()

    index: int = 0
    delta: ChatStreamDelta
    finish_reason: str | None
    native_finish_reason: str | None
    logprobs: ChatTokenLogprobs | None


class ChatStreamChunk(JSONView):
    """One event of a streamed answer.

    Attributes:
        id: `gen-...`, the same in every chunk.
        created: Creation time, in Unix seconds.
        model: Id of the answering model.
        provider: Display name of the provider.
        choices: Usually one; none in debug chunks and some usage chunks.
        usage: Token counts and cost, once, near the end.
        error: The error that ended the answer; the stream raises it after its last chunk.
    """

    __slots__ = ()

    id: str | None
    object: str | None
    created: int | None
    model: str | None
    provider: str | None
    choices: list[ChatStreamChoice]
    usage: ChatUsage | None
    error: ChatStreamChunkError | None
    system_fingerprint: str | None
    service_tier: str | None
    openrouter_metadata: OpenRouterMetadata | None
    alignment: JSONView | None
    safeguard_results: list[JSONView] | None
