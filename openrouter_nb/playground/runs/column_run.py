"""One run of a column: a `ToolLoop` whose events update the thread, the live answer and the statistics."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.events import (
    ChunksReceived,
    Event,
    LimitReached,
    RequestStarted,
    ResponseCompleted,
    ResponseStarted,
    Retrying,
    ToolCallsRequested,
    ToolCallUpdated,
)
from openrouter_nb.conversation.agent.tool_loop import LoopRequest, ToolLoop
from openrouter_nb.conversation.answer_events import CONTENT
from openrouter_nb.conversation.errors import failure_of
from openrouter_nb.errors import ConfigurationError, OpenRouterError
from openrouter_nb.live.answer import LiveAnswer
from openrouter_nb.live.feed.event_feed import EventFeed
from openrouter_nb.playground.runs.offered_tools import offered_tools, with_policy
from openrouter_nb.playground.runs.pending_response import PendingResponse
from openrouter_nb.playground.runs.response_format import ResponseFormat
from openrouter_nb.playground.runs.transport_options import SkippableClock, transport_options
from openrouter_nb.playground.state.answer_stats import answer_stats
from openrouter_nb.playground.state.exchange_record import ExchangeRecord
from openrouter_nb.playground.state.limit_settings import limits_of
from openrouter_nb.playground.state.messages import content_text, last_question
from openrouter_nb.playground.state.thread_items import Message, MessageCard, PlaygroundError, ThreadItem
from openrouter_nb.render.errors.banners import banner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openrouter_nb.live.feed.delta_feed import DeltaFeed
    from openrouter_nb.live.protocol import Phase
    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.tools.tool_call import ToolCall


class ColumnRun:
    """One `ToolLoop` of a column, from the first request to the answer.

    Each response has its own item, card, live answer and record. Call methods without `async` with the lock acquired.

    Args:
        state: The playground state.
        column: The column.
        feed: Sends live answers to the pages.
        ids: Ids of responses.
        repairs: How often an invalid structured answer is corrected.
        changed: Called with the lock acquired after changes of the state.
        ended: Called with the lock acquired at the end of the run.
    """

    def __init__(
        self,
        state: PlaygroundState,
        column: Column,
        feed: DeltaFeed,
        ids: Iterator[str],
        *,
        repairs: int,
        changed: Callable[[], None],
        ended: Callable[[ColumnRun], None],
    ) -> None:
        self.column = column
        self._state = state
        self._feed = feed
        self._ids = ids
        self._changed = changed
        self._ended = ended
        self._clock = SkippableClock()
        self._loop = ToolLoop(
            state.client.chat.send_async,
            self._next_request,
            approve=None,
            limits=limits_of(state.settings),
            repairs=repairs,
        )
        self._first: LoopRequest | None = None
        self._last: PendingResponse
        #: `_last` until it is complete.
        self._response: PendingResponse | None = None
        self._calls: Sequence[ToolCall] = ()
        self._task: asyncio.Task[Any] | None = None
        self._is_stopped = False

    # -------------------------------------------------------------------------------------------------- control

    def start(
        self,
        item: ThreadItem,
        *,
        new_branch: bool,
        base: Message | None = None,
        after: Sequence[Message] = (),
    ) -> None:
        """Add the card of the first response to the thread, and send its request.

        Args:
            item: The place of the response.
            new_branch: Whether the response is an alternative to the one that is there.
            base: An assistant message that the model continues.
            after: Messages that are sent after those of the thread.
        """
        self._first = self._begin(item, new_branch=new_branch, base=base, after=after)
        self._state.loop.create_task(self._run)

    def stop(self) -> None:
        """Close the request and stop the tool calls, those that wait for a decision as well."""
        self._is_stopped = True
        if self._task is not None:
            self._state.loop.call_soon(self._task.cancel)

    def retry_now(self) -> None:
        """End the wait before the next attempt."""
        self._state.loop.call_soon(self._clock.skip)

    @property
    def is_calling(self) -> bool:
        """Whether tool calls run. Not if all that have not ended wait for a decision."""
        statuses = {call.status for call in self._calls}
        return bool(statuses) and (bool(statuses & {"proposed", "running"}) or "waiting" not in statuses)

    # -------------------------------------------------------------------------------------------------- the loop

    async def _run(self) -> None:
        try:
            await self._run_loop()
        except Exception as failure:  # noqa: BLE001 - of the code below; nothing else would end the column
            with self._state.loop.lock:
                self._fail(failure_of(failure, None))

    async def _run_loop(self) -> None:
        with self._state.loop.lock:
            self._task = asyncio.current_task()
            if self._is_stopped:
                self._end("stopped")
                return
        phase: Phase = "finished"
        error: OpenRouterError | None = None
        try:
            await self._loop.run(self._on_event)
        except asyncio.CancelledError:
            phase = "stopped"
        except OpenRouterError as failure:
            phase, error = "failed", failure
        except TypeError as failure:
            phase, error = "failed", ConfigurationError(str(failure))
        except Exception as failure:  # noqa: BLE001 - for example of the user's HTTP client; the column must end
            phase, error = "failed", failure_of(failure, self._loop.partial_response)
        with self._state.loop.lock:
            self._end(phase, error)

    def _end(self, phase: Phase, error: OpenRouterError | None = None) -> None:
        if self._response is None and error is not None:
            self._fail(error)
            return
        self._calls = ()
        if self._response is not None:
            self._finish(self._response, phase, error)
        elif phase == "stopped" and self.column.run is None:
            self.column.status = "stopped"
        self._ended(self)

    def _fail(self, error: OpenRouterError) -> None:
        """End the run with an error that is not of a response, such as one of its storage."""
        self._calls, self._response = (), None
        column, response = self.column, self._last
        response.card.run = None
        if response.card.answer is None:
            self._state.thread.remove_card(response.item, response.card)
        if column.run in (None, response.live.run):  # not that of a later run
            column.run, column.status = None, "failed"
            column.record, column.error, column.failed_at = response.record, error, time.monotonic()
        self._ended(self)
        self._feed.finish(response.live, "failed")

    def _next_request(self, loop: ToolLoop) -> LoopRequest | None:
        """Return the request of the next response; None if the thread has no place for it any more."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        state, column, last = self._state, self.column, self._last
        with state.loop.lock:
            if column not in state.columns or column.run is not None:
                return None
            correction = loop.repair_messages
            find = state.thread.find if correction else state.thread.next_answer
            try:
                item = find(last.item.id)
            except PlaygroundError as error:
                last.card.problem = str(error)
                return None
            request = self._begin(item, new_branch=bool(correction), after=correction)
            self._changed()
            return request

    def _begin(
        self,
        item: ThreadItem,
        *,
        new_branch: bool,
        base: Message | None = None,
        after: Sequence[Message] = (),
    ) -> LoopRequest:
        state, column = self._state, self.column
        prefix = content_text(base.get("content")) if base is not None else ""
        messages = [*state.thread.messages(column.id, state.thread.items.index(item)), *after]
        if base is not None:
            messages.append({"role": "assistant", "content": base.get("content") or ""})
        request = state.request(column, messages)
        live = LiveAnswer(next(self._ids), column.model, text=prefix)
        response_format = ResponseFormat.of(request, state.schema)
        message = {"role": "assistant", "content": prefix}
        card = MessageCard(column.id, message, run=live.run, is_object=response_format is not None)
        state.thread.begin_answer(item, card, new_branch=new_branch)
        column.run, column.item, column.status = live.run, item.id, "running"
        column.error, column.stats = None, None
        self._calls = ()
        self._feed.begin(live)
        events = EventFeed(live, self._feed, state.media.answer_part)
        self._response = self._last = PendingResponse(
            item, card, live, events, request, response_format, prefix
        )
        return LoopRequest(
            fields={**request, **transport_options(state.settings, self._clock)},
            toolset=offered_tools(state, column),
            parse=response_format.parse if response_format is not None else None,
        )

    # -------------------------------------------------------------------------------------------------- events

    def _on_event(self, event: Event) -> None:
        response = self._last
        record = response.record
        if isinstance(event, RequestStarted):
            response.record = ExchangeRecord(self._state.body(response.request))
            response.record.add_event("sent")
        elif isinstance(event, ResponseStarted):
            record.set_headers(event.headers)
            record.add_event("accepted")
        elif isinstance(event, Retrying):
            title, attempt = banner(event.attempt.error).title, event.attempt
            record.add_event(f"attempt {attempt.number} failed: {title}")
            self._feed.tell(response.live, "waiting", title, wait_s=attempt.waited_s, attempt=attempt.number)
        elif isinstance(event, ChunksReceived):
            self._receive(response, event)
        else:
            with self._state.loop.lock:
                self._on_result(response, event)

    def _receive(self, response: PendingResponse, event: ChunksReceived) -> None:
        record, decoder = response.record, self._loop.decoders[-1]
        for chunk in event.chunks:
            record.add_chunk(chunk)
        if record.first_token_s is None and decoder.first_token_s is not None:
            record.first_token_s = decoder.first_token_s
            record.add_event("first token")
        if record.reasoning_s != decoder.reasoning_s:
            record.reasoning_s = decoder.reasoning_s
            if any(isinstance(each, CONTENT) for each in event.events):
                response.live.update(reasoning_s=round(decoder.reasoning_s or 0.0, 3))
                record.add_event("reasoning ended")
        response.events.show(event.events)

    def _on_result(self, response: PendingResponse, event: Event) -> None:
        stored = response.card.answer
        if isinstance(event, ResponseCompleted):
            self._finish(response, "finished")
        elif isinstance(event, ToolCallsRequested):
            for call in event.calls:
                if call.tool is not None:
                    call.tool = with_policy(self._state, call.tool)
            self._calls = event.calls
            card = response.card
            card.calls = {call.id: call for call in event.calls}
            card.message = {**card.message, "tool_calls": event.message["tool_calls"]}
            if stored is not None:
                stored.answer.messages = [*stored.answer.messages[:-1], card.message]
                stored.answer.calls = tuple(self._loop.calls)
            self._changed()
        elif isinstance(event, ToolCallUpdated):
            self._changed()
        elif isinstance(event, LimitReached) and stored is not None:
            stored.answer.stopped_by, stored.answer.complete = event.limit, False

    # -------------------------------------------------------------------------------------------------- results

    def _finish(self, response: PendingResponse, phase: Phase, error: OpenRouterError | None = None) -> None:
        """Store a response, or the received part of it, in the thread, the column and the history."""
        self._response = None
        state, column, record, live = self._state, self.column, response.record, response.live
        self._feed.flush()
        record.seconds = record.elapsed_s
        record.result = self._loop.responses[-1] if phase == "finished" else self._loop.partial_response
        record.add_event("ended")
        if error is not None:
            record.set_failure(error)
        check = response.check(self._loop) if phase == "finished" else None
        stats = answer_stats(record, phase, asked=column.model, check=check)
        response.card.run = None
        if not response.store(self._loop, stats, check):
            state.thread.remove_card(response.item, response.card)
        column.run, column.status = None, phase
        column.stats, column.record, column.error = stats, record, error
        column.failed_at = time.monotonic()
        if record.body:
            failed = banner(error).title if error else ""
            state.usage.add(record, stats, last_question(response.request["messages"]), failed=failed)
        self._feed.finish(live, phase, stats["note"])
