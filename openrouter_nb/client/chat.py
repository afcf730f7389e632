"""`open_router.chat`: one request, one answer, whole or as a stream."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, overload

from openrouter_nb.client import blocking
from openrouter_nb.client.failures import finish_error, from_payload, from_response, parse_object
from openrouter_nb.client.request import build_body, encode
from openrouter_nb.client.stream import ChatStream, StreamLimits
from openrouter_nb.components import ChatRequest, ChatResult, ChatStreamChunk
from openrouter_nb.errors import BadGatewayError, OpenRouterError, RequestTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from openrouter_nb.client.openrouter import OpenRouter
    from openrouter_nb.client.transport import Response

_MAX_ERROR_BODY = 1024 * 1024


class Chat:
    """The chat part of a client. Parameters are those of OpenRouter's Python SDK, by keyword."""

    def __init__(self, client: OpenRouter) -> None:
        self._client = client

    @overload
    async def send_async(
        self,
        *,
        stream: Literal[True],
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
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
        **request: Unpack[ChatRequest],
    ) -> ChatResult: ...

    async def send_async(
        self,
        *,
        stream: bool | None = None,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
        **request: Unpack[ChatRequest],
    ) -> ChatStream | ChatResult:
        """Send a conversation and return the answer, or its stream.

        Args:
            stream: True for a `ChatStream` of chunks, otherwise the whole `ChatResult`.
            server_url: Another server for this call, with `/api/v1`.
            timeout_ms: Milliseconds to wait for the first event and between events, or for a whole answer.
            http_headers: Further headers.
            **request: The body, one keyword for each field: `openrouter_nb.parameters`.

        Returns:
            With `stream=True` a stream to be used as `async with ... as events: async for event in events`.

        Raises:
            TypeError: unknown keyword.
            ConfigurationError: a value that the service is known to refuse, or no key. Nothing was sent.
            NoResponseError: no answer came.
            ChatError: the service refused or failed, in its own JSON, also inside a 200.
            OpenRouterDefaultError: any other 4XX or 5XX, or something that is no answer.
        """
        body = encode(build_body(request, stream=bool(stream)))
        limits = _limits(timeout_ms if timeout_ms is not None else self._client.default_timeout_ms)
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
                return ChatStream(response, limits)
            result = await _read_result(response, limits.first_event_s)
        except BaseException:
            await response.aclose()
            raise
        return ChatStream(_Whole(response, result), limits, whole=result) if stream else result

    @overload
    def send(
        self,
        *,
        stream: Literal[True],
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_headers: Mapping[str, str] | None = None,
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
        **request: Unpack[ChatRequest],
    ) -> ChatResult: ...

    def send(self, **call: Any) -> BlockingChatStream | ChatResult:
        """Send a conversation and wait for the answer. Same arguments and errors as `send_async`.

        Works inside a running event loop and from several threads. Ctrl-C closes the request.

        Returns:
            With `stream=True` a stream to be used as `with ... as events: for event in events`.
        """

        async def start() -> ChatStream | ChatResult:
            answer: ChatStream | ChatResult = await self.send_async(**call)
            return answer

        answer = blocking.run(start)
        return BlockingChatStream(answer) if isinstance(answer, ChatStream) else answer


class BlockingChatStream:
    """A `ChatStream` for code that does not await. Same chunks, same errors, same `result`."""

    def __init__(self, stream: ChatStream) -> None:
        self._stream = stream
        self._ready: list[ChatStreamChunk] = []

    @property
    def result(self) -> ChatResult:
        """The answer accumulated so far."""
        return self._stream.result

    @property
    def generation_id(self) -> str | None:
        """`gen-...` from the response's head."""
        return self._stream.generation_id

    def __iter__(self) -> Iterator[ChatStreamChunk]:
        return self

    def __next__(self) -> ChatStreamChunk:
        while not self._ready:
            # A burst at a time: changing threads costs more than decoding a chunk.
            chunks = blocking.run(self._read)
            if chunks is None:
                raise StopIteration
            self._ready = chunks[::-1]
        return self._ready.pop()

    async def _read(self) -> list[ChatStreamChunk] | None:
        try:
            return await self._stream.read_ready()
        except StopAsyncIteration:
            return None

    def close(self) -> None:
        """Close the request. Safe to call twice."""
        blocking.run(self._stream.aclose)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Whole:
    """A whole answer in the shape of a stream, for a server that was asked to stream and did not."""

    def __init__(self, response: Response, result: ChatResult) -> None:
        self.status = response.status
        self.headers = response.headers
        self._result = result

    async def chunks(self) -> AsyncIterator[bytes]:
        chunk = self._result.model_dump(mode="json", exclude_unset=True)
        for choice in chunk["choices"]:
            choice["delta"] = choice.pop("message", {})
            for index, call in enumerate(choice["delta"].get("tool_calls") or ()):
                call.setdefault("index", index)
        yield b"data: " + encode(chunk) + b"\n\ndata: [DONE]\n\n"

    async def aclose(self) -> None:
        """Nothing is open: the body has been read."""


def _limits(timeout_ms: int | None) -> StreamLimits:
    if timeout_ms is None:
        return StreamLimits()
    seconds = timeout_ms / 1000
    return StreamLimits(first_event_s=seconds, idle_s=seconds)


async def _read_result(response: Response, timeout_s: float) -> ChatResult:
    """Read a body that is no event stream: an answer, an error, or something else."""
    try:
        async with asyncio.timeout(timeout_s):
            body = await (response.read() if response.status == 200 else response.read(_MAX_ERROR_BODY))
    except TimeoutError:
        raise RequestTimeoutError(f"No whole answer came within {timeout_s:g} s.", retryable=True) from None
    payload = parse_object(body.decode("utf-8", "replace")) if response.status == 200 else None
    if payload is None or (payload.get("error") and not payload.get("choices")):
        raise from_response(response.status, response.headers, body)
    choices = payload.get("choices")
    if not choices:
        raise _no_answer(response, payload)
    result = ChatResult.model_validate(payload)
    if not result.choices:
        raise _no_answer(response, payload)
    if error := payload.get("error") or _choice_error(choices):
        raise from_payload({**payload, "error": error}, status=200, headers=response.headers, partial=result)
    return result


def _choice_error(choices: list[Any]) -> Any:
    """Find the error of an answer that says it failed; some say so by `finish_reason` alone (observed)."""
    for choice in choices:
        if isinstance(choice, dict) and (choice.get("error") or choice.get("finish_reason") == "error"):
            return choice.get("error") or finish_error(choice.get("native_finish_reason"))
    return None


def _no_answer(response: Response, payload: Mapping[str, Any]) -> OpenRouterError:
    return BadGatewayError(
        "The service sent an empty answer.",
        retryable=True,
        provider=payload.get("provider"),
        generation_id=response.headers.get("x-generation-id") or payload.get("id"),
        headers=response.headers,
    )
