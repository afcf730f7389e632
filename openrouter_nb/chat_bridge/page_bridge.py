"""`bridge()`: answer the chat requests of the pages of a widget through a client of the kernel."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.chat_bridge import protocol
from openrouter_nb.chat_bridge.chat_run import ChatRun, call_options
from openrouter_nb.chat_bridge.costs import CostAccount
from openrouter_nb.chat_bridge.policy import BridgePolicy
from openrouter_nb.chat_bridge.sdk_errors import named_error, sdk_error
from openrouter_nb.client.resources.model_catalog import ModelCatalog
from openrouter_nb.conversation.defaults import check_client, shared_client
from openrouter_nb.errors import BridgeRefusedError, InvalidRequestError
from openrouter_nb.live.feed.delta_feed import DeltaFeed
from openrouter_nb.live.feed.executed_requests import ExecutedRequests
from openrouter_nb.live.feed.message_relay import with_nulls
from openrouter_nb.live.protocol import snapshot_message
from openrouter_nb.live.state_loop import StateLoop
from openrouter_nb.replay.client import ReplayChat
from openrouter_nb.replay.file import open_file
from openrouter_nb.replay.mode import mode_of
from openrouter_nb.replay.path import replay_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from openrouter_nb.chat_bridge.protocol import PageMessage
    from openrouter_nb.client import Chat, OpenRouter
    from openrouter_nb.conversation.agent.limits import Limits
    from openrouter_nb.replay.mode import Mode

_MAX_ABORTED = 500
_MODEL_FIELDS = (
    *("id", "name", "description", "context_length", "architecture", "pricing", "top_provider"),
    *("supported_parameters", "reasoning"),
)
_ATTRIBUTE = "_openrouter_nb_bridge"


class Bridge:
    """Answers the chat requests of the pages of one widget. Created by `bridge()` and `ChatBridge`.

    Requests run on the client's background loop, so answers also arrive while a cell computes.

    Args:
        widget: The widget: `on_msg`, `send`, `observe` and `comm` are used.
        policy: What its pages may request.
        client: Sends the requests.
        replay: Mode of the replay file, as for `chat()`.

    Raises:
        ConfigurationError: an unknown mode.
    """

    def __init__(
        self, widget: Any, policy: BridgePolicy, client: OpenRouter, replay: Mode | None = None
    ) -> None:
        self.policy = policy
        self._widget = widget
        self._client = client
        self._mode = mode_of(replay)
        self._replay_path = None if self._mode == "live" else replay_path()
        self._loop = StateLoop()
        self._feed = DeltaFeed(lambda message: self._send(protocol.marked(message)))
        self._account = CostAccount(policy.max_cost, policy.max_cost_per_minute)
        self._catalog = ModelCatalog(client)
        lost = named_error("UnexpectedClientError", "The reply of this request is no longer stored.")
        self._executed: ExecutedRequests[dict[str, Any]] = ExecutedRequests({"ok": False, "error": lost})
        self._tasks: dict[str, asyncio.Task[Any] | None] = {}
        self._runs: dict[str, ChatRun] = {}
        self._aborted: dict[str, None] = {}
        self._is_closed = False
        widget.on_msg(self._receive)
        widget.observe(self._on_comm, "comm")
        self._watch(widget.comm)

    @property
    def cost(self) -> float:
        """US dollars of the requests that have ended, as OpenRouter reported them.

        With a limit of cost, a request that was aborted counts with its estimate, because its cost is not reported.
        """
        return self._account.spent

    @property
    def requests(self) -> int:
        """Number of requests that were sent to the service, those after tool calls included, retries not."""
        return self._account.requests

    @property
    def running(self) -> int:
        """Number of chat requests of pages that have no reply yet."""
        return len(self._tasks)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed: chat requests are refused."""
        return self._is_closed

    def close(self) -> None:
        """End the running requests, and refuse later ones. Called when the widget is closed; safe to call twice."""
        if not self._is_closed:
            self._is_closed = True
            self._loop.close()

    def detach(self) -> None:
        """Close, and stop receiving messages of the widget."""
        self.close()
        self._widget.on_msg(self._receive, remove=True)
        self._widget.unobserve(self._on_comm, "comm")

    def __repr__(self) -> str:
        models = ", ".join(self.policy.models)
        return f"<Bridge to {models}: {self.requests} requests, {self.running} running>"

    # -------------------------------------------------------------------------------------------------- messages

    def _on_comm(self, change: Any) -> None:
        if change["new"] is None:
            self.close()
        else:
            self._watch(change["new"])

    def _watch(self, comm: Any) -> None:
        """Abort the running requests when a page closes the comm, of which ipywidgets does not notify."""
        if not hasattr(comm, "on_close"):
            return
        earlier = getattr(comm, "_close_callback", None)

        def closed(message: Any) -> None:
            self._loop.call_soon(self._abort_all)
            if earlier is not None:
                earlier(message)

        comm.on_close(closed)

    def _send(self, message: dict[str, Any]) -> None:
        if self._widget.comm is not None:
            self._widget.send(with_nulls(message))

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Receive a custom message of the widget, on any thread."""
        if not protocol.is_ours(content):
            return
        try:
            message = protocol.read(content)
        except protocol.PageMessageError as error:
            if error.id is not None:
                wrong = named_error("InvalidRequestError", str(error))
                self._loop.call_soon(self._send, protocol.error_message(error.id, wrong))
            return
        self._loop.call_soon(self._execute, message)

    def _execute(self, message: PageMessage) -> None:
        given = message.values
        if message.kind == "abort":
            self._abort(given["run"])
        elif message.kind == "resync":
            if (live := self._feed.find(given["run"])) is not None:
                self._send(protocol.marked(snapshot_message(live.snapshot())))
        elif not self._executed.begin(message.id):
            # The page did not receive the reply, or only after it had sent the message again.
            if (reply := self._executed.reply(message.id)) is not None:
                self._send({**protocol.reply_message(message.id, None), **reply})
        elif message.kind == "chat":
            self._begin(message)
        elif message.kind == "decide":
            try:
                self._decide(given["run"], given["call"], given["decision"], given.get("value", ""))
            except InvalidRequestError as error:
                self._finish(protocol.error_message(message.id, sdk_error(error)))
            else:
                self._finish(protocol.reply_message(message.id, None))
        else:
            self._loop.create_task(lambda: self._reply_models(message))

    def _finish(self, reply: dict[str, Any]) -> None:
        """Send the reply of a request, and store it for a page that sends the request again."""
        stored = {name: value for name, value in reply.items() if name in ("ok", "value", "error")}
        self._executed.finish(reply["id"], stored, len(json.dumps(stored, default=str)))
        self._send(reply)

    # -------------------------------------------------------------------------------------------------- requests

    def _begin(self, message: PageMessage) -> None:
        run = message.values["run"]
        try:
            if self._is_closed:
                raise BridgeRefusedError("The bridge is closed.", reason="closed")
            if run in self._aborted:
                raise asyncio.CancelledError
            if run in self._tasks:
                raise InvalidRequestError(f"An answer {run!r} is running.")
            if len(self._tasks) >= self.policy.concurrency:
                raise BridgeRefusedError(
                    f"Pages may run {self.policy.concurrency} requests at once.", reason="concurrency"
                )
        except (InvalidRequestError, BridgeRefusedError, asyncio.CancelledError) as error:
            self._finish(protocol.error_message(message.id, sdk_error(error)))
            return
        self._tasks[run] = None
        self._loop.create_task(lambda: self._chat(message))

    async def _chat(self, message: PageMessage) -> None:
        run = message.values["run"]
        self._tasks[run] = asyncio.current_task()
        reply: dict[str, Any]
        try:
            if run in self._aborted:
                raise asyncio.CancelledError
            reply = protocol.reply_message(message.id, await self._answer(run, message))
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the page waits for a reply
            reply = protocol.error_message(message.id, sdk_error(error))
        finally:
            del self._tasks[run]
            self._runs.pop(run, None)
        self._finish(reply)

    async def _answer(self, run: str, message: PageMessage) -> dict[str, Any]:
        policy = self.policy
        self._runs[run] = chat_run = ChatRun(
            run,
            policy.check(message.values),
            feed=self._feed,
            account=self._account,
            catalog=self._catalog,
            chat=self._new_chat(),
            approve=policy.approve,
            limits=policy.limits,
            options=call_options(message.values),
        )
        return await chat_run.answer()

    def _new_chat(self) -> Chat:
        if self._replay_path is None or self._mode == "live":
            return self._client.chat
        return ReplayChat(self._client, self._mode, open_file(self._replay_path))

    def _abort(self, run: str) -> None:
        task = self._tasks.get(run)
        if task is not None:
            task.cancel()
        elif run not in self._aborted:
            # Its request is not executed yet, was lost on the way, or has ended.
            self._aborted[run] = None
            if len(self._aborted) > _MAX_ABORTED:
                del self._aborted[next(iter(self._aborted))]

    def _abort_all(self) -> None:
        for run in list(self._tasks):
            self._abort(run)

    def _decide(self, run: str, call: str, decision: str, value: str) -> None:
        if run not in self._runs:
            raise InvalidRequestError(f"No answer {run!r} is running.")
        self._runs[run].decide(call, decision, value)

    async def _reply_models(self, message: PageMessage) -> None:
        await self._catalog.try_load()
        models = [self._model(name) for name in self.policy.models]
        self._finish(protocol.reply_message(message.id, models))

    def _model(self, name: str) -> dict[str, Any]:
        """Return an allowed model as the service lists it, under the id that a request names."""
        model = self._catalog.find(name)
        if model is None:
            return {"id": name, "name": name}
        listed = model.model_dump(mode="json", exclude_unset=True)
        return {**{field: listed[field] for field in _MODEL_FIELDS if field in listed}, "id": name}


def bridge(
    widget: Any,
    *,
    client: OpenRouter | None = None,
    models: str | Collection[str] | None = None,
    max_tokens: int | None = None,
    max_cost: float | None = None,
    max_cost_per_minute: float | None = None,
    tools: Any = None,
    approve: Any = None,
    limits: Limits | None = None,
    allow_fields: Collection[str] = (),
    allow_headers: Collection[str] = (),
    concurrency: int = 32,
    replay: Mode | None = None,
) -> Bridge:
    """Let the pages of a widget send chat requests, with the key in the kernel.

    In the JavaScript of the widget, `connect(model)` of `@openrouter-nb/client` sends them. An `_esm` that imports it is passed
    through `openrouter_nb.chat_bridge.widget_esm`, which `ChatBridge` does itself. By default a page may only request answers
    of one model; every other request is refused with a `BridgeRefusedError`, and nothing is sent.

    Args:
        widget: An anywidget, or another widget with `send` and `on_msg`.
        client: An `OpenRouter` client; None for the default one.
        models: The model ids that pages may request, as model and as fallback. Each exactly as in a request: list
            `openai/gpt-5-mini:online` to allow it, too. None for OPENROUTER_NB_MODEL, or openrouter/auto.
        max_tokens: Tokens of an answer at most. A request without a limit gets this one. None for no limit.
        max_cost: US dollars of all requests of the widget. A request is refused if its cost could exceed what is left, with
            the longest answer that it or its model allows; a model without a known price is refused. None for no limit. The
            budget of the session (`%chat_config budget`) applies as well, and `%chat_cost` lists the costs as `widgets`.
        max_cost_per_minute: US dollars of the requests that run or have ended within 60 s, likewise.
        tools: Functions that the model may call if the page names them in the request.
        approve: Who approves a call: `ask` or None for the page, `auto` for no one, except that the page decides about
            tools marked `approve="ask"`; or a function of a call, as for `chat()`.
        limits: Bounds of a request with tool calls; None for `Limits()`.
        allow_fields: Further fields of the body that a page may set, such as `provider`, `plugins` or `tools`: they can
            select other endpoints or cost more than the estimate.
        allow_headers: HTTP headers that a page may set.
        concurrency: Number of requests that may run at once, from 1 to 100.
        replay: As for `chat()`.

    Returns:
        What the pages spent (`cost`, in US dollars), the number of `requests` sent and `running`, and `close()`.

    Raises:
        TypeError: a keyword has the wrong type, or the widget cannot send messages.
        ValueError: a number is not within its bounds, or the widget has a bridge that is not closed.
        ConfigurationError: an unknown replay mode.

    Example:
        >>> from openrouter_nb import bridge
        >>> spent = bridge(my_widget, models="openai/gpt-5-mini", max_tokens=500, max_cost=0.10)  # doctest: +SKIP
        >>> spent.cost  # doctest: +SKIP
    """
    if not all(callable(getattr(widget, name, None)) for name in ("send", "on_msg", "observe")):
        raise TypeError(f"bridge() takes a widget, such as an anywidget, not {type(widget).__name__}.")
    if client is not None:
        check_client(client)
    policy = BridgePolicy.of(
        models,
        max_tokens=max_tokens,
        max_cost=max_cost,
        max_cost_per_minute=max_cost_per_minute,
        tools=tools,
        approve=approve,
        limits=limits,
        allow_fields=allow_fields,
        allow_headers=allow_headers,
        concurrency=concurrency,
    )
    earlier: Bridge | None = getattr(widget, _ATTRIBUTE, None)
    if earlier is not None and not earlier.is_closed:
        raise ValueError("This widget has a bridge already: close it first.")
    created = Bridge(widget, policy, client or shared_client(), replay)
    if earlier is not None:
        earlier.detach()
    setattr(widget, _ATTRIBUTE, created)
    return created
