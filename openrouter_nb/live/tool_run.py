"""Run the tool-call loop of one answer and show its progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.events import (
    ChunksReceived,
    Event,
    LimitReached,
    OutputInvalid,
    RequestStarted,
    Retrying,
    ToolCallsRequested,
    ToolCallUpdated,
)
from openrouter_nb.conversation.agent.tool_loop import ToolLoop
from openrouter_nb.live.cards import Card
from openrouter_nb.live.tool_call_cards import ToolCallCards
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.tools.call_status import tool_call_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.agent.agent_options import AgentOptions
    from openrouter_nb.conversation.agent.tool_loop import Send
    from openrouter_nb.errors import Attempt
    from openrouter_nb.live.event_display import EventDisplay
    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.views import LiveView, Phase
    from openrouter_nb.render.answer.tool_calls import ToolCallView

_PARTIAL = "structured-answer"


class ToolRun:
    """Runs the tool-call loop and shows its progress.

    Args:
        options: What the model may do.
        send: Sends a request.
        request: Its keyword arguments.
        view: The cell's output.
        display: Shows the events of the responses.
        frontend: Where the cell runs.
        announce: Shows that an attempt failed and will be retried.
    """

    def __init__(
        self,
        options: AgentOptions,
        send: Send,
        request: Mapping[str, Any],
        *,
        view: LiveView,
        display: EventDisplay,
        frontend: Frontend,
        announce: Callable[[Attempt], object],
    ) -> None:
        self.cards = ToolCallCards(view, frontend, auto=options.auto, prompt=options.prompt)
        self.loop = ToolLoop(
            send,
            request,
            options.toolset,
            approve=self.cards.approve,
            limits=options.limits,
            schema=options.schema,
            repairs=options.repairs,
        )
        self.note = ""
        self._schema = options.schema
        self._repairs = 0
        self._view = view
        self._display = display
        self._announce = announce

    async def run(self) -> None:
        """Send requests and execute tool calls until there is an answer."""
        await self.loop.run(self._on_event)

    @property
    def earlier(self) -> list[ChatResult]:
        """The replies before the last one, or before the one that is arriving."""
        loop = self.loop
        return [result for result in loop.responses if result is not loop.result]

    def outcomes(self, *, is_timed: bool) -> dict[str, ToolCallView]:
        """Return status and result of the calls, by their ids."""
        return {call.id: tool_call_view(call, is_timed=is_timed) for call in self.loop.calls}

    @property
    def errors(self) -> list[str] | None:
        """Where a structured answer is wrong, `[]` where it is not, None where there is none."""
        if self._schema is None or self.loop.limit_reached:
            return None
        return [str(problem) for problem in self.loop.validation_errors]

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RequestStarted):
            self._display.start_response()
            if event.number > 1:
                self._view.show("processing", note="")
        elif isinstance(event, ChunksReceived):
            self._display.show(event.events)
            if self._schema is not None and event.events and not self._view.draws_objects:
                self._view.card(
                    Card(id=_PARTIAL, kind="note", title=self._schema.name, status="being written")
                )
        elif isinstance(event, Retrying):
            self._announce(event.attempt)
        elif isinstance(event, ToolCallsRequested):
            for card in self._display.call_cards:
                if card not in {call.id for call in event.calls}:
                    self._view.drop_card(card)
            for call in event.calls:
                self.cards.show(call)
        elif isinstance(event, ToolCallUpdated):
            self.cards.show(event.call)
            self._view.show(self._doing())
        elif isinstance(event, OutputInvalid) and event.repairing and self._schema is not None:
            self._repairs += 1
            body = "\n".join(escape_control(str(problem)) for problem in event.problems)
            title, status = f"{self._schema.name} {self._repairs}", "does not fit; correction requested"
            self._view.card(
                Card(id=f"repair-{self._repairs}", kind="tool", title=title, body=body, status=status)
            )
        elif isinstance(event, LimitReached):
            words = event.message[:1].upper() + event.message[1:]
            self.note = f"{words} The model asked for more; nothing of this was kept in the conversation."

    def _doing(self) -> Phase:
        """Return what the cell waits for."""
        statuses = {call.status for call in self.loop.calls}
        if "waiting" in statuses:
            return "waiting"
        return "calling" if "running" in statuses else "processing"
