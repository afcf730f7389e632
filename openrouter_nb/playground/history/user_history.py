"""The stored conversations of this user, for the panel and for `openrouter_nb.history`. Every function blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.playground.history import writer
from openrouter_nb.playground.history.contents import prepare
from openrouter_nb.playground.history.history_errors import HistoryError
from openrouter_nb.playground.history.location import VARIABLE, history_file, is_on
from openrouter_nb.playground.history.store import HistoryStore
from openrouter_nb.playground.history.transfer import imported

if TYPE_CHECKING:
    from openrouter_nb.playground.history.summary import ConversationSummary, StoredConversation


def summaries(search: str = "") -> list[ConversationSummary]:
    """Return the conversations, the last changed first; with `search`, those that contain all of its words."""
    return _store().summaries(search)


def read(id_: str) -> StoredConversation:
    """Return a conversation."""
    return _store().read(id_)


def delete(id_: str) -> StoredConversation:
    """Delete a conversation and return it."""
    return _store().delete(id_)


def add(data: bytes) -> str:
    """Store the conversation of an exported file as a new one, and return its id."""
    return _store().save(prepare(imported(data)))[0]


def restore(deleted: StoredConversation) -> None:
    """Store a deleted conversation again, at its place in the list."""
    summary = deleted.summary
    _store().save(
        prepare(dict(deleted.contents)),
        summary.id,
        deleted.revision - 1,
        created=summary.created,
        updated=summary.updated,
    )


def _store() -> HistoryStore:
    if not is_on():
        raise HistoryError(f"Conversations are not stored: {VARIABLE} is off.")
    writer.flush()
    return HistoryStore(history_file())
