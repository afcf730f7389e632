"""The parts of one playground, put together: messages of pages go in, state and deltas come out.

A page's message comes on whatever thread the kernel chooses, at once or late. It is only checked there and handed to the
playground's own loop, which carries it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import OpenRouterError
from openrouter_nb.playground import commands, queries, traits
from openrouter_nb.playground.commands.tools import toolbox
from openrouter_nb.playground.protocol import VERSION, PanelMessage, ProtocolError, read
from openrouter_nb.playground.remedies.actions import RemedyActions
from openrouter_nb.playground.runs.runner import Runner
from openrouter_nb.playground.runs.tool_calls import ToolCallController
from openrouter_nb.playground.state.messages import checked_messages
from openrouter_nb.playground.state.state import MAX_COLUMNS, PlaygroundState
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.playground.state.state import Column


class PlaygroundController:
    """State, runs, and what pages are told.

    Args:
        client: Sends the requests.
        namespace: Returns the notebook's variables.
        changed: Called with the lock held after every change, before pages hear of it.
    """

    def __init__(
        self,
        client: OpenRouter,
        namespace: Callable[[], Mapping[str, Any]],
        changed: Callable[[], None],
    ) -> None:
        self.session = PlaygroundState(client, namespace)
        self.runner = Runner(self.session, self.send, self.notify, self._ended)
        self.calls = ToolCallController(self.session, self.runner, self.notify)
        self.mender = RemedyActions(self.session, self.runner)
        #: Puts state and messages on their way to the pages: `widget.PanelWidget`, None before it is first shown.
        self.panel: Any = None
        self.on_end: Callable[[], None] = lambda: None
        self._on_change = changed

    # -------------------------------------------------------------------------------------------------- outwards

    def notify(self) -> None:
        """Tell everybody that the state is another one."""
        with self.session.home.lock:
            self._on_change()
            if self.panel is not None:
                self.panel.show(traits.state(self.session))

    def state(self) -> dict[str, Any]:
        """Return the state with what only a page that opens now needs: answers as far as they are written."""
        with self.session.home.lock:
            return {**traits.state(self.session), "live": self.runner.feed.snapshots()}

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send a message to the pages."""
        if self.panel is not None:
            self.panel.send(content, buffers)

    def _ended(self) -> None:
        self.on_end()

    # -------------------------------------------------------------------------------------------------- inwards

    def receive(self, content: Any, buffers: Any = ()) -> None:
        """Take a message of a page, on any thread."""
        try:
            message = read(content, buffers)
        except ProtocolError as error:
            id_ = content.get("id") if isinstance(content, dict) else None
            if isinstance(id_, int):
                self.session.home.call_soon(self._acknowledge, id_, str(error))
            return
        if message.asks:
            self.session.home.create_task(lambda: self._answer(message))
        else:
            self.session.home.call_soon(self._carry_out, message)

    def _carry_out(self, message: PanelMessage) -> None:
        given = dict(message.values)
        problem, created = "", ""
        with self.session.home.lock:
            try:
                if message.kind == "ready":
                    self.session.is_seen = True
                    return
                if message.kind == "module":
                    self.panel.send_module()
                    return
                if message.kind == "resync":
                    self._resync(given["run"])
                    return
                created = self._change(message, given)
            except PlaygroundError as error:
                problem = str(error)
            self.notify()
        self._acknowledge(message.id, problem, created)

    def _change(self, message: PanelMessage, given: dict[str, Any]) -> str:
        if message.kind == "submit":
            self.runner.submit(given.get("text"), given.get("role"), given.get("columns"))
        elif message.kind == "stop":
            self.runner.stop(given.get("column"))
        else:
            return commands.apply(self, message.kind, given, message.buffers)
        return ""

    async def _answer(self, message: PanelMessage) -> None:
        value: Any = None
        problem = ""
        buffers: list[bytes] = []
        try:
            value, buffers = await queries.answer(self, message.kind, dict(message.values))
        except PlaygroundError as error:
            problem = str(error)
        reply = {"kind": "reply", "v": VERSION, "id": message.id, "problem": problem, "value": value}
        self.send(reply, buffers)

    def _acknowledge(self, id_: int, problem: str, created: str = "") -> None:
        ack: dict[str, Any] = {"kind": "ack", "v": VERSION, "id": id_, "problem": problem}
        self.send({**ack, "created": created} if created else ack)

    def _resync(self, run: str) -> None:
        live = self.runner.feed.find(run)
        if live is not None:
            self.send({"kind": "snapshot", "v": VERSION, **live.snapshot()})

    # -------------------------------------------------------------------------------------------------- the service

    def look_up(self) -> None:
        """Fetch the models, and who serves the first one, in the background; without them the panel knows less."""
        self.session.home.create_task(self._look_up)

    def refresh_endpoints(self, column: Column) -> None:
        """Fetch who serves a column's model, in the background."""
        del column
        self.look_up()

    async def _look_up(self) -> None:
        session = self.session
        try:
            await session.catalogue.load()
            self.notify()
            for column in list(session.columns):
                if session.catalogue.find(column.model) is not None:
                    await session.catalogue.load_endpoints(column.model)
            session.routing_error = ""
        except OpenRouterError as error:
            session.routing_error = error.message
        self.notify()

    # -------------------------------------------------------------------------------------------------- tools, presets

    def add_tools(self, tools: Any) -> None:
        """Offer tools to the models, beside those that are offered.

        Raises:
            PlaygroundError: something is no tool.
        """
        session = self.session
        box = toolbox(tools)
        session.tools |= box.by_name
        for tool in box.by_name.values():
            session.policies[tool.name] = tool.approval or "ask"
        offered = [item for item in session.params.get("tools") or () if _name(item) not in box.by_name]
        if box.definitions:
            session.params = {**session.params, "tools": [*offered, *box.definitions]}
        if box.plugins:
            plugins = [*(session.params.get("plugins") or ()), *box.plugins]
            session.params = {**session.params, "plugins": plugins}

    def take_preset(self, kept: dict[str, Any]) -> None:
        """Take over what a preset keeps."""
        session = self.session
        session.params = dict(kept.get("params") or {})
        session.settings = dict(kept.get("settings") or {})
        self.take_models(
            [str(model) for model in kept.get("models") or ()][:MAX_COLUMNS] or [session.columns[0].model]
        )
        overrides = list(kept.get("overrides") or ())
        for column, own in zip(session.columns, [*overrides, {}, {}, {}, {}], strict=False):
            column.overrides = dict(own) if isinstance(own, dict) else {}
        if head := kept.get("messages"):
            checked_messages(head)
            rest = [item for item in session.thread if item.role not in ("system", "developer")]
            session.thread.replace_all(head, "load preset")
            session.thread.items += rest

    def take_models(self, models: list[str]) -> None:
        """Ask these models, one in each column; columns that stay keep their own parameters.

        Raises:
            PlaygroundError: none, or more than four.
        """
        session = self.session
        if not 1 <= len(models) <= MAX_COLUMNS:
            raise PlaygroundError(f"One to {MAX_COLUMNS} models can be asked side by side.")
        for index, model in enumerate(models):
            if index < len(session.columns):
                session.columns[index].model = model
            else:
                session.add_column(model)
        for column in session.columns[len(models) :]:
            self.runner.stop(column.id)
        del session.columns[len(models) :]
        self.look_up()


def _name(tool: Any) -> str:
    function = tool.get("function") if isinstance(tool, dict) else None
    return str(function.get("name")) if isinstance(function, dict) else ""
