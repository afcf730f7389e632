"""Blocking iteration over a `ChatStream`."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.client import background_loop
from openrouter_nb.client.streaming.partial import attach_partial
from openrouter_nb.user_code import retrieve_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openrouter_nb.client.streaming.chat_stream import ChatStream
    from openrouter_nb.components.responses.result import ChatResult
    from openrouter_nb.components.responses.stream import ChatStreamChunk
    from openrouter_nb.errors import Attempt

_AHEAD = 256


class BlockingChatStream:
    """A `ChatStream` for blocking code, with the same chunks, errors and `result`.

    While the caller processes a chunk, the background loop reads ahead, up to some hundred chunks: switching threads for
    each burst costs more than decoding it. Use it in a `with` statement; one that is garbage-collected is closed, too.
    """

    __class_getitem__: Any = classmethod(GenericAlias)  # as for `ChatStream`

    def __init__(self, stream: ChatStream) -> None:
        self._stream = stream
        self._reader = _Reader(stream)
        self._ready = self._reader.ready

    @property
    def result(self) -> ChatResult:
        """The answer accumulated so far, which may be ahead of the chunks that were consumed."""
        return self._stream.result if self._reader.reading is None else background_loop.run_sync(self._result)

    @property
    def generation_id(self) -> str | None:
        """`gen-...` from the response's head."""
        return self._stream.generation_id

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts that failed before the answer began, oldest first."""
        return self._stream.attempts

    def __iter__(self) -> Iterator[ChatStreamChunk]:
        return self

    def __next__(self) -> ChatStreamChunk:
        __tracebackhide__ = True
        try:
            if not self._ready and not background_loop.run_sync(self._reader.wait):
                raise StopIteration
        except KeyboardInterrupt as interrupt:
            # It may have come before the wait, and a notebook stores the traceback, which references this stream.
            self.close()
            attach_partial(interrupt, self._stream.result)
            raise
        return self._ready.popleft()

    async def _result(self) -> ChatResult:
        return self._stream.result

    def close(self) -> None:
        """Close the request. Safe to call twice."""
        background_loop.run_cleanup(self._reader.aclose)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __del__(self) -> None:
        # Close a stream that was abandoned without `with`. At interpreter exit the background loop has already done so.
        reader: _Reader | None = getattr(self, "_reader", None)
        if reader is not None and reader.reading is not None and not sys.is_finalizing():
            background_loop.submit(reader.aclose)


class _Reader:
    """Reads ahead on the background loop, without a reference to the `BlockingChatStream`, so that this can be collected."""

    def __init__(self, stream: ChatStream) -> None:
        self._stream = stream
        self._arrived = asyncio.Event()
        self.ready: deque[ChatStreamChunk] = deque()  # the loop's thread appends, the caller's takes
        self.reading: asyncio.Task[bool] | None = None

    async def wait(self) -> bool:
        """Wait for a chunk. Return False at the end of the answer; raise its error."""
        while not self.ready:
            self._stream.check_loop()
            if self.reading is None:
                self.reading = asyncio.create_task(self._read_ahead())
                # A caller that stops early does not retrieve it.
                self.reading.add_done_callback(retrieve_error)
            elif self.reading.done():
                reading, self.reading = self.reading, None
                if not reading.result():
                    return False
                continue
            self._arrived.clear()
            try:
                await self._arrived.wait()
            except asyncio.CancelledError:  # Ctrl-C
                await self.aclose()
                raise
        return True

    async def aclose(self) -> None:
        """Stop reading and close the request."""
        reading, self.reading = self.reading, None
        try:
            # In a forked child, it is the copy of a task that runs in the parent.
            if reading is not None and reading.get_loop() is asyncio.get_running_loop():
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
        finally:
            await self._stream.aclose()

    async def _read_ahead(self) -> bool:
        """Read until the buffer is full. Return False at the end of the answer."""
        try:
            while len(self.ready) < _AHEAD:
                self.ready.extend(await self._stream.read_ready())
                if self.ready:
                    self._arrived.set()
        except StopAsyncIteration:
            return False
        finally:
            self._arrived.set()
        return True
