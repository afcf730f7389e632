"""Calls of tools that a model asks for in the panel: the engine of every front end, decided about by buttons."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent import tool_messages
from openrouter_nb.conversation.agent.tool_executor import ToolExecutor
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.playground.state.limit_settings import limits_of
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.tools import Toolset
from openrouter_nb.tools.tool_call import Decision, Refuse, Respond, Run, RunWith, ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.conversation.agent.events import Event, LimitReached
    from openrouter_nb.conversation.agent.limits import Limits
    from openrouter_nb.playground.runs.runner import Runner
    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.playground.state.thread_items import MessageCard, ThreadItem


@dataclass(slots=True)
class _ToolTurn:
    """What a column has called since its last question.

    Attributes:
        toolbox: The tools of its last request.
        performer: Runs the calls.
        limits: How far the model may go.
        calls: All calls, oldest first.
        rounds: Replies that asked for them.
    """

    toolbox: Toolset
    performer: ToolExecutor
    limits: Limits
    calls: list[ToolCall] = field(default_factory=list)
    rounds: int = 0

    def limit(self, asked: int, cost: float) -> LimitReached | None:
        """Return the limit that forbids so many further calls, after so many US dollars."""
        ran = sum(1 for call in self.calls if call.was_used)
        return self.limits.reached(rounds=self.rounds, calls=ran + asked, cost=cost)


@dataclass(slots=True, eq=False)
class _PendingCalls:
    """The calls of one answer, from its end until all have their results.

    Attributes:
        task: What performs them, None before it has begun.
        stopped: Whether they were stopped before that.
    """

    question: _ToolTurn
    column: Column
    item: ThreadItem
    card: MessageCard
    task: asyncio.Task[Any] | None = None
    stopped: bool = False

    @property
    def calls(self) -> list[ToolCall]:
        """The calls, in the order in which the model asked."""
        return list(self.card.calls.values())

    @property
    def is_running(self) -> bool:
        """Whether it goes on by itself, and does not wait for somebody to decide."""
        states = {call.status for call in self.calls}
        return bool(states & {"proposed", "running"}) or "waiting" not in states


class ToolCallController:
    """Performs calls. Methods without `async` are called with the lock held.

    Nothing is run that was not offered in the request, with arguments that it does not take, or unasked where its policy
    does not say so. When every call of an answer has its result, all results go back to the model.

    Args:
        state: The playground state.
        runner: Sends the results back.
        changed: Called with the lock held when the state has changed.
    """

    def __init__(self, state: PlaygroundState, runner: Runner, changed: Callable[[], None]) -> None:
        self._state = state
        self._runner = runner
        self._changed = changed
        self._questions: dict[str, _ToolTurn] = {}
        self._works: list[_PendingCalls] = []
        runner.on_calls = self.arrived
        runner.on_stop = self.stop

    # -------------------------------------------------------------------------------------------------- performing

    def arrived(self, column: Column, item: ThreadItem, card: MessageCard) -> None:
        """Take in the calls of a whole answer, and begin with those that need nobody's decision."""
        written = card.answer.answer
        question = self._question(column)
        question.toolbox.by_name = self._offered(column)
        calls = tool_messages.tool_calls_from(
            written.result, question.toolbox, taken={call.id for call in question.calls}
        )
        asked = tool_messages.assistant_message(written.result, calls)["tool_calls"]
        card.message = {**card.message, "tool_calls": asked}
        written.messages = [*written.messages[:-1], card.message]
        card.calls = {call.id: call for call in calls}
        question.rounds += 1
        limit = question.limit(len(calls), column.spent)
        question.calls += calls
        if limit is not None:
            for call in calls:
                call.finish("refused", f"Not run: {limit.message}")
            return
        work = _PendingCalls(question, column, item, card)
        self._works.append(work)
        column.calling = True
        self._state.loop.create_task(lambda: self._perform(work))

    async def _perform(self, work: _PendingCalls) -> None:
        lock, column = self._state.loop.lock, work.column
        with lock:
            work.task = asyncio.current_task()
            if work.stopped and work.task is not None:
                work.task.cancel()
        try:
            await work.question.performer.execute(work.calls)
        except asyncio.CancelledError:
            with lock:
                column.status = "stopped"
            raise
        else:
            with lock:
                self._send_back(work)
        finally:
            with lock:
                self._works.remove(work)
                self._show(column)

    def _send_back(self, work: _PendingCalls) -> None:
        column, performer = work.column, work.question.performer
        is_fruitless = all(performer.is_repeated(call) for call in work.calls)
        if is_fruitless or column not in self._state.columns or column.run is not None:
            return
        try:
            self._runner.after_tools(column, work.item)
        except PlaygroundError as error:
            work.card.problem = str(error)

    def _show(self, column: Column) -> None:
        column.calling = any(work.is_running for work in self._works if work.column is column)
        self._changed()
        self._runner.settle()

    def _heard(self, column: Column, event: Event) -> None:
        """Show how calls stand: on the loop, while the engine performs them."""
        del event
        with self._state.loop.lock:
            self._show(column)

    def stop(self, column: Column) -> None:
        """End the calls of a column, those that run and those that wait."""
        for work in self._works:
            if work.column is column:
                work.stopped = True
                if work.task is not None:
                    self._state.loop.call_soon(work.task.cancel)

    def _question(self, column: Column) -> _ToolTurn:
        """Return what the calls of an answer belong to: a new one where the answer is the first to its question."""
        if column.rounds == 0 or column.id not in self._questions:
            toolbox, limits = Toolset(), limits_of(self._state.settings)
            performer = ToolExecutor(
                toolbox, None, limits.identical, lambda event: self._heard(column, event)
            )
            self._questions[column.id] = _ToolTurn(toolbox, performer, limits)
        return self._questions[column.id]

    def _offered(self, column: Column) -> dict[str, Any]:
        """Return the tools of a column's request, each under the policy that holds for it now."""
        state = self._state
        offered = {}
        for definition in state.request_params(column).get("tools") or ():
            try:
                named = Toolset.of([definition]).by_name
            except (TypeError, ValueError):
                continue  # a definition that cannot be read is not called
            for name, by_hand in named.items():
                tool = state.tools.get(name)
                policy = state.policies.get(name, "ask")
                if tool is None:
                    offered[name] = by_hand
                elif policy == "manual":
                    offered[name] = replace(tool, function=None)
                else:
                    offered[name] = replace(tool, approval=policy)
        return offered

    # -------------------------------------------------------------------------------------------------- deciding

    def run(self, item: ThreadItem, card: MessageCard, id_: str, arguments: str | None) -> None:
        """Run a call, with other arguments if some are given.

        Raises:
            PlaygroundError: there is no such function, or it does not take the arguments.
        """
        del item
        call = self._open(card, id_)
        if call.tool is None or call.tool.function is None:
            raise PlaygroundError("There is no function of this name here: enter the result by hand.")
        self._decide(call, Run() if arguments is None else RunWith(arguments))

    def answer(self, item: ThreadItem, card: MessageCard, id_: str, text: str) -> None:
        """Take a text as the result of a call that is not run."""
        del item
        self._decide(self._open(card, id_), Respond(text))

    def refuse(self, item: ThreadItem, card: MessageCard, id_: str, reason: str) -> None:
        """Tell the model that a call was refused."""
        del item
        self._decide(self._open(card, id_), Refuse(reason))

    @staticmethod
    def _decide(call: ToolCall, decision: Decision) -> None:
        try:
            call.decide(decision)
        except WrongValueError as error:
            raise PlaygroundError(f"The function does not take these arguments: {error}") from None

    @staticmethod
    def _open(card: MessageCard, id_: str) -> ToolCall:
        call = card.calls.get(id_)
        if call is None:
            raise PlaygroundError("Nothing waits for this call: send again to have the answer written anew.")
        if call.status != "waiting":
            raise PlaygroundError("This call was decided already.")
        return call
