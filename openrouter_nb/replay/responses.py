"""Responses that replay a recorded answer, or record the answer while it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from openrouter_nb.client.streaming.chunk_decoder import ChunkDecoder, InvalidEventError
from openrouter_nb.client.streaming.sse import EVENT_STREAM, EventDecoder, EventTooLargeError, starts_stream
from openrouter_nb.client.transport.json_responses import NonStreamedBody, answer_in
from openrouter_nb.components import ChatResult
from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.replay.index import RecordedExchange

_MAX_BYTES = 32 * 1024 * 1024


class ReplayedResponse:
    """A response with a recorded answer."""

    request = ("POST", "/chat/completions")  # it was sent to no server

    def __init__(self, recorded: RecordedExchange, *, as_stream: bool) -> None:
        self.status = 200
        self.content_type = EVENT_STREAM if as_stream else "application/json"
        self.headers = {"content-type": self.content_type}
        self._recorded = recorded
        self._as_stream = as_stream

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the answer as an event stream with one event, or as JSON."""
        if not self._as_stream:
            yield json.dumps(self._recorded.answer).encode()
            return
        result = ChatResult.model_validate(self._recorded.answer)
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


class RecordingResponse:
    """A response that passes its answer to a callback if it is complete.

    Args:
        response: The response from the network.
        record: Called once with the complete answer.
    """

    def __init__(self, response: Response, record: Callable[[ChatResult], Awaitable[object]]) -> None:
        self.status = response.status
        self.headers = response.headers
        self.request = response.request
        self.content_type = response.content_type
        self._response = response
        self._record: Callable[[ChatResult], Awaitable[object]] | None = record
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
        """Close the response, and record the answer if it is complete."""
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
        if record is None or self.status != 200:
            return
        data = b"".join(self._buffer)
        self._buffer.clear()
        result = _streamed(data) if starts_stream(data) else self._complete(data)
        if result is not None:
            await record(result)

    def _complete(self, data: bytes) -> ChatResult | None:
        """Return the result of a JSON body; None if it failed."""
        result = answer_in(self, data)
        if isinstance(result, OpenRouterError) or result.choices[0].finish_reason in (None, "error"):
            return None
        return result


def _streamed(data: bytes) -> ChatResult | None:
    """Return the result of an event stream; None if it is incomplete or failed."""
    decoder = ChunkDecoder()
    try:
        decoder.decode(EventDecoder().feed(data))
    except (InvalidEventError, EventTooLargeError):
        return None
    answer = decoder.accumulator
    return answer.result() if answer.failure is None and answer.finish_reason not in (None, "error") else None
