"""Reasoning: settings of a request, and the reasoning details of an answer.

Source: OpenRouter's OpenAPI document of August 2026 (ChatRequest.reasoning, ReasoningDetail*) and the guide
best-practices/reasoning-tokens; the schema has `effort` and `summary` only, the guide has the rest.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from openrouter_nb.components.base import Nullable, RequestModel, optional

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
    """Reasoning of one request. Reasoning tokens are billed as output."""

    effort: Nullable[ReasoningEffort] = optional(
        "Reasoning effort, as a share of the output: `max` and `xhigh` 95 %, `high` 80 %, `medium` 50 %, `low` 20 %, "
        "`minimal` 10 %, `none` off."
    )
    summary: Nullable[ReasoningSummary] = optional("Request a summary of the reasoning.")
    max_tokens: int | None = optional("Maximum number of reasoning tokens. Cannot be combined with `effort`.")
    exclude: bool | None = optional("Omit the reasoning from the answer. It is billed anyway.")
    enabled: bool | None = optional("Enable reasoning with the model's default effort.")
    context: str | Literal["auto", "all_turns", "current_turn"] | None = optional(
        "Turns whose reasoning the model sees: `auto`, `all_turns` or `current_turn`."
    )
    mode: str | Literal["standard", "pro"] | None = optional("Reasoning mode: `standard` or `pro`.")
    generate_summary: Nullable[ReasoningSummary] = optional("Former name of `summary`.")


class ConfigurationUpdateReasoning(RequestModel):
    """A change of the effort, starting with one message (SDK 1.3.84)."""

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
    """A summary of the reasoning."""

    type: Literal["reasoning.summary"] = "reasoning.summary"
    summary: str


class ReasoningDetailEncrypted(_ReasoningDetail):
    """Encrypted reasoning, readable only by the provider."""

    type: Literal["reasoning.encrypted"] = "reasoning.encrypted"
    data: str


class ReasoningDetailServerToolCall(_ReasoningDetail):
    """A server-tool call made during reasoning, with its result."""

    type: Literal["reasoning.server_tool_call"] = "reasoning.server_tool_call"
    tool_name: str
    arguments: str
    result: str
    tool_call_id: Nullable[str] = None


ReasoningDetailUnion = (
    ReasoningDetailText | ReasoningDetailSummary | ReasoningDetailEncrypted | ReasoningDetailServerToolCall
)
