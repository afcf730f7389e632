"""`chat`, `achat` and `stream`: one question from Python code, on the same engine as a chat cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.conversation.answer_stream import AnswerStream
from openrouter_nb.conversation.defaults import close_with_the_loop, default_model, shared_client
from openrouter_nb.conversation.history import Conversation, PendingTurn
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.prompt.user_message import user_message
from openrouter_nb.replay import mode_of, open_file, replay_path
from openrouter_nb.replay.client import ReplayChat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.client import ChatStream, OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.agent.agent_options import AgentOptions
    from openrouter_nb.conversation.agent.tool_loop_stream import ToolLoopStream
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.chat import Chat
    from openrouter_nb.replay import Mode

# Keywords that are no fields of the request.
_CALL_OPTIONS = ("extra_body", "http_headers", "on_retry", "replay", "retries", "server_url", "timeout_ms")
_AGENT_KEYWORDS = ("approve", "limits", "on_event", "repairs", "schema")
_OWN = ("model", "system", "images", "files")


class PendingTurnProtocol(Protocol):
    """What is asked, and takes note of a whole answer."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What to send."""

    @property
    def called(self) -> dict[str, Any]:
        """What a request without tools of its own says of tools that were called before."""

    def record(
        self,
        result: ChatResult,
        *,
        between: Sequence[dict[str, Any]] = (),
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Remember."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """How to ask.

    Attributes:
        model: Model id; None for the default.
        client: What sends; None for the one that all calls share.
        parameters: Fields of the request and options of the call.
    """

    model: str | None = None
    client: OpenRouter | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, *, model: str | None, parameters: Mapping[str, Any]) -> ChatSettings:
        """Return these settings with some replaced."""
        return ChatSettings(
            model=model or self.model, client=self.client, parameters={**self.parameters, **parameters}
        )

    def ask(
        self, turn: PendingTurnProtocol, count: Callable[[ChatResult], object] | None = None
    ) -> AnswerStream:
        """Return the stream of a turn's answer; the turn is recorded when the answer is whole.

        Args:
            turn: What to ask.
            count: Called with each reply that was paid for, whole or not.
        """
        client = self.client or shared_client()
        messages = turn.messages
        options = self._agent_options()
        request = {**self.parameters, "model": self.model or default_model(), "messages": messages}
        for name in _AGENT_KEYWORDS:
            request.pop(name, None)
        if options is not None:
            request.pop("tools", None)
        if not (request.get("tools") or (options is not None and options.toolset.definitions)):
            request |= turn.called
        mode = mode_of(request.pop("replay", None))
        replay = None if mode == "live" else ReplayChat(client, mode, open_file(replay_path()))
        door = replay or client.chat

        loops: list[ToolLoopStream] = []

        async def send() -> ChatStream | ToolLoopStream:
            if self.client is None:
                await close_with_the_loop(client)
            if options is not None:
                loops.append(options.stream(door.send_async, request))
                return loops[-1]
            return await door.send_async(stream=True, **request)

        def ended(result: ChatResult, *, complete: bool) -> None:
            if complete:
                loop = loops[-1].loop if loops else None
                turn.record(
                    result, between=loop.new_messages if loop else (), tools=loop.called_tools if loop else ()
                )
            if count is not None:
                replies = loops[-1].loop.replies if loops else [result]
                for reply in replay.paid(replies) if replay else replies:
                    count(reply)

        return AnswerStream(send, messages, ended, replay=replay)

    def _agent_options(self) -> AgentOptions | None:
        """Return the options of a request that needs a tool loop, else None, without importing one."""
        given = {
            name: self.parameters[name] for name in ("tools", *_AGENT_KEYWORDS) if name in self.parameters
        }
        if not given:
            return None
        from openrouter_nb.conversation.agent.agent_options import AgentOptions

        options = AgentOptions.of(given.pop("tools", None), **given)
        return options if options.needs_loop else None


def chat(
    prompt: Any,
    *,
    model: str | None = None,
    system: str | None = None,
    images: Any = (),
    files: Any = (),
    client: OpenRouter | None = None,
    chat: Chat | None = None,
    replay: Mode | None = None,
    **parameters: Any,
) -> Answer:
    """Ask a model and wait for its answer. Works in a cell, in a script, and where an event loop runs.

    Ctrl-C ends the request, and what it costs where the provider can be stopped.

    Args:
        prompt: What to ask: text, a data frame, a figure, or a list of such.
        model: Model id; `OPENROUTER_NB_MODEL`, else `openrouter/auto`, if left out.
        system: System prompt.
        images: A picture or a list of them: an address, a path, bytes, a figure, a PIL image.
        files: Likewise, of any kind: text, PDF, pictures, sound.
        client: An `OpenRouter` of your own; otherwise all calls share one, which takes the key from the environment.
        chat: A `Chat` to go on with; otherwise nothing is remembered.
        replay: `auto` answers what was asked before from a file beside the notebook, unpaid, and keeps what was not;
            `only` never sends; `live`, the default, always does. `OPENROUTER_NB_REPLAY` sets another default.
        **parameters: Any other field of the request, such as `temperature=0.2` or `max_completion_tokens=500`:
            `openrouter_nb.parameters` lists them. And `timeout_ms`, `retries`, `extra_body`, as for `chat.send`.
            `tools=[function]` lets the model call functions, each call after a yes: `approve` is `"ask"` (the default),
            `"auto"`, or a function of the call; `limits=Limits(...)` bounds them, `on_event` hears of them.
            `schema=` is a type whose object comes back as `.parsed`; `repairs=1` lets the model correct itself once.

    Returns:
        The answer: `str()` of it is its text, and a cell that ends with it shows it.

    Raises:
        TypeError: an unknown keyword, with the nearest one.
        PromptError: there is no prompt, or it has no form that can be sent.
        OpenRouterError: the request failed; `error.partial` holds what had arrived.
        WrongAnswerError: the answer is not of the type `schema`; `error.problems` says where.

    Example:
        >>> from openrouter_nb import chat
        >>> answer = chat("Say hello.", model="demo/parrot", temperature=0)
        >>> print(answer)
        Say hello.
        >>> answer.usage.completion_tokens
        3
    """
    __tracebackhide__ = True
    return stream(
        prompt,
        model=model,
        system=system,
        images=images,
        files=files,
        client=client,
        chat=chat,
        replay=replay,
        **parameters,
    ).wait()


async def achat(
    prompt: Any,
    *,
    model: str | None = None,
    system: str | None = None,
    images: Any = (),
    files: Any = (),
    client: OpenRouter | None = None,
    chat: Chat | None = None,
    replay: Mode | None = None,
    **parameters: Any,
) -> Answer:
    """Ask a model and await its answer. Arguments, value and errors are those of `chat`.

    Example:
        >>> import asyncio
        >>> from openrouter_nb import achat
        >>> async def both():
        ...     return await asyncio.gather(achat("One", model="demo/parrot"), achat("Two", model="demo/parrot"))
        >>> [answer.text for answer in asyncio.run(both())]
        ['One', 'Two']
    """
    __tracebackhide__ = True
    return await stream(
        prompt,
        model=model,
        system=system,
        images=images,
        files=files,
        client=client,
        chat=chat,
        replay=replay,
        **parameters,
    ).wait_async()


def stream(
    prompt: Any,
    *,
    model: str | None = None,
    system: str | None = None,
    images: Any = (),
    files: Any = (),
    client: OpenRouter | None = None,
    chat: Chat | None = None,
    replay: Mode | None = None,
    **parameters: Any,
) -> AnswerStream:
    """Ask a model and go through its answer as it is written. Arguments and errors are those of `chat`.

    Returns:
        The pieces of the text, for `for` and for `async for`. Nothing is sent before the first; leaving the loop, an
        error and an interrupt close the request. `.answer` is the answer, `.reasoning` what the model thought.

    Example:
        >>> from openrouter_nb import stream
        >>> pieces = stream("Count to three.", model="demo/parrot")
        >>> for piece in pieces:
        ...     print(piece, end="|")
        Count| to| three.|
        >>> pieces.answer.finish_reason
        'stop'
    """
    __tracebackhide__ = True
    check_keywords("chat()", parameters, *_OWN, "client", "chat")
    if replay is not None:
        parameters["replay"] = replay
    if chat is not None:
        return chat.stream(prompt, model=model, system=system, images=images, files=files, **parameters)
    settings = ChatSettings(model=model, client=client, parameters=parameters)
    question = user_message(prompt, images, files)
    return settings.ask(PendingTurn(Conversation(), question, system, None))


def check_keywords(function: str, parameters: Mapping[str, Any], *own: str) -> None:
    """Refuse a keyword that nothing takes, before anything is made.

    Args:
        function: What was called, for the message.
        parameters: The keywords that it does not know itself.
        own: Those that it does, for the message.

    Raises:
        TypeError: with the nearest keyword.
    """
    __tracebackhide__ = True
    known = {*PARAMETERS, *_CALL_OPTIONS, *_AGENT_KEYWORDS, *own} - {"messages", "stream"}
    for name in parameters:
        if name in ("messages", "stream"):
            raise TypeError(f"{function} makes {name} itself. OpenRouter().chat.send({name}=…) takes it.")
        if name not in known:
            raise TypeError(
                f"{function} has no parameter {name!r}.{nearest(name, known)} Use extra_body= for newer ones."
            )
