"""The parameters of `chat.send`, typed for editors. Meaning and bounds: `openrouter_nb.parameters`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from pydantic import BaseModel

    from openrouter_nb.components import _exports

JSON = Mapping[str, Any]


class ChatRequest(TypedDict, total=False):
    """One keyword for each field of the body. Absent, None and a value are three different things.

    None is sent as null where the field is nullable, and leaves the field out where it is not, as in OpenRouter's
    Python SDK. Objects are models of `openrouter_nb.components` or plain dicts, alone or mixed; a dict is sent as it is. Lists take
    any pydantic model, because an editor knows no more of a list of several kinds.
    """

    messages: Sequence[_exports.ChatMessages | BaseModel | JSON]
    model: str | None
    models: Sequence[str] | None
    provider: _exports.ProviderPreferences | JSON | None
    plugins: Sequence[_exports.ChatRequestPlugin | BaseModel | JSON] | None
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
    reasoning: _exports.ChatRequestReasoning | JSON | None
    reasoning_effort: _exports.ReasoningEffort | None
    include_reasoning: bool | None
    response_format: _exports.ResponseFormat | JSON | None
    structured_outputs: bool | None
    seed: int | None
    stop: str | Sequence[str] | None
    stream_options: _exports.ChatStreamOptions | JSON | None
    tool_choice: _exports.ChatToolChoice | JSON | None
    tools: Sequence[_exports.ChatFunctionTool | BaseModel | JSON] | None
    parallel_tool_calls: bool | None
    max_tool_calls: int | None
    stop_server_tools_when: Sequence[_exports.StopServerToolsWhenCondition | BaseModel | JSON] | None
    debug: _exports.ChatDebugOptions | JSON | None
    image_config: JSON | None
    modalities: Sequence[str | Literal["text", "image", "audio"]] | None
    audio: _exports.ChatAudioOptions | JSON | None
    prediction: _exports.Prediction | JSON | None
    cache_control: _exports.AnthropicCacheControlDirective | JSON | None
    prompt_cache_key: str | None
    prompt_cache_options: _exports.PromptCacheOptions | JSON | None
    service_tier: _exports.ServiceTier | None
    verbosity: str | Literal["low", "medium", "high", "xhigh", "max"] | None
    web_search_options: _exports.WebSearchOptions | JSON | None
    x_search_filter: _exports.XSearchOptions | JSON | None
    preset: str | None
    trace: _exports.TraceConfig | JSON | None
    transforms: Sequence[str] | None
    deferred_tools: _exports.DeferredToolsControl | JSON | None
    usage: _exports.UsageOptions | JSON | None
    extra_body: JSON | None
