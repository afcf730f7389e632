"""Tool calls as cards of the live view: arguments, approval buttons, result."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from openrouter_nb.live.cards import Action, Card
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.tools.approval import NO_APPROVER
from openrouter_nb.tools.call_status import status_text
from openrouter_nb.tools.tool_call import Decision, Refuse, Respond, Run, RunWith, ToolCall
from openrouter_nb.tools.tool_results import pictures

if TYPE_CHECKING:
    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.views import LiveView
    from openrouter_nb.tools.terminal_approval import TerminalApprover

Step = Literal["choose", "edit", "answer"]

_CHOOSE = (
    Action("run", "Run"),
    Action("edit", "Edit arguments"),
    Action("answer", "Enter a result"),
    Action("refuse", "Refuse"),
)
_EDIT = (Action("run-with", "Run with these", takes_text=True), Action("back", "Back"))
_ANSWER = (Action("respond", "Use as the result", takes_text=True), Action("back", "Back"))
_ACTIONS: dict[Step, tuple[Action, ...]] = {"choose": _CHOOSE, "edit": _EDIT, "answer": _ANSWER}


class ToolCallCards:
    """Shows calls and asks about them.

    Args:
        view: The cell's output.
        frontend: Where the cell runs.
        auto: Whether tools run without approval, except those that require it.
        prompt: Asks for approval where there are no buttons.
    """

    def __init__(self, view: LiveView, frontend: Frontend, *, auto: bool, prompt: TerminalApprover) -> None:
        self._view = view
        self._frontend = frontend
        self._auto = auto
        self._prompt = prompt
        self._asked: dict[str, tuple[ToolCall, asyncio.Future[Decision]]] = {}

    def show(self, call: ToolCall) -> None:
        """Show the current state of a call."""
        if call.id not in self._asked:
            self._draw(call)
            for number, url in enumerate(pictures(call.content)):
                title = f"result of {call.name}"
                self._view.card(Card(id=f"{call.id}-{number}", kind="media", title=title, body=url))

    async def approve(self, call: ToolCall) -> Decision:
        """Return the user's decision about a call; a refusal where there is no user."""
        tool = call.tool
        if self._auto and tool is not None and tool.function is not None and tool.approval != "ask":
            return Run()
        if await self._view.can_ask():
            return await self._by_buttons(call)
        if self._frontend.has_user:
            return await self._prompt(call, self._view.model)
        return Refuse(NO_APPROVER)

    def on_button(self, card: str, action: str, text: str | None) -> None:
        """Take a press on a button. On the event loop of the cell."""
        call, decided = self._asked.get(card, (None, None))
        if call is None or decided is None or decided.done():
            return
        if action in ("edit", "answer", "back"):
            self._ask(call, {"edit": "edit", "answer": "answer"}.get(action, "choose"))  # type: ignore[arg-type]
        elif action == "run-with":
            try:
                if call.tool is not None:
                    call.tool.read(text)
            except WrongValueError as error:
                self._ask(call, "edit", typed=text or "", problem=str(error))
            else:
                decided.set_result(RunWith(text or "{}"))
        else:
            answers: dict[str, Decision] = {"run": Run(), "respond": Respond(text or ""), "refuse": Refuse()}
            if action in answers:
                decided.set_result(answers[action])

    async def _by_buttons(self, call: ToolCall) -> Decision:
        decided: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._asked[call.id] = call, decided
        self._ask(call, "choose")
        try:
            return await decided
        finally:
            del self._asked[call.id]

    def _ask(self, call: ToolCall, step: Step, *, typed: str | None = None, problem: str = "") -> None:
        editable = {"edit": call.arguments_text, "answer": ""}.get(step)
        self._draw(
            call, actions=_ACTIONS[step], editable=editable if typed is None else typed, problem=problem
        )

    def _draw(
        self,
        call: ToolCall,
        *,
        actions: tuple[Action, ...] = (),
        editable: str | None = None,
        problem: str = "",
    ) -> None:
        parts = [escape_control(call.signature), escape_control(call.arguments_text)]
        parts += [f"This does not fit: {escape_control(problem)}"] if problem else []
        parts += [f"printed:\n{escape_control(call.output)}"] if call.output else []
        parts += [f"result:\n{escape_control(call.text)}"] if call.has_ended else []
        card = Card(
            id=call.id,
            kind="tool",
            title=escape_control(call.name),
            body="\n\n".join(parts),
            status=status_text(call),
            actions=actions,
            editable=editable,
        )
        self._view.card(card)
