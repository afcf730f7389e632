"""Writer of the response to a chat request."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Protocol

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.request_log import RequestLog
from openrouter_nb.simulator.responses.sse import KEEP_ALIVE, pieces, with_newlines

# Seconds. OpenRouter does not document its interval; recorded streams have one or two keep-alives per second.
KEEP_ALIVE_INTERVAL = 0.5
# Recorded JSON answers of slow models begin with this padding, repeated.
PADDING = b"\n         "
EVENT_STREAM = "text/event-stream"
JSON = "application/json"


class Reply(Protocol):
    """An HTTP response that is being written."""

    def set_status(self, status_code: int, /) -> None:
        """Set the status, before the first byte of the body."""

    def set_header(self, name: str, value: str, /) -> None:
        """Set a header, before the first byte of the body."""

    async def send(self, data: bytes, /) -> None:
        """Send one network chunk of the body.

        Raises:
            CancelledError: the client has disconnected.
        """

    def finish(self, data: bytes | None = None, /) -> Any:
        """Send the last chunk and end the response."""

    def cut(self) -> None:
        """Close the connection inside the body."""

    def reset(self) -> None:
        """Reset the connection."""


class ResponseWriter:
    """Writes a response with the overrides of its request, and logs the progress.

    Args:
        reply: The response to write.
        request_log: Log of the exchange.
        request: The request.
        released: One permit for each paused response that may resume.
    """

    def __init__(
        self,
        reply: Reply,
        request_log: RequestLog,
        request: ParsedChatRequest,
        released: asyncio.Semaphore,
    ) -> None:
        self._reply = reply
        self._start = b""  # sent with the first chunk
        self._log = request_log
        self._request = request
        self._released = released
        self._writes = 0
        self._events = False
        self._buffered: bytes | None = None  # for split="whole"
        self._due = 0.0

    def begin(
        self, status: int = 200, content_type: str = JSON, headers: dict[str, str] | None = None
    ) -> None:
        """Set status and headers; they are sent with the first byte of the body."""
        self._events = content_type.startswith(EVENT_STREAM)
        self._buffered = b"" if self._request.overrides.split == "whole" else None
        self._reply.set_status(status)
        self._reply.set_header("Content-Type", content_type)
        if self._events:
            self._reply.set_header("Cache-Control", "no-cache")
        for name, value in (headers or {}).items():
            self._reply.set_header(name, value)
        self._log.update(self._request.generation_id, status=status)
        self._due = time.monotonic()
        if self._events and self._request.overrides.byte_order_mark:
            self._start = self._request.overrides.byte_order_mark

    def note(self, usage: dict[str, Any] | None, finish_reason: str | None) -> None:
        """Log usage and finish reason, for `/generation` and the exchange."""
        self._log.update(self._request.generation_id, usage=usage, finish_reason=finish_reason)

    async def send(self, data: bytes) -> None:
        """Write and flush `data`, split as requested."""
        for piece in self._cut(data):
            await self.write(piece)

    async def finish(self, data: bytes = b"") -> None:
        """Write the rest and end the HTTP response correctly."""
        *pieces, last = [*self._cut(data, final=True)] or [b""]
        for piece in pieces:
            await self.write(piece)
        # A client that disconnects from here on has received everything, so there must be no await between the two calls.
        self._log.update(self._request.generation_id, sent_chunks=self._writes + bool(last))
        self._log.close(self._request.generation_id, "done")
        self._reply.finish(self._started(last))

    def _cut(self, data: bytes, *, final: bool = False) -> Iterator[bytes]:
        overrides = self._request.overrides
        if self._events and overrides.newline != b"\n":
            data = with_newlines(data, overrides.newline)
        if self._buffered is not None:
            self._buffered += data
            if final:
                yield self._buffered
        elif overrides.split is None:
            yield data
        else:
            yield from pieces(data, overrides.split)

    async def write(self, data: bytes) -> None:
        """Write `data` as one network chunk."""
        await self._reply.send(self._started(data))
        self._writes += 1
        self._log.update(self._request.generation_id, sent_chunks=self._writes)
        if self._writes % 16 == 0:
            # A write that completes immediately does not yield to the loop, which then would not detect a closed connection.
            await asyncio.sleep(0)

    async def pause(self, milliseconds: float) -> None:
        """Wait until `milliseconds` after the end of the last pause, so that the pace does not drift."""
        self._due = max(self._due + milliseconds / 1000, time.monotonic() - 0.25)
        remaining = self._due - time.monotonic()
        if remaining > 0:
            await asyncio.sleep(remaining)

    async def keep_alive(self, milliseconds: float) -> None:
        """Send keep-alives for `milliseconds`: comments in an event stream, white space before JSON."""
        end = time.monotonic() + milliseconds / 1000
        while True:
            await self.send(KEEP_ALIVE if self._events else PADDING)
            remaining = end - time.monotonic()
            if remaining > 0:
                await asyncio.sleep(min(KEEP_ALIVE_INTERVAL, remaining))
            if remaining <= KEEP_ALIVE_INTERVAL:
                break
        self._due = time.monotonic()

    async def hold(self) -> None:
        """Pause until `Simulator.release()` is called; return immediately if an earlier call is unused."""
        await self._flush_buffered()
        await self._released.acquire()
        self._due = time.monotonic()

    async def cut(self) -> None:
        """Close the connection inside the body, without the last HTTP chunk."""
        await self._flush_buffered()
        self._log.close(self._request.generation_id, "done")
        self._reply.cut()

    async def reset(self) -> None:
        """Reset the connection with a TCP RST."""
        await self._flush_buffered()
        # A reset discards data that the client has not read yet; give it time to read.
        await asyncio.sleep(0.02)
        self._log.close(self._request.generation_id, "done")
        self._reply.reset()

    async def stall(self, *, comments: bool) -> None:
        """Send nothing, or only keep-alives, until the client disconnects."""
        await self._flush_buffered()
        while True:
            await asyncio.sleep(0.05 if comments else 3600)
            await self.write(KEEP_ALIVE if self._events else PADDING)

    def _started(self, data: bytes) -> bytes:
        start, self._start = self._start, b""
        return start + data

    async def _flush_buffered(self) -> None:
        buffered, self._buffered = self._buffered, None
        if buffered:
            await self.write(buffered)
