"""Conversations of panels that are stored on this computer.

    from openrouter_nb import Playground, history

    history.conversations("tides")  # those that contain the word, the last changed first
    Playground().open_conversation(_[0].id)

They are stored in one file, `history.file()`, for all kernels, until they are deleted. `OPENROUTER_NB_HISTORY=off` stores
nothing. Keys are removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.playground.history import user_history
from openrouter_nb.playground.history.contents import messages_of
from openrouter_nb.playground.history.history_errors import HistoryError, NoConversationError
from openrouter_nb.playground.history.location import history_file
from openrouter_nb.playground.history.summary import ConversationSummary
from openrouter_nb.playground.history.transfer import exported

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "ConversationSummary",
    "HistoryError",
    "NoConversationError",
    "conversations",
    "delete_conversation",
    "export_conversation",
    "file",
    "import_conversation",
    "read_messages",
]


def conversations(search: str = "") -> list[ConversationSummary]:
    """Return the stored conversations, the last changed first.

    Args:
        search: Words that all occur in a conversation; the last one may be incomplete.

    Raises:
        HistoryError: the file cannot be read, or storing is turned off. Every function raises it.
    """
    return user_history.summaries(search)


def read_messages(id: str) -> list[dict[str, Any]]:  # noqa: A002 - as in the summary
    """Return the messages of a conversation as the first model received them, with its answers.

    Raises:
        NoConversationError: no conversation has this id.
    """
    return messages_of(user_history.read(id).contents)


def export_conversation(id: str, format: Literal["json", "markdown"] = "json") -> str:  # noqa: A002 - as in the summary
    """Return a conversation as text.

    Args:
        id: Its id.
        format: `json` has everything: models, parameters, branches, attachments. `markdown` has the texts that are displayed.

    Raises:
        NoConversationError: no conversation has this id.
    """
    return exported(user_history.read(id), format)


def import_conversation(text: str) -> str:
    """Store a conversation and return its id.

    Args:
        text: What `export_conversation` returned, or JSON of messages or of a request, or Markdown with a heading for each role.

    Raises:
        HistoryError: it is something else.
    """
    return user_history.add(text.encode("utf-8", "replace"))


def delete_conversation(id: str) -> None:  # noqa: A002 - as in the summary
    """Delete a conversation.

    Raises:
        NoConversationError: no conversation has this id.
    """
    user_history.delete(id)


def file() -> Path:
    """Return the path of the file, which may not exist yet."""
    return history_file()
