"""Conversations that remember: named, made of whole turns, and unharmed by turns that failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatResult

# What goes back of an answer: reasoning_details unmodified (signatures are checked against them upstream), file
# annotations to spare a second parse; not `reasoning`, which repeats the details.
_RETURNED = (
    "role",
    "content",
    "tool_calls",
    "reasoning_details",
    "annotations",
    "images",
    "audio",
    "refusal",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, its answer, and what was said between the two: calls of tools and their results.

    Attributes:
        key: What asked it, such as a cell id; None where nothing is known.
        question: The user message.
        answer: The assistant message to send back.
        between: Assistant and tool messages that led from the question to the answer, in order.
    """

    key: str | None
    question: dict[str, Any]
    answer: dict[str, Any]
    between: tuple[dict[str, Any], ...] = ()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All of it, in order, as a request carries it."""
        return [self.question, *self.between, self.answer]


@dataclass(slots=True)
class Conversation:
    """Turns in order, under a system prompt.

    Only whole turns are recorded, so a failed or interrupted request leaves no trace and poisons nothing.
    """

    name: str = "main"
    system: str | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def transcript(self) -> list[dict[str, Any]]:
        """All that was said, as messages: the system prompt and every turn."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return [*system, *(message for turn in self.turns for message in turn.messages)]

    def position(self, key: str | None) -> int:
        """Return the place of the turn that `key` asks: its own when it asked before, else a new one at the end."""
        if key is not None:
            for index, turn in enumerate(self.turns):
                if turn.key == key:
                    return index
        return len(self.turns)

    def messages(
        self, question: dict[str, Any], key: str | None, *, system: str | None = None
    ) -> list[dict[str, Any]]:
        """Return what to send: the system prompt, the turns before this one, and the question."""
        messages: list[dict[str, Any]] = []
        if system:
            messages.append({"role": "system", "content": system})
        for turn in self.turns[: self.position(key)]:
            messages += turn.messages
        messages.append(question)
        return messages

    def record(
        self,
        question: dict[str, Any],
        result: ChatResult,
        key: str | None,
        *,
        between: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Add a whole turn, or put it in the place of the one that `key` asked before.

        Args:
            question: The user message.
            result: The answer that ended the turn.
            key: What asked it.
            between: Assistant and tool messages that led to the answer, in order.
        """
        position = self.position(key)
        turn = Turn(key, question, answer_message(result), tuple(between))
        self.turns[position : position + 1] = [turn]


@dataclass(slots=True)
class NextTurn:
    """A turn that is being asked: recorded when its answer is whole, forgotten otherwise.

    Attributes:
        conversation: Where it belongs.
        question: The user message.
        system: The system prompt to send, and to keep if the turn succeeds.
        key: What asks it, such as a cell id.
        label: How it is named to the reader.
    """

    conversation: Conversation
    question: dict[str, Any]
    system: str | None
    key: str | None
    label: str = ""

    @property
    def number(self) -> int:
        """Its place in the conversation, from 1."""
        return self.conversation.position(self.key) + 1

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What to send."""
        return self.conversation.messages(self.question, self.key, system=self.system)

    def record(self, result: ChatResult, *, between: Sequence[dict[str, Any]] = ()) -> None:
        """Make it part of the conversation, with the tool messages that led to its answer."""
        self.conversation.system = self.system
        self.conversation.record(self.question, result, self.key, between=between)


class Conversations(dict[str, Conversation]):
    """Conversations by name, made on first use."""

    def __missing__(self, name: str) -> Conversation:
        self[name] = Conversation(name)
        return self[name]


def answer_message(result: ChatResult) -> dict[str, Any]:
    """Return the assistant message of a result as the next request carries it."""
    if not result.choices:
        return {"role": "assistant", "content": ""}
    message = result.choices[0].message.model_dump(mode="json", exclude_none=True)
    sent = {key: message[key] for key in _RETURNED if key in message}
    # Calls without content carry null, not "": one upstream refuses empty text (observed, Bedrock Nova).
    sent["content"] = message.get("content") or (None if sent.get("tool_calls") else "")
    return sent
