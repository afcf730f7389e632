"""Models for `mo.ui.chat` of marimo. The panel is `mo.ui.anywidget(Playground().widget)`, or a `Playground` as a cell's value.

    import marimo as mo
    from openrouter_nb.marimo import chat_model

    mo.ui.chat(chat_model("openai/gpt-5-mini", system="Answer briefly."))

What marimo passes to a model was read in marimo 0.25.2, `marimo/_ai/_types.py` and `_plugins/ui/_impl/chat/chat.py`.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from openrouter_nb.conversation.call_settings import ChatSettings, check_keywords
from openrouter_nb.conversation.errors import WrongAnswerError
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.prompt import PromptError, attach, attach_value
from openrouter_nb.render.answer.media import element
from openrouter_nb.render.errors.banners import banner
from openrouter_nb.render.html.safe_urls import is_link

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.answer import Answer

_CONTROLS = ("max_tokens", "temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty")
_REASONING = "reasoning"


def chat_model(
    model: str | None = None,
    *,
    system: str | None = None,
    client: OpenRouter | None = None,
    use_controls: bool = False,
    **parameters: Any,
) -> Callable[[Sequence[Any], Any], AsyncIterator[str | dict[str, Any]]]:
    """Return a model for `mo.ui.chat`: the answer is shown as it arrives, with its reasoning; Stop closes the request.

    Args:
        model: Model id. Default: `OPENROUTER_NB_MODEL`, else `openrouter/auto`.
        system: System prompt.
        client: An `OpenRouter` client. Default: a shared one.
        use_controls: Whether to send the values of `show_configuration_controls=True`: max_tokens, temperature, top_p, top_k,
            frequency_penalty, presence_penalty. marimo always passes all six, also where the user has changed none of them.
        **parameters: Fields of every request and options, as for `chat()`, such as `temperature=0.2` and `tools`.

    Returns:
        A function of messages and configuration. An error of a request is shown below the answer, which keeps what arrived.

    Raises:
        TypeError: an unknown keyword; the message suggests the nearest one.
        ValueError: `use_controls` with a keyword that a control sets.
    """
    check_keywords("chat_model()", parameters, "model", "system", "client", "use_controls")
    if use_controls and (both := sorted(parameters.keys() & set(_CONTROLS))):
        raise ValueError(f"{', '.join(both)}: set by the controls of mo.ui.chat, which use_controls sends.")
    ChatSettings(client=client)  # checks its type

    async def answer(messages: Sequence[Any], config: Any) -> AsyncIterator[str | dict[str, Any]]:
        controls = _set(config) if use_controls else {}
        settings = ChatSettings(model=model, client=client, parameters={**parameters, **controls})
        try:
            async with settings.send(_Transcript(system, messages)) as pieces:
                has_begun = False
                async for piece in pieces:
                    for chunk in () if has_begun else _reasoning_chunks(pieces.reasoning):
                        yield chunk
                    has_begun = True
                    yield piece
                result = pieces.answer
                for chunk in () if has_begun else _reasoning_chunks(result.reasoning):
                    yield chunk
                for chunk in _end_chunks(result, has_text=has_begun):
                    yield chunk
        except OpenRouterError as error:
            yield {"type": "error", "errorText": _error_text(error)}
        except (PromptError, WrongAnswerError) as error:
            yield {"type": "error", "errorText": str(error)}

    return answer


class _Transcript:
    """The messages of a chat of marimo, as a turn to send. marimo keeps the conversation."""

    called: dict[str, Any] = {}  # noqa: RUF012 - of the protocol; marimo's messages have no tool calls to send back

    def __init__(self, system: str | None, messages: Sequence[Any]) -> None:
        head = [{"role": "system", "content": system}] if system else []
        self.messages = [*head, *map(_message, messages)]

    def record(self, result: ChatResult, **_: Any) -> None:
        """Do nothing: marimo records the answer."""


def _reasoning_chunks(reasoning: str) -> list[dict[str, Any]]:
    if not reasoning:
        return []
    return [
        {"type": "reasoning-start", "id": _REASONING},
        {"type": "reasoning-delta", "id": _REASONING, "delta": reasoning},
        {"type": "reasoning-end", "id": _REASONING},
    ]


def _end_chunks(answer: Answer, *, has_text: bool) -> list[dict[str, Any]]:
    """Return the media and citations of an answer, and an error for one that is empty or incomplete."""
    chunks: list[dict[str, Any]] = []
    links = [(citation.url, citation.title) for citation in answer.citations]
    for each in answer.media:
        if element(each.media_type, each.data):
            url = f"data:{each.media_type};base64,{base64.b64encode(each.data).decode()}"
            chunks.append({"type": "file", "url": url, "mediaType": each.media_type})
        elif each.url:  # the page would fetch it, so it is a link
            links.append((each.url, each.kind))
        else:
            chunks.append({"type": "error", "errorText": f"{each!r} is of a type that is not shown."})
    for number, (url, title) in enumerate(links):
        if is_link(url):
            source = {"sourceId": str(number), "url": url, "title": title or url}
            chunks.append({"type": "source-url", **source})
    if not (has_text or chunks):
        said = answer.refusal or f"The answer is empty. Finish reason: {answer.finish_reason}."
        chunks.append({"type": "error", "errorText": said})
    elif answer.finish_reason in ("length", "content_filter"):
        said = f"The answer is incomplete. Finish reason: {answer.finish_reason}."
        chunks.append({"type": "error", "errorText": said})
    return chunks


def _error_text(error: OpenRouterError) -> str:
    words = banner(error, again="")
    # What is said of a partial answer holds for a cell: marimo keeps it in the conversation.
    meaning = "" if error.partial is not None and error.partial.has_content else words.meaning
    return "\n".join(line for line in (f"✗ {words.title}", words.message, meaning, words.details) if line)


def _set(config: Any) -> dict[str, Any]:
    values = {name: getattr(config, name, None) for name in _CONTROLS}
    return {name: value for name, value in values.items() if value is not None}


def _message(message: Any) -> dict[str, Any]:
    """Return a message of the API for a `ChatMessage`."""
    parts = message.parts or ()
    texts = [part.text for part in parts if _kind(part) == "text"]
    text = "\n\n".join(texts) if texts else "" if message.content is None else str(message.content)
    if message.role != "user":
        return {"role": message.role, "content": text}
    files = [_attached(part.url, part.media_type, part.filename) for part in parts if _kind(part) == "file"]
    files += [_attached(each.url, each.content_type, each.name) for each in message.attachments or ()]
    if not files:
        return {"role": "user", "content": text}
    return {"role": "user", "content": [*([{"type": "text", "text": text}] if text else []), *files]}


def _kind(part: Any) -> Any:
    return getattr(part, "type", None)


def _attached(url: str, media_type: str | None, name: str | None) -> dict[str, Any]:
    """Return the content part of a file, which marimo passes as a data URL or as a URL.

    Raises:
        PromptError: it cannot be sent. A path is refused: a user of an app could read files of its computer.
    """
    name = name or "The file"
    if url.startswith(("http://", "https://")):
        return attach(url, {}, image=(media_type or "").startswith("image/"))[0]
    head, comma, encoded = url.partition(",")
    if not (comma and head.startswith("data:")):
        raise PromptError(f"{name} is neither a data URL nor an http(s) URL.")
    data = unquote_to_bytes(encoded)
    if head.endswith(";base64"):
        try:
            data = base64.b64decode(data, validate=True)
        except binascii.Error:
            raise PromptError(f"{name} is not valid base64.") from None
    return attach_value(data, name, image=False)[0]
