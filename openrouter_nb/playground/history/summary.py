"""What is stored of a conversation beside its messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """One row of the list of stored conversations.

    Attributes:
        id: Its id.
        title: The beginning of the first question.
        models: The models, one to four.
        created: Time of the first request, in seconds since 1970.
        updated: Time of the last change.
        messages: Number of messages that are displayed.
        cost: US dollars that the service has reported; None if it has reported none.
        tokens_in: Prompt tokens of all answers.
        tokens_out: Completion tokens of all answers.
    """

    id: str
    title: str
    models: tuple[str, ...]
    created: float
    updated: float
    messages: int
    cost: float | None
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class PreparedConversation:
    """A conversation as it is written to the file: without secrets and within the limits of size.

    Attributes:
        title: As in `ConversationSummary`, and so are the following.
        models: The models.
        messages: Number of messages.
        cost: US dollars.
        tokens_in: Prompt tokens.
        tokens_out: Completion tokens.
        text: What the search finds.
        contents: JSON text of the contents.
    """

    title: str
    models: tuple[str, ...]
    messages: int
    cost: float | None
    tokens_in: int
    tokens_out: int
    text: str
    contents: str


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation as it was read.

    Attributes:
        summary: Its row in the list.
        revision: Number of its last change.
        contents: Models, parameters and messages, as `contents.contents_of` returns them.
    """

    summary: ConversationSummary
    revision: int
    contents: Mapping[str, Any]
