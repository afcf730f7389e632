"""`open_router.chat`: send a chat request and return its answer, complete or as a stream."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from openrouter_nb.client import background_loop
from openrouter_nb.client.kernel_interrupts import LoopWakeup
from openrouter_nb.client.request_body import build_body, encode, parse_body
from openrouter_nb.client.resources.resource import CallOptions
from openrouter_nb.client.retries import Retrier
from openrouter_nb.client.streaming.blocking_stream import BlockingChatStream
from openrouter_nb.client.streaming.chat_stream import ChatStream, OpenedResponse
from openrouter_nb.client.streaming.sse import EVENT_STREAM
from openrouter_nb.client.streaming.stream_errors import StreamLimits
from openrouter_nb.client.transport.headers import call_headers
from openrouter_nb.client.transport.json_responses import NonStreamedBody, answer_within, read_result
from openrouter_nb.components.request import ChatRequestTypedDict
from openrouter_nb.components.unset import UNSET
from openrouter_nb.errors import InvalidRequestError
from openrouter_nb.surrogates import well_formed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client.request_sender import RequestSender
    from openrouter_nb.components import ChatResult


class ChatCall(ChatRequestTypedDict, CallOptions, total=False):
    """Keywords of `chat.send`: the fields of the body, and options of the call."""

    x_open_router_metadata: str | Literal["enabled", "disabled"] | None


_OPTIONS = ChatCall.__annotations__.keys() - ChatRequestTypedDict.__annotations__.keys()


class Chat:
    """Chat requests. Parameters are those of OpenRouter's Python SDK, by keyword."""

    def __init__(self, client: RequestSender) -> None:
        self._client = client

    @overload
    async def send_async(self, *, stream: Literal[True], **call: Unpack[ChatCall]) -> ChatStream: ...

    @overload
    async def send_async(
        self, *, stream: Literal[False] | None = None, **call: Unpack[ChatCall]
    ) -> ChatResult: ...

    async def send_async(
        self, *, stream: bool | None = None, **call: Unpack[ChatCall]
    ) -> ChatStream | ChatResult:
        """Send a conversation and return the answer, or its stream. Arguments and errors are those of `send`.

        Returns:
            With `stream=True` a stream to be used as `async with ... as events: async for event in events`.
        """
        __tracebackhide__ = True
        options, request = _split(call)
        body = encode(build_body(request, stream=bool(stream)))
        try:
            return await self._send(body, bool(stream), options)
        except asyncio.CancelledError as cancelled:
            # An interrupt of an awaited cell: without the frames below, its traceback is short.
            raise cancelled.with_traceback(None) from None

    async def send_json_async(
        self, *, body: str, stream: bool = False, **options: Unpack[CallOptions]
    ) -> ChatStream | ChatResult:
        """Send a body that is JSON text, unchanged: with its order of names and its numbers as they are written.

        Args:
            body: A JSON object, validated as by `send`, unknown fields excepted.
            stream: The value of `stream` in the body; False if the body has none.
            **options: Options of the call, as for `send`.

        Raises:
            InvalidRequestError: not JSON, a value that the service is known to reject, or another `stream`. Nothing was
                sent.
            OpenRouterError: otherwise as for `send`.
        """
        if bool(parse_body(body).get("stream")) is not stream:
            raise InvalidRequestError(f"stream is not {stream} in the body. Nothing was sent.")
        return await self._send(well_formed(body).encode(), stream, options)

    @overload
    def send(self, *, stream: Literal[True], **call: Unpack[ChatCall]) -> BlockingChatStream: ...

    @overload
    def send(self, *, stream: Literal[False] | None = None, **call: Unpack[ChatCall]) -> ChatResult: ...

    def send(
        self, *, stream: bool | None = None, **call: Unpack[ChatCall]
    ) -> BlockingChatStream | ChatResult:
        """Send a conversation and wait for the answer, or for its stream.

        Works inside a running event loop and from several threads. Ctrl-C closes the request.

        Args:
            stream: True for a stream of chunks, otherwise the complete `ChatResult`.
            **call: The body, one keyword for each field (`openrouter_nb.parameters`), and options of the call:

                server_url: Another server for this call, with `/api/v1`.
                timeout_ms: Milliseconds to wait for the first event and between events, or for a complete answer, in
                    each attempt.
                http_referer, x_open_router_title, x_open_router_categories: Attribution, instead of the client's.
                x_open_router_metadata: `enabled` for `openrouter_metadata` in the answer.
                http_headers: Further headers.
                retries: How failed attempts are repeated: a `RetryConfig` as in OpenRouter's SDK, a `RetryPolicy`, or
                    None for no retries. UNSET takes the client's. A request is not repeated once a part of the answer
                    has arrived.
                on_retry: Called before each wait for the next attempt, with the `Attempt` that failed. In a blocking
                    call it runs on the background thread.

        Returns:
            With `stream=True` a stream to be used as `with ... as events: for event in events`.

        Raises:
            TypeError: an unknown keyword.
            InvalidRequestError: a value that the service is known to reject. Nothing was sent.
            MissingAPIKeyError: no key. Nothing was sent.
            NoResponseError: no answer came.
            ChatError: the service reported an error in its JSON, also within status 200.
            OpenRouterDefaultError: any other 4XX or 5XX, or a body that is not an answer.

        Example:
            >>> from openrouter_nb import OpenRouter
            >>> with OpenRouter() as open_router:
            ...     result = open_router.chat.send(
            ...         model="openai/gpt-5-mini", messages=[{"role": "user", "content": "Say hello."}]
            ...     )
            >>> result.text, result.choices[0].finish_reason
            ('Hello!', 'stop')
        """
        __tracebackhide__ = True
        # In the caller's thread, so that the traceback of a wrong keyword is short.
        options, request = _split(call)
        body = encode(build_body(request, stream=bool(stream)))
        answers: list[ChatStream | ChatResult] = []

        async def start() -> None:
            answers.append(await self._send(body, bool(stream), options))

        try:
            background_loop.run_sync(start)
            (answer,) = answers
            return BlockingChatStream(answer) if isinstance(answer, ChatStream) else answer
        except BaseException:
            # Ctrl-C may come after the stream is opened and before it is returned.
            for answer in answers:
                if isinstance(answer, ChatStream):
                    background_loop.run_cleanup(answer.aclose)
            raise

    async def _send(self, body: bytes, stream: bool, options: Mapping[str, Any]) -> ChatStream | ChatResult:
        """Send an encoded request and return the answer, or its stream."""
        timeout_ms = options.get("timeout_ms")
        if timeout_ms is None:
            timeout_ms = self._client.default_timeout_ms
        limits = _limits(timeout_ms)

        async def attempt() -> OpenedResponse:
            response = await self._client.open(
                "POST",
                "/chat/completions",
                body=body,
                accept="text/event-stream" if stream else "application/json",
                server_url=options.get("server_url"),
                headers=call_headers(options),
                head_timeout=None if timeout_ms is None else limits.first_event_s,
            )
            try:
                if response.status == 200 and stream and response.content_type == EVENT_STREAM:
                    return response, None
                async with answer_within(limits.first_event_s):
                    is_stream = response.status == 200 and await response.is_event_stream()
                if not is_stream:
                    result = await read_result(response, limits.first_event_s)
                elif stream:
                    return response, None
                else:  # a server that always streams
                    result = await ChatStream(response, limits).read_all()
            except BaseException:
                await response.aclose()
                raise
            return NonStreamedBody(response, result), result

        policy = self._client.retry_policy(options.get("retries", UNSET))
        retrier = Retrier(attempt, policy, options.get("on_retry"))
        with LoopWakeup():
            response, result = await retrier.run()
        if stream or result is None:
            return ChatStream(response, limits, whole=result, retrier=retrier)
        return result.after(retrier.attempts)


def _split(call: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Separate the options of a call from the fields of its body."""
    options = {name: value for name, value in call.items() if name in _OPTIONS}
    return options, {name: value for name, value in call.items() if name not in _OPTIONS}


def _limits(timeout_ms: int | None) -> StreamLimits:
    if timeout_ms is None:
        return StreamLimits()
    seconds = timeout_ms / 1000
    return StreamLimits(first_event_s=seconds, idle_s=seconds)
