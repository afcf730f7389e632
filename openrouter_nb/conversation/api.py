"""`chat`, `achat` and `stream`: one question from Python code, on the same engine as a chat cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.call_settings import ChatSettings, check_keywords
from openrouter_nb.conversation.history import Conversation, PendingTurn
from openrouter_nb.prompt.user_message import user_message

if TYPE_CHECKING:
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.chat import Chat
    from openrouter_nb.replay import Mode

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
