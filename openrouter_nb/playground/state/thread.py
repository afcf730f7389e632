"""The editable conversation of the panel, with branches and undo."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.state.thread_items import (
    Branch,
    Message,
    MessageCard,
    PlaygroundError,
    ThreadItem,
    copy_items,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MAX_UNDO = 100


@dataclass(slots=True)
class ConversationIdentity:
    """Which stored conversation this is. Changed by the thread that writes conversations.

    Attributes:
        id: Its id, `""` until it is stored.
        revision: Number of its last change.
        has_begun: Whether a request was sent: from then on it is stored.
    """

    id: str = ""
    revision: int = 0
    has_begun: bool = False


@dataclass(slots=True)
class _Step:
    """One undo step: the conversation before it, and models and parameters if the step has changed them."""

    label: str
    items: list[ThreadItem]
    identity: ConversationIdentity
    setup: dict[str, Any] | None = None


class Thread:
    """A conversation. Every change is one undo step with a label."""

    def __init__(self) -> None:
        self.items: list[ThreadItem] = []
        self.identity = ConversationIdentity()
        self._numbers = itertools.count(1)
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []

    # -------------------------------------------------------------------------------------------------- reading

    def __iter__(self) -> Iterator[ThreadItem]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def find(self, id_: str) -> ThreadItem:
        """Return an item.

        Raises:
            PlaygroundError: the item was deleted, or belongs to a branch that is not displayed.
        """
        for item in self.items:
            if item.id == id_:
                return item
        raise PlaygroundError("That message is no longer in the conversation.")

    def index(self, id_: str) -> int:
        """Return the position of an item; raises as `find`."""
        return self.items.index(self.find(id_))

    def card(self, id_: str, column: str | None) -> MessageCard:
        """Return a card; raises as `find`."""
        item = self.find(id_)
        card = item.card(column) or (item.cards[0] if item.cards else None)
        if card is None:
            raise PlaygroundError("That message has no such answer.")
        return card

    def messages(self, column: str | None, before: int | None = None) -> list[Message]:
        """Return the messages that a column sends: its answers, or those of the first column for turns without one.

        Args:
            column: Id of the column.
            before: Position of the first item to exclude; None for all items.
        """
        sent: list[Message] = []
        items = self.items[:before]
        for answers, turn in itertools.groupby(items, key=lambda item: item.role == "assistant"):
            group = list(turn)
            own = any(card.column == column for item in group for card in item.cards)
            for item in group:
                # All answers of one turn are from the same column.
                whose = column if own or not answers else item.cards[0].column if item.cards else None
                card = item.card(whose)
                if card is not None and card.run is None:
                    sent += card.request_messages()
        return sent

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being written."""
        return any(card.run for item in self.items for card in item.cards)

    # -------------------------------------------------------------------------------------------------- changing

    def checkpoint(self, label: str, setup: dict[str, Any] | None = None) -> None:
        """Add the present conversation to the undo history, with the models and parameters if the step changes them."""
        self._undo.append(_Step(label, copy_items(self.items), self.identity, setup))
        del self._undo[:-_MAX_UNDO]
        self._redo.clear()

    @property
    def undo_label(self) -> str:
        """Label of the step that `undo` reverts, `""` if there is none."""
        return self._undo[-1].label if self._undo else ""

    @property
    def redo_label(self) -> str:
        """Label of the step that `redo` repeats, `""` if there is none."""
        return self._redo[-1].label if self._redo else ""

    def undo(self, setup: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Revert the last change.

        Args:
            setup: Returns the present models and parameters.

        Returns:
            The models and parameters before the change; None if it has not changed them.
        """
        return self._swap(self._undo, self._redo, setup)

    def redo(self, setup: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Repeat the change that was reverted last; as `undo`."""
        return self._swap(self._redo, self._undo, setup)

    def _swap(
        self, source: list[_Step], target: list[_Step], setup: Callable[[], dict[str, Any]]
    ) -> dict[str, Any] | None:
        if not source:
            raise PlaygroundError("There is nothing to undo or redo.")
        self.refuse_while_busy()
        step = source.pop()
        present = None if step.setup is None else setup()
        target.append(_Step(step.label, self.items, self.identity, present))
        self.items, self.identity = step.items, step.identity
        return step.setup

    def clear_history(self) -> None:
        """Clear the undo history."""
        self._undo.clear()
        self._redo.clear()

    def new_item(self, role: str, cards: list[MessageCard], id_: str | None = None) -> ThreadItem:
        """Return a new item, which is not in the conversation yet."""
        return ThreadItem(id_ or f"m{next(self._numbers)}", role, [Branch(cards)])

    def insert(self, index: int, message: Message, id_: str | None = None) -> ThreadItem:
        """Insert a message before a position; positions beyond the end append it.

        Raises:
            PlaygroundError: there is a message with this id.
        """
        if any(item.id == id_ for item in self.items):
            raise PlaygroundError("That message exists already.")
        self.checkpoint("insert message")
        item = self.new_item(message["role"], [MessageCard(None, message)], id_)
        self.items.insert(min(index, len(self.items)), item)
        return item

    def replace_all(self, messages: Sequence[Message], label: str = "set messages") -> None:
        """Replace all messages."""
        self.refuse_while_busy()
        self.checkpoint(label)
        self.items = [
            self.new_item(message["role"], [MessageCard(None, copy.deepcopy(message))])
            for message in messages
        ]

    def replace_items(
        self, items: list[ThreadItem], label: str, identity: ConversationIdentity, setup: dict[str, Any]
    ) -> None:
        """Replace the conversation by another one.

        Args:
            items: The items.
            label: Label of the undo step.
            identity: The stored conversation.
            setup: Models and parameters before the step.
        """
        self.refuse_while_busy()
        self.checkpoint(label, setup)
        self.items, self.identity = items, identity

    def edit(self, id_: str, column: str | None, message: Message, *, branch: bool = False) -> None:
        """Replace the message of a card; with `branch`, add the new message as a branch without later items."""
        item = self._idle(id_)
        if branch:
            self.refuse_while_busy()
        old = self.card(id_, column)
        self.checkpoint("edit message")
        new = replace(old, message=message, calls={} if message.get("tool_calls") is None else old.calls)
        if branch:
            self._add_branch(item, [new if card is old else card for card in item.cards])
        else:
            item.branches[item.chosen].cards = [new if card is old else card for card in item.cards]

    def set_role(self, id_: str, role: str) -> None:
        """Change the role of an item. Of several answers, only the first is retained."""
        item = self._idle(id_)
        self.checkpoint("change role")
        card = item.cards[0]
        fields = {
            key: value for key, value in card.message.items() if key in ("content", "name", "cache_control")
        }
        item.role = role
        item.branches[item.chosen].cards = [MessageCard(None, {"role": role, **fields})]

    def delete(self, id_: str) -> None:
        """Delete an item. Later items remain."""
        self._idle(id_)
        self.checkpoint("delete message")
        del self.items[self.index(id_)]

    def duplicate(self, id_: str) -> ThreadItem:
        """Insert a copy of an item after it, and return the copy."""
        self._idle(id_)
        self.checkpoint("duplicate message")
        index = self.index(id_)
        item = self.items[index]
        duplicate = self.new_item(item.role, [replace(card) for card in item.cards])
        self.items.insert(index + 1, duplicate)
        return duplicate

    def move(self, id_: str, index: int) -> None:
        """Move an item before a position, counted without the item."""
        self._idle(id_)
        self.checkpoint("move message")
        item = self.items.pop(self.index(id_))
        self.items.insert(min(index, len(self.items)), item)

    def branch(self, id_: str) -> None:
        """Add a branch with copies of the displayed cards, without later items."""
        item = self._idle(id_)
        self.refuse_while_busy()
        self.checkpoint("branch")
        self._add_branch(item, [replace(card) for card in item.cards])

    def choose(self, id_: str, step: int, column: str | None) -> None:
        """Display the next or the previous branch that differs in a column's card."""
        self.refuse_while_busy()
        item = self.find(id_)
        branches = self.branches(item, column)
        index = self.branch_index(item, column) + step
        if not 0 <= index < len(branches):
            raise PlaygroundError("There is no further branch.")
        self.checkpoint("choose branch")
        self._show(item, branches[index])

    def keep(self, id_: str, column: str) -> None:
        """Continue with the answer of one column: it becomes common to all columns, the other answers are deleted."""
        item = self.find(id_)
        self.refuse_while_busy()
        chosen = next((card for card in item.cards if card.column == column), None)
        if chosen is None:
            raise PlaygroundError("That message has no such answer.")
        self.checkpoint("continue with one answer")
        item.branches[item.chosen].cards = [replace(chosen, column=None)]

    def next_answer(self, id_: str) -> ThreadItem:
        """Return the answer that follows an item, inserted if there is none; raises as `find`."""
        index = self.index(id_) + 1
        if index == len(self.items) or self.items[index].role != "assistant":
            self.items.insert(index, self.new_item("assistant", []))
        return self.items[index]

    def begin_answer(self, item: ThreadItem, card: MessageCard, *, new_branch: bool) -> None:
        """Add the card of a run to an item: beside its other cards, or with `new_branch` as a new branch."""
        # The card of a column replaces the card that is common to all columns.
        cards = [*(other for other in item.cards if other.column not in (card.column, None)), card]
        if new_branch:
            self._add_branch(item, cards)
        else:
            item.branches[item.chosen].cards = cards

    def drop_branch(self, item: ThreadItem) -> None:
        """Delete the displayed branch, and display the previous one."""
        dropped = item.chosen
        del self.items[self.items.index(item) + 1 :]
        item.chosen = dropped - 1 if dropped else 1
        branch = item.branches[item.chosen]
        self.items += branch.tail
        branch.tail = []
        del item.branches[dropped]
        item.chosen = max(0, dropped - 1)

    def remove_card(self, item: ThreadItem, card: MessageCard) -> None:
        """Delete the card of a run without content, and the item or branch that was added for it."""
        for branch in item.branches:
            branch.cards = [other for other in branch.cards if other is not card]
        if not item.cards and len(item.branches) > 1:
            self.drop_branch(item)
        if not item.cards and item in self.items:
            self.items.remove(item)

    def branches(self, item: ThreadItem, column: str | None) -> list[int]:
        """Return the indices of the branches that differ in a column's card, in order."""
        seen: dict[int, int] = {}
        for index, branch in enumerate(item.branches):
            card = next((card for card in branch.cards if card.column in (column, None)), None)
            if card is not None:
                # Of the branches with this card, the newest one, which has the latest later items.
                seen[id(card)] = item.chosen if card is item.card(column) else index
        return list(seen.values())

    def branch_index(self, item: ThreadItem, column: str | None) -> int:
        """Return the index of the displayed branch among `branches`."""
        branches = self.branches(item, column)
        return branches.index(item.chosen) if item.chosen in branches else 0

    def _add_branch(self, item: ThreadItem, cards: list[MessageCard]) -> None:
        self._store_tail(item)
        item.branches.append(Branch(cards))
        item.chosen = len(item.branches) - 1

    def _show(self, item: ThreadItem, index: int) -> None:
        self._store_tail(item)
        item.chosen = index
        branch = item.branches[index]
        self.items += branch.tail
        branch.tail = []

    def _store_tail(self, item: ThreadItem) -> None:
        after = self.items.index(item) + 1
        item.branches[item.chosen].tail = self.items[after:]
        del self.items[after:]

    def _idle(self, id_: str) -> ThreadItem:
        item = self.find(id_)
        if any(card.run for card in item.cards):
            raise PlaygroundError("This answer is still being written: stop it first.")
        return item

    def refuse_while_busy(self) -> None:
        """Raise PlaygroundError if an answer is being written."""
        if self.is_busy:
            raise PlaygroundError("An answer is being written: stop it first.")
