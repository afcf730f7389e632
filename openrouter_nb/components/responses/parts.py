"""Parts of messages and deltas as they are received: reasoning, media, annotations, log probabilities.

Their types are not checked, because they are sent back as received. The classes for building such parts are in `messages/`
and in `reasoning.py`. Sources: OpenRouter's OpenAPI document of August 2026; the Python SDK 1.3.84; annotations and the
`type` of an image are observed.
"""

from typing import Any

from openrouter_nb.components.views.json_view import JSONView


class ReceivedReasoningDetail(JSONView):
    """A part of the reasoning: text with its signature, a summary, encrypted data, or a server-tool call, by `type`."""

    __slots__ = ()

    type: str | None
    id: str | None
    format_: str | None
    index: int | None
    text: str | None
    signature: str | None
    summary: str | None
    data: str | None
    tool_name: str | None
    tool_call_id: str | None
    arguments: str | None
    result: str | None


class ReceivedAudio(JSONView):
    """Audio: base64 `data` with its `transcript`, both in fragments if streamed."""

    __slots__ = ()

    id: str | None
    data: str | None
    transcript: str | None
    expires_at: int | None


class ReceivedImageURL(JSONView):
    """URL of an image, usually a data URL."""

    __slots__ = ()

    url: str | None
    detail: str | None


class ReceivedImage(JSONView):
    """A complete image."""

    __slots__ = ()

    type: str | None
    index: int | None
    image_url: ReceivedImageURL | None


class ReceivedContentPart(JSONView):
    """A part of a content that is not a string, by `type`."""

    __slots__ = ()

    type: str | None
    text: str | None
    image_url: ReceivedImageURL | None
    input_audio: JSONView | None
    video_url: JSONView | None
    file: JSONView | None
    cache_control: JSONView | None


class ReceivedURLCitation(JSONView):
    """A web page that the answer cites. The indices are those of the answer's text, and may be missing."""

    __slots__ = ()

    url: str | None
    title: str | None
    content: str | None
    start_index: int | None
    end_index: int | None


class ReceivedFile(JSONView):
    """A parsed file. Sent back, it saves parsing the file again."""

    __slots__ = ()

    hash: str | None
    name: str | None
    content: list[ReceivedContentPart] | None


class ReceivedAnnotation(JSONView):
    """A citation or a parsed file, by `type`."""

    __slots__ = ()

    type: str | None
    url_citation: ReceivedURLCitation | None
    file: ReceivedFile | None


class ChatTokenLogprobTopLogprob(JSONView):
    """One alternative of a token."""

    __slots__ = ()

    token: str | None
    logprob: float | None
    bytes_: list[int] | None


class ChatTokenLogprob(JSONView):
    """Log probability of a token, with its most probable alternatives."""

    __slots__ = ()

    token: str | None
    logprob: float | None
    bytes_: list[int] | None
    top_logprobs: list[ChatTokenLogprobTopLogprob] | None


class ChatTokenLogprobs(JSONView):
    """Log probabilities of the tokens of content and refusal."""

    __slots__ = ()

    content: list[ChatTokenLogprob] | None
    refusal: list[ChatTokenLogprob] | None


class ChatStreamChunkMetadata(JSONView):
    """Kind of an error in a stream."""

    __slots__ = ()

    error_type: str | None
    provider_code: str | None
    provider_name: str | None
    raw: Any


class ChatStreamChunkError(JSONView):
    """The error that ended a stream."""

    __slots__ = ()

    code: int | str | None
    message: str | None
    metadata: ChatStreamChunkMetadata | None
