"""Build request headers: attribution, media types, and those of the caller."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_USER_AGENT = "openrouter-nb"
# Header, and the variables that OpenRouter's SDKs have read for it, the newest name first.
_ATTRIBUTION = {
    "http-referer": ("OPENROUTER_HTTP_REFERER",),
    "x-openrouter-title": ("OPENROUTER_X_OPEN_ROUTER_TITLE", "OPENROUTER_APP_TITLE", "OPENROUTER_X_TITLE"),
    "x-openrouter-categories": ("OPENROUTER_X_OPEN_ROUTER_CATEGORIES", "OPENROUTER_APP_CATEGORIES"),
}
# Keywords of OpenRouter's SDK for a header of one call.
_KEYWORDS = {
    "http_referer": "http-referer",
    "x_open_router_title": "x-openrouter-title",
    "x_open_router_categories": "x-openrouter-categories",
    "x_open_router_metadata": "x-openrouter-metadata",
}


@dataclass(frozen=True, slots=True)
class Attribution:
    """The app that sends requests, for OpenRouter's rankings. Without a referer nothing is attributed.

    Fields left at None are read from the environment with each request. Source: OpenRouter docs, app-attribution, August 2026.
    """

    referer: str | None = None
    title: str | None = None
    categories: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers that are set."""
        given = zip(_ATTRIBUTION.items(), (self.referer, self.title, self.categories), strict=True)
        found = {
            name: value or next(filter(None, map(os.environ.get, variables)), None)
            for (name, variables), value in given
        }
        return {name: value for name, value in found.items() if value}


def call_headers(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers that the options of a call set; those of `http_headers` come last and take precedence."""
    named = {_KEYWORDS[name]: options[name] for name in _KEYWORDS if options.get(name) is not None}
    return {**named, **(options.get("http_headers") or {})}


def request_headers(
    attribution: Attribution, *, accept: str, has_body: bool, further: Mapping[str, str] | None
) -> dict[str, str]:
    """Return all headers except `Authorization`, names in lower case.

    Raises:
        ConfigurationError: a header that is not plain ASCII text, or that would set the key.
    """
    headers = {"accept": accept, "user-agent": _USER_AGENT, **attribution.headers()}
    if has_body:
        headers["content-type"] = "application/json"
    for name, value in (further or {}).items():
        if name.strip().lower() == "authorization":
            raise ConfigurationError("Pass the key as api_key=, not as a header. Nothing was sent.")
        headers[name.lower()] = value
    for name, value in headers.items():
        if not (isinstance(value, str) and value.isascii() and value.isprintable()):
            raise ConfigurationError(f"The header {name!r} must be plain ASCII text. Nothing was sent.")
    return headers
