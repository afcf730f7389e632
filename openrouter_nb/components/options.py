"""Small settings of a request.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatStreamOptions, ChatDebugOptions, TraceConfig and
Prediction; the guides on audio, web search and usage for what the document leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import JSON, RequestModel
from openrouter_nb.components.tools.web_tools import SearchContextSize

ServiceTier = str | Literal["auto", "default", "flex", "priority", "fast", "scale", "ultrafast"]


class ChatStreamOptions(RequestModel):
    """Deprecated and without effect: usage always comes."""

    include_usage: bool | None = None


class ChatDebugOptions(RequestModel):
    """`echo_upstream_body`: the first chunk of a stream shows what the provider was sent."""

    echo_upstream_body: bool | None = None


class TraceConfig(RequestModel):
    """Names for observability. Any further key is passed on."""

    trace_id: str | None = None
    trace_name: str | None = None
    span_name: str | None = None
    generation_name: str | None = None
    parent_span_id: str | None = None


class PredictionContentText(RequestModel):
    """A piece of the predicted text."""

    type: Literal["text"] = "text"
    text: str


class Prediction(RequestModel):
    """What the answer will probably be, which makes it faster where the model can use it."""

    type: Literal["content"] = "content"
    content: str | Sequence[JSON | PredictionContentText]


class ChatAudioOptions(RequestModel):
    """Sound of the answer, with `modalities=["text", "audio"]` and a stream (guide multimodal/audio).

    `voice`, e.g. `alloy`; `format`, e.g. `wav` or `pcm16`.
    """

    voice: str | None = None
    format: str | None = None


class WebSearchOptions(RequestModel):
    """Settings of a provider's own web search (guide plugins/web-search)."""

    search_context_size: SearchContextSize | None = None


class UsageOptions(RequestModel):
    """Deprecated and without effect: usage always comes."""

    include: bool | None = None
