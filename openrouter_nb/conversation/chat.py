"""`Chat`: a conversation in Python that remembers."""

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
class _Asked:
    """A question, to be asked again: its message, what it changes, and what it is called in the conversation."""

    question: dict[str, Any]
    system: str | None
    key: str
    model: str | None
    parameters: Mapping[str, Any]


class Chat:
    """A conversation. Call it to say something; it remembers whole turns, and a failed or stopped one leaves no trace.

    Args:
        model: Model id; `OPENROUTER_NB_MODEL`, else `openrouter/auto`, if left out.
        system: System prompt of the conversation.
        client: An `OpenRouter` of your own; otherwise all calls share one.
        name: What the conversation is called where it is shown.
        **parameters: Fields of every request, such as `temperature=0.2`, and `timeout_ms`, `retries` and
            `replay`, as for `chat()`.

    Attributes:
        cost: US dollars so far, as OpenRouter reported them, also for turns that were taken back; not what was
            replayed.

    Raises:
        TypeError: an unknown keyword, with the nearest one.

    Example:
        >>> from openrouter_nb import Chat
        >>> talk = Chat(model="demo/parrot", system="You are a parrot.")
        >>> print(talk("Hello"))
        Hello
        >>> print(talk("And goodbye"))
        And goodbye
        >>> [message["role"] for message in talk.messages]
        ['system', 'user', 'assistant', 'user', 'assistant']
        >>> talk.undo()
        <Chat, 1 turn>
        >>> other = talk.fork()
        >>> print(other("Bonjour"), len(other.turns), len(talk.turns))
        Bonjour 2 1
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
        self._asked = 0
        self._last: _Asked | None = None
        self.cost: float = 0.0

    def __call__(self, prompt: Any, **options: Any) -> Answer:
        """Say something and wait for the answer. Options and errors are those of `chat()`, for this turn only."""
        __tracebackhide__ = True
        return self.stream(prompt, **options).wait()

    ask = __call__

    async def aask(self, prompt: Any, **options: Any) -> Answer:
        """Say something and await the answer. Options and errors are those of `chat()`."""
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
        """Say something and go through the answer as it is written; a whole answer becomes part of the conversation.

        Args:
            prompt: What to say.
            model: Another model for this turn.
            system: Another system prompt, from this turn on.
            images: Pictures, as for `chat()`.
            files: Files, as for `chat()`.
            **parameters: Further fields, for this turn only.
        """
        __tracebackhide__ = True
        check_keywords("Chat.stream()", parameters, "model", "system", "images", "files")
        question = user_message(prompt, images, files)
        self._asked += 1
        return self._ask(_Asked(question, system, f"question {self._asked}", model, parameters))

    def retry(self, *, model: str | None = None, **parameters: Any) -> Answer:
        """Ask the last question again, in its place: after an error, or of another model.

        Until the new answer is whole, the old one stays.

        Raises:
            ValueError: nothing was asked yet.
        """
        __tracebackhide__ = True
        check_keywords("Chat.retry()", parameters, "model")
        if self._last is None:
            raise ValueError("There is no question to ask again.")
        changes = {**self._last.parameters, **parameters}
        return self._ask(replace(self._last, model=model or self._last.model, parameters=changes)).wait()

    def undo(self, turns: int = 1) -> Chat:
        """Take back the last turns and return the conversation.

        Raises:
            ValueError: there are not so many.
        """
        __tracebackhide__ = True
        there = len(self._conversation.turns)
        if not 1 <= turns <= there:
            raise ValueError(
                f"undo() takes 1 to {there} turns back." if there else "There is no turn to take back."
            )
        del self._conversation.turns[-turns:]
        self._last = None
        return self

    def fork(self) -> Chat:
        """Return a second conversation that has begun like this one; from here on each goes its own way."""
        twin = Chat(model=self._settings.model, client=self._settings.client, **self._settings.parameters)
        there = self._conversation
        twin._conversation = Conversation(there.name, there.system, list(there.turns))
        twin._asked, twin._last = self._asked, self._last
        return twin

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All that was said, as a request carries it: `OpenRouter().chat.send(messages=…)` goes on from it."""
        return self._conversation.transcript

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns, oldest first: `.question` and `.answer` of each are messages."""
        return tuple(self._conversation.turns)

    def export(self, target: str | Path = "md") -> str:
        """Return the conversation as text, and write it where `target` is a file.

        Args:
            target: `md` for Markdown, `json` for the messages, `py` for a script that goes on with it; or a new file
                whose name ends so.

        Raises:
            ValueError: another format.
            FileExistsError: the file is there already.
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
            with Path(target).open("x", encoding="utf-8") as file:
                file.write(text)
        return text

    def __repr__(self) -> str:
        count = len(self._conversation.turns)
        return f"<Chat, {count} turn{'' if count == 1 else 's'}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Show the conversation."""
        from openrouter_nb.render.answer import transcript

        return transcript.bundle(self._conversation.name, self.messages)

    def _ask(self, asked: _Asked) -> AnswerStream:
        __tracebackhide__ = True
        self._last = asked
        system = self._conversation.system if asked.system is None else asked.system
        turn = PendingTurn(self._conversation, asked.question, system, asked.key)
        settings = self._settings.changed(model=asked.model, parameters=asked.parameters)
        return settings.ask(turn, self._count)

    def _count(self, result: ChatResult) -> None:
        self.cost += (result.usage.cost or 0.0) if result.usage else 0.0
