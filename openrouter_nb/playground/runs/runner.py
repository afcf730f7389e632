"""Asks the columns: one run for each at a time, side by side; one that fails never stops the others."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import ConfigurationError, OpenRouterError
from openrouter_nb.output.output_schema import repair_message
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.playground.runs.delta_feed import DeltaFeed, LiveAnswer
from openrouter_nb.playground.runs.request_run import RequestRun
from openrouter_nb.playground.runs.scheduled_retries import ScheduledRetries
from openrouter_nb.playground.runs.schema_check import check_schema, is_structured
from openrouter_nb.playground.state.answer_record import store_answer
from openrouter_nb.playground.state.answer_stats import answer_stats
from openrouter_nb.playground.state.limit_settings import limits_of
from openrouter_nb.playground.state.messages import content_text, last_question
from openrouter_nb.playground.state.thread_items import MessageCard, PlaygroundError, ThreadItem
from openrouter_nb.render.errors.banners import banner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openrouter_nb.playground.state.state import Column, PlaygroundState


@dataclass(frozen=True, slots=True)
class _RunContext:
    """What a run is for. `start`: the text that it goes on from; `prompt`: the last question, for the history."""

    column: Column
    item: ThreadItem
    card: MessageCard
    live: LiveAnswer
    prefix: str
    prompt: str


class Runner:
    """Starts, stops and ends runs.

    Args:
        state: The playground state.
        send: Takes a message for the pages.
        changed: Called with the lock held when the state has changed.
        ended: Called with the lock held when the last run of a submission has ended, its tools included.
    """

    def __init__(
        self,
        state: PlaygroundState,
        send: Callable[[dict[str, Any]], None],
        changed: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._state = state
        self._changed = changed
        self._ended = ended
        self._send = send
        self._feed: DeltaFeed | None = None
        self._runs: dict[str, tuple[RequestRun | None, asyncio.Task[Any] | None]] = {}
        self._numbers = itertools.count(1)
        self.waits = ScheduledRetries(state.loop, changed)
        #: Called with the lock held when a whole answer calls tools: `calls.Calls.arrived`.
        self.on_calls: Callable[[Column, ThreadItem, MessageCard], None]
        #: Ends the calls of a column: `calls.Calls.stop`.
        self.on_stop: Callable[[Column], None]

    @property
    def feed(self) -> DeltaFeed:
        """What pages get while answers are written."""
        if self._feed is None:
            loop = self._state.loop
            self._feed = DeltaFeed(loop.event_loop, loop.lock, self._send)
        return self._feed

    # -------------------------------------------------------------------------------------------------- starting

    def submit(self, text: str | None, role: str | None, columns: Sequence[str] | None) -> None:
        """Add what the composer holds, and ask.

        Raises:
            PlaygroundError: nothing to send, a run is going on, or a value cannot be sent.
        """
        state = self._state
        chosen = [state.column(id_) for id_ in columns] if columns else list(state.columns)
        if blocked := state.blocking_problem():
            raise PlaygroundError(blocked)
        draft = state.draft
        text = draft.text if text is None else text
        is_new = state.take_draft(text, role or draft.role) is not None
        if not len(state.thread):
            raise PlaygroundError("Write a message first.")
        if not is_new:
            state.thread.checkpoint("ask")
        last = state.thread.items[-1]
        if last.role == "assistant" and not any(card.answer for card in last.cards):
            # The last word is the assistant's own, written by hand: the model goes on from there.
            self._ask_all(chosen, last, anew=True, base=last.cards[0].message)
        else:
            item = state.thread.new_item("assistant", [])
            state.thread.items.append(item)
            self._ask_all(chosen, item, anew=False)

    def regenerate(self, id_: str, column: str | None) -> None:
        """Ask again for an answer, as an alternative to it."""
        state = self._state
        item = state.thread.find(id_)
        if item.role != "assistant":
            raise PlaygroundError("Only an answer can be written again.")
        own = [card.column for card in item.cards if card.column in (column, None) or column is None]
        known = [other for other in state.columns if other.id in own]
        chosen = [state.column(column)] if column else known or state.columns[:1]
        self._refuse_busy(chosen)
        state.thread.checkpoint("regenerate")
        self._ask_all(chosen, item, anew=True)

    def continue_(self, id_: str, column: str | None) -> None:
        """Let an answer go on where it stopped, as an alternative to it."""
        state = self._state
        card = state.thread.card(id_, column)
        if card.message.get("role") != "assistant" or not content_text(card.message.get("content")):
            raise PlaygroundError("Only an answer of text can be continued.")
        chosen = [state.column(column or card.column or state.columns[0].id)]
        self._refuse_busy(chosen)
        state.thread.checkpoint("continue")
        self._ask_all(chosen, state.thread.find(id_), anew=True, base=card.message)

    def after_tools(self, column: Column, item: ThreadItem) -> None:
        """Send the results of tools back."""
        state = self._state
        following = state.thread.index(item.id) + 1
        items = state.thread.items
        place = items[following] if following < len(items) else None
        if place is None or place.role != "assistant":
            place = state.thread.new_item("assistant", [])
            items.insert(following, place)
        with column.same_question():
            self._ask_all([column], place, anew=False)
        column.rounds += 1

    def repair(self, id_: str, column: str | None) -> None:
        """Ask for an answer that does not fit its schema to be put right, as an alternative to it."""
        state = self._state
        card = state.thread.card(id_, column)
        if card.answer is None or not card.answer.answer.problems:
            raise PlaygroundError("Nothing is wrong with this answer that could be put right.")
        chosen = state.column(column or card.column or state.columns[0].id)
        self._refuse_busy([chosen])
        state.thread.checkpoint("repair")
        self._repair(chosen, state.thread.find(id_), card)

    def _repair(self, column: Column, item: ThreadItem, card: MessageCard) -> None:
        wrong = repair_message(WrongValueError(card.answer.answer.problems))
        with column.same_question():
            self._ask_all([column], item, anew=True, after=[card.message, wrong])
        column.repairs += 1

    def _repairs_by_itself(self, column: Column) -> bool:
        settings = self._state.settings
        return column.repairs < settings.get("repairs", 0) and not limits_of(settings).is_spent(column.spent)

    def _refuse_busy(self, columns: Sequence[Column]) -> None:
        if any(column.is_busy for column in columns):
            raise PlaygroundError("This column is still writing: stop it first.")
        if blocked := next((i["message"] for i in self._state.problems() if i["level"] == "error"), ""):
            raise PlaygroundError(blocked)

    def _ask_all(
        self,
        columns: Sequence[Column],
        item: ThreadItem,
        *,
        anew: bool,
        base: dict[str, Any] | None = None,
        after: Sequence[dict[str, Any]] = (),
    ) -> None:
        for column in columns:
            self._ask(column, item, anew=anew, base=base, after=after)
            anew = False  # the others stand beside the first
        self._changed()

    def _ask(
        self,
        column: Column,
        item: ThreadItem,
        *,
        anew: bool,
        base: dict[str, Any] | None,
        after: Sequence[dict[str, Any]],
    ) -> None:
        state = self._state
        self.waits.cancel(column)
        before = state.thread.items.index(item)
        messages = [*state.thread.messages(column.id, before), *after]
        start = ""
        if base is not None:
            start = content_text(base.get("content"))
            messages = [*messages, {"role": "assistant", "content": base.get("content") or ""}]
        run = f"r{next(self._numbers)}"
        live = LiveAnswer(run, column.id, item.id, column.model)
        if start:
            live.text.append(start)
        request = state.request(column, messages)
        message = {"role": "assistant", "content": start}
        card = MessageCard(column.id, message, run=run, is_object=is_structured(request))
        state.thread.begin_answer(item, card, anew=anew)
        column.run, column.item, column.status = run, item.id, "running"
        column.error, column.stats = None, None
        column.rounds, column.repairs, column.spent = 0, 0, 0.0
        self.feed.begin(live)
        self._runs[run] = (None, None)
        prompt = last_question(messages)

        context = _RunContext(column, item, card, live, start, prompt)
        state.loop.create_task(lambda: self._work(context, request))

    async def _work(self, context: _RunContext, request: dict[str, Any]) -> None:
        state, live = self._state, context.live
        run = RequestRun(
            state.client,
            request,
            settings=dict(state.settings),
            live=live,
            feed=self.feed,
            media=state.media,
        )
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is a task
        if self._runs.get(live.run) is None:  # stopped before it began
            self._finish(context, run, "stopped", None)
            return
        self._runs[live.run] = (run, task)
        phase, error = "finished", None
        try:
            await run.send(state.body(request))
        except asyncio.CancelledError:
            phase = "stopped"
        except OpenRouterError as failure:
            phase, error = "failed", failure
        except TypeError as failure:
            phase, error = "failed", ConfigurationError(str(failure))
        self._finish(context, run, phase, error)

    # -------------------------------------------------------------------------------------------------- ending

    def stop(self, column: str | None = None) -> None:
        """Stop one column, or all, and what they wait for."""
        for each in self._state.columns:
            if column in (None, each.id):
                self.waits.cancel(each)
                self.on_stop(each)
                if each.run is not None and each.run in self._runs:
                    _, task = self._runs[each.run]
                    if task is None:
                        del self._runs[each.run]
                    else:
                        self._state.loop.call_soon(task.cancel)

    def retry_now(self, column: Column) -> None:
        """Do not wait any longer for the next attempt."""
        run = self._runs.get(column.run or "", (None, None))[0]
        if run is not None:
            self._state.loop.call_soon(run.retry_now)

    def _finish(
        self, context: _RunContext, run: RequestRun, phase: str, error: OpenRouterError | None
    ) -> None:
        state = self._state
        column, item, card, live = context.column, context.item, context.card, context.live
        self.feed.flush()
        with state.loop.lock:
            self._runs.pop(live.run, None)
            record = run.record
            if error is not None:
                record.set_failure(error)
            result = record.result
            fits = check_schema(record.body, result, state.schema) if phase == "finished" else None
            about = answer_stats(record, phase, asked=column.model, check=fits)
            column.spent += about["cost"] or 0.0
            card.run = None
            if not store_answer(card, record, about, context.prefix, fits):
                state.thread.remove_card(item, card)
            column.run = None
            column.status = phase
            column.stats, column.record, column.error = about, record, error
            column.failed_at = time.monotonic()
            if record.body:
                failed = banner(error).title if error else ""
                state.usage.add(record, about, context.prompt, failed=failed)
            self.feed.end(live, phase, about["note"])
            if phase == "finished" and card.message.get("tool_calls"):
                self.on_calls(column, item, card)
            elif fits is not None and fits.problems and self._repairs_by_itself(column):
                self._repair(column, item, card)
            # In this order: whoever waits for the end reads what has changed.
            self._changed()
            self.settle()

    def settle(self) -> None:
        """Say so where nothing is being done any more."""
        if not any(column.is_busy for column in self._state.columns):
            self._ended()
