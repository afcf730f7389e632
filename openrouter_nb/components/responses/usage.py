"""Token counts and cost, as OpenRouter reports them."""

from __future__ import annotations

from pydantic import FiniteFloat

from openrouter_nb.components.base import ResponseModel


class ChatUsagePromptTokensDetails(ResponseModel):
    """Breakdown of the prompt tokens."""

    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    audio_tokens: int | None = None
    video_tokens: int | None = None


class ChatUsageCompletionTokensDetails(ResponseModel):
    """Breakdown of the completion tokens."""

    reasoning_tokens: int | None = None
    audio_tokens: int | None = None
    image_tokens: int | None = None
    accepted_prediction_tokens: int | None = None
    rejected_prediction_tokens: int | None = None


class CostDetails(ResponseModel):
    """Cost charged by the provider, in USD."""

    upstream_inference_cost: float | None = None
    upstream_inference_prompt_cost: float | None = None
    upstream_inference_completions_cost: float | None = None
    server_tool_cost: float | None = None


class ServerToolUseDetails(ResponseModel):
    """Counts of server-tool calls."""

    tool_calls_requested: int | None = None
    tool_calls_executed: int | None = None
    web_search_requests: int | None = None


class ChatUsage(ResponseModel):
    """Native token counts and cost of one request.

    `cost` is in credits, which are US dollars (OpenRouter docs, usage accounting, August 2026). Every field is
    optional, because older recordings contain only the three counters.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    cost: FiniteFloat | None = None
    is_byok: bool | None = None
    prompt_tokens_details: ChatUsagePromptTokensDetails | None = None
    completion_tokens_details: ChatUsageCompletionTokensDetails | None = None
    cost_details: CostDetails | None = None
    server_tool_use_details: ServerToolUseDetails | None = None
