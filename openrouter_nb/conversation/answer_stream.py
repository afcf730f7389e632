"""`AnswerStream`: iterate over the text of an answer as it arrives."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from openrouter_nb.client import background_loop
from openrouter_nb.client.streaming.partial import attach_partial
from openrouter_nb.components import ChatResult
from openrouter_nb.conversation.answer import Answer
from openrouter_nb.conversation.answer_events import AnswerDecoder, TextDelta
from openrouter_nb.conversation.errors import WrongAnswerError
from openrouter_nb.conversation.history import answer_message
from openrouter_nb.conversation.marimo_output import marimo_output
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.render.answer.footer import Timing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping, Sequence

    from openrouter_nb.client import ChatStream
    from openrouter_nb.conversation.agent.tool_loop import ToolLoop
    from openrouter_nb.conversation.agent.tool_loop_stream import ToolLoopStream
    from openrouter_nb.conversation.marimo_output import MarimoOutput
    from openrouter_nb.replay.client import ReplayChat


class OnEnd(Protocol):
    """Callback for the end of an answer."""

    def __call__(self, result: ChatResult, *, complete: bool) -> None:
        """Handle the result, which may be partial."""


class AnswerStream:
    """The text pieces of an answer, in order, for `for` or `async for`. The request is sent on the first iteration.

    Leaving the loop early, an error and an interrupt close the request; `answer` is then the partial answer, and
    `error.partial` its result.

    Args:
        send: Sends the request and returns its stream.
        messages: The messages of the request.
        on_end: Called once when the stream ends for any reason, with the result so far.
        replay: The replay chat, if the answer may come from a file.

    Example:
        >>> from openrouter_nb import stream
        >>> pieces = stream("Say hello.", model="openai/gpt-5-mini")
        >>> "".join(pieces), pieces.answer.complete
        ('Hello!', True)
    """

    def __init__(
        self,
        send: Callable[[], Awaitable[ChatStream | ToolLoopStream]],
        messages: Sequence[Mapping[str, Any]],
        on_end: OnEnd | None = None,
        *,
        replay: ReplayChat | None = None,
    ) -> None:
        self._send = send
        self._messages = messages
        self._on_end = on_end
        self._replay = replay
        self._stream: ChatStream | ToolLoopStream | None = None
        self._complete = False
        self._over = False
        self._started_by: Literal["for", "async for"] | None = None
        self._started = 0.0
        self._decoder = AnswerDecoder()
        self._total_s = 0.0
        self._output: MarimoOutput | None = None

    @property
    def answer(self) -> Answer:
        """The answer: partial during iteration, complete afterwards."""
        result = self._stream.result if self._stream is not None else ChatResult()
        loop = self._loop
        between = loop.new_messages if loop else []
        messages = [*self._messages, *between, answer_message(result)] if result.choices else self._messages
        acted = loop is not None and len(loop.responses) > 1
        # Of several responses only the last one's reasoning is labeled with a time.
        last = loop.decoders[-1] if loop and loop.decoders else self._decoder
        timing = Timing(
            first_token_s=self._decoder.first_token_s,
            total_s=self._total_s,
            reasoning_s=last.reasoning_s,
            acted=acted,
        )
        replay = self._replay
        answer = Answer(
            result,
            complete=self._complete,
            messages=messages,
            parsed=loop.parsed if loop else None,
            # With a replay file, outputs are compared with those of other runs.
            timing=timing if self._over and replay is None else None,
            replayed=replay is not None and replay.replayed,
            label=replay.note if replay is not None else "",
        )
        if loop is not None:
            answer.calls, answer.earlier = tuple(loop.calls), tuple(loop.responses[:-1])
            answer.problems, answer.stopped_by = loop.validation_errors, loop.limit_reached
        return answer

    @property
    def _loop(self) -> ToolLoop | None:
        """The tool loop of a request with tools or a schema, else None."""
        return getattr(self._stream, "loop", None)

    @property
    def text(self) -> str:
        """The text so far."""
        return self.answer.text

    @property
    def partial(self) -> Any:
        """The partial object for `schema=`, as JSON values; None if there is none yet."""
        return self._loop.partial if self._loop else None

    @property
    def reasoning(self) -> str:
        """The reasoning so far. It arrives before the text and is not part of the pieces."""
        return self.answer.reasoning

    # IPython and pytest hide frames with `__tracebackhide__`. The message of a request error is sufficient; with the frames
    # of two event loops its traceback in a cell had 90 lines.

    def __iter__(self) -> Iterator[str]:
        __tracebackhide__ = True
        try:
            while (pieces := background_loop.run_sync(self._read, "for")) is not None:
                self._update_output()
                yield from pieces
        except (OpenRouterError, WrongAnswerError) as error:
            self._attach_partial(error)
            raise error.with_traceback(None) from error.__cause__
        except (Exception, KeyboardInterrupt) as error:
            self._attach_partial(error)
            raise
        finally:
            self.close()

    async def __aiter__(self) -> AsyncIterator[str]:
        __tracebackhide__ = True
        try:
            while (pieces := await self._read("async for")) is not None:
                self._update_output()
                for piece in pieces:
                    yield piece
        except (OpenRouterError, WrongAnswerError) as error:
            self._attach_partial(error)
            raise error.with_traceback(None) from error.__cause__
        except asyncio.CancelledError as error:  # an interrupt of an awaited cell
            self._attach_partial(error)
            raise error.with_traceback(None) from None
        except (Exception, KeyboardInterrupt) as error:
            self._attach_partial(error)
            raise
        finally:
            await self.aclose()

    def wait(self) -> Answer:
        """Read to the end and return the answer. In marimo, the running cell shows it as it arrives."""
        __tracebackhide__ = True
        self._output = marimo_output()
        try:
            for _ in self:
                pass
        finally:
            self._close_output()
        return self.answer

    def __await__(self) -> Generator[Any, None, Answer]:
        """Await the complete answer."""
        return self.wait_async().__await__()

    async def wait_async(self) -> Answer:
        """Read to the end and return the answer. In marimo, the running cell shows it as it arrives."""
        __tracebackhide__ = True
        self._output = marimo_output()
        try:
            async for _ in self:
                pass
        finally:
            self._close_output()
        return self.answer

    def _update_output(self) -> None:
        if self._output is not None and self._output.is_due:
            answer = self.answer
            self._output.update(answer.mime_bundle("Answering …"), len(answer.text))

    def _close_output(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            answer = self.answer
            output.close(answer._repr_mimebundle_()[0] if answer.result.choices else None)

    def _display_(self) -> Answer:
        """Return what marimo displays: the answer, once it is complete."""
        return self.wait()

    def close(self) -> None:
        """Close the request. Idempotent."""
        # At interpreter exit the background loop is already closed.
        if self._is_open and not sys.is_finalizing():
            background_loop.run_cleanup(self.aclose)
        self._end()

    async def aclose(self) -> None:
        """Close the request. Idempotent."""
        try:
            if self._stream is not None:
                await self._stream.aclose()
        finally:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        state = "complete" if self._complete else "closed" if self._over else "open"
        return f"<AnswerStream, {state}, {len(self.text):,} characters>"

    def _attach_partial(self, error: BaseException) -> None:
        """Set `error.partial` to the answer so far, with the usage of all responses of a tool loop."""
        result = self._stream.result if self._stream is not None else None
        if result is not None and result.choices and not isinstance(error, WrongAnswerError):
            attach_partial(error, result)

    @property
    def _is_open(self) -> bool:
        return self._stream is not None and not self._over

    async def _read(self, by: Literal["for", "async for"]) -> list[str] | None:
        """Wait for chunks and return their text pieces, possibly none; None at the end."""
        if self._over:
            return None
        if self._started_by not in (None, by):
            # The connection belongs to the event loop that opened it.
            raise RuntimeError(f"This stream was started with `{self._started_by}`: continue with that.")
        self._started_by = by
        try:
            if self._stream is None:
                self._started = time.monotonic()
                self._decoder = AnswerDecoder(self._started)
                self._stream = await self._send()
            chunks = await self._stream.read_ready()
        except StopAsyncIteration:
            loop = self._loop
            self._complete = loop is None or not (loop.limit_reached or loop.validation_errors)
            self._end()
            if loop is not None and loop.validation_errors:
                raise WrongAnswerError(self.answer, loop.validation_errors) from loop.validation_cause
            return None
        except BaseException:
            self._end()
            raise
        return [event.text for event in self._decoder.decode(chunks) if isinstance(event, TextDelta)]

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._total_s = time.monotonic() - self._started if self._started else 0.0
            if self._on_end is not None and self._stream is not None:
                self._on_end(self._stream.result, complete=self._complete)
