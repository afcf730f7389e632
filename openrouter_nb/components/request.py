"""Types of the parameters of `chat.send`, for editors. Meaning and bounds are in `openrouter_nb.parameters`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from pydantic import BaseModel

    from openrouter_nb.components.messages.caching import AnthropicCacheControlDirective, PromptCacheOptions
    from openrouter_nb.components.messages.messages import ChatMessages
    from openrouter_nb.components.options import (
        ChatAudioOptions,
        ChatDebugOptions,
        ChatStreamOptions,
        Prediction,
        ServiceTier,
        TraceConfig,
        UsageOptions,
        WebSearchOptions,
    )
    from openrouter_nb.components.plugins.plugins import ChatRequestPlugin
    from openrouter_nb.components.provider import ProviderPreferences
    from openrouter_nb.components.reasoning import ChatRequestReasoning, ReasoningEffort
    from openrouter_nb.components.response_format import ResponseFormat
    from openrouter_nb.components.tools.deferred_tools import DeferredToolsControl
    from openrouter_nb.components.tools.function_tools import ChatFunctionTool, ChatToolChoice
    from openrouter_nb.components.tools.stop_conditions import StopServerToolsWhenCondition
    from openrouter_nb.components.tools.web_tools import XSearchOptions

JSON = Mapping[str, Any]


class ChatRequestTypedDict(TypedDict, total=False):
    """Keyword arguments for the fields of the request body. Absent, None and a value are three different things.

    None is sent as null if the field is nullable, and otherwise omits the field, as in OpenRouter's Python SDK. Objects
    are models of `openrouter_nb.components` or plain dicts, alone or mixed; a dict is sent unchanged. Lists accept any
    pydantic model, because type checkers cannot infer more about a list of several types.
    """

    messages: Sequence[ChatMessages | BaseModel | JSON]
    model: str | None
    models: Sequence[str] | None
    provider: ProviderPreferences | JSON | None
    plugins: Sequence[ChatRequestPlugin | BaseModel | JSON] | None
    route: str | Literal["fallback", "sort"] | None
    user: str | None
    session_id: str | None
    frequency_penalty: float | None
    presence_penalty: float | None
    repetition_penalty: float | None
    temperature: float | None
    top_p: float | None
    top_k: int | None
    min_p: float | None
    top_a: float | None
    logit_bias: Mapping[str, float] | None
    logprobs: bool | None
    top_logprobs: int | None
    max_completion_tokens: int | None
    max_tokens: int | None
    metadata: Mapping[str, str] | None
    reasoning: ChatRequestReasoning | JSON | None
    reasoning_effort: ReasoningEffort | None
    include_reasoning: bool | None
    response_format: ResponseFormat | JSON | None
    structured_outputs: bool | None
    seed: int | None
    stop: str | Sequence[str] | None
    stream_options: ChatStreamOptions | JSON | None
    tool_choice: ChatToolChoice | JSON | None
    tools: Sequence[ChatFunctionTool | BaseModel | JSON] | None
    parallel_tool_calls: bool | None
    max_tool_calls: int | None
    stop_server_tools_when: Sequence[StopServerToolsWhenCondition | BaseModel | JSON] | None
    debug: ChatDebugOptions | JSON | None
    image_config: JSON | None
    modalities: Sequence[str | Literal["text", "image", "audio"]] | None
    audio: ChatAudioOptions | JSON | None
    prediction: Prediction | JSON | None
    cache_control: AnthropicCacheControlDirective | JSON | None
    prompt_cache_key: str | None
    prompt_cache_options: PromptCacheOptions | JSON | None
    service_tier: ServiceTier | None
    verbosity: str | Literal["low", "medium", "high", "xhigh", "max"] | None
    web_search_options: WebSearchOptions | JSON | None
    x_search_filter: XSearchOptions | JSON | None
    preset: str | None
    trace: TraceConfig | JSON | None
    transforms: Sequence[str] | None
    deferred_tools: DeferredToolsControl | JSON | None
    usage: UsageOptions | JSON | None
    extra_body: JSON | None
