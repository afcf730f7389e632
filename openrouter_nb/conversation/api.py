"""`chat`, `achat` and `stream`: send a prompt from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.call_settings import ChatSettings, check_keywords
from openrouter_nb.conversation.history import Conversation, PendingTurn
from openrouter_nb.parameters import shown
from openrouter_nb.prompt.user_message import user_message

if TYPE_CHECKING:
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.chat import Chat
    from openrouter_nb.replay.mode import Mode

_OWN = ("model", "system", "images", "files")


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
    """Send a prompt to a model and wait for the answer. Works in cells, in scripts, and inside a running event loop.

    Ctrl-C cancels the request, which also ends billing if the provider supports cancellation.

    Args:
        prompt: Text, a data frame, a figure, or a list of these.
        model: Model id. Default: `OPENROUTER_NB_MODEL`, else `openrouter/auto`.
        system: System prompt.
        images: An image or a list of images: URL, path, bytes, figure or PIL image.
        files: A file or a list of files of any supported kind: text, PDF, images, audio, video.
        client: An `OpenRouter` client. Default: a shared one, with the key from the environment.
        chat: A `Chat` to continue. Default: a request without history.
        replay: `auto` answers known requests from a file next to the notebook, at no cost, and records new answers;
            `only` never sends; `live`, the default, always sends. `OPENROUTER_NB_REPLAY` sets another default.
        **parameters: Any other field of the request, such as `temperature=0.2` or `max_completion_tokens=500`:
            `openrouter_nb.parameters` lists them. Also `timeout_ms`, `retries`, `extra_body`, as for `chat.send`.
            `tools=[function]` lets the model call functions; `approve` is `"ask"` (the default), `"auto"`, or a function
            of the call; `limits=Limits(...)` limits the calls, and `on_event` is called with each event.
            `schema=` is the type of `.parsed`; `repairs=1` lets the model correct an invalid answer once.

    Returns:
        The answer. `str()` returns its text; as the value of a cell it is rendered.

    Raises:
        TypeError: an unknown keyword; the message suggests the nearest one.
        PromptError: the prompt is empty or cannot be converted.
        OpenRouterError: the request failed; `error.partial` is the partial result.
        WrongAnswerError: the answer does not match `schema`; `error.problems` lists the problems, `error.answer` is the answer.
        KeyboardInterrupt: Ctrl-C. This, a cancellation (`asyncio.CancelledError`) and an exception of your callback have
            `.partial` as well, if a part of the answer has arrived.

    Example:
        >>> from openrouter_nb import chat
        >>> answer = chat("Say hello.", model="openai/gpt-5-mini")
        >>> print(answer)
        Hello!
        >>> answer.finish_reason
        'stop'
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
    """Like `chat`, but awaitable. Arguments, return value and errors are the same.

    Example:
        >>> import asyncio
        >>> from openrouter_nb import achat
        >>> async def both():
        ...     return await asyncio.gather(achat("Say tree in French."), achat("Say sea in Italian."))
        >>> [answer.text for answer in asyncio.run(both())]
        ['arbre', 'mare']
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
    """Send a prompt and iterate over the answer as it is generated. Arguments and errors are those of `chat`.

    Returns:
        The text pieces, for `for` and `async for`. The request is sent on the first iteration; leaving the loop, an
        error and an interrupt close it. `.answer` is the answer, `.reasoning` the reasoning.

    Example:
        >>> from openrouter_nb import stream
        >>> pieces = stream("Count to three.", model="openai/gpt-5-mini")
        >>> for piece in pieces:
        ...     print(piece, end="|")
        One,| two,| three.|
        >>> pieces.answer.finish_reason
        'stop'
    """
    __tracebackhide__ = True
    check_keywords("chat()", parameters, *_OWN, "client", "chat")
    if replay is not None:
        parameters["replay"] = replay
    if isinstance(chat, type):
        raise TypeError(f"chat takes a conversation, such as Chat(), not {shown(chat)}.")
    if chat is not None:
        return chat.stream(prompt, model=model, system=system, images=images, files=files, **parameters)
    settings = ChatSettings(model=model, client=client, parameters=parameters)
    question = user_message(prompt, images, files)
    return settings.send(PendingTurn(Conversation(), question, system, None))
