"""Prompt caching: breakpoints in content, and settings of the request.

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
    """Cache breakpoint at a part of a message or a function: everything up to it may be cached."""


class PromptCacheBreakpoint(RequestModel):
    """OpenAI-style cache breakpoint: everything up to it may be cached. `ttl`, such as `30m`, overrides the request's."""

    mode: Literal["explicit"] = "explicit"
    ttl: Nullable[str] = None


class PromptCacheOptions(RequestModel):
    """Caching of OpenAI GPT-5.6 and newer. `explicit`: only at breakpoints. `ttl`: minimum lifetime, such as `30m` or `12h`."""

    mode: Literal["explicit"] = "explicit"
    ttl: Nullable[str] = None
