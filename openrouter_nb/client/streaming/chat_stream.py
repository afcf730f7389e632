"""A streamed answer: its chunks, the accumulated result, and the error that ended it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.client.kernel_interrupts import LoopWakeup
from openrouter_nb.client.streaming.chunk_decoder import DONE, ChunkDecoder, InvalidEventError
from openrouter_nb.client.streaming.idle_timeout import IdleTimeout
from openrouter_nb.client.streaming.partial import attach_partial
from openrouter_nb.client.streaming.sse import EventDecoder, EventTooLargeError
from openrouter_nb.client.streaming.stream_errors import ResponseBody, StreamErrors, StreamLimits
from openrouter_nb.client.transport.json_responses import NonStreamedBody, answer_in
from openrouter_nb.components.responses.stream import ChatStreamChunk, has_content
from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openrouter_nb.client.retries import Retrier
    from openrouter_nb.components.responses.result import ChatResult
    from openrouter_nb.errors import Attempt


#: An opened response, with the complete answer if the server did not stream.
OpenedResponse = tuple[ResponseBody, "ChatResult | None"]

_LINGER_S = 0.05
_MAX_BUFFERED = 64


class ChatStream:
    """The chunks of one answer, in order. Iterate it in `async with`, so that leaving early closes the request.

    Iteration ends normally only if the answer is complete. Otherwise it raises after the last chunk, with the part that
    had arrived in `error.partial`, also if the task is cancelled:

    Raises:
        ChatError: the service reported an error in the stream.
        StreamInterruptedError: the connection ended before the answer.
        StreamStalledError: nothing but keep-alive comments, or nothing at all, for too long.
        StreamProtocolError: an event that is not JSON, or larger than the limits.
    """

    # As in annotations for OpenRouter's SDK: `EventStreamAsync[ChatStreamChunk]`.
    __class_getitem__: Any = classmethod(GenericAlias)

    def __init__(
        self,
        response: ResponseBody,
        limits: StreamLimits | None = None,
        *,
        whole: ChatResult | None = None,
        retrier: Retrier[OpenedResponse] | None = None,
    ) -> None:
        self._limits = limits or StreamLimits()
        self._retrier = retrier
        self._ready: deque[ChatStreamChunk] = deque()
        # Chunks buffered until the first content: a failure before it can still be retried.
        self._buffered: list[ChatStreamChunk] | None = [] if retrier else None
        self._ended = False
        self._closed = False
        self._error: OpenRouterError | None = None
        self._idle = IdleTimeout()
        self._begin(response, whole)

    def _begin(self, response: ResponseBody, whole: ChatResult | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._response = response
        self._bytes: AsyncIterator[bytes] = response.chunks()
        self._events = EventDecoder(max_event_bytes=self._limits.max_event_bytes)
        self._chunks = ChunkDecoder()
        self._accumulator = self._chunks.accumulator
        self._errors = StreamErrors(response, self._accumulator, self._limits)
        self._whole = whole
        self._received = 0
        self._idle.remaining_s = self._limits.first_event_s
        self._draining = False

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts that failed before the answer began, oldest first."""
        return self._retrier.attempts if self._retrier else ()

    @property
    def keepalives(self) -> int:
        """Keep-alive comments received so far."""
        return self._events.comments

    @property
    def generation_id(self) -> str | None:
        """`gen-...` from the response's head."""
        return self._response.headers.get("x-generation-id")

    @property
    def headers(self) -> dict[str, str]:
        """The response's headers, names in lower case."""
        return dict(self._response.headers)

    @property
    def result(self) -> ChatResult:
        """The answer accumulated so far: complete once iteration has ended without an error."""
        return (self._whole or self._accumulator.result()).after(self.attempts)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ChatStreamChunk:
        __tracebackhide__ = True
        while not self._ready:
            if self._ended:
                if error := self._error:
                    self._error = None
                    raise error
                raise StopAsyncIteration
            try:
                await self.read()
            except asyncio.CancelledError as cancelled:
                # An interrupt of an awaited cell: without the frames below, its traceback is short.
                raise cancelled.with_traceback(None) from None
        return self._ready.popleft()

    async def read_ready(self) -> list[ChatStreamChunk]:
        """Wait for data and return all chunks received; `[]` after a keep-alive comment or a new attempt.

        For displays: one await for a burst of events, and a return for each comment.

        Raises:
            StopAsyncIteration: the answer has ended; otherwise as for iteration.
        """
        if not self._ready:
            if self._ended:
                return [await anext(self)]
            await self.read()
        chunks = list(self._ready)
        self._ready.clear()
        return chunks

    def check_loop(self) -> None:
        """Check that the stream was opened on the running event loop.

        A forked child has a copy of the stream, whose connection belongs to the event loop of the parent.

        Raises:
            StreamInterruptedError: it was opened on another one.
        """
        if asyncio.get_running_loop() is not self._loop:
            raise self._errors.interrupted(
                "The stream was opened on another event loop or before a fork, and cannot be read here."
            )

    async def read(self) -> None:
        """Read once from the network and queue the chunks that are complete."""
        self.check_loop()
        try:
            try:
                with LoopWakeup(), self._idle:
                    data = await anext(self._bytes, None)
            except TimeoutError:
                await self._end(self._errors.timed_out())
            except OpenRouterError as error:
                await self._end(self._errors.interrupted(error.message))
            else:
                if data is None:
                    await self._end_of_body()
                else:
                    await self._take(data)
        except BaseException as error:
            if self._accumulator.has_choices:
                attach_partial(error, self.result)
            await self.aclose()
            raise

    async def _take(self, data: bytes) -> None:
        too_large = ""
        try:
            events = self._events.feed(data)
        except EventTooLargeError as error:
            events, too_large = error.events, str(error)
        self._received += len(data)
        if self._received > self._limits.max_bytes:
            too_large = f"the answer is larger than {self._limits.max_bytes} bytes"
        invalid: InvalidEventError | None = None
        try:
            chunks = self._chunks.decode(events)
        except InvalidEventError as error:
            chunks, invalid = error.chunks, error
        if self._buffered is not None:
            self._buffer(chunks)
        else:
            self._ready.extend(map(ChatStreamChunk, chunks))
        if invalid is not None:
            await self._end(self._errors.invalid(f"The server sent an event that is not a chunk{invalid}."))
            return
        if self._chunks.is_done:
            await self._drain()
            await self._end(self._errors.at_end(done=True))
            return
        if too_large:
            await self._end(self._errors.invalid(f"The answer was stopped: {too_large}."))
            return
        if chunks and self._accumulator.failure is None:
            self._idle.remaining_s = self._limits.idle_s
        elif chunks and not self._draining:
            self._draining = True
            self._idle.remaining_s = self._limits.drain_s
        elif self._idle.is_expired():
            await self._end(self._errors.timed_out())

    async def _end_of_body(self) -> None:
        if not self._chunks.count and (body := self._events.other_content).strip():
            await self._end_of_other_content(body)
            return
        finished = bool(self._accumulator.finish_reason) and not self._events.inside_event
        await self._end(self._errors.at_end(done=finished or self._events.unfinished.strip() == DONE))

    async def _end_of_other_content(self, body: bytes) -> None:
        """Decode a body that is not an event stream in spite of its content type: a complete answer, or an error."""
        found = answer_in(self._response, body)
        if isinstance(found, OpenRouterError):
            await self._end(found)
        else:
            await self._response.aclose()
            self._begin(NonStreamedBody(self._response, found), found)

    def _buffer(self, chunks: list[dict[str, Any]]) -> None:
        assert self._buffered is not None  # noqa: S101 - checked by the caller
        self._buffered.extend(map(ChatStreamChunk, chunks))
        if len(self._buffered) > _MAX_BUFFERED or any(map(_has_content, chunks)):
            self._flush()

    def _flush(self) -> None:
        self._ready.extend(self._buffered or ())
        self._buffered = None

    async def _drain(self) -> None:
        """Read past [DONE] to the end of the body, so that the connection can serve the next request."""
        with contextlib.suppress(TimeoutError, OpenRouterError):
            async with asyncio.timeout(_LINGER_S):
                await anext(self._bytes, None)

    async def _end(self, error: OpenRouterError | None) -> None:
        if (
            error is not None
            and self._buffered is not None
            and self._retrier is not None
            and not self._closed
        ):
            await self._response.aclose()
            try:
                response, whole = await self._retrier.run(error)
            except OpenRouterError as final:
                error = final
            else:
                self._buffered = []
                self._begin(response, whole)
                if self._ended:  # closed meanwhile by another task
                    await response.aclose()
                return
        self._flush()
        self._ended = True
        self._error = error
        await self.aclose()

    async def read_all(self) -> ChatResult:
        """Read to the end, and return the complete answer. Errors are those of iteration."""
        async with self:
            with contextlib.suppress(StopAsyncIteration):
                while True:  # without a variable for the chunks, which a traceback would print
                    await self.read_ready()
        return self.result

    async def aclose(self) -> None:
        """Close the request, which stops an unfinished answer at the service. Safe to call twice."""
        if not self._closed:
            self._closed = self._ended = True
            self._idle.cancel()
            await self._response.aclose()

    close = aclose  # its name in OpenRouter's SDK

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


def _has_content(chunk: dict[str, Any]) -> bool:
    choices = chunk.get("choices")
    deltas = [
        choice.get("delta")
        for choice in (choices if isinstance(choices, list) else ())
        if isinstance(choice, dict)
    ]
    return any(has_content(delta) for delta in deltas if isinstance(delta, dict))
