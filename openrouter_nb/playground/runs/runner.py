"""Start and stop the runs of the columns. Columns run concurrently; a failure of one does not stop the others."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.feed.delta_feed import DeltaFeed
from openrouter_nb.output.output_schema import repair_message
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.playground.runs.column_run import ColumnRun
from openrouter_nb.playground.runs.scheduled_retries import ScheduledRetries
from openrouter_nb.playground.state.messages import content_text
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.playground.state.thread_items import Message, ThreadItem


class Runner:
    """Starts and stops runs. Call every method with the lock acquired.

    Args:
        state: The playground state.
        send: Takes a message for the pages.
        changed: Called with the lock acquired after changes of the state.
        on_idle: Called with the lock acquired when no response is received and no tool call runs.
    """

    def __init__(
        self,
        state: PlaygroundState,
        send: Callable[[dict[str, Any]], None],
        changed: Callable[[], None],
        on_idle: Callable[[], None],
    ) -> None:
        self._state = state
        self._changed = changed
        self._on_idle = on_idle
        self._send = send
        self._feed: DeltaFeed | None = None
        self._runs: list[ColumnRun] = []
        self._ids = (f"r{number}" for number in itertools.count(1))
        self.retries = ScheduledRetries(state.loop, changed)

    @property
    def feed(self) -> DeltaFeed:
        """Sends live answers to the pages."""
        if self._feed is None:
            self._feed = DeltaFeed(self._send)
        return self._feed

    # -------------------------------------------------------------------------------------------------- starting

    def submit_draft(self, text: str | None, role: str | None, columns: Sequence[str] | None) -> None:
        """Add the draft to the thread, and send a request per column.

        Args:
            text: Its text; None for the one in the panel.
            role: Its role; None for the one in the panel.
            columns: Ids of the columns; None for all.

        Raises:
            PlaygroundError: nothing to send, a running request, or an invalid value.
        """
        draft = self._state.draft
        self._submit(
            columns, lambda: self._state.take_draft(draft.text if text is None else text, role or draft.role)
        )

    def submit_thread(self, columns: Sequence[str] | None) -> None:
        """Send a request per column without the draft; raises as `submit_draft`."""
        self._submit(columns, lambda: None)

    def _submit(self, columns: Sequence[str] | None, add: Callable[[], ThreadItem | None]) -> None:
        state = self._state
        chosen = [state.column(id_) for id_ in columns] if columns else list(state.columns)
        if blocked := state.blocking_problem():
            raise PlaygroundError(blocked)
        is_new = add() is not None
        if not len(state.thread):
            raise PlaygroundError("Write a message first.")
        if not is_new:
            state.thread.checkpoint("ask")
        last = state.thread.items[-1]
        if last.role == "assistant" and not any(card.answer for card in last.cards):
            # The last message is an assistant message written by hand: the model continues it.
            self._start(chosen, last, new_branch=True, base=last.cards[0].message)
        else:
            item = state.thread.new_item("assistant", [])
            state.thread.items.append(item)
            self._start(chosen, item, new_branch=False)

    def regenerate(self, id_: str, column: str | None) -> None:
        """Request an answer again, as an alternative to it."""
        state = self._state
        item = state.thread.find(id_)
        if item.role != "assistant":
            raise PlaygroundError("Only an answer can be written again.")
        own = [card.column for card in item.cards if card.column in (column, None) or column is None]
        known = [other for other in state.columns if other.id in own]
        chosen = [state.column(column)] if column else known or state.columns[:1]
        self._refuse_busy(chosen)
        state.thread.checkpoint("regenerate")
        self._start(chosen, item, new_branch=True)

    def continue_(self, id_: str, column: str | None) -> None:
        """Let the model continue an answer, as an alternative to it."""
        state = self._state
        card = state.thread.card(id_, column)
        if card.message.get("role") != "assistant" or not content_text(card.message.get("content")):
            raise PlaygroundError("Only an answer of text can be continued.")
        chosen = [state.column(column or card.column or state.columns[0].id)]
        self._refuse_busy(chosen)
        state.thread.checkpoint("continue")
        self._start(chosen, state.thread.find(id_), new_branch=True, base=card.message)

    def repair(self, id_: str, column: str | None) -> None:
        """Let the model correct an answer that does not fit its schema, as an alternative to it."""
        state = self._state
        card = state.thread.card(id_, column)
        if card.answer is None or not card.answer.answer.problems:
            raise PlaygroundError("This answer has no problem to repair.")
        chosen = state.column(column or card.column or state.columns[0].id)
        self._refuse_busy([chosen])
        state.thread.checkpoint("repair")
        request = repair_message(WrongValueError(card.answer.answer.problems))
        self._start(
            [chosen], state.thread.find(id_), new_branch=True, after=[card.message, request], repairs=0
        )

    def _refuse_busy(self, columns: Sequence[Column]) -> None:
        if any(column.is_busy for column in columns):
            raise PlaygroundError("This column is still writing: stop it first.")
        if blocked := next((i["message"] for i in self._state.problems() if i["level"] == "error"), ""):
            raise PlaygroundError(blocked)

    def _start(
        self,
        columns: Sequence[Column],
        item: ThreadItem,
        *,
        new_branch: bool,
        base: Message | None = None,
        after: Sequence[Message] = (),
        repairs: int | None = None,
    ) -> None:
        if repairs is None:
            repairs = self._state.settings.get("repairs", 0)
        for column in columns:
            self.retries.cancel(column)
            run = ColumnRun(
                self._state,
                column,
                self.feed,
                self._ids,
                repairs=repairs,
                changed=self._update,
                ended=self._on_run_end,
            )
            self._runs.append(run)
            run.start(item, new_branch=new_branch, base=base, after=after)
            new_branch = False  # the others are beside the first
        self._changed()

    # -------------------------------------------------------------------------------------------------- ending

    def stop(self, column: str | None = None) -> None:
        """Stop one column, or all, and their scheduled retries."""
        for each in self._state.columns:
            if column in (None, each.id):
                self.retries.cancel(each)
        for run in self._runs:
            if column in (None, run.column.id):
                run.stop()

    def retry_now(self, column: Column) -> None:
        """End the wait of a column before its next attempt."""
        for run in self._runs:
            if run.column is column:
                run.retry_now()

    def _update(self) -> None:
        for column in self._state.columns:
            column.tools_running = any(run.is_calling for run in self._runs if run.column is column)
            if column.run is not None:
                self.retries.cancel(column)
        try:
            self._changed()
        finally:
            self._check_idle()

    def _on_run_end(self, run: ColumnRun) -> None:
        self._runs = [other for other in self._runs if other is not run]
        self._update()

    def _check_idle(self) -> None:
        # After `_changed`: `wait()` in Python reads what it has changed.
        if not any(column.is_busy for column in self._state.columns):
            self._on_idle()
