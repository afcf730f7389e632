"""The one response to a chat request, while it is written."""

import asyncio
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

from tornado.web import RequestHandler

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.request_log import RequestLog
from openrouter_nb.simulator.responses.sse import KEEP_ALIVE, pieces, with_newlines

# How often OpenRouter sends a keep-alive is not documented; recorded streams have one or two each second.
KEEP_ALIVE_INTERVAL = 0.5
# Recorded JSON answers of slow models begin with this padding, repeated.
PADDING = b"\n         "
EVENT_STREAM = "text/event-stream"
JSON = "application/json"


class ResponseWriter:
    """Writes a response the way a `ChatRequest` wishes it, and notes what was written.

    Args:
        handler: The tornado handler to write through.
        journal: Where the exchange is noted.
        request: The request to be answered.
        released: Has one permit for each time that an answer which is held may go on.
    """

    def __init__(
        self,
        handler: RequestHandler,
        journal: RequestLog,
        request: ParsedChatRequest,
        released: asyncio.Semaphore,
    ) -> None:
        self._handler = handler
        self._journal = journal
        self._request = request
        self._released = released
        self._writes = 0
        self._events = False
        self._held: bytes | None = None
        self._due = 0.0

    def begin(
        self, status: int = 200, content_type: str = JSON, headers: dict[str, str] | None = None
    ) -> None:
        """Set status and headers; they leave with the first byte of the body."""
        self._events = content_type.startswith(EVENT_STREAM)
        self._held = b"" if self._request.tuning.split == "whole" else None
        self._handler.set_status(status)
        self._handler.set_header("Content-Type", content_type)
        if self._events:
            self._handler.set_header("Cache-Control", "no-cache")
        for name, value in (headers or {}).items():
            self._handler.set_header(name, value)
        self._journal.update(self._request.generation_id, status=status)
        self._due = time.monotonic()
        if self._events and self._request.tuning.mark:
            self._handler.write(self._request.tuning.mark)

    def note(self, usage: dict[str, Any] | None, finish_reason: str | None) -> None:
        """Note what `/generation` and the exchange will say of the answer."""
        self._journal.update(self._request.generation_id, usage=usage, finish_reason=finish_reason)

    async def send(self, data: bytes) -> None:
        """Write and flush `data`, in the pieces that were wished for."""
        for piece in self._cut(data):
            await self.write(piece)

    async def finish(self, data: bytes = b"") -> None:
        """Write the rest and end the response as HTTP wants it."""
        *pieces, last = [*self._cut(data, final=True)] or [b""]
        for piece in pieces:
            await self.write(piece)
        # Whoever leaves from here on has everything, so nothing may be awaited between the two.
        self._journal.update(self._request.generation_id, sent_chunks=self._writes + bool(last))
        self._journal.close(self._request.generation_id, "done")
        self._handler.finish(last)

    def _cut(self, data: bytes, *, final: bool = False) -> Iterator[bytes]:
        tuning = self._request.tuning
        if self._events and tuning.newline != b"\n":
            data = with_newlines(data, tuning.newline)
        if self._held is not None:
            self._held += data
            if final:
                yield self._held
        elif tuning.split is None:
            yield data
        else:
            yield from pieces(data, tuning.split)

    async def write(self, data: bytes) -> None:
        """Write and flush `data` as one network chunk."""
        self._handler.write(data)
        await self._handler.flush()
        self._writes += 1
        self._journal.update(self._request.generation_id, sent_chunks=self._writes)
        if self._writes % 16 == 0:
            # A flush that need not wait does not let the loop run, and a closed connection would go unseen.
            await asyncio.sleep(0)

    async def pause(self, milliseconds: float) -> None:
        """Wait until `milliseconds` after the end of the last pause, so that a pace does not drift."""
        self._due = max(self._due + milliseconds / 1000, time.monotonic() - 0.25)
        remaining = self._due - time.monotonic()
        if remaining > 0:
            await asyncio.sleep(remaining)

    async def keep_alive(self, milliseconds: float) -> None:
        """Send keep-alives for a while: comments in an event stream, white space before JSON."""
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
        """Say nothing until `Simulator.release()` is called, or has been called once more than answers were held."""
        await self._release()
        await self._released.acquire()
        self._due = time.monotonic()

    async def cut(self) -> None:
        """Close the connection inside the body: the last HTTP chunk never comes."""
        await self._release()
        self._journal.close(self._request.generation_id, "done")
        self._handler.request.connection.stream.close()  # type: ignore[union-attr]

    async def reset(self) -> None:
        """Break the connection with a TCP RST."""
        await self._release()
        # A reset may overtake what the client has not read yet; a moment lets it read.
        await asyncio.sleep(0.02)
        self._journal.close(self._request.generation_id, "done")
        stream = self._handler.request.connection.stream  # type: ignore[union-attr]
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()

    async def stall(self, *, comments: bool) -> None:
        """Say nothing more, or nothing but keep-alives, until the client goes."""
        await self._release()
        while True:
            await asyncio.sleep(0.05 if comments else 3600)
            await self.write(KEEP_ALIVE if self._events else PADDING)

    async def _release(self) -> None:
        held, self._held = self._held, None
        if held:
            await self.write(held)
