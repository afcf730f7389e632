"""Asking a person about a call where there is nothing but `input()`: a terminal, a cell without buttons."""

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

_QUESTION = "Run it (r), edit its arguments (e), answer in its place (a), or refuse (n)? "


class TerminalApprover:
    """Asks about one call after the other, on the thread that waits for the answer.

    Args:
        read: Shows a prompt and returns a line; `input` of this moment unless given.
    """

    def __init__(self, read: Callable[[str], str] | None = None) -> None:
        self._read = read
        self._turn = asyncio.Lock()

    async def __call__(self, call: ToolCall, model: str = "") -> Decision:
        """Return what somebody says about a call; a refusal where nobody can say anything.

        Args:
            call: What is wanted.
            model: Who wants it, where that is known.
        """
        if self._read is None and not somebody_is_there():
            return Refuse(NO_APPROVER)
        if background_loop.runs_here() and not background_loop.has_caller():
            return Refuse(
                NO_APPROVER
            )  # in the background, where waiting for a key would hold up everything else
        async with self._turn:
            return await background_loop.call_in_waiting_thread(self._ask, call, model)

    def _ask(self, call: ToolCall, model: str) -> Decision:
        read = self._read or builtins.input
        shown = "\n".join(f"    {line}" for line in escape_control(call.arguments_text).splitlines())
        who = escape_control(model) or "The model"
        prompt = f"{who} wants to call\n    {escape_control(call.signature)}\nwith\n{shown}\n{_QUESTION}"
        try:
            word = read(prompt).strip().lower()
            if word in ("r", "run", "y", "yes"):
                return Run()
            if word in ("a", "answer"):
                return Respond(read("Result: "))
            if word in ("e", "edit"):
                return self._edited(call, read)
        except (
            EOFError,
            RuntimeError,
            NotImplementedError,
        ):  # ipykernel's word for "no input here" is among them
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


def somebody_is_there() -> bool:
    """Whether `input()` reaches a person: a terminal, or a kernel, which has put its own in the place of Python's."""
    if not inspect.isbuiltin(builtins.input):
        return True
    return sys.stdin is not None and sys.stdin.isatty()
