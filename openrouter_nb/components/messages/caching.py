"""Prompt caching: marks on content and settings of the whole request.

Source: OpenRouter's OpenAPI document of August 2026, schemas AnthropicCacheControlDirective, ChatContentCacheControl,
PromptCacheBreakpoint and PromptCacheOptions; `ttl` of a breakpoint: SDK 1.3.84.
"""

from __future__ import annotations

from typing import Literal

from openrouter_nb.components.base import Nullable, RequestModel

CacheTtl = str | Literal["5m", "1h"]


class AnthropicCacheControlDirective(RequestModel):
    """Anthropic-style caching. `ttl`: five minutes, the default, or one hour."""

    type: Literal["ephemeral"] = "ephemeral"
    ttl: CacheTtl | None = None


class ChatContentCacheControl(AnthropicCacheControlDirective):
    """The same mark on one part of a message or on a function: everything up to it may be cached."""


class PromptCacheBreakpoint(RequestModel):
    """OpenAI-style mark: everything up to it may be cached. `ttl`, e.g. `30m` or `12h`, overrides the request's."""

    mode: Literal["explicit"] = "explicit"
    ttl: Nullable[str] = None


class PromptCacheOptions(RequestModel):
    """`explicit` caches only what is marked. `ttl`: least lifetime, e.g. `30m` or `12h`. OpenAI GPT-5.6 and newer."""

    mode: Literal["explicit"] = "explicit"
    ttl: Nullable[str] = None
