"""Playground state: parameters, thread, columns. Widget traits and requests derive from it."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.client.request_body import build_body
from openrouter_nb.client.resources.model_catalog import ModelCatalog
from openrouter_nb.playground.parameters import model_capabilities, routing
from openrouter_nb.playground.parameters.request_checks import problems
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.media_store import MediaStore
from openrouter_nb.playground.state.messages import drafted
from openrouter_nb.playground.state.state_loop import StateLoop
from openrouter_nb.playground.state.thread import Thread
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.playground.state.usage_history import UsageHistory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.output import OutputSchema
    from openrouter_nb.playground.state.exchange_record import ExchangeRecord
    from openrouter_nb.playground.state.thread_items import ThreadItem
    from openrouter_nb.tools.tool import Approval

MAX_COLUMNS = 4


@dataclass(slots=True)
class Column:
    """One model that the conversation is put to.

    Attributes:
        id: `c1` and so on; never used twice.
        model: Its id, with suffix.
        overrides: Parameters of its own.
        status: `idle`, `running`, `waiting`, `finished`, `stopped`, `failed`.
        run: The run that is going on.
        item: The place in the conversation of its last run.
        stats: `answer_stats` of its last answer.
        error: What ended its last run.
        record: Its last exchange.
        retry_at: When it is asked again by itself, by the loop's clock.
        tools_running: Whether tool calls run.
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
    """What is being written in the composer."""

    text: str = ""
    role: str = "user"
    attachments: list[dict[str, Any]] = field(default_factory=list)
    rev: int = 0


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
        self.thread = Thread()
        self.draft = Draft()
        self.columns: list[Column] = []
        self.catalog = ModelCatalog(client)
        self.media = MediaStore()
        self.usage = UsageHistory()
        #: Functions of the notebook that models may call, by the name under which they are offered.
        self.tools: dict[str, Any] = {}
        self.policies: dict[str, Approval | Literal["manual"]] = {}
        #: The type that Python asks answers to have, as long as the request says so.
        self.schema: OutputSchema | None = None
        self.routing_error = ""
        self.preset = ""
        self.preset_state: Any = None
        #: Whether a page has ever shown the panel.
        self.is_seen = False
        #: The class of the outputs that hold the conversation, which its panel hides while it is on screen.
        self.saved_output_class = f"orn-kept-{uuid.uuid4().hex[:12]}"
        self._numbers = itertools.count(1)

    def variable(self) -> str:
        """Return the name under which the notebook has this playground, `""` where it has none."""
        for name, value in dict(self.namespace()).items():
            # By its class first: to ask just any object for an attribute may do something.
            if type(value).__name__ == "Playground" and not name.startswith("_"):
                controller = getattr(value, "_controller", None)
                if getattr(controller, "state", None) is self:
                    return name
        return ""

    # -------------------------------------------------------------------------------------------------- columns

    def add_column(self, model: str) -> Column:
        """Add a column, at most four."""
        if len(self.columns) >= MAX_COLUMNS:
            raise PlaygroundError(f"There is room for {MAX_COLUMNS} models side by side.")
        column = Column(f"c{next(self._numbers)}", model)
        self.columns.append(column)
        return column

    def column(self, id_: str) -> Column:
        """Return a column.

        Raises:
            PlaygroundError: there is none.
        """
        for column in self.columns:
            if column.id == id_:
                return column
        raise PlaygroundError("That column was removed.")

    # -------------------------------------------------------------------------------------------------- parameters

    def effective_params(self, column: Column) -> dict[str, Any]:
        """Return everything that is set for a column, sent or not."""
        return dotted_path.merge(self.params, column.overrides)

    def supported(self, column: Column) -> set[str] | None:
        """Return the parameters that a column's model takes; None where nobody knows.

        Once providers are pinned it is what their endpoints take, together.
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
        """Return the parameters that are set and not sent, because the column's model does not take them."""
        supported = self.supported(column)
        if supported is None:
            return []
        return [
            name
            for name in self.effective_params(column)
            if name not in self.forced and not model_capabilities.takes(name, supported)
        ]

    def request_params(self, column: Column) -> dict[str, Any]:
        """Return the parameters that a column sends, `model` and `messages` not among them."""
        left_out = set(self.ignored_by(column))
        sent = {name: value for name, value in self.effective_params(column).items() if name not in left_out}
        if not sent.get("tools"):
            sent.pop("tool_choice", None)
        return sent

    def request(self, column: Column, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the keyword arguments of `chat.send_async` for a column."""
        return {
            "model": column.model,
            "messages": messages,
            **self._called(column, messages),
            **self.request_params(column),
        }

    def _called(self, column: Column, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return what a request without tools says of those that were called before, as `PendingTurn.called` does."""
        asked = [call for message in messages for call in message.get("tool_calls") or ()]
        names = dict.fromkeys(str((call.get("function") or {}).get("name")) for call in asked)
        tools = [self.tools[name].definition for name in names if name in self.tools]
        return (
            {"tools": tools, "tool_choice": "none"}
            if tools and not self.effective_params(column).get("tools")
            else {}
        )

    def body(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the body of a request as JSON types, as it is sent.

        Raises:
            ConfigurationError: it cannot be sent.
            TypeError: a parameter that does not exist.
        """
        given = dict(request)
        streams = given.pop("stream", None) is not False
        return build_body(given, stream=streams)

    def current_body(self, column: Column) -> dict[str, Any]:
        """Return the body that Send would send for a column, what the composer holds included.

        Raises:
            ConfigurationError: it cannot be sent.
        """
        request = self.request_now(column)
        messages = request["messages"]
        # A body needs a message; without one the rest of the request is validated and shown.
        body = self.body({**request, "messages": messages or [{"role": "user", "content": ""}]})
        return body if messages else {**body, "messages": []}

    def request_now(self, column: Column) -> dict[str, Any]:
        """Return the request that Send would send for a column, what the composer holds included, not validated."""
        messages = self.thread.messages(column.id)
        draft = self.draft
        if draft.text.strip() or draft.attachments:
            messages = [*messages, drafted(draft.text, draft.role, draft.attachments)]
        return self.request(column, messages)

    def take_draft(self, text: str, role: str) -> ThreadItem | None:
        """Put what the composer holds at the end of the conversation, and empty it; None where it holds nothing."""
        draft = self.draft
        if not text.strip() and not draft.attachments:
            return None
        item = self.thread.insert(len(self.thread), drafted(text, role, draft.attachments))
        # After instructions, or a beginning of the answer, a question is written next.
        self.draft = Draft(rev=draft.rev + 1)
        return item

    # -------------------------------------------------------------------------------------------------- problems

    def problems(self) -> list[dict[str, Any]]:
        """Return what is wrong with what is set: for all, and for the overrides of single columns."""
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
        """Return why nothing can be sent, `""` where it can."""
        if any(column.run for column in self.columns):
            return "An answer is being written."
        if any(column.tools_running for column in self.columns):
            return "A tool is running."
        return next((item["message"] for item in self.problems() if item["level"] == "error"), "")
