"""Bodies of responses: one that is given again, and one that is listened to while it is read."""

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
    """A response made of an answer that was kept, in the shape of one from the network."""

    def __init__(self, kept: RecordedExchange, *, as_stream: bool) -> None:
        self.status = 200
        self.content_type = _EVENTS if as_stream else "application/json"
        self.headers = {"content-type": self.content_type}
        self._kept = kept
        self._as_stream = as_stream

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the answer: as one event, or as the JSON that it is."""
        if not self._as_stream:
            yield json.dumps(self._kept.answer).encode()
            return
        result = ChatResult.model_validate(self._kept.answer)
        async for chunk in NonStreamedBody(cast("Response", self), result).chunks():
            yield chunk

    async def read(self, limit: int = _MAX_BYTES) -> bytes:
        """Return the body."""
        return b"".join([chunk async for chunk in self.chunks()])[:limit]

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""


class RecordingResponse:
    """A response that is read as always, and whose answer is handed over if it came to its end.

    Args:
        response: From the network.
        keep: Called once with the answer.
    """

    def __init__(self, response: Response, keep: Callable[[ChatResult], object]) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content_type = response.content_type
        self._response = response
        self._keep: Callable[[ChatResult], object] | None = keep
        self._heard: list[bytes] = []
        self._size = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives."""
        async for chunk in self._response.chunks():
            self._hear(chunk)
            yield chunk

    async def read(self, limit: int = _MAX_BYTES) -> bytes:
        """Return the body, at most `limit` bytes of it, and release the connection."""
        data = await self._response.read(limit)
        self._hear(data)
        self._hand_over()
        return data

    async def aclose(self) -> None:
        """Close the response; an answer that was whole by then is handed over."""
        try:
            await self._response.aclose()
        finally:
            self._hand_over()

    def _hear(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= _MAX_BYTES:
            self._heard.append(data)
        else:
            self._keep = None

    def _hand_over(self) -> None:
        keep, self._keep = self._keep, None
        if keep is None or self.status != 200:
            return
        data = b"".join(self._heard)
        self._heard.clear()
        result = _streamed(data) if self.content_type == _EVENTS else _whole(data)
        if result is not None:
            keep(result)


def _streamed(data: bytes) -> ChatResult | None:
    """Fold a whole event stream; None if it did not come to a good end."""
    fold = Accumulator()
    done = False
    try:
        for event in EventDecoder().feed(data):
            if event == b"[DONE]":
                done = True
                break
            chunk = json.loads(event)
            if isinstance(chunk, dict):
                fold.feed(chunk)
    except (ValueError, EventTooLargeError):
        return None
    ended_well = fold.failure is None and fold.finish_reason not in (None, "error")
    return fold.result() if ended_well and (done or fold.finish_reason) else None


def _whole(data: bytes) -> ChatResult | None:
    try:
        result = ChatResult.model_validate_json(data)
    except ValueError:
        return None
    failed = not result.choices or result.choices[0].finish_reason in (None, "error")
    return None if failed or (result.model_extra or {}).get("error") else result
