"""How hard the model thinks, and what it thought.

Source: OpenRouter's OpenAPI document of August 2026 (ChatRequest.reasoning, ReasoningDetail*) and the guide
best-practices/reasoning-tokens; the schema names `effort` and `summary` only, the guide the rest.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from openrouter_nb.components.base import Nullable, RequestModel

ReasoningEffort = str | Literal["max", "xhigh", "high", "medium", "low", "minimal", "none"]
ReasoningSummary = str | Literal["auto", "concise", "detailed"]
ReasoningFormat = (
    str
    | Literal[
        "unknown",
        "openai-responses-v1",
        "azure-openai-responses-v1",
        "bedrock-openai-responses-v1",
        "bedrock-xai-responses-v1",
        "xai-responses-v1",
        "meta-responses-v1",
        "anthropic-claude-v1",
        "google-gemini-v1",
    ]
)


class ChatRequestReasoning(RequestModel):
    """Reasoning of one request. Reasoning tokens are billed as output.

    Attributes:
        effort: Share of the output that may be reasoning: `max` and `xhigh` 95 %, `high` 80 %, `medium` 50 %, `low`
            20 %, `minimal` 10 %, `none` off.
        summary: Ask for a summary.
        max_tokens: Budget in tokens, instead of `effort`.
        exclude: Reason, but do not return it.
        enabled: Reason with defaults.
        context: `auto`, `all_turns` or `current_turn`.
        mode: `standard` or `pro`.
        generate_summary: Older name of `summary`.
    """

    effort: Nullable[ReasoningEffort] = None
    summary: Nullable[ReasoningSummary] = None
    max_tokens: int | None = None
    exclude: bool | None = None
    enabled: bool | None = None
    context: str | Literal["auto", "all_turns", "current_turn"] | None = None
    mode: str | Literal["standard", "pro"] | None = None
    generate_summary: Nullable[ReasoningSummary] = None


class ConfigurationUpdateReasoning(RequestModel):
    """A change of effort from one message on (SDK 1.3.84)."""

    effort: ReasoningEffort


class _ReasoningDetail(RequestModel):
    id: Nullable[str] = None
    format_: Nullable[ReasoningFormat] = Field(default=None, alias="format")
    index: int | None = None


class ReasoningDetailText(_ReasoningDetail):
    """Reasoning as text, signed by the provider: send it back unmodified."""

    type: Literal["reasoning.text"] = "reasoning.text"
    text: Nullable[str] = None
    signature: Nullable[str] = None


class ReasoningDetailSummary(_ReasoningDetail):
    """Reasoning, summed up."""

    type: Literal["reasoning.summary"] = "reasoning.summary"
    summary: str


class ReasoningDetailEncrypted(_ReasoningDetail):
    """Reasoning that only the provider can read."""

    type: Literal["reasoning.encrypted"] = "reasoning.encrypted"
    data: str


class ReasoningDetailServerToolCall(_ReasoningDetail):
    """Record of a server tool's run."""

    type: Literal["reasoning.server_tool_call"] = "reasoning.server_tool_call"
    tool_name: str
    arguments: str
    result: str
    tool_call_id: Nullable[str] = None


ReasoningDetailUnion = (
    ReasoningDetailText | ReasoningDetailSummary | ReasoningDetailEncrypted | ReasoningDetailServerToolCall
)
