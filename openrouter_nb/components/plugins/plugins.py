"""Plugins, told apart by `id`. `enabled=False` switches off one that the account switches on.

Source: OpenRouter's OpenAPI document of August 2026, schema ChatRequest.plugins, and the guides on plugins. Routers are in
`router_plugins.py`, guards in `guard_plugins.py`; a plugin that is not here is given as a dict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel
from openrouter_nb.components.plugins.guardrail_plugins import AlignmentPlugin, ArmorPlugin, ModerationPlugin
from openrouter_nb.components.plugins.router_plugins import (
    AutoBetaRouterPlugin,
    AutoRouterPlugin,
    JevRouterPlugin,
    ParetoRouterPlugin,
    SwitchyardRouterPlugin,
)
from openrouter_nb.components.tools.web_tools import WebSearchEngine, WebSearchMode, XSearchOptions

PDFParserEngine = str | Literal["mistral-ocr", "native", "cloudflare-ai", "pdf-text"]


class UserLocation(RequestModel):
    """Roughly where the user is. `country`: two letters; `timezone`: IANA name."""

    type: Literal["approximate"] = "approximate"
    city: Nullable[str] = None
    region: Nullable[str] = None
    country: Nullable[str] = None
    timezone: Nullable[str] = None


class WebSearchPlugin(RequestModel):
    """Web search before the answer. OpenRouter now prefers the tool `openrouter:web_search`.

    Attributes:
        enabled: False switches it off.
        engine: Who searches; the provider's own search where there is one, else Exa.
        mode: The engine's own mode of search.
        max_results: Results; 5 unless given.
        max_uses: Searches in one turn, for providers that take it.
        search_prompt: What introduces the results to the model.
        include_domains: Only these; `*.example.org` and `example.org/path` work.
        exclude_domains: Not these.
        user_location: Roughly where the user is.
        x_search: Filters for search on X.
    """

    id: Literal["web"] = "web"
    enabled: bool | None = None
    engine: WebSearchEngine | None = None
    mode: WebSearchMode | None = None
    max_results: int | None = None
    max_uses: int | None = None
    search_prompt: str | None = None
    include_domains: Sequence[str] | None = None
    exclude_domains: Sequence[str] | None = None
    user_location: Nullable[JSON | UserLocation] = None
    x_search: JSON | XSearchOptions | None = None


class WebFetchPlugin(RequestModel):
    """Reading of pages that the conversation names."""

    id: Literal["web-fetch"] = "web-fetch"
    max_uses: int | None = None
    max_content_tokens: int | None = None
    allowed_domains: Sequence[str] | None = None
    blocked_domains: Sequence[str] | None = None


class PDFParserOptions(RequestModel):
    """Who reads a PDF; `pdf-text` is an older name of `cloudflare-ai`."""

    engine: PDFParserEngine | None = None


class FileParserPlugin(RequestModel):
    """How files become text."""

    id: Literal["file-parser"] = "file-parser"
    enabled: bool | None = None
    pdf: JSON | PDFParserOptions | None = None


class ResponseHealingPlugin(RequestModel):
    """Repair of malformed JSON, where the answer is not streamed and its form is JSON."""

    id: Literal["response-healing"] = "response-healing"
    enabled: bool | None = None


class ContextCompressionPlugin(RequestModel):
    """Shortening of conversations that are too long, from the middle."""

    id: Literal["context-compression"] = "context-compression"
    enabled: bool | None = None
    engine: str | Literal["middle-out"] | None = None


class FusionPluginTool(RequestModel):
    """A server tool for the panel and for the analyst."""

    type: str
    parameters: Mapping[str, Any] | None = None


class FusionPlugin(RequestModel):
    """A panel of models and an analyst that sums them up.

    Attributes:
        enabled: False switches it off.
        analysis_models: The panel, 1 to 8 models.
        model: The analyst, which answers.
        preset: Panel and analyst by name; what is named above wins.
        max_tool_calls: Steps with tools of each, 1 to 16; 4 unless given.
        tools: Server tools that they may use, up to 8; web search and fetch unless given, `[]` for none.
    """

    id: Literal["fusion"] = "fusion"
    enabled: bool | None = None
    analysis_models: Sequence[str] | None = None
    model: str | None = None
    preset: str | Literal["general-high", "general-budget", "general-fast"] | None = None
    max_tool_calls: int | None = None
    tools: Sequence[JSON | FusionPluginTool] | None = None


ChatRequestPlugin = (
    WebSearchPlugin
    | WebFetchPlugin
    | FileParserPlugin
    | ResponseHealingPlugin
    | ContextCompressionPlugin
    | FusionPlugin
    | AutoRouterPlugin
    | AutoBetaRouterPlugin
    | ParetoRouterPlugin
    | JevRouterPlugin
    | SwitchyardRouterPlugin
    | ModerationPlugin
    | AlignmentPlugin
    | ArmorPlugin
)
