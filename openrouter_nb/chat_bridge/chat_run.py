"""One chat request of a page: a `ToolLoop` whose events become deltas of a live answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.request_body import encode
from openrouter_nb.components.unset import UNSET
from openrouter_nb.conversation.agent.events import (
    ChunksReceived,
    Event,
    RequestStarted,
    ResponseCompleted,
    Retrying,
    ToolCallsRequested,
    ToolCallUpdated,
)
from openrouter_nb.conversation.agent.tool_loop import LoopRequest, ToolLoop
from openrouter_nb.errors import InvalidRequestError, OpenRouterError, StreamError
from openrouter_nb.live.answer import LiveAnswer
from openrouter_nb.live.feed.event_feed import EventFeed
from openrouter_nb.live.session_budget import current_budget
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.render.errors.banners import banner
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.replay.client import ReplayChat
from openrouter_nb.tools.tool_call import Decision, Refuse, Respond, Run, RunWith

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.chat_bridge.costs import CostAccount, Reservation
    from openrouter_nb.chat_bridge.policy import AllowedRequest
    from openrouter_nb.client import Chat
    from openrouter_nb.client.resources.model_catalog import ModelCatalog
    from openrouter_nb.components import ChatResult
    from openrouter_nb.components.responses.media_parts import MediaPart
    from openrouter_nb.conversation.agent.limits import Limits
    from openrouter_nb.live.feed.delta_feed import DeltaFeed
    from openrouter_nb.live.protocol import Phase
    from openrouter_nb.tools.approval import Approve
    from openrouter_nb.tools.tool_call import ToolCall


class ChatRun:
    """One chat request, from its body to the reply. Call every method on the event loop of the bridge.

    Args:
        run: Id of the answer, chosen by the page.
        request: The request.
        feed: Sends the live answer.
        account: Counts the costs.
        catalog: The prices.
        chat: Sends the requests; a `ReplayChat` uses a replay file.
        approve: Decides about tool calls; None for the page.
        limits: Bounds of the tool calls.
        options: Options of the calls: `timeout_ms`, `http_headers`.
    """

    def __init__(
        self,
        run: str,
        request: AllowedRequest,
        *,
        feed: DeltaFeed,
        account: CostAccount,
        catalog: ModelCatalog,
        chat: Chat,
        approve: Approve | None,
        limits: Limits,
        options: Mapping[str, Any],
    ) -> None:
        self._request = request
        self._streams = bool(request.body.get("stream"))
        # The calls of a request without functions of the kernel belong to the page.
        self._executes = bool(request.toolset)
        self._feed = feed
        self._account = account
        self._catalog = catalog
        self._chat = chat
        self._page_decides = approve is None
        self._options = options
        self._loop = ToolLoop(chat.send_json_async, self._next_request, approve=approve, limits=limits)
        self._live = LiveAnswer(run, str(request.body.get("model") or ""))
        self._events = EventFeed(self._live, feed, _media_part, call_state="proposed")
        self._reservation: Reservation | None = None

    async def answer(self) -> dict[str, Any]:
        """Send the requests, execute the tool calls, and return the result as the service's JSON.

        Cancelling it closes the request.

        Raises:
            BridgeRefusedError: a limit of cost would be exceeded.
            OpenRouterError: a request failed.
        """
        phase: Phase = "failed"
        if self._account.is_limited:
            await self._catalog.try_load()
        if self._streams or self._executes:
            self._feed.begin(self._live)
        try:
            await self._loop.run(self._on_event)
            phase = "finished"
        except asyncio.CancelledError:
            phase = "stopped"
            self._settle(None, self._loop.partial_response)
            raise
        except Exception as error:
            partial = error.partial if isinstance(error, OpenRouterError) else self._loop.partial_response
            self._settle(_cost_of_failure(error), partial)
            raise
        finally:
            if self._feed.find(self._live.run) is not None:
                self._feed.finish(self._live, phase)
        return self._loop.total.model_dump(mode="json", exclude_unset=True)

    def decide(self, id_: str, decision: str, value: str) -> None:
        """Decide about a tool call that waits.

        Args:
            id_: Id of the call.
            decision: `run`, `run_with`, `respond` or `refuse`.
            value: Arguments as JSON text, the result, or the reason.

        Raises:
            InvalidRequestError: no call with this id waits for the page, or the arguments are invalid.
        """
        call = next((call for call in self._loop.calls if call.id == id_), None)
        if call is None or not self._page_decides or call.status != "waiting" or call.is_decided:
            raise InvalidRequestError(f"No tool call {id_!r:.80} waits for a decision.")
        decisions: dict[str, Decision] = {
            "run": Run(),
            "run_with": RunWith(value or "{}"),
            "respond": Respond(value),
            "refuse": Refuse(value),
        }
        try:
            call.decide(decisions[decision])
        except WrongValueError as error:
            raise InvalidRequestError(f"The arguments are wrong. {error}") from None

    # -------------------------------------------------------------------------------------------------- the loop

    def _next_request(self, loop: ToolLoop) -> LoopRequest | None:
        request = self._request
        if loop.responses and not self._executes:
            return None
        body, text = request.body, request.text
        if self._executes:
            body = {**body, "messages": [*body["messages"], *loop.new_messages], **request.toolset.request()}
            text = encode(body).decode()
        self._reservation = self._account.reserve(body, self._catalog)
        fields = {"body": text, "stream": self._streams, **self._options}
        return LoopRequest(fields=fields, toolset=request.toolset if self._executes else None)

    def _settle(self, usd: float | None, result: ChatResult | None) -> None:
        """Count the cost of the last request, and its result in the session of the notebook."""
        if self._reservation is None:
            return
        self._account.settle(self._reservation, usd)
        self._reservation = None
        if result is not None and (budget := current_budget()) is not None:
            budget.count("widgets", self._live.model, result)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RequestStarted):
            self._events.start_response()
        elif isinstance(event, ResponseCompleted):
            if self._was_replayed:
                self._settle(0.0, None)
            else:
                self._settle(_reported_cost(event.result), event.result)
        elif not (self._streams or self._executes):
            return
        elif isinstance(event, Retrying):
            title, attempt = banner(event.attempt.error).title, event.attempt
            self._feed.tell(self._live, "waiting", title, wait_s=attempt.waited_s, attempt=attempt.number)
        elif isinstance(event, ChunksReceived):
            if self._streams:
                self._events.show(event.events)
        elif isinstance(event, (ToolCallsRequested, ToolCallUpdated)) and self._executes:
            self._events.show_calls(self._phase, [_call(call) for call in self._loop.calls])

    @property
    def _was_replayed(self) -> bool:
        return isinstance(self._chat, ReplayChat) and self._chat.served[-1]

    @property
    def _phase(self) -> Phase:
        statuses = {call.status for call in self._loop.calls}
        if "waiting" in statuses:
            return "waiting"
        return "calling" if "running" in statuses else "processing"


def call_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the calls for a chat message of a page."""
    options = {"timeout_ms": given.get("timeout_ms", UNSET), "http_headers": given.get("headers", UNSET)}
    return {name: value for name, value in options.items() if value is not UNSET}


def _reported_cost(result: ChatResult) -> float | None:
    return result.usage.cost if result.usage else None


def _cost_of_failure(error: Exception) -> float | None:
    """Return the cost of a failed request; None if a part of the answer has arrived, which may be billed."""
    if not isinstance(error, OpenRouterError):
        return None
    if error.partial is not None:
        return _reported_cost(error.partial)
    return None if isinstance(error, StreamError) else 0.0


def _media_part(part: MediaPart) -> dict[str, Any]:
    return {"type": part.kind, "ref": "", "name": part.kind, "media_type": "", "bytes": 0, "url": part.url}


def _call(call: ToolCall) -> dict[str, Any]:
    """Return a call as pages get it. Escaped, because the user decides by what is visible."""
    shown = {"name": call.name, "arguments": call.arguments_text if call.edited else call.proposed}
    if call.tool is not None:
        shown["signature"] = call.signature
    if call.output:
        shown["output"] = call.output
    if call.has_ended:
        shown["result"] = call.text
    return {
        "id": call.id,
        "state": call.status,
        **{name: escape_control(text) for name, text in shown.items()},
    }
