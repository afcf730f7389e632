"""Plugins of a request, distinguished by `id`. `enabled=False` disables one that the account enables.

Source: OpenRouter's OpenAPI document of August 2026, schema ChatRequest.plugins, and the guides on plugins. Routers are in
`router_plugins.py`, guardrails in `guardrail_plugins.py`. Pass a plugin without a class as a dict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel, optional
from openrouter_nb.components.plugins.fields import Enabled
from openrouter_nb.components.plugins.guardrail_plugins import AlignmentPlugin, ArmorPlugin, ModerationPlugin
from openrouter_nb.components.plugins.router_plugins import (
    AutoBetaRouterPlugin,
    AutoRouterPlugin,
    JevRouterPlugin,
    ParetoRouterPlugin,
    SwitchyardRouterPlugin,
)
from openrouter_nb.components.tools.agent_tools import FUSION_TOOLS, AnalysisModels, FusionToolCalls
from openrouter_nb.components.tools.web_tools import (
    AllowedDomains,
    BlockedDomains,
    MaxContentTokens,
    MaxFetches,
    SearchMode,
    WebSearchEngine,
    XSearchFilters,
)

PDFParserEngine = str | Literal["mistral-ocr", "native", "cloudflare-ai", "pdf-text"]


class UserLocation(RequestModel):
    """Approximate location of the user. `country`: two-letter code; `timezone`: IANA name."""

    type: Literal["approximate"] = "approximate"
    city: Nullable[str] = None
    region: Nullable[str] = None
    country: Nullable[str] = None
    timezone: Nullable[str] = None


class WebSearchPlugin(RequestModel):
    """Search the web before the answer. OpenRouter recommends the tool `openrouter:web_search` instead."""

    id: Literal["web"] = "web"
    enabled: Enabled = None
    engine: WebSearchEngine | None = optional(
        "Search engine. Default: the provider's own search where it has one, else Exa."
    )
    mode: SearchMode = None
    max_results: int | None = optional("Maximum number of results. Default: 5.", minimum=0, default=5)
    max_uses: int | None = optional(
        "Maximum number of searches per turn, for providers that support a limit."
    )
    search_prompt: str | None = optional("Text that introduces the search results to the model.")
    include_domains: Sequence[str] | None = optional(
        "Search these domains only. `*.example.org` and `example.org/path` are accepted."
    )
    exclude_domains: Sequence[str] | None = optional("Never search these domains.")
    user_location: Nullable[JSON | UserLocation] = optional(
        "Approximate location of the user, for local results.",
        examples=[{"type": "approximate", "city": "Berlin", "country": "DE"}],
    )
    x_search: XSearchFilters = None


class WebFetchPlugin(RequestModel):
    """Fetch the pages that the conversation links to."""

    id: Literal["web-fetch"] = "web-fetch"
    max_uses: MaxFetches = None
    max_content_tokens: MaxContentTokens = None
    allowed_domains: AllowedDomains = None
    blocked_domains: BlockedDomains = None


class PDFParserOptions(RequestModel):
    """Engine that reads PDF files. `pdf-text` is the former name of `cloudflare-ai`."""

    engine: PDFParserEngine | None = None


class FileParserPlugin(RequestModel):
    """Convert attached files to text."""

    id: Literal["file-parser"] = "file-parser"
    enabled: Enabled = None
    pdf: JSON | PDFParserOptions | None = optional(
        "Settings for PDF files: the `engine` that reads them.", examples=[{"engine": "cloudflare-ai"}]
    )


class ResponseHealingPlugin(RequestModel):
    """Repair malformed JSON in answers that are not streamed and have a JSON response format."""

    id: Literal["response-healing"] = "response-healing"
    enabled: Enabled = None


class ContextCompressionPlugin(RequestModel):
    """Shorten conversations that exceed the context length."""

    id: Literal["context-compression"] = "context-compression"
    enabled: Enabled = None
    engine: str | Literal["middle-out"] | None = optional(
        "Compression method. `middle-out` removes text from the middle of the conversation."
    )


class FusionPluginTool(RequestModel):
    """A server tool for the models of a fusion."""

    type: str
    parameters: Mapping[str, Any] | None = None


class FusionPlugin(RequestModel):
    """Ask a panel of models and combine their answers into one."""

    id: Literal["fusion"] = "fusion"
    enabled: Enabled = None
    analysis_models: AnalysisModels = None
    model: str | None = optional("Model that combines the panel's answers into the final one.")
    preset: str | Literal["general-high", "general-budget", "general-fast"] | None = optional(
        "Named set of panel and combining model. The fields above override it."
    )
    max_tool_calls: FusionToolCalls = None
    tools: Annotated[Sequence[JSON | FusionPluginTool] | None, FUSION_TOOLS] = None


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
