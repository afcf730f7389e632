"""Server tools that read the web.

Source: OpenRouter's OpenAPI document of August 2026, schemas OpenRouterWebSearchServerTool, WebSearchConfig,
ChatWebSearchShorthand and WebFetchServerTool, and the guides on server tools; `x_search`: SDK 1.3.84.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel

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
    """Filters for search on X. Handles, up to 20, are either allowed or excluded; dates are `YYYY-MM-DD`.

    The service drops filters that it cannot use without a word.
    """

    allowed_x_handles: Sequence[str] | None = None
    excluded_x_handles: Sequence[str] | None = None
    from_date: str | None = None
    to_date: str | None = None
    enable_image_understanding: bool | None = None
    enable_video_understanding: bool | None = None


class WebSearchUserLocationServerTool(RequestModel):
    """Roughly where the user is. `country`: two letters; `timezone`: IANA name."""

    type: Literal["approximate"] | None = None
    city: Nullable[str] = None
    region: Nullable[str] = None
    country: Nullable[str] = None
    timezone: Nullable[str] = None


class WebSearchConfig(RequestModel):
    """Settings of web search.

    Attributes:
        engine: Who searches; `auto` takes the provider's own search where there is one, else Exa.
        mode: The engine's own mode of search.
        max_results: Results of one search, 1 to 25; 5 unless given.
        max_total_results: Results of all searches of a request.
        max_uses: Searches of a request.
        max_characters: Characters of each result, 1 to 100,000.
        search_context_size: Text of each result: `low`, `medium` or `high`; `max_characters` wins.
        allowed_domains: Only these. Not together with `excluded_domains`.
        excluded_domains: Not these.
        user_location: Roughly where the user is.
        x_search: Filters for search on X.
    """

    engine: WebSearchEngine | None = None
    mode: WebSearchMode | None = None
    max_results: int | None = None
    max_total_results: int | None = None
    max_uses: int | None = None
    max_characters: int | None = None
    search_context_size: SearchContextSize | None = None
    allowed_domains: Sequence[str] | None = None
    excluded_domains: Sequence[str] | None = None
    user_location: JSON | WebSearchUserLocationServerTool | None = None
    x_search: JSON | XSearchOptions | None = None


class OpenRouterWebSearchServerTool(RequestModel):
    """Search the web."""

    type: Literal["openrouter:web_search"] = "openrouter:web_search"
    parameters: JSON | WebSearchConfig | None = None


class ChatWebSearchShorthand(WebSearchConfig):
    """Web search as OpenAI writes it, with the settings beside the type."""

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
    """Settings of fetching: most pages of a request, most tokens of a page, and where from."""

    engine: WebFetchEngine | None = None
    max_uses: int | None = None
    max_content_tokens: int | None = None
    allowed_domains: Sequence[str] | None = None
    blocked_domains: Sequence[str] | None = None


class WebFetchServerTool(RequestModel):
    """Read a page or a PDF by its address."""

    type: Literal["openrouter:web_fetch"] = "openrouter:web_fetch"
    parameters: JSON | WebFetchServerToolConfig | None = None
