"""`ChatSettings`: model, client and parameters of the Python calls, and the validation of their keywords."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.client.request_body import is_answer_type
from openrouter_nb.components.unset import UNSET
from openrouter_nb.conversation.answer_stream import AnswerStream
from openrouter_nb.conversation.defaults import check_client, close_with_loop, default_model, shared_client
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.replay.client import ReplayChat
from openrouter_nb.replay.file import open_file
from openrouter_nb.replay.mode import mode_of
from openrouter_nb.replay.path import replay_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.client import ChatStream, OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.agent.agent_options import AgentOptions
    from openrouter_nb.conversation.agent.tool_loop_stream import ToolLoopStream

# Keywords that are not request fields.
_CALL_OPTIONS = ("extra_body", "http_headers", "on_retry", "replay", "retries", "server_url", "timeout_ms")
_AGENT_KEYWORDS = ("approve", "limits", "on_event", "repairs", "schema")
#: Keywords of the calls beside their own arguments.
KEYWORDS = frozenset({*PARAMETERS, *_CALL_OPTIONS, *_AGENT_KEYWORDS}) - {"messages", "stream"}


class PendingTurnProtocol(Protocol):
    """A turn that can be sent, and recorded when complete."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages to send."""

    @property
    def called(self) -> dict[str, Any]:
        """Fields for a request without tools whose history contains tool calls: `tools` and `tool_choice`, or `{}`."""

    def record(
        self,
        result: ChatResult,
        *,
        tool_messages: Sequence[dict[str, Any]] = (),
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Record the complete turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """Settings of a call.

    Attributes:
        model: Model id; None for the default.
        client: The client; None for the shared one.
        parameters: Fields of the request and options of the call.

    Raises:
        TypeError: `client` is not a client.
    """

    model: str | None = None
    client: OpenRouter | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.client is not None:
            check_client(self.client)

    def changed(self, *, model: str | None, parameters: Mapping[str, Any]) -> ChatSettings:
        """Return these settings with some replaced."""
        return ChatSettings(
            model=model or self.model, client=self.client, parameters={**self.parameters, **parameters}
        )

    def send(
        self, turn: PendingTurnProtocol, on_paid: Callable[[ChatResult], object] | None = None
    ) -> AnswerStream:
        """Return the unsent answer stream of a turn, which is recorded when the answer is complete.

        Args:
            turn: The turn.
            on_paid: Called with each billed response, complete or not.
        """
        __tracebackhide__ = True
        client = self.client or shared_client()
        options = self._agent_options()
        request = self._request(turn, options)
        messages = request["messages"]
        mode = mode_of(request.pop("replay", None))
        replay = None if mode == "live" else ReplayChat(client, mode, open_file(replay_path()))
        chat = replay or client.chat

        loops: list[ToolLoopStream] = []

        async def send() -> ChatStream | ToolLoopStream:
            if self.client is None:
                await close_with_loop(client)
            if options is not None:
                loops.append(options.stream(chat.send_async, request))
                return loops[-1]
            return await chat.send_async(stream=True, **request)

        def on_end(result: ChatResult, *, complete: bool) -> None:
            if complete:
                loop = loops[-1].loop if loops else None
                turn.record(
                    result,
                    tool_messages=loop.new_messages if loop else (),
                    tools=loop.called_tools if loop else (),
                )
            if on_paid is not None:
                replies = loops[-1].loop.replies if loops else [result]
                for reply in replay.paid(replies) if replay else replies:
                    on_paid(reply)

        return AnswerStream(send, messages, on_end, replay=replay)

    def first_request(self, turn: PendingTurnProtocol) -> dict[str, Any]:
        """Return the first request of a turn as it is sent, with its tools and response format: for cost estimates."""
        options = self._agent_options()
        request = self._request(turn, options)
        return request | (options.request_fields(request) if options is not None else {})

    def _request(self, turn: PendingTurnProtocol, options: AgentOptions | None) -> dict[str, Any]:
        """Return the request of a turn without the fields that a `ToolLoop` adds."""
        request = {**self.parameters, "model": self.model or default_model(), "messages": turn.messages}
        for name in _AGENT_KEYWORDS:
            request.pop(name, None)
        if options is not None:
            request.pop("tools", None)
        if not (request.get("tools") or (options is not None and options.toolset.definitions)):
            request |= turn.called
        return request

    def _agent_options(self) -> AgentOptions | None:
        """Return the options of a request that needs a tool loop, else None, without importing one."""
        __tracebackhide__ = True
        given = {
            name: self.parameters[name] for name in ("tools", *_AGENT_KEYWORDS) if name in self.parameters
        }
        response_format = self.parameters.get("response_format")
        schema = given.get("schema")
        if schema is not None and response_format not in (None, UNSET, schema):
            raise TypeError(
                "schema and response_format exclude each other: each is the format of the answer."
            )
        if schema is None and is_answer_type(response_format):
            given["schema"] = response_format
        if not given:
            return None
        from openrouter_nb.conversation.agent.agent_options import AgentOptions

        options = AgentOptions.of(given.pop("tools", None), **given)
        return options if options.needs_loop else None


def check_keywords(function: str, parameters: Mapping[str, Any], *own: str) -> None:
    """Reject unknown keywords.

    Args:
        function: Name of the called function, for the message.
        parameters: Keywords to check.
        own: Named parameters of the function, as further suggestions.

    Raises:
        TypeError: an unknown keyword; the message suggests the nearest one.
    """
    __tracebackhide__ = True
    known = KEYWORDS | set(own)
    for name in parameters:
        if name in ("messages", "stream"):
            raise TypeError(f"{function} sets {name} itself. Use OpenRouter().chat.send({name}=…).")
        if name not in known:
            raise TypeError(
                f"{function} has no parameter {name!r}.{nearest(name, known)} Use extra_body= for newer ones."
            )
