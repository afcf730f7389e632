"""Playground state: parameters, thread, columns. Widget traits and requests derive from it."""

from __future__ import annotations

import itertools
import os
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.client.request_body import build_body
from openrouter_nb.client.resources.model_catalog import ModelCatalog
from openrouter_nb.live.state_loop import StateLoop
from openrouter_nb.playground.parameters import model_capabilities, routing
from openrouter_nb.playground.parameters.request_checks import problems
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.media_store import MediaStore
from openrouter_nb.playground.state.messages import drafted
from openrouter_nb.playground.state.thread import Thread
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.playground.state.uploads import Uploads
from openrouter_nb.playground.state.usage_history import UsageHistory
from openrouter_nb.replay.mode import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.output import OutputSchema
    from openrouter_nb.playground.history.summary import StoredConversation
    from openrouter_nb.playground.state.exchange_record import ExchangeRecord
    from openrouter_nb.playground.state.thread_items import ThreadItem
    from openrouter_nb.tools.tool import Approval

MAX_COLUMNS = 4
_marks = itertools.count(1)


@dataclass(slots=True)
class Column:
    """One model in the playground, with its status.

    Attributes:
        id: `c1` and so on; ids are not reused.
        model: Model id, with suffix.
        overrides: Parameters that differ from those of all columns.
        status: `idle`, `running`, `waiting`, `finished`, `stopped`, `failed`.
        run: Id of the active run, or None.
        item: Id of the thread item of the last run.
        stats: `answer_stats` of the last answer.
        error: Error of the last run.
        record: Last exchange.
        retry_at: Time of the automatic retry, by the monotonic clock.
        tools_running: Whether tool calls are running.
    """

    id: str
    model: str
    overrides: dict[str, Any] = field(default_factory=dict)
    status: str = "idle"
    run: str | None = None
    item: str | None = None
    stats: dict[str, Any] | None = None
    error: OpenRouterError | None = None
    failed_at: float = 0.0
    record: ExchangeRecord | None = None
    retry: Any = None
    retry_at: float | None = None
    tools_running: bool = False

    @property
    def is_busy(self) -> bool:
        """Whether a response is received, or tool calls run."""
        return self.run is not None or self.tools_running


@dataclass(slots=True)
class Draft:
    """Contents of the composer.

    Attributes:
        text: The text.
        role: The role of the message.
        attachments: Content parts.
        rev: Increments with each change of text or role.
        by: Id of the message that made this change: a page ignores changes by its own messages.
    """

    text: str = ""
    role: str = "user"
    attachments: list[dict[str, Any]] = field(default_factory=list)
    rev: int = 0
    by: int = 0


class PlaygroundState:
    """State, and values derived from it. Call every method with `loop.lock` acquired.

    Args:
        client: Sends the requests.
        namespace: Returns the notebook's variables.
    """

    def __init__(self, client: OpenRouter, namespace: Callable[[], Mapping[str, Any]]) -> None:
        self.client = client
        self.namespace = namespace
        self.loop = StateLoop()
        self.params: dict[str, Any] = {}
        self.settings: dict[str, Any] = {}
        self.forced: set[str] = set()
        #: Switches that the panel turned on because a parameter requires them, by column and parameter.
        self.turned_on: dict[tuple[str | None, str], str] = {}
        self.thread = Thread()
        self.draft = Draft()
        self.columns: list[Column] = []
        self.catalog = ModelCatalog(client)
        self.media = MediaStore()
        self.uploads = Uploads()
        self.usage = UsageHistory()
        #: Functions of the notebook that models may call, by tool name.
        self.tools: dict[str, Any] = {}
        self.policies: dict[str, Approval | Literal["manual"]] = {}
        #: Type of the answers, set from Python; applies while the request has its schema.
        self.schema: OutputSchema | None = None
        self.routing_error = ""
        #: Number of changes of the stored conversations by this playground, and why the last one failed.
        self.history_changes = 0
        self.history_problem = ""
        #: The conversation that was deleted last, which can be restored.
        self.deleted_conversation: StoredConversation | None = None
        self.preset = ""
        self.preset_state: Any = None
        #: Whether a page has displayed the panel.
        self.is_seen = False
        #: CSS class of the outputs with the conversation; the panel hides them while it is displayed.
        self.saved_output_class = f"orn-kept-{_mark()}"
        self._numbers = itertools.count(1)

    def variable(self) -> str:
        """Return the notebook variable of this playground, `""` if there is none."""
        for name, value in dict(self.namespace()).items():
            # Check the class first: reading an attribute of an arbitrary object can have side effects.
            if type(value).__name__ == "Playground" and not name.startswith("_"):
                controller = getattr(value, "_controller", None)
                if getattr(controller, "state", None) is self:
                    return name
        return ""

    # -------------------------------------------------------------------------------------------------- columns

    def add_column(self, model: str, id_: str | None = None) -> Column:
        """Add a column.

        Args:
            model: The model.
            id_: Its id, None for the next number.

        Raises:
            PlaygroundError: there are four columns already, or one with this id.
        """
        if len(self.columns) >= MAX_COLUMNS:
            raise PlaygroundError(f"There is room for {MAX_COLUMNS} models side by side.")
        if any(column.id == id_ for column in self.columns):
            raise PlaygroundError("That column exists already.")
        column = Column(id_ or f"c{next(self._numbers)}", model)
        self.columns.append(column)
        return column

    def column(self, id_: str) -> Column:
        """Return a column.

        Raises:
            PlaygroundError: the column does not exist.
        """
        for column in self.columns:
            if column.id == id_:
                return column
        raise PlaygroundError("That column was removed.")

    # -------------------------------------------------------------------------------------------------- parameters

    def effective_params(self, column: Column) -> dict[str, Any]:
        """Return all parameters of a column, including those that are not sent."""
        return dotted_path.merge(self.params, column.overrides)

    def supported(self, column: Column) -> set[str] | None:
        """Return the parameters that a column's model supports; None if unknown.

        With provider preferences, this is the union over the endpoints that remain.
        """
        model = self.catalog.find(column.model)
        if model is None or not model.supported_parameters:
            return None
        endpoints = self.catalog.endpoints.get(column.model)
        given = self.effective_params(column)
        provider = given.get("provider")
        if endpoints is None or not isinstance(provider, dict):
            return set(model.supported_parameters)
        left = routing.remaining(endpoints.endpoints or [], {**provider, "require_parameters": False}, given)
        return {name for endpoint in left for name in endpoint.supported_parameters} or set(
            model.supported_parameters
        )

    def ignored_by(self, column: Column) -> list[str]:
        """Return the parameters that are set but not sent, because the column's model does not support them."""
        supported = self.supported(column)
        if supported is None:
            return []
        return [
            name
            for name in self.effective_params(column)
            if name not in self.forced and not model_capabilities.takes(name, supported)
        ]

    def request_params(self, column: Column) -> dict[str, Any]:
        """Return the parameters of a column's request, without `model` and `messages`."""
        ignored = set(self.ignored_by(column))
        sent = {name: value for name, value in self.effective_params(column).items() if name not in ignored}
        if not sent.get("tools"):
            sent.pop("tool_choice", None)
        return sent

    def request(self, column: Column, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the keyword arguments of `chat.send_async` for a column."""
        return {
            "model": column.model,
            "messages": messages,
            **self._tools_called_before(column, messages),
            **self.request_params(column),
        }

    def _tools_called_before(self, column: Column, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return the tool fields of a request without tools whose messages contain calls, as `PendingTurn.called` does."""
        calls = [call for message in messages for call in message.get("tool_calls") or ()]
        names = dict.fromkeys(str((call.get("function") or {}).get("name")) for call in calls)
        tools = [self.tools[name].definition for name in names if name in self.tools]
        return (
            {"tools": tools, "tool_choice": "none"}
            if tools and not self.effective_params(column).get("tools")
            else {}
        )

    def body(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the request body as JSON types.

        Raises:
            ConfigurationError: the request is not valid.
            TypeError: a parameter does not exist.
        """
        given = dict(request)
        streams = given.pop("stream", None) is not False
        return build_body(given, stream=streams)

    def current_body(self, column: Column) -> dict[str, Any]:
        """Return the body that Send would send for a column, including the draft.

        Raises:
            ConfigurationError: the request is not valid.
        """
        request = self.request_now(column)
        messages = request["messages"]
        # Validation requires a message: use an empty one, so that the rest is validated and displayed.
        body = self.body({**request, "messages": messages or [{"role": "user", "content": ""}]})
        return body if messages else {**body, "messages": []}

    def request_now(self, column: Column) -> dict[str, Any]:
        """Return the request that Send would send for a column, including the draft, without validation."""
        messages = self.thread.messages(column.id)
        draft = self.draft
        if draft.text.strip() or draft.attachments:
            messages = [*messages, drafted(draft.text, draft.role, draft.attachments)]
        return self.request(column, messages)

    def take_draft(self, text: str, role: str) -> ThreadItem | None:
        """Append the draft to the thread and clear the composer; return None if the draft is empty."""
        draft = self.draft
        if not text.strip() and not draft.attachments:
            draft.text = ""
            return None
        item = self.thread.insert(len(self.thread), drafted(text, role, draft.attachments))
        # The role is reset: after a system message or the start of an answer, the next message is a question.
        self.draft = Draft(rev=draft.rev + 1)
        return item

    # -------------------------------------------------------------------------------------------------- problems

    def problems(self) -> list[dict[str, Any]]:
        """Return the errors and warnings of the parameters, common ones and those of single columns."""
        found = problems(self.params)
        for column in self.columns:
            if column.overrides:
                known = {(item["field"], item["message"]) for item in found}
                own = problems(self.effective_params(column), column=column.id)
                found += [item for item in own if (item["field"], item["message"]) not in known]
            if not column.model.strip():
                found.append(
                    {"field": "model", "message": "Pick a model.", "level": "error", "column": column.id}
                )
        return found

    def blocking_problem(self) -> str:
        """Return the reason why Send is disabled, `""` if it is enabled."""
        if any(column.run for column in self.columns):
            return "An answer is being written."
        if any(column.tools_running for column in self.columns):
            return "A tool is running."
        return next((item["message"] for item in self.problems() if item["level"] == "error"), "")


def _mark() -> str:
    """Return what distinguishes a playground from the others of a page: random, unless outputs of runs are compared."""
    return str(next(_marks)) if os.environ.get(VARIABLE) else uuid.uuid4().hex[:12]
