"""What a conversation is made of as the panel edits it: places with alternatives, cards side by side.

A place (`Item`) holds alternatives (`Version`), of which one is shown; what follows in the conversation belongs to the
alternative under which it was said. A question has one card, an answer one for each column that answered. Messages are
never changed in place, so that an undo step is a copy of the structure and not of the texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.playground.state.answer_record import AnswerRecord
    from openrouter_nb.tools.tool_call import ToolCall

Message = dict[str, Any]


class PlaygroundError(ValueError):
    """A change that cannot be made, in one sentence."""


@dataclass(slots=True)
class MessageCard:
    """A message of one column, or of all.

    Attributes:
        column: Whose it is; None is everybody's.
        message: As a request sends it.
        run: The run that is writing it, or None.
        answer: The answer and its exchange; None for a message that was written by hand.
        calls: The tools that it calls, by id of the call.
        problem: Why the results of its tools did not go back.
        is_object: Whether JSON was asked for.
    """

    column: str | None
    message: Message
    run: str | None = None
    answer: AnswerRecord | None = None
    calls: dict[str, ToolCall] = field(default_factory=dict)
    problem: str = ""

    def request_messages(self) -> list[Message]:
        """Return the messages of a request: its own, with the results of its tools behind it."""
        sent = [self.message]
        for call in self.message.get("tool_calls") or ():
            known = self.calls.get(str(call.get("id")))
            if known is not None and known.has_ended:
                sent.append(known.message)
        return sent

    is_object: bool = False


@dataclass(slots=True)
class Branch:
    """One alternative of a place, and while it is not shown what followed it."""

    cards: list[MessageCard]
    tail: list[ThreadItem] = field(default_factory=list)


@dataclass(slots=True)
class ThreadItem:
    """One place in the conversation."""

    id: str
    role: str
    branches: list[Branch]
    chosen: int = 0

    @property
    def cards(self) -> list[MessageCard]:
        """The cards of the alternative that is shown."""
        return self.branches[self.chosen].cards

    def card(self, column: str | None) -> MessageCard | None:
        """Return a column's own card, or everybody's."""
        return next((card for card in self.cards if card.column in (column, None)), None)


def copy_items(items: Sequence[ThreadItem]) -> list[ThreadItem]:
    """Return a copy of the structure, which shares the cards."""
    return [
        ThreadItem(
            item.id,
            item.role,
            [Branch(list(version.cards), copy_items(version.tail)) for version in item.branches],
            item.chosen,
        )
        for item in items
    ]
