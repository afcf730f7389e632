"""Items of the thread: each item has branches, each branch has one card per column.

One branch of a `ThreadItem` is displayed; later items belong to the branch after which they were added. A question has one
card, an answer one for each column that answered. Messages are never changed in place, so an undo step copies the structure
but not the texts.
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
    """A change is not possible. The message is one sentence."""


@dataclass(slots=True)
class MessageCard:
    """A message of one column, or of all columns.

    Attributes:
        column: Id of the column; None if the message is common to all columns.
        message: Message in the format of a request.
        run: Id of the run that is writing the message, or None.
        answer: `AnswerRecord` of a model's message, otherwise None.
        calls: Tool calls of the message, by call id.
        results: Tool messages with the results of calls that are not in `calls`: those of a stored conversation.
        stats: `answer_stats` of a stored conversation's answer, which has no `answer`.
        problem: Reason why the tool results were not sent, or `""`.
        is_object: Whether JSON was requested.
    """

    column: str | None
    message: Message
    run: str | None = None
    answer: AnswerRecord | None = None
    calls: dict[str, ToolCall] = field(default_factory=dict)
    problem: str = ""
    is_object: bool = False
    results: tuple[Message, ...] = ()
    stats: dict[str, Any] | None = None

    def request_messages(self) -> list[Message]:
        """Return the message and the results of its tool calls, for a request."""
        return [self.message, *self.tool_messages().values()]

    def tool_messages(self) -> dict[str, Message]:
        """Return the results of the message's tool calls, by call id."""
        found = {}
        stored = {str(message.get("tool_call_id")): message for message in self.results}
        for call in self.message.get("tool_calls") or ():
            id_ = str(call.get("id"))
            known = self.calls.get(id_)
            if known is not None and known.has_ended:
                found[id_] = known.message
            elif known is None and id_ in stored:
                found[id_] = stored[id_]
        return found


@dataclass(slots=True)
class Branch:
    """One branch of an item. `tail` has the later items while the branch is not displayed."""

    cards: list[MessageCard]
    tail: list[ThreadItem] = field(default_factory=list)


@dataclass(slots=True)
class ThreadItem:
    """One item of the thread: a question, an answer or another message."""

    id: str
    role: str
    branches: list[Branch]
    chosen: int = 0

    @property
    def cards(self) -> list[MessageCard]:
        """The cards of the displayed branch."""
        return self.branches[self.chosen].cards

    def card(self, column: str | None) -> MessageCard | None:
        """Return the card of a column, or the card that is common to all columns."""
        return next((card for card in self.cards if card.column in (column, None)), None)


def copy_items(items: Sequence[ThreadItem]) -> list[ThreadItem]:
    """Return a copy of the items and branches; the cards are shared."""
    return [
        ThreadItem(
            item.id,
            item.role,
            [Branch(list(branch.cards), copy_items(branch.tail)) for branch in item.branches],
            item.chosen,
        )
        for item in items
    ]
