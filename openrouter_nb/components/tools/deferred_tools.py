"""Deferred tools: loaded into the prompt only when the model searches for them.

Source: OpenRouter's Python SDK 1.3.84, DeferredToolsControl; not in the OpenAPI document of August 2026.
"""

from __future__ import annotations

from typing import Literal

from openrouter_nb.components.base import JSON, RequestModel


class DeferredBm25Search(RequestModel):
    """Search by keywords."""

    type: Literal["bm25"] = "bm25"
    max_results: int | None = None


class DeferredRegexSearch(RequestModel):
    """Search by a regular expression."""

    type: Literal["regex"] = "regex"
    max_results: int | None = None


class DeferredCustomSearch(RequestModel):
    """Search with a tool of the caller."""

    type: Literal["custom"] = "custom"
    tool_id: str
    result_key: str
    max_results: int | None = None


class DeferredToolsControl(RequestModel):
    """Protocol and search method of deferred tools."""

    protocol: str | Literal["v1"] = "v1"
    profile: str | Literal["portable"] = "portable"
    search: JSON | DeferredBm25Search | DeferredRegexSearch | DeferredCustomSearch
    validation: str | Literal["runtime"] = "runtime"
