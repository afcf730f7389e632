"""Conversations that remember: named, made of whole turns, and unharmed by turns that failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.token_estimate import estimate_tokens

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
    """One question and all that came of it. It is sent whole or not at all, so that no tool call is without its result.

    Attributes:
        key: What asked it, such as a cell id; None where nothing is known.
        question: The user message.
        answer: The assistant message to send back.
        tool_messages: Tool calls and their results, from the question to the answer.
        model: What was asked.
        tools: Definitions of the tools that it called, as the request carried them.
    """

    key: str | None
    question: dict[str, Any]
    answer: dict[str, Any]
    tool_messages: tuple[dict[str, Any], ...] = ()
    model: str | None = None
    tools: tuple[dict[str, Any], ...] = ()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All of it, in order."""
        return [self.question, *self.tool_messages, self.answer]


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

    @property
    def model(self) -> str | None:
        """The model that was asked last."""
        return self.turns[-1].model if self.turns else None

    def position(self, key: str | None) -> int:
        """Return the place of the turn that `key` asks: its own when it asked before, else a new one at the end."""
        if key is not None:
            for index, turn in enumerate(self.turns):
                if turn.key == key:
                    return index
        return len(self.turns)

    def before(self, key: str | None) -> list[Turn]:
        """Return the turns before the one that `key` asks."""
        return self.turns[: self.position(key)]

    def record(
        self,
        question: dict[str, Any],
        result: ChatResult,
        key: str | None,
        *,
        system: str | None = None,
        tool_messages: Sequence[dict[str, Any]] = (),
        model: str | None = None,
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Add a whole turn under its system prompt, or put it in the place of the one that `key` asked before."""
        position = self.position(key)
        turn = Turn(
            key,
            question,
            answer_message(result),
            tuple(tool_messages),
            model,
            tuple(tools) if tool_messages else (),
        )
        # No call between these two: an interrupt comes before both or after both.
        self.system = system
        self.turns[position : position + 1] = [turn]


@dataclass(slots=True)
class PendingTurn:
    """A turn that is being asked: recorded when its answer is whole, forgotten otherwise.

    Attributes:
        conversation: Where it belongs.
        question: The user message.
        system: The system prompt to send, and to keep if the turn succeeds.
        key: What asks it, such as a cell id.
        most_tokens: About how many tokens the request may have; the oldest turns are left out for that, never the
            system prompt or the question. None for no bound.
        most_history_tokens: The same for the turns before this one alone.
        model: What is asked.
    """

    conversation: Conversation
    question: dict[str, Any]
    system: str | None
    key: str | None
    most_tokens: int | None = None
    most_history_tokens: int | None = None
    model: str | None = None

    @property
    def number(self) -> int:
        """Its place in the conversation, from 1."""
        return self.conversation.position(self.key) + 1

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What to send: the system prompt, the turns before this one that there is room for, and the question."""
        turns = self.conversation.before(self.key)[self.left_out :]
        return [*self._system, *(message for turn in turns for message in turn.messages), self.question]

    @property
    def left_out(self) -> int:
        """How many of the oldest turns there is no room for."""
        turns = self.conversation.before(self.key)
        rooms = [] if self.most_history_tokens is None else [self.most_history_tokens]
        if self.most_tokens is not None:
            rooms.append(self.most_tokens - estimate_tokens([*self._system, self.question]))
        if not rooms:
            return 0
        room = min(rooms)
        for count, turn in enumerate(reversed(turns)):
            room -= estimate_tokens(turn.messages)
            if room < 0:
                return len(turns) - count
        return 0

    @property
    def called(self) -> dict[str, Any]:
        """What a request without tools of its own has to say of the tools that were called before.

        The service checks the calls of a conversation against `tools`, so their definitions go along, and no further call
        is wanted. Source: OpenRouter docs, guides/features/tool-calling, August 2026.
        """
        turns = self.conversation.before(self.key)[self.left_out :]
        tools = {tool["function"]["name"]: tool for turn in turns for tool in turn.tools}
        return {"tools": list(tools.values()), "tool_choice": "none"} if tools else {}

    def record(
        self,
        result: ChatResult,
        *,
        tool_messages: Sequence[dict[str, Any]] = (),
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Make it part of the conversation.

        Args:
            result: The last answer.
            tool_messages: The messages of a tool loop, from the question to that answer.
            tools: Definitions of the functions that it called.
        """
        self.conversation.record(
            self.question,
            result,
            self.key,
            system=self.system,
            tool_messages=tool_messages,
            model=self.model,
            tools=tools,
        )

    @property
    def _system(self) -> list[dict[str, Any]]:
        return [{"role": "system", "content": self.system}] if self.system else []


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
