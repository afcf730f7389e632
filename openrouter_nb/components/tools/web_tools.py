"""Server tools that search and fetch the web.

Source: OpenRouter's OpenAPI document of August 2026, schemas OpenRouterWebSearchServerTool, WebSearchConfig,
ChatWebSearchShorthand and WebFetchServerTool, and the guides on server tools; `x_search`: SDK 1.3.84.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from openrouter_nb.components.base import JSON, Nullable, RequestModel, optional

WebSearchEngine = str | Literal["auto", "native", "exa", "firecrawl", "parallel", "perplexity"]
WebSearchMode = (
    str
    | Literal[
        "instant",
        "fast",
        "auto",
        "deep-lite",
        "deep",
        "deep-reasoning",
        "turbo",
        "basic",
        "advanced",
    ]
)
WebFetchEngine = str | Literal["auto", "native", "openrouter", "exa", "parallel", "firecrawl"]
SearchContextSize = str | Literal["low", "medium", "high"]


class XSearchOptions(RequestModel):
    """Filters for search on X. At most 20 handles, either allowed or excluded; dates are `YYYY-MM-DD`.

    The service ignores filters that it cannot use, without an error.
    """

    allowed_x_handles: Sequence[str] | None = None
    excluded_x_handles: Sequence[str] | None = None
    from_date: str | None = None
    to_date: str | None = None
    enable_image_understanding: bool | None = None
    enable_video_understanding: bool | None = None


SearchMode = Annotated[WebSearchMode | None, Field(description="Search mode of the engine.")]
XSearchFilters = Annotated[
    JSON | XSearchOptions | None,
    Field(
        description="Filters for search on X.",
        json_schema_extra={"examples": [{"allowed_x_handles": ["OpenRouterAI"]}]},
    ),
]
MaxFetches = Annotated[int | None, Field(description="Maximum number of fetched pages per request.")]
MaxContentTokens = Annotated[int | None, Field(description="Maximum number of tokens per fetched page.")]
AllowedDomains = Annotated[Sequence[str] | None, Field(description="Fetch pages of these domains only.")]
BlockedDomains = Annotated[Sequence[str] | None, Field(description="Never fetch pages of these domains.")]


class WebSearchUserLocationServerTool(RequestModel):
    """Approximate location of the user. `country`: two-letter code; `timezone`: IANA name."""

    type: Literal["approximate"] | None = None
    city: Nullable[str] = None
    region: Nullable[str] = None
    country: Nullable[str] = None
    timezone: Nullable[str] = None


class WebSearchConfig(RequestModel):
    """Settings of web search."""

    engine: WebSearchEngine | None = optional(
        "Search engine. `auto` uses the provider's own search where it has one, else Exa."
    )
    mode: SearchMode = None
    max_results: int | None = optional(
        "Maximum number of results per search, 1 to 25. Default: 5.", minimum=1, maximum=25, default=5
    )
    max_total_results: int | None = optional("Maximum number of results over all searches of a request.")
    max_uses: int | None = optional("Maximum number of searches per request.")
    max_characters: int | None = optional(
        "Maximum number of characters per result, 1 to 100,000.", minimum=1, maximum=100_000
    )
    search_context_size: SearchContextSize | None = optional(
        "Amount of text per result. `max_characters` overrides it."
    )
    allowed_domains: Sequence[str] | None = optional(
        "Search these domains only. Cannot be combined with `excluded_domains`."
    )
    excluded_domains: Sequence[str] | None = optional(
        "Never search these domains. Cannot be combined with `allowed_domains`."
    )
    user_location: JSON | WebSearchUserLocationServerTool | None = optional(
        "Approximate location of the user, for local results.",
        examples=[{"type": "approximate", "city": "Berlin", "country": "DE"}],
    )
    x_search: XSearchFilters = None


class OpenRouterWebSearchServerTool(RequestModel):
    """Search the web."""

    type: Literal["openrouter:web_search"] = "openrouter:web_search"
    parameters: JSON | WebSearchConfig | None = None


class ChatWebSearchShorthand(WebSearchConfig):
    """Web search in OpenAI's form, with the settings next to the type."""

    type: (
        str
        | Literal[
            "web_search",
            "web_search_preview",
            "web_search_preview_2025_03_11",
            "web_search_2025_08_26",
        ]
    ) = "web_search"
    parameters: JSON | WebSearchConfig | None = None


class WebFetchServerToolConfig(RequestModel):
    """Settings of web fetch."""

    engine: WebFetchEngine | None = optional("Service that fetches pages. `native` is the provider's own.")
    max_uses: MaxFetches = None
    max_content_tokens: MaxContentTokens = None
    allowed_domains: AllowedDomains = None
    blocked_domains: BlockedDomains = None


class WebFetchServerTool(RequestModel):
    """Fetch a web page or a PDF by its URL."""

    type: Literal["openrouter:web_fetch"] = "openrouter:web_fetch"
    parameters: JSON | WebFetchServerToolConfig | None = None
