"""Approve tool calls with `input()`, in a terminal or a cell without buttons."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import sys
from typing import TYPE_CHECKING

from openrouter_nb.client import background_loop
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.tools.approval import NO_APPROVER
from openrouter_nb.tools.tool_call import Decision, Refuse, Respond, Run, RunWith, ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable

_QUESTION = "Run (r), edit arguments (e), enter a result (a), or refuse (n)? "


class TerminalApprover:
    """Asks about one call at a time, on the thread that waits for the answer.

    Args:
        read: Shows a prompt and returns a line. Default: `builtins.input` at the time of the call.
    """

    def __init__(self, read: Callable[[str], str] | None = None) -> None:
        self._read = read
        self._lock = asyncio.Lock()

    async def __call__(self, call: ToolCall, model: str = "") -> Decision:
        """Return the user's decision about a call; a refusal if there is no user to ask.

        Args:
            call: The call.
            model: Name of the model for the prompt; `""` if unknown.
        """
        if self._read is None and not is_interactive():
            return Refuse(NO_APPROVER)
        if background_loop.runs_here() and not background_loop.has_caller():
            # On the background loop, where `input()` would block all other requests.
            return Refuse(NO_APPROVER)
        async with self._lock:
            return await background_loop.call_in_waiting_thread(self._ask, call, model)

    def _ask(self, call: ToolCall, model: str) -> Decision:
        read = self._read or builtins.input
        shown = "\n".join(f"    {line}" for line in escape_control(call.arguments_text).splitlines())
        who = escape_control(model) or "The model"
        prompt = f"{who} wants to call\n    {escape_control(call.signature)}\nwith\n{shown}\n{_QUESTION}"
        try:
            choice = read(prompt).strip().lower()
            if choice in ("r", "run", "y", "yes"):
                return Run()
            if choice in ("a", "answer"):
                return Respond(read("Result: "))
            if choice in ("e", "edit"):
                return self._edited(call, read)
        except (EOFError, RuntimeError, NotImplementedError):  # includes ipykernel's StdinNotImplementedError
            return Refuse(NO_APPROVER)
        return Refuse()

    @staticmethod
    def _edited(call: ToolCall, read: Callable[[str], str]) -> Decision:
        prompt = "Arguments as JSON: "
        while text := read(prompt).strip():
            try:
                if call.tool is not None:
                    call.tool.read(text)
            except WrongValueError as error:
                prompt = f"{escape_control(str(error))}\nArguments as JSON, or nothing to refuse: "
            else:
                return RunWith(text)
        return Refuse()


def is_interactive() -> bool:
    """Whether `input()` can reach a user: in a terminal, or in a kernel, which replaces the built-in function."""
    if not inspect.isbuiltin(builtins.input):
        return True
    return sys.stdin is not None and sys.stdin.isatty()
