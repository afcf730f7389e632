"""Calls of tools that a model asks for: run, edited, answered by hand or refused, each by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.problems import WrongValueError
from openrouter_nb.conversation.tools.results import content_of, error_text
from openrouter_nb.conversation.tools.running import run
from openrouter_nb.playground.thread import Call, ThreadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.runner import Runner
    from openrouter_nb.playground.session import Column, Session
    from openrouter_nb.playground.thread import Card, Item

_ENDED = ("done", "failed", "refused")
_REFUSED = "The person at the notebook refused this call."


class Calls:
    """Decides about calls. Every method is called with the lock held.

    A tool runs unasked only where its policy says so, never on arguments that it does not take. When the last call of an
    answer has its result, all results go back to the model.

    Args:
        session: The truth.
        runner: Sends the results back.
        changed: Called with the lock held when the truth has changed.
    """

    def __init__(self, session: Session, runner: Runner, changed: Callable[[], None]) -> None:
        self._session = session
        self._runner = runner
        self._changed = changed
        runner.on_calls = self.arrived

    def arrived(self, column: Column, item: Item, card: Card) -> None:
        """Take in the calls of a whole answer."""
        del column
        for asked in card.message.get("tool_calls") or ():
            card.calls[str(asked.get("id"))] = self._judged(asked)
        for id_, call in list(card.calls.items()):
            if call.state == "waiting" and self._session.policies.get(self._name(card, id_), "ask") == "auto":
                self._start(item, card, id_)

    def run(self, item: Item, card: Card, id_: str, arguments: str | None) -> None:
        """Run a call, with other arguments if some are given.

        Raises:
            ThreadError: there is no such function, or it does not take the arguments.
        """
        call = self._open(card, id_)
        tool = self._session.tools.get(self._name(card, id_))
        if tool is None or tool.function is None:
            raise ThreadError("There is no function of this name here: enter the result by hand.")
        text = self._arguments(card, id_) if arguments is None else arguments
        try:
            tool.read(text)
        except WrongValueError as error:
            raise ThreadError(f"The function does not take these arguments: {error}") from None
        call.arguments = arguments if arguments is not None else call.arguments
        call.problem = ""
        self._start(item, card, id_)

    def answer(self, item: Item, card: Card, id_: str, text: str) -> None:
        """Take a text as the result of a call that is not run."""
        self._end(item, card, id_, state="done", content=text)

    def refuse(self, item: Item, card: Card, id_: str, reason: str) -> None:
        """Tell the model that a call was refused."""
        text = f"{_REFUSED} {reason}".strip()
        self._end(item, card, id_, state="refused", content=text)

    def _judged(self, asked: dict[str, Any]) -> Call:
        function = asked.get("function") or {}
        tool = self._session.tools.get(str(function.get("name")))
        if tool is None or tool.function is None:
            return Call("unknown")
        try:
            tool.read(function.get("arguments"))
        except WrongValueError as error:
            return Call("waiting", problem=f"The function does not take these arguments: {error}")
        if self._session.policies.get(tool.name) == "manual":
            return Call("unknown")
        return Call("waiting")

    def _start(self, item: Item, card: Card, id_: str) -> None:
        call = card.calls[id_]
        if call.problem:
            return
        tool = self._session.tools[self._name(card, id_)]
        arguments = tool.read(call.arguments if call.arguments is not None else self._arguments(card, id_))
        call.state = "running"

        async def work() -> None:
            state, content = "done", None
            try:
                value = await run(
                    tool.function, arguments, timeout_s=tool.timeout_s, on_output=lambda _: None
                )
                content = content_of(value)
            except Exception as error:  # noqa: BLE001 - the function is the user's and may raise anything
                state, content = "failed", error_text(error)
            with self._session.home.lock:
                if call.state == "running":
                    self._end(item, card, id_, state=state, content=content)

        self._session.home.start(work)
        self._changed()

    def _end(self, item: Item, card: Card, id_: str, *, state: str, content: Any) -> None:
        column = self._column(card)
        call = card.calls.get(id_)
        if call is None or call.state in _ENDED:
            raise ThreadError("This call has its result already.")
        call.state, call.result = state, content
        if all(other.state in _ENDED for other in card.calls.values()) and column.run is None:
            try:
                self._runner.after_tools(column, item)
            except ThreadError as error:
                call.problem = str(error)
        self._changed()

    def _open(self, card: Card, id_: str) -> Call:
        call = card.calls.get(id_)
        if call is None:
            raise ThreadError("The answer asks for no such call.")
        if call.state in (*_ENDED, "running"):
            raise ThreadError("This call was decided already.")
        return call

    def _column(self, card: Card) -> Column:
        session = self._session
        return session.column(card.column) if card.column else session.columns[0]

    @staticmethod
    def _function(card: Card, id_: str) -> dict[str, Any]:
        for asked in card.message.get("tool_calls") or ():
            if str(asked.get("id")) == id_:
                return asked.get("function") or {}
        return {}

    def _name(self, card: Card, id_: str) -> str:
        return str(self._function(card, id_).get("name") or "")

    def _arguments(self, card: Card, id_: str) -> str:
        return str(self._function(card, id_).get("arguments") or "")
