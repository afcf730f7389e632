"""The parameters of `chat.send`, typed for editors. Meaning and bounds: `openrouter_nb.parameters`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

JSON = Mapping[str, Any]


class ChatRequest(TypedDict, total=False):
    """One keyword for each field of the body. Absent, None and a value are three different things.

    None is sent as null where the field is nullable, and leaves the field out where it is not, as in OpenRouter's
    Python SDK.
    """

    messages: Sequence[Any]
    model: str | None
    models: Sequence[str] | None
    provider: JSON | None
    plugins: Sequence[Any] | None
    route: str | None
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
    reasoning: JSON | None
    reasoning_effort: str | None
    include_reasoning: bool | None
    response_format: JSON | None
    structured_outputs: bool | None
    seed: int | None
    stop: str | Sequence[str] | None
    stream_options: JSON | None
    tool_choice: str | JSON | None
    tools: Sequence[Any] | None
    parallel_tool_calls: bool | None
    max_tool_calls: int | None
    stop_server_tools_when: Sequence[JSON] | None
    debug: JSON | None
    image_config: JSON | None
    modalities: Sequence[str] | None
    audio: JSON | None
    prediction: JSON | None
    cache_control: JSON | None
    prompt_cache_key: str | None
    prompt_cache_options: JSON | None
    service_tier: str | None
    verbosity: str | None
    web_search_options: JSON | None
    x_search_filter: JSON | None
    preset: str | None
    trace: JSON | None
    transforms: Sequence[str] | None
    deferred_tools: JSON | None
    usage: JSON | None
    extra_body: JSON | None
