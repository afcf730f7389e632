"""The public interface as an editor sees it: checked by mypy, never run."""

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal, assert_type

import httpx

from openrouter_nb import (
    UNSET,
    BackoffStrategy,
    ChatResult,
    ChatStream,
    OpenRouter,
    RetryConfig,
    ask_api_key,
    components,
    errors,
)
from openrouter_nb.client import BlockingChatStream, Secret, StreamLimits, forget_key, store_key
from openrouter_nb.components import (
    ChatStreamChoice,
    ChatStreamChunk,
    ChatStreamDelta,
    ChatStreamToolCall,
    ChatUsage,
)
from openrouter_nb.components.responses.result import FinishReason
from openrouter_nb.components.views.json_view import JSONView

MESSAGES = [{"role": "user", "content": "Hi"}]


def make() -> OpenRouter:
    OpenRouter("key")
    OpenRouter(lambda: "key")
    return OpenRouter(
        api_key=None,
        server_url="https://openrouter.ai/api/v1",
        timeout_ms=1000,
        http_referer="https://app.example",
        x_title="App",
        http_client=httpx.AsyncClient(),
        client=httpx.Client(),
        async_client=httpx.AsyncClient(),
        debug_logger=logging.getLogger("openrouter"),
        server="production",
        url_params={"host": "openrouter.ai"},
    )


def whole(client: OpenRouter) -> None:
    result = client.chat.send(messages=MESSAGES)
    assert_type(result, ChatResult)
    assert_type(client.chat.send(messages=MESSAGES, stream=False), ChatResult)
    assert_type(result.text, str)
    assert_type(result.id, str | None)
    assert_type(result.object, str | None)
    assert_type(result.created, int | float | None)
    assert_type(result.model, str | None)
    assert_type(result.provider, str | None)
    assert_type(result.service_tier, str | None)
    assert_type(result.system_fingerprint, str | None)
    assert_type(result.usage, ChatUsage | None)
    client.chat.send(
        messages=MESSAGES,
        http_referer="https://app.example",
        x_open_router_title="App",
        x_open_router_categories="game",
        x_open_router_metadata="enabled",
    )
    with result as same:
        assert_type(same, ChatResult)
    choice = result.choices[0]
    assert_type(choice, components.ChatChoice)
    assert_type(choice.index, int)
    assert_type(choice.finish_reason, FinishReason | None)
    assert_type(choice.native_finish_reason, str | None)
    assert_type(choice.logprobs, components.ChatTokenLogprobs | None)
    message = choice.message
    assert_type(message, components.ChatAssistantMessage)
    assert_type(message.role, str)
    assert_type(message.refusal, str | None)
    assert_type(message.reasoning, str | None)
    assert_type(message.content, str | list[components.ReceivedContentPart] | None)
    assert_type(message.reasoning_details, list[components.ReceivedReasoningDetail] | None)
    assert_type(message.images, list[components.ReceivedImage] | None)
    assert_type(message.audio, components.ReceivedAudio | None)
    assert_type(message.annotations, list[components.ReceivedAnnotation] | None)
    assert_type(message.name, str | None)
    assert_type(message.model, str | None)
    for call in message.tool_calls or ():
        assert_type(call.id, str | None)
        assert_type(call.type, str | None)
        assert_type(call.function.name, str | None)
        assert_type(call.function.arguments, str | None)


def usage(of: ChatUsage) -> None:
    assert_type(of.prompt_tokens, int | None)
    assert_type(of.completion_tokens, int | None)
    assert_type(of.total_tokens, int | None)
    assert_type(of.cost, float | None)
    assert_type(of.is_byok, bool | None)
    if of.prompt_tokens_details:
        assert_type(of.prompt_tokens_details.cached_tokens, int | None)
        assert_type(of.prompt_tokens_details.cache_write_tokens, int | None)
    if of.completion_tokens_details:
        assert_type(of.completion_tokens_details.reasoning_tokens, int | None)
    if of.server_tool_use_details:
        assert_type(of.server_tool_use_details.web_search_requests, int | None)
    if of.cost_details:
        assert_type(of.cost_details.upstream_inference_cost, float | None)


def streamed(client: OpenRouter) -> None:
    with client.chat.send(messages=MESSAGES, stream=True) as stream:
        assert_type(stream, BlockingChatStream)
        assert_type(iter(stream), Iterator[ChatStreamChunk])
        for chunk in stream:
            seen(chunk)
    assert_type(stream.result, ChatResult)
    assert_type(stream.generation_id, str | None)


def seen(chunk: ChatStreamChunk) -> None:
    assert_type(chunk.id, str | None)
    assert_type(chunk.model, str | None)
    assert_type(chunk.provider, str | None)
    assert_type(chunk.created, int | None)
    assert_type(chunk.object, str | None)
    assert_type(chunk.system_fingerprint, str | None)
    assert_type(chunk.service_tier, str | None)
    assert_type(chunk.usage, ChatUsage | None)
    assert_type(chunk.error, components.ChatStreamChunkError | None)
    if chunk.openrouter_metadata and chunk.openrouter_metadata.endpoints:
        assert_type(chunk.openrouter_metadata.endpoints.available, list[components.EndpointInfo] | None)
    assert_type(chunk.alignment, JSONView | None)
    assert_type(chunk.safeguard_results, list[JSONView] | None)
    assert_type(chunk.choices, list[ChatStreamChoice])
    choice = chunk.choices[0]
    assert_type(choice.index, int)
    assert_type(choice.finish_reason, str | None)
    delta = choice.delta
    assert_type(delta, ChatStreamDelta)
    assert_type(delta.content, str | None)
    assert_type(delta.reasoning, str | None)
    assert_type(delta.refusal, str | None)
    assert_type(delta.role, str | None)
    for detail in delta.reasoning_details or ():
        assert_type((detail.text, detail.format_), tuple[str | None, str | None])
    for image in delta.images or ():
        assert_type(image.image_url and image.image_url.url, str | components.ReceivedImageURL | None)
    for annotation in delta.annotations or ():
        assert_type(annotation.url_citation, components.ReceivedURLCitation | None)
    if delta.audio:
        assert_type(delta.audio.transcript, str | None)
    assert_type(delta.tool_calls, list[ChatStreamToolCall] | None)
    for call in delta.tool_calls or ():
        assert_type(call.index, int | None)
        assert_type(call.name, str | None)
        assert_type(call.arguments, str | None)
        assert_type(call.function, components.ChatStreamToolCallFunction | None)
    if choice.logprobs:
        for token in choice.logprobs.content or ():
            assert_type((token.token, token.bytes_), tuple[str | None, list[int] | None])
            assert_type(token.top_logprobs, list[components.ChatTokenLogprobTopLogprob] | None)


async def awaited(client: OpenRouter) -> None:
    async with client as same:
        assert_type(same, OpenRouter)
    assert_type(await client.chat.send_async(messages=MESSAGES), ChatResult)
    async with await client.chat.send_async(messages=MESSAGES, stream=True) as stream:
        assert_type(stream, ChatStream)
        chunks: AsyncIterator[ChatStreamChunk] = stream
        async for chunk in chunks:
            seen(chunk)
        assert_type(await stream.read_ready(), list[ChatStreamChunk])
        assert_type(stream.keepalives, int)
        assert_type(stream.result, ChatResult)
    assert_type(StreamLimits(first_event_s=1, idle_s=1).max_bytes, int)


def every_parameter(client: OpenRouter) -> None:
    client.chat.send(
        messages=MESSAGES,
        model="openai/gpt-5-mini",
        models=["a/b"],
        provider={"sort": "price"},
        plugins=[{"id": "web"}],
        route=None,
        user="me",
        session_id="s",
        frequency_penalty=0.1,
        presence_penalty=1,
        repetition_penalty=1.0,
        temperature=None,
        top_p=1,
        top_k=1,
        min_p=0.1,
        top_a=0.1,
        logit_bias={"1": 1},
        logprobs=True,
        top_logprobs=1,
        max_completion_tokens=1,
        max_tokens=1,
        metadata={"a": "b"},
        reasoning={"effort": "low"},
        reasoning_effort="low",
        include_reasoning=True,
        response_format={"type": "json_object"},
        structured_outputs=True,
        seed=1,
        stop=["a"],
        stream_options={},
        tool_choice="auto",
        tools=[{"type": "function"}],
        parallel_tool_calls=True,
        max_tool_calls=1,
        stop_server_tools_when=[{"type": "step_count_is", "step_count": 1}],
        debug={"echo_upstream_body": True},
        image_config={},
        modalities=["text"],
        audio={"voice": "alloy"},
        prediction={"type": "content"},
        cache_control={"type": "ephemeral"},
        prompt_cache_key="k",
        prompt_cache_options={"mode": "explicit"},
        service_tier="flex",
        verbosity="low",
        web_search_options={},
        x_search_filter={},
        preset="p",
        trace={"trace_id": "t"},
        transforms=["middle-out"],
        deferred_tools={},
        usage={"include": True},
        extra_body={"novel": 1},
        stream=False,
        server_url="https://eu.openrouter.ai/api/v1",
        timeout_ms=1000,
        http_headers={"X-Mine": "1"},
        retries=RetryConfig("backoff", BackoffStrategy(500, 60_000, 1.5, 3_600_000), True),
        on_retry=lambda attempt: print(attempt.number, attempt.error, attempt.waited_s),
    )


def keys() -> None:
    secret = ask_api_key(store=True)
    assert_type(secret, Secret)
    store_key(secret)
    assert_type(forget_key(), bool)
    assert_type(
        OpenRouter(secret).credentials_source,
        Literal["argument", "environment", "keyring", "Colab secrets"] | None,
    )


def unknown_parameters(client: OpenRouter) -> None:
    client.chat.send(messages=MESSAGES, no_such_parameter=1)  # type: ignore[call-overload]
    client.chat.send(messages=MESSAGES, temperature="hot")  # type: ignore[call-overload]
    client.chat.send(messages=MESSAGES, stream="yes")  # type: ignore[call-overload]
    assert not UNSET


def failures(client: OpenRouter) -> None:
    try:
        client.chat.send(messages=MESSAGES)
    except errors.TooManyRequestsResponseError as error:
        assert_type(error, errors.TooManyRequestsError)
        assert_type(error.retry_after, float | None)
    except (errors.ChatError, errors.OpenRouterDefaultError, errors.StreamError) as error:
        assert_type(error.status_code, int | None)
        assert_type(error.message, str)
        assert_type(error.error_type, str | None)
        assert_type(error.provider, str | None)
        assert_type(error.metadata, dict[str, Any])
        assert_type(error.retryable, bool)
        assert_type(error.partial, ChatResult | None)
