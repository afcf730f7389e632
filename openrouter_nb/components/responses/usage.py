"""Token counts and cost, as OpenRouter reports them."""

from openrouter_nb.components.views.json_view import CheckedView


class ChatUsagePromptTokensDetails(CheckedView):
    """Breakdown of the prompt tokens."""

    __slots__ = ()

    cached_tokens: int | None
    cache_write_tokens: int | None
    audio_tokens: int | None
    video_tokens: int | None


class ChatUsageCompletionTokensDetails(CheckedView):
    """Breakdown of the completion tokens."""

    __slots__ = ()

    reasoning_tokens: int | None
    audio_tokens: int | None
    image_tokens: int | None
    accepted_prediction_tokens: int | None
    rejected_prediction_tokens: int | None


class CostDetails(CheckedView):
    """Cost charged by the provider, in USD."""

    __slots__ = ()

    upstream_inference_cost: float | None
    upstream_inference_prompt_cost: float | None
    upstream_inference_completions_cost: float | None
    server_tool_cost: float | None


class ServerToolUseDetails(CheckedView):
    """Counts of server-tool calls."""

    __slots__ = ()

    tool_calls_requested: int | None
    tool_calls_executed: int | None
    web_search_requests: int | None


class ChatUsage(CheckedView):
    """Native token counts and cost of one request.

    `cost` is in credits, which are US dollars (OpenRouter docs, usage accounting, August 2026). Every field is
    optional, because older recordings contain only the three counters.
    """

    __slots__ = ()

    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    cost: float | None
    is_byok: bool | None
    prompt_tokens_details: ChatUsagePromptTokensDetails | None
    completion_tokens_details: ChatUsageCompletionTokensDetails | None
    cost_details: CostDetails | None
    server_tool_use_details: ServerToolUseDetails | None
