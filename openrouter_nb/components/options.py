"""Smaller objects of a request.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatStreamOptions, ChatDebugOptions, TraceConfig and
Prediction; and the guides on audio, web search and usage for fields that the document omits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import JSON, RequestModel, optional
from openrouter_nb.components.tools.web_tools import SearchContextSize

ServiceTier = str | Literal["auto", "default", "flex", "priority", "fast", "scale", "ultrafast"]


class ChatStreamOptions(RequestModel):
    """Deprecated, no effect: usage is always sent."""

    include_usage: bool | None = None


class ChatDebugOptions(RequestModel):
    """Debug options of a streamed request."""

    echo_upstream_body: bool | None = optional(
        "Return the request body sent to the provider, prompt included, in the first chunk of the stream."
    )


class TraceConfig(RequestModel):
    """Ids and names for observability tools. Unknown keys are forwarded."""

    trace_id: str | None = None
    trace_name: str | None = None
    span_name: str | None = None
    generation_name: str | None = None
    parent_span_id: str | None = None


class PredictionContentText(RequestModel):
    """A part of the predicted text."""

    type: Literal["text"] = "text"
    text: str


class Prediction(RequestModel):
    """Predicted content of the answer, which speeds up generation on models that support it."""

    type: Literal["content"] = "content"
    content: str | Sequence[JSON | PredictionContentText]


class ChatAudioOptions(RequestModel):
    """Audio output, with `modalities=["text", "audio"]` and streaming (guide multimodal/audio)."""

    voice: str | None = optional("Voice of spoken answers, such as `alloy`.")
    format: str | None = optional("Format of spoken answers, such as `wav` or `pcm16`.")


class WebSearchOptions(RequestModel):
    """Settings of the provider's own web search (guide plugins/web-search)."""

    search_context_size: SearchContextSize | None = None


class UsageOptions(RequestModel):
    """Deprecated, no effect: usage is always sent."""

    include: bool | None = None
