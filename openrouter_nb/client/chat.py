"""`open_router.chat`: send a chat request and return its answer, complete or as a stream."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal, Unpack, overload

from openrouter_nb.client import background_loop
from openrouter_nb.client.loop_wakeup import LoopWakeup
from openrouter_nb.client.request_body import build_body, encode
from openrouter_nb.client.retries import Retrier
from openrouter_nb.client.streaming.blocking_stream import BlockingChatStream
from openrouter_nb.client.streaming.chat_stream import ChatStream, OpenedResponse
from openrouter_nb.client.streaming.stream_errors import StreamLimits
from openrouter_nb.client.transport.json_responses import NonStreamedBody, read_result
from openrouter_nb.components.unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client.request_sender import RequestSender
    from openrouter_nb.client.retries import OnRetry, Retries
    from openrouter_nb.components import ChatRequest, ChatResult


class Chat:
    """Chat requests. Parameters are those of OpenRouter's Python SDK, by keyword."""

    def __init__(self, client: RequestSender) -> None:
        self._client = client

    @overload
    async def send_async(
        self,
        *,
        stream: Literal[True],
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        retries: Retries = UNSET,
        on_retry: OnRetry | None = None,
        **request: Unpack[ChatRequest],
    ) -> ChatStream: ...

    @overload
    async def send_async(
        self,
        *,
        stream: Literal[False] | None = None,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        retries: Retries = UNSET,
        on_retry: OnRetry | None = None,
        **request: Unpack[ChatRequest],
    ) -> ChatResult: ...

    async def send_async(
        self,
        *,
        stream: bool | None = None,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        retries: Retries = UNSET,
        on_retry: OnRetry | None = None,
        **request: Unpack[ChatRequest],
    ) -> ChatStream | ChatResult:
        """Send a conversation and return the answer, or its stream. Arguments and errors are those of `send`.

        Returns:
            With `stream=True` a stream to be used as `async with ... as events: async for event in events`.
        """
        __tracebackhide__ = True
        body = encode(build_body(request, stream=bool(stream)))
        try:
            return await self._send(
                body,
                stream=bool(stream),
                server_url=server_url,
                timeout_ms=timeout_ms,
                http_headers=http_headers,
                retries=retries,
                on_retry=on_retry,
            )
        except asyncio.CancelledError as cancelled:
            # An interrupt of an awaited cell: without the frames below, its traceback is short.
            raise cancelled.with_traceback(None) from None

    @overload
    def send(
        self,
        *,
        stream: Literal[True],
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        retries: Retries = UNSET,
        on_retry: OnRetry | None = None,
        **request: Unpack[ChatRequest],
    ) -> BlockingChatStream: ...

    @overload
    def send(
        self,
        *,
        stream: Literal[False] | None = None,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        retries: Retries = UNSET,
        on_retry: OnRetry | None = None,
        **request: Unpack[ChatRequest],
    ) -> ChatResult: ...

    def send(
        self,
        *,
        stream: bool | None = None,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        retries: Retries = UNSET,
        on_retry: OnRetry | None = None,
        **request: Unpack[ChatRequest],
    ) -> BlockingChatStream | ChatResult:
        """Send a conversation and wait for the answer, or for its stream.

        Works inside a running event loop and from several threads. Ctrl-C closes the request.

        Args:
            stream: True for a stream of chunks, otherwise the complete `ChatResult`.
            server_url: Another server for this call, with `/api/v1`.
            timeout_ms: Milliseconds to wait for the first event and between events, or for a complete answer, in each
                attempt.
            http_headers: Further headers.
            retries: How failed attempts are repeated: a `RetryConfig` as in OpenRouter's SDK, a `RetryPolicy`, or None
                for no retries. UNSET takes the client's. A request is not repeated once a part of the answer has arrived.
            on_retry: Called before each wait for the next attempt, with the `Attempt` that failed. In a blocking call it
                runs on the background thread.
            **request: The body, one keyword for each field: `openrouter_nb.parameters`.

        Returns:
            With `stream=True` a stream to be used as `with ... as events: for event in events`.

        Raises:
            TypeError: an unknown keyword.
            ConfigurationError: a value that the service is known to reject, or no key. Nothing was sent.
            NoResponseError: no answer came.
            ChatError: the service reported an error in its JSON, also within status 200.
            OpenRouterDefaultError: any other 4XX or 5XX, or a body that is not an answer.

        Example:
            >>> from openrouter_nb import OpenRouter
            >>> with OpenRouter() as open_router:
            ...     result = open_router.chat.send(
            ...         model="demo/parrot", messages=[{"role": "user", "content": "Say hello."}]
            ...     )
            >>> result.text, result.usage.completion_tokens
            ('Say hello.', 3)
        """
        __tracebackhide__ = True
        # In the caller's thread, so that the traceback of a wrong keyword is short.
        body = encode(build_body(request, stream=bool(stream)))
        answers: list[ChatStream | ChatResult] = []

        async def start() -> None:
            answers.append(
                await self._send(
                    body,
                    stream=bool(stream),
                    server_url=server_url,
                    timeout_ms=timeout_ms,
                    http_headers=http_headers,
                    retries=retries,
                    on_retry=on_retry,
                )
            )

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

    async def _send(
        self,
        body: bytes,
        *,
        stream: bool,
        server_url: str | None,
        timeout_ms: int | None,
        http_headers: Mapping[str, str] | None,
        retries: Retries,
        on_retry: OnRetry | None,
    ) -> ChatStream | ChatResult:
        """Send an encoded request and return the answer, or its stream."""
        limits = _limits(timeout_ms if timeout_ms is not None else self._client.default_timeout_ms)

        async def attempt() -> OpenedResponse:
            response = await self._client.open(
                "POST",
                "/chat/completions",
                body=body,
                accept="text/event-stream" if stream else "application/json",
                server_url=server_url,
                headers=http_headers,
                head_timeout=limits.first_event_s,
            )
            try:
                if response.status == 200 and stream and response.content_type == "text/event-stream":
                    return response, None
                result = await read_result(response, limits.first_event_s)
            except BaseException:
                await response.aclose()
                raise
            return NonStreamedBody(response, result), result

        retrier = Retrier(attempt, self._client.retry_policy(retries), on_retry)
        with LoopWakeup():
            response, result = await retrier.run()
        if stream or result is None:
            return ChatStream(response, limits, whole=result, retrier=retrier)
        return result.after(retrier.attempts)


def _limits(timeout_ms: int | None) -> StreamLimits:
    if timeout_ms is None:
        return StreamLimits()
    seconds = timeout_ms / 1000
    return StreamLimits(first_event_s=seconds, idle_s=seconds)
