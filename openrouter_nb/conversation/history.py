"""Conversation history: named conversations of complete turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.token_estimate import estimate_tokens
from openrouter_nb.parameters import shown
from openrouter_nb.surrogates import well_formed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatResult

# Fields of an answer that are sent back: reasoning_details unmodified (providers verify their signatures), file annotations
# to avoid parsing files again; not `reasoning`, which repeats the details.
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
_CONTENT = ("content", "tool_calls", "images", "audio", "refusal")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its tool calls and answer. Sent completely or not at all, so that every tool call has its result.

    Attributes:
        key: Identifies the origin, such as a cell id; None if unknown.
        question: The user message.
        answer: The assistant message to send back.
        tool_messages: Tool calls and their results, between question and answer.
        model: Id of the requested model.
        tools: Definitions of the called tools, as in the request.
    """

    key: str | None
    question: dict[str, Any]
    answer: dict[str, Any]
    tool_messages: tuple[dict[str, Any], ...] = ()
    model: str | None = None
    tools: tuple[dict[str, Any], ...] = ()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages of the turn, in order."""
        return [self.question, *self.tool_messages, self.answer]


@dataclass(slots=True)
class Conversation:
    """A system prompt and turns in order.

    Only complete turns are recorded, so failed and interrupted requests have no effect, nor have answers with nothing to send back.
    """

    name: str = "main"
    system: str | None = None
    turns: list[Turn] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.system = _system_prompt(self.system)

    @property
    def transcript(self) -> list[dict[str, Any]]:
        """All messages: the system prompt and every turn."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return [*system, *(message for turn in self.turns for message in turn.messages)]

    @property
    def model(self) -> str | None:
        """The model of the last turn."""
        return self.turns[-1].model if self.turns else None

    def position(self, key: str | None) -> int:
        """Return the index of the turn with this key, or of a new turn at the end."""
        if key is not None:
            for index, turn in enumerate(self.turns):
                if turn.key == key:
                    return index
        return len(self.turns)

    def before(self, key: str | None) -> list[Turn]:
        """Return the turns before the position of `key`."""
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
        """Add a complete turn, or replace the one with the same key, and set the system prompt.

        A turn with an empty answer is not added: providers reject a message without content.
        """
        if not is_answered(result):
            return
        position = self.position(key)
        turn = Turn(
            key,
            question,
            answer_message(result),
            tuple(tool_messages),
            model,
            tuple(tools) if tool_messages else (),
        )
        # No call between these two statements, so that an interrupt cannot separate them.
        self.system = system
        self.turns[position : position + 1] = [turn]


@dataclass(slots=True)
class PendingTurn:
    """A turn in progress: recorded when its answer is complete, discarded otherwise.

    Attributes:
        conversation: Its conversation.
        question: The user message.
        system: The system prompt to send, and to record if the turn succeeds.
        key: Identifies the origin, such as a cell id.
        most_tokens: Approximate token limit of the request; the oldest turns are omitted to meet it, but never the system
            prompt or the question. None for no limit.
        most_history_tokens: The same limit for the earlier turns only.
        model: Id of the requested model.
    """

    conversation: Conversation
    question: dict[str, Any]
    system: str | None
    key: str | None
    most_tokens: int | None = None
    most_history_tokens: int | None = None
    model: str | None = None

    def __post_init__(self) -> None:
        self.system = _system_prompt(self.system)

    @property
    def number(self) -> int:
        """Number in the conversation, from 1."""
        return self.conversation.position(self.key) + 1

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages to send: the system prompt, the earlier turns within the limits, and the question."""
        turns = self.conversation.before(self.key)[self.left_out :]
        return [*self._system, *(message for turn in turns for message in turn.messages), self.question]

    @property
    def left_out(self) -> int:
        """Number of oldest turns omitted because of the limits."""
        turns = self.conversation.before(self.key)
        limits = [] if self.most_history_tokens is None else [self.most_history_tokens]
        if self.most_tokens is not None:
            limits.append(self.most_tokens - estimate_tokens([*self._system, self.question]))
        if not limits:
            return 0
        remaining = min(limits)
        for count, turn in enumerate(reversed(turns)):
            remaining -= estimate_tokens(turn.messages)
            if remaining < 0:
                return len(turns) - count
        return 0

    @property
    def called(self) -> dict[str, Any]:
        """Fields for a request without tools whose history contains tool calls: `tools` and `tool_choice`, or `{}`.

        The service validates the calls in the history against `tools`, so their definitions are sent, with further calls
        disabled. Source: OpenRouter docs, guides/features/tool-calling, August 2026.
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
        """Add the turn to the conversation.

        Args:
            result: The final answer.
            tool_messages: The messages of the tool loop, between question and answer.
            tools: Definitions of the called functions.
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
    """Conversations by name, created on first use."""

    def __missing__(self, name: str) -> Conversation:
        self[name] = Conversation(name)
        return self[name]


def _system_prompt(given: str | None) -> str | None:
    """Return a system prompt without lone surrogates.

    Raises:
        TypeError: it is not text.
    """
    if given is not None and not isinstance(given, str):
        raise TypeError(f"system takes text or None, not {shown(given)}.")
    return given and well_formed(given)


def is_answered(result: ChatResult) -> bool:
    """Return whether a result has something to send back: text, a refusal, media or a tool call, not only reasoning."""
    return bool(result.choices) and any(map(result.choices[0].message.get, _CONTENT))


def answer_message(result: ChatResult) -> dict[str, Any]:
    """Return the assistant message of a result, for the next request."""
    if not result.choices:
        return {"role": "assistant", "content": ""}
    message = result.choices[0].message.model_dump(mode="json", exclude_none=True)
    sent = {key: message[key] for key in _RETURNED if key in message}
    # Calls without content have null, not "": one provider rejects empty text (observed, Bedrock Nova).
    sent["content"] = message.get("content") or (None if sent.get("tool_calls") else "")
    return sent
