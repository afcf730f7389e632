"""Responses that replay a recorded answer, or record the answer while it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.client.streaming.chunk_decoder import ChunkDecoder, InvalidEventError
from openrouter_nb.client.streaming.sse import EVENT_STREAM, EventDecoder, EventTooLargeError, starts_stream
from openrouter_nb.client.transport.json_responses import NonStreamedBody, answer_in
from openrouter_nb.components import ChatResult
from openrouter_nb.errors import ChatError, OpenRouterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping

    from openrouter_nb.client.transport.http_transport import Response

_MAX_BYTES = 32 * 1024 * 1024
# The headers of an error that are shown with it.
_SHOWN_HEADERS = ("content-type", "cf-ray", "request-id", "x-generation-id")


class ReplayedResponse:
    """A response with a recorded answer."""

    request = ("POST", "/chat/completions")  # it was sent to no server

    def __init__(self, answer: Mapping[str, Any], *, as_stream: bool) -> None:
        self.status = 200
        self.content_type = EVENT_STREAM if as_stream else "application/json"
        self.headers = {"content-type": self.content_type}
        self._answer = answer
        self._as_stream = as_stream

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the answer as an event stream with one event, or as JSON."""
        if not self._as_stream:
            yield json.dumps(self._answer).encode()
            return
        result = ChatResult.model_validate(self._answer)
        async for chunk in NonStreamedBody(self, result).chunks():
            yield chunk

    async def read(self, limit: int = _MAX_BYTES) -> bytes:
        """Return the body, at most `limit` bytes of it."""
        return b"".join([chunk async for chunk in self.chunks()])[:limit]

    async def is_event_stream(self) -> bool:
        """Whether the body is an event stream."""
        return self._as_stream

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""


class ReplayedFailure:
    """A response in which the service reported an error.

    Args:
        failure: `status`, `headers` and `body`.
    """

    request = ("POST", "/chat/completions")  # it was sent to no server

    def __init__(self, failure: Mapping[str, Any]) -> None:
        self.status: int = failure["status"]
        self.headers: dict[str, str] = dict(failure["headers"])
        self.content_type = self.headers.get("content-type", "").partition(";")[0]
        self._body = failure["body"].encode("utf-8", "surrogatepass")

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        yield self._body

    async def read(self, limit: int | None = None) -> bytes:
        """Return the body, at most `limit` bytes of it."""
        return self._body[:limit]  # type: ignore[no-any-return]

    async def is_event_stream(self) -> bool:
        """Whether the body is an event stream."""
        return bool(starts_stream(self._body))

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""


class Record(Protocol):
    """Called once with the outcome of a request: the keywords of `ReplayFile.add`."""

    def __call__(self, **outcome: dict[str, Any]) -> Awaitable[None]:
        """Record an answer or a failure."""


class RecordingResponse:
    """A response that passes its outcome to a callback: a complete answer, or an error of the service.

    Args:
        response: The response from the network.
        record: Called once with the outcome.
    """

    def __init__(self, response: Response, record: Record) -> None:
        self.status = response.status
        self.headers = response.headers
        self.request = response.request
        self.content_type = response.content_type
        self._response = response
        self._record: Record | None = record
        self._buffer: list[bytes] = []
        self._size = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives."""
        async for chunk in self._response.chunks():
            self._append(chunk)
            yield chunk

    async def read(self, limit: int | None = None) -> bytes:
        """Return the body, or at most `limit` bytes of it, and release the connection."""
        data = await self._response.read(limit)
        self._append(data)
        await self._finish()
        return data

    async def is_event_stream(self) -> bool:
        """Whether the body is an event stream."""
        return await self._response.is_event_stream()

    async def aclose(self) -> None:
        """Close the response, and record its outcome if it has one."""
        try:
            await self._response.aclose()
        finally:
            await self._finish()

    def _append(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= _MAX_BYTES:
            self._buffer.append(data)
        else:
            self._record = None

    async def _finish(self) -> None:
        record, self._record = self._record, None
        if record is None:
            return
        data = b"".join(self._buffer)
        self._buffer.clear()
        is_stream = self.status == 200 and starts_stream(data)
        result = _streamed(data) if is_stream else answer_in(self, data)
        if isinstance(result, ChatError):
            await record(failure=self._failure(data, result.retry_after))
        elif result is not None and not isinstance(result, OpenRouterError):
            if result.choices[0].finish_reason == "error":
                await record(failure=self._failure(data))
            elif result.choices[0].finish_reason is not None:
                await record(answer=result.model_dump(mode="json", exclude_unset=True))

    def _failure(self, data: bytes, retry_after: float | None = None) -> dict[str, Any]:
        headers = {name: self.headers[name] for name in _SHOWN_HEADERS if name in self.headers}
        # In seconds: a date or a reset would be in the past when it is replayed.
        headers |= {"retry-after": f"{retry_after:g}"} if retry_after else {}
        return {"status": self.status, "headers": headers, "body": data.decode("utf-8", "replace")}


def _streamed(data: bytes) -> ChatResult | ChatError | None:
    """Return the result of an event stream, or its error; None if the stream ended early."""
    decoder = ChunkDecoder()
    try:
        decoder.decode(EventDecoder().feed(data))
    except (InvalidEventError, EventTooLargeError):
        return None
    answer = decoder.accumulator
    if answer.failure is not None:
        return ChatError("in the stream")
    return answer.result() if answer.finish_reason is not None else None
