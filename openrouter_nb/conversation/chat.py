"""`Chat`: a conversation with history, in Python."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.call_settings import ChatSettings, check_keywords
from openrouter_nb.conversation.history import Conversation, PendingTurn
from openrouter_nb.parameters import nearest
from openrouter_nb.prompt.user_message import user_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.history import Turn


@dataclass(frozen=True, slots=True)
class _Request:
    """A prompt with its options, for `retry`. `key` identifies its turn in the conversation."""

    question: dict[str, Any]
    system: str | None
    key: str
    model: str | None
    parameters: Mapping[str, Any]


class Chat:
    """A conversation. Call it to send a message. Only complete turns are added to the history, not failed or stopped ones.

    Args:
        model: Model id. Default: `OPENROUTER_NB_MODEL`, else `openrouter/auto`.
        system: System prompt of the conversation.
        client: An `OpenRouter` client. Default: a shared one.
        name: Name of the conversation, for display.
        **parameters: Fields of every request, such as `temperature=0.2`, and `timeout_ms`, `retries` and
            `replay`, as for `chat()`.

    Attributes:
        cost: US dollars of all requests so far, as reported by OpenRouter, including undone turns but not replayed
            answers.

    Raises:
        TypeError: an unknown keyword; the message suggests the nearest one.

    Example:
        >>> from openrouter_nb import Chat
        >>> talk = Chat(model="openai/gpt-5-mini", system="Answer with one word.")
        >>> print(talk("Say tree in French."))
        arbre
        >>> print(talk("And in Italian?"))
        albero
        >>> [message["role"] for message in talk.messages]
        ['system', 'user', 'assistant', 'user', 'assistant']
        >>> talk.undo()
        <Chat, 1 turn>
        >>> other = talk.fork()
        >>> print(other("And in German?"), len(other.turns), len(talk.turns))
        Baum 2 1
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        system: str | None = None,
        client: OpenRouter | None = None,
        name: str = "chat",
        **parameters: Any,
    ) -> None:
        __tracebackhide__ = True
        check_keywords("Chat()", parameters, "model", "system", "client", "name")
        self._settings = ChatSettings(model=model, client=client, parameters=parameters)
        self._conversation = Conversation(name, system)
        self._request_count = 0
        self._last: _Request | None = None
        self.cost: float = 0.0

    def __call__(self, prompt: Any, **options: Any) -> Answer:
        """Send a message and wait for the answer. Options and errors are those of `chat()`, for this turn only."""
        __tracebackhide__ = True
        return self.stream(prompt, **options).wait()

    ask = __call__

    async def aask(self, prompt: Any, **options: Any) -> Answer:
        """Send a message and await the answer. Options and errors are those of `chat()`."""
        __tracebackhide__ = True
        return await self.stream(prompt, **options).wait_async()

    def stream(
        self,
        prompt: Any,
        *,
        model: str | None = None,
        system: str | None = None,
        images: Any = (),
        files: Any = (),
        **parameters: Any,
    ) -> AnswerStream:
        """Send a message and iterate over the answer as it is generated; a complete answer is added to the history.

        Args:
            prompt: The message.
            model: Another model for this turn.
            system: Another system prompt, from this turn on.
            images: Images, as for `chat()`.
            files: Files, as for `chat()`.
            **parameters: Other fields, for this turn only.
        """
        __tracebackhide__ = True
        check_keywords("Chat.stream()", parameters, "model", "system", "images", "files")
        question = user_message(prompt, images, files)
        self._request_count += 1
        key = f"question {self._request_count}"
        return self._send(_Request(question, system, key, model, parameters))

    def retry(self, *, model: str | None = None, **parameters: Any) -> Answer:
        """Send the last message again and replace its turn, for example after an error or with another model.

        The old answer is kept until the new one is complete.

        Raises:
            ValueError: there is no message to send again.
        """
        __tracebackhide__ = True
        check_keywords("Chat.retry()", parameters, "model")
        if self._last is None:
            raise ValueError("There is no message to send again.")
        changes = {**self._last.parameters, **parameters}
        return self._send(replace(self._last, model=model or self._last.model, parameters=changes)).wait()

    def undo(self, turns: int = 1) -> Chat:
        """Remove the last turns and return the conversation.

        Raises:
            ValueError: `turns` is less than 1 or more than there are.
        """
        __tracebackhide__ = True
        count = len(self._conversation.turns)
        if not 1 <= turns <= count:
            raise ValueError(
                f"undo() can remove 1 to {count} turns." if count else "There is no turn to undo."
            )
        del self._conversation.turns[-turns:]
        self._last = None
        return self

    def fork(self) -> Chat:
        """Return an independent copy of the conversation."""
        twin = Chat(model=self._settings.model, client=self._settings.client, **self._settings.parameters)
        original = self._conversation
        twin._conversation = Conversation(original.name, original.system, list(original.turns))
        twin._request_count, twin._last = self._request_count, self._last
        return twin

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages, as accepted by `OpenRouter().chat.send(messages=…)`."""
        return self._conversation.transcript

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns, oldest first, with the messages `.question` and `.answer`."""
        return tuple(self._conversation.turns)

    def export(self, target: str | Path = "md") -> str:
        """Return the conversation as text, and write it if `target` is a file.

        Args:
            target: `md` for Markdown, `json` for the messages, `py` for a script that continues it; or the path of a new
                file with that extension.

        Raises:
            ValueError: unknown format.
            FileExistsError: the file already exists.
        """
        __tracebackhide__ = True
        from openrouter_nb.render.answer import transcript

        suffix = Path(target).suffix if str(target) not in ("md", "json", "py") else f".{target}"
        if suffix not in transcript.FORMATS:
            known = [known.removeprefix(".") for known in transcript.FORMATS]
            raise ValueError(
                f"export() writes {', '.join(known)}, not {str(target)!r}.{nearest(str(target), known)}"
            )
        text = transcript.exported(suffix, self.messages)
        if str(target) not in ("md", "json", "py"):
            with Path(target).open("x", encoding="utf-8", newline="") as file:
                file.write(text)
        return text

    def __repr__(self) -> str:
        count = len(self._conversation.turns)
        return f"<Chat, {count} turn{'' if count == 1 else 's'}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the rendered conversation."""
        from openrouter_nb.render.answer import transcript

        return transcript.bundle(self._conversation.name, self.messages)

    def _send(self, request: _Request) -> AnswerStream:
        __tracebackhide__ = True
        self._last = request
        system = self._conversation.system if request.system is None else request.system
        turn = PendingTurn(self._conversation, request.question, system, request.key)
        settings = self._settings.changed(model=request.model, parameters=request.parameters)
        return settings.send(turn, self._add_cost)

    def _add_cost(self, result: ChatResult) -> None:
        self.cost += (result.usage.cost or 0.0) if result.usage else 0.0
