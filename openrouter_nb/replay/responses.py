"""Responses that replay a recorded answer, or record the answer while it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from openrouter_nb.client.streaming.accumulator import Accumulator
from openrouter_nb.client.streaming.sse import EventDecoder, EventTooLargeError
from openrouter_nb.client.transport.json_responses import NonStreamedBody
from openrouter_nb.components import ChatResult

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.replay.index import RecordedExchange

_EVENTS = "text/event-stream"
_MAX_BYTES = 32 * 1024 * 1024


class ReplayedResponse:
    """A response with a recorded answer."""

    def __init__(self, recorded: RecordedExchange, *, as_stream: bool) -> None:
        self.status = 200
        self.content_type = _EVENTS if as_stream else "application/json"
        self.headers = {"content-type": self.content_type}
        self._recorded = recorded
        self._as_stream = as_stream

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the answer as an event stream with one event, or as JSON."""
        if not self._as_stream:
            yield json.dumps(self._recorded.answer).encode()
            return
        result = ChatResult.model_validate(self._recorded.answer)
        async for chunk in NonStreamedBody(cast("Response", self), result).chunks():
            yield chunk

    async def read(self, limit: int = _MAX_BYTES) -> bytes:
        """Return the body, at most `limit` bytes of it."""
        return b"".join([chunk async for chunk in self.chunks()])[:limit]

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""


class RecordingResponse:
    """A response that passes its answer to a callback if it is complete.

    Args:
        response: The response from the network.
        record: Called once with the complete answer.
    """

    def __init__(self, response: Response, record: Callable[[ChatResult], object]) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content_type = response.content_type
        self._response = response
        self._record: Callable[[ChatResult], object] | None = record
        self._buffer: list[bytes] = []
        self._size = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives."""
        async for chunk in self._response.chunks():
            self._append(chunk)
            yield chunk

    async def read(self, limit: int = _MAX_BYTES) -> bytes:
        """Return the body, at most `limit` bytes of it, and release the connection."""
        data = await self._response.read(limit)
        self._append(data)
        self._finish()
        return data

    async def aclose(self) -> None:
        """Close the response, and record the answer if it is complete."""
        try:
            await self._response.aclose()
        finally:
            self._finish()

    def _append(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= _MAX_BYTES:
            self._buffer.append(data)
        else:
            self._record = None

    def _finish(self) -> None:
        record, self._record = self._record, None
        if record is None or self.status != 200:
            return
        data = b"".join(self._buffer)
        self._buffer.clear()
        result = _streamed(data) if self.content_type == _EVENTS else _complete(data)
        if result is not None:
            record(result)


def _streamed(data: bytes) -> ChatResult | None:
    """Return the result of an event stream; None if it is incomplete or failed."""
    accumulator = Accumulator()
    done = False
    try:
        for event in EventDecoder().feed(data):
            if event == b"[DONE]":
                done = True
                break
            chunk = json.loads(event)
            if isinstance(chunk, dict):
                accumulator.feed(chunk)
    except (ValueError, EventTooLargeError):
        return None
    succeeded = accumulator.failure is None and accumulator.finish_reason not in (None, "error")
    return accumulator.result() if succeeded and (done or accumulator.finish_reason) else None


def _complete(data: bytes) -> ChatResult | None:
    try:
        result = ChatResult.model_validate_json(data)
    except ValueError:
        return None
    failed = not result.choices or result.choices[0].finish_reason in (None, "error")
    return None if failed or (result.model_extra or {}).get("error") else result
