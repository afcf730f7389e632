"""A streamed answer for code that does not await."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

from openrouter_nb.client import blocking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openrouter_nb.client.stream import ChatStream
    from openrouter_nb.components.result import ChatResult
    from openrouter_nb.components.stream import ChatStreamChunk
    from openrouter_nb.errors import Attempt

_AHEAD = 256


class BlockingChatStream:
    """A `ChatStream` for code that does not await. Same chunks, same errors, same `result`.

    While the caller is busy with a chunk, the background loop reads on, some hundred chunks ahead at most: to change
    threads for each burst costs more than to decode it.
    """

    def __init__(self, stream: ChatStream) -> None:
        self._stream = stream
        self._ready: deque[ChatStreamChunk] = deque()  # the loop's thread appends, the caller's takes
        self._arrived = asyncio.Event()
        self._reading: asyncio.Task[bool] | None = None

    @property
    def result(self) -> ChatResult:
        """The answer accumulated so far, which may be ahead of the chunks that were taken."""
        return self._stream.result if self._reading is None else blocking.run(self._result)

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
        if not self._ready and not blocking.run(self._wait):
            raise StopIteration
        return self._ready.popleft()

    async def _wait(self) -> bool:
        """Wait for a chunk. False at the end of the answer, whose error is raised here."""
        while not self._ready:
            if self._reading is None:
                self._reading = asyncio.create_task(self._read_ahead())
                self._reading.add_done_callback(_note_the_error)
            elif self._reading.done():
                reading, self._reading = self._reading, None
                if not reading.result():
                    return False
                continue
            self._arrived.clear()
            try:
                await self._arrived.wait()
            except asyncio.CancelledError:  # Ctrl-C
                await self._aclose()
                raise
        return True

    async def _read_ahead(self) -> bool:
        """Read until enough is there. False at the end of the answer."""
        try:
            while len(self._ready) < _AHEAD:
                self._ready.extend(await self._stream.read_ready())
                if self._ready:
                    self._arrived.set()
        except StopAsyncIteration:
            return False
        finally:
            self._arrived.set()
        return True

    async def _result(self) -> ChatResult:
        return self._stream.result

    async def _aclose(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        await self._stream.aclose()

    def close(self) -> None:
        """Close the request. Safe to call twice."""
        blocking.run(self._aclose)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _note_the_error(reading: asyncio.Task[bool]) -> None:
    # Who leaves early never asks for it, and asyncio would complain.
    if not reading.cancelled():
        reading.exception()
