"""Dispatch the messages of pages to commands and queries, and send state and deltas back.

A message arrives on a thread that depends on the kernel. There it is only validated; the loop of the state executes it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import OpenRouterError
from openrouter_nb.live.feed.executed_requests import ExecutedRequests
from openrouter_nb.live.protocol import snapshot_message
from openrouter_nb.playground import commands, queries, traits
from openrouter_nb.playground.commands.history import PREPARED, prepare
from openrouter_nb.playground.history.recorder import Recorder
from openrouter_nb.playground.protocol import VERSION, PanelMessage, ProtocolError, read
from openrouter_nb.playground.remedies.actions import RemedyActions
from openrouter_nb.playground.runs.runner import Runner
from openrouter_nb.playground.state.state import PlaygroundState
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client import OpenRouter


class PlaygroundController:
    """State and runs of one playground, and its messages.

    Args:
        client: Sends the requests.
        namespace: Returns the notebook's variables.
        changed: Called with the lock acquired after every change, before the pages are updated.
    """

    def __init__(
        self,
        client: OpenRouter,
        namespace: Callable[[], Mapping[str, Any]],
        changed: Callable[[], None],
    ) -> None:
        self.state = PlaygroundState(client, namespace)
        self.runner = Runner(self.state, self.send, self.notify, self._ended)
        self.remedies = RemedyActions(self.state, self.runner)
        self.recorder = Recorder(self.state, self.notify)
        #: Sends state and messages to the pages: `widget.PanelWidget`, None before the panel is shown.
        self.panel: Any = None
        self.on_end: Callable[[], None] = lambda: None
        self._on_change = changed
        #: The problem of each command.
        self._executed = ExecutedRequests(lost="")

    # -------------------------------------------------------------------------------------------------- outwards

    def notify(self) -> None:
        """Send the changed state to the traits of Python and to the pages."""
        with self.state.loop.lock:
            self._on_change()
            self.recorder.on_change()
            if self.panel is not None:
                self.panel.show(traits.panel_traits(self.state))

    def panel_traits(self) -> dict[str, Any]:
        """Return all traits, with snapshots of the live answers for a page that opens now."""
        with self.state.loop.lock:
            return {**traits.panel_traits(self.state), "live": self.runner.feed.snapshots()}

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send a message to the pages."""
        if self.panel is not None:
            self.panel.send(content, buffers)

    def _ended(self) -> None:
        self.recorder.save()
        self.on_end()

    # -------------------------------------------------------------------------------------------------- inwards

    def receive(self, content: Any, buffers: Any = ()) -> None:
        """Receive a message of a page, on any thread."""
        try:
            message = read(content, buffers)
        except ProtocolError as error:
            id_ = content.get("id") if isinstance(content, dict) else None
            if isinstance(id_, int):
                self.state.loop.call_soon(self._acknowledge, id_, str(error))
            return
        if message.is_query:
            self.state.loop.create_task(lambda: self._reply(message))
        elif message.kind in ("ready", "module", "resync"):
            self.state.loop.call_soon(self._inform, message)
        else:
            self.state.loop.call_soon(self._begin, message)

    def _inform(self, message: PanelMessage) -> None:
        """Execute a message that is not acknowledged."""
        with self.state.loop.lock:
            if message.kind == "ready":
                self.state.is_seen = True
            elif message.kind == "module":
                self.panel.send_module()
            else:
                self._resync(message.values["run"])

    def _begin(self, message: PanelMessage) -> None:
        if self._executed.begin(message.id):
            if message.kind in PREPARED:
                self.state.loop.create_task(lambda: self._prepare(message))
            else:
                self._execute(message)
        elif (answered := self._executed.reply(message.id)) is not None:
            # The page did not receive the acknowledgement, or only after it had sent the message again.
            self._acknowledge(message.id, answered)

    async def _prepare(self, message: PanelMessage) -> None:
        """Execute a command that uses the file of stored conversations, which may take long."""
        given: dict[str, Any] = dict(message.values)
        problem = ""
        try:
            given = await asyncio.to_thread(prepare, self, message.kind, given)
        except PlaygroundError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - the page waits for an acknowledgement
            problem = _unexpected(error)
        if problem:
            self._finish(message.id, problem)
        else:
            self._execute(replace(message, values=given))

    def _execute(self, message: PanelMessage) -> None:
        given = dict(message.values)
        problem = ""
        with self.state.loop.lock:
            try:
                self._apply(message, given)
            except PlaygroundError as error:
                problem = str(error)
            except Exception as error:  # noqa: BLE001 - the page waits for an acknowledgement
                problem = _unexpected(error)
            self.notify()
        self._finish(message.id, problem)

    def _finish(self, id_: int, problem: str) -> None:
        self._executed.finish(id_, problem)
        self._acknowledge(id_, problem)

    def _apply(self, message: PanelMessage, given: dict[str, Any]) -> None:
        rev = self.state.draft.rev
        if message.kind == "submit" and "text" in given:
            self.runner.submit_draft(given["text"], given.get("role"), given.get("columns"))
        elif message.kind == "submit":
            self.runner.submit_thread(given.get("columns"))
        elif message.kind == "stop":
            self.runner.stop(given.get("column"))
        else:
            commands.apply(self, message.kind, given, message.buffers)
        if self.state.draft.rev != rev:
            self.state.draft.by = message.id

    async def _reply(self, message: PanelMessage) -> None:
        value: Any = None
        problem = ""
        buffers: list[bytes] = []
        try:
            value, buffers = await queries.answer(self, message.kind, dict(message.values))
        except PlaygroundError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - the page waits for a reply
            problem = _unexpected(error)
        reply = {"kind": "reply", "v": VERSION, "id": message.id, "problem": problem, "value": value}
        self.send(reply, buffers)

    def _acknowledge(self, id_: int, problem: str) -> None:
        self.send({"kind": "ack", "v": VERSION, "id": id_, "problem": problem})

    def _resync(self, run: str) -> None:
        live = self.runner.feed.find(run)
        if live is not None:
            self.send(snapshot_message(live.snapshot()))

    # -------------------------------------------------------------------------------------------------- the service

    def load_catalog(self) -> None:
        """Fetch the models, and the endpoints of the columns' models, in the background."""
        self.state.loop.create_task(self._load_catalog)

    async def _load_catalog(self) -> None:
        state = self.state
        try:
            await state.catalog.load()
            self.notify()
            for column in list(state.columns):
                if state.catalog.find(column.model) is not None:
                    await state.catalog.load_endpoints(column.model)
            state.routing_error = ""
        except OpenRouterError as error:
            state.routing_error = error.message
        self.notify()


def _unexpected(error: Exception) -> str:
    """Log an exception that no command or query should raise, and return the sentence for the page."""
    asyncio.get_running_loop().call_exception_handler(
        {"message": "a message of the panel failed", "exception": error}
    )
    return f"This failed with {type(error).__name__}: see the log of the kernel."
