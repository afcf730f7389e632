"""The file of stored conversations, which several kernels may use at once: an SQLite database.

It has a rollback journal, because home folders may be on a network, where a write-ahead log is not safe. Each change is one
transaction, so a killed process leaves the state before or after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.history.history_errors import HistoryError, NoConversationError
from openrouter_nb.playground.history.search_text import indexed, match_expression
from openrouter_nb.playground.history.summary import ConversationSummary, StoredConversation
from openrouter_nb.surrogates import well_formed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from openrouter_nb.playground.history.summary import PreparedConversation

#: When one of these is exceeded, the conversations that were not changed for the longest time are removed.
MAX_CONVERSATIONS = 5_000
MAX_BYTES = 512 * 1024 * 1024
_VERSION = 1
_WAIT_S = 10.0  # for the transactions of other kernels
_SCHEMA = """
CREATE TABLE conversation (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, title TEXT NOT NULL, models TEXT NOT NULL,
  created REAL NOT NULL, updated REAL NOT NULL, messages INTEGER NOT NULL, cost REAL, tokens_in INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL, bytes INTEGER NOT NULL
);
CREATE INDEX newest ON conversation (updated);
CREATE TABLE contents (number INTEGER PRIMARY KEY, json TEXT NOT NULL);
"""
_LIST = """SELECT number, id, title, models, created, updated, messages, cost, tokens_in, tokens_out
  FROM conversation ORDER BY updated DESC, number DESC"""
_READ = """SELECT id, title, models, created, updated, messages, cost, tokens_in, tokens_out, revision, json
  FROM conversation JOIN contents USING (number) WHERE id = ?"""


class HistoryStore:
    """Reads and writes the file. Every method may be called from any thread, blocks, and raises HistoryError.

    Args:
        path: The file; created with its first conversation, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    # -------------------------------------------------------------------------------------------------- reading

    def summaries(self, search: str = "") -> list[ConversationSummary]:
        """Return the conversations, the last changed first.

        Args:
            search: Words that all occur in the conversation; the last one may be incomplete.
        """
        if not self.path.exists():
            return []
        with self._transaction() as database:
            found = _found(database, search)
            rows = database.execute(_LIST).fetchall()
            return [_summary(row) for number, *row in rows if found is None or number in found]

    def read(self, id_: str) -> StoredConversation:
        """Return a conversation.

        Raises:
            NoConversationError: no conversation has this id.
        """
        if not self.path.exists():
            raise NoConversationError
        with self._transaction() as database:
            return _read(database, id_)

    # -------------------------------------------------------------------------------------------------- writing

    def save(
        self,
        conversation: PreparedConversation,
        id_: str = "",
        revision: int = 0,
        *,
        created: float = 0.0,
        updated: float = 0.0,
    ) -> tuple[str, int]:
        """Store a conversation and return its id and its revision.

        Args:
            conversation: Its new state.
            id_: Its id, `""` for a new conversation.
            revision: Revision on which the new state is based. If it has changed since, because another kernel continues the
                conversation, the new state becomes another conversation.
            created: Time of its first request; 0 for now.
            updated: Time of the change; 0 for now.
        """
        given, now = conversation, time.time()
        size = len(given.contents.encode()) + len(given.text.encode())
        values = (given.title, json.dumps(given.models), updated or now, given.messages, given.cost, given.tokens_in, given.tokens_out, size)  # fmt: skip
        with self._transaction(writes=True) as database:
            found = database.execute(
                "SELECT number, revision FROM conversation WHERE id = ?", (id_,)
            ).fetchone()
            if found is None or found[1] != revision:
                if found is not None or not id_:
                    id_, revision = uuid.uuid4().hex, 0
                number = database.execute(
                    "INSERT INTO conversation (title, models, updated, messages, cost, tokens_in, tokens_out, bytes, id, revision,"
                    " created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*values, id_, revision + 1, created or now),
                ).lastrowid
            else:
                number = found[0]
                database.execute(
                    "UPDATE conversation SET title = ?, models = ?, updated = ?, messages = ?, cost = ?, tokens_in = ?,"
                    " tokens_out = ?, bytes = ?, revision = revision + 1 WHERE number = ?",
                    (*values, number),
                )
                database.execute("DELETE FROM search WHERE rowid = ?", (number,))
            database.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", (number, given.contents))
            database.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (number, indexed(given.text)))
            _trim(database, number)
        return id_, revision + 1

    def delete(self, id_: str) -> StoredConversation:
        """Delete a conversation and return it.

        Raises:
            NoConversationError: no conversation has this id.
        """
        with self._transaction(writes=True) as database:
            found = _read(database, id_)
            (number,) = database.execute("SELECT number FROM conversation WHERE id = ?", (id_,)).fetchone()
            _remove(database, number)
            if _has_full_text_search(database):
                # The index contains the words of deleted texts until it is written again.
                database.execute("INSERT INTO search (search) VALUES ('optimize')")
        return found

    # -------------------------------------------------------------------------------------------------- the database

    @contextlib.contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            import sqlite3  # not at import: a notebook without a panel does not need it
        except ImportError:
            raise HistoryError("Conversations are not stored: this Python has no sqlite3.") from None
        try:
            if writes:
                self._create_file()
            with contextlib.closing(
                sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
            ) as database:
                # Deleted text is overwritten.
                database.execute("PRAGMA secure_delete = ON")
                if _version(database) == 0:
                    _create_tables(database)
                if (version := _version(database)) != _VERSION:
                    raise HistoryError(f"{self.path} was written by another version ({version}).")
                database.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                yield database
                database.execute("COMMIT")
        except sqlite3.Error as error:
            raise HistoryError(f"{self.path}: {_reason(error)}.") from None
        except OSError as error:
            raise HistoryError(f"{self.path} cannot be used: {error.strerror}.") from None

    def _create_file(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _create_tables(database: sqlite3.Connection) -> None:
    import sqlite3

    database.execute("BEGIN IMMEDIATE")
    if _version(database) == 0:  # another kernel may have created them since
        for statement in _SCHEMA.split(";"):
            database.execute(statement)
        try:
            database.execute(
                "CREATE VIRTUAL TABLE search USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
            )
        except sqlite3.OperationalError:  # a build without full-text search
            database.execute("CREATE TABLE search (rowid INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        database.execute(f"PRAGMA user_version = {_VERSION}")
    database.execute("COMMIT")


def _has_full_text_search(database: sqlite3.Connection) -> bool:
    (definition,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'search'").fetchone()
    return "fts5" in definition


def _found(database: sqlite3.Connection, search: str) -> set[int] | None:
    """Return the numbers of the conversations that a search finds; None for all."""
    search = well_formed(search).replace("\0", " ").strip()
    if not search:
        return None
    if _has_full_text_search(database) and (expression := match_expression(search)):
        rows = database.execute("SELECT rowid FROM search WHERE search MATCH ?", (expression,))
        return {number for (number,) in rows}
    each_word = []
    for word in search.split():
        escaped = indexed(word).strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = database.execute("SELECT rowid FROM search WHERE text LIKE ? ESCAPE '\\'", (f"%{escaped}%",))
        each_word.append({number for (number,) in rows})
    return set.intersection(*each_word)


def _read(database: sqlite3.Connection, id_: str) -> StoredConversation:
    row = database.execute(_READ, (id_,)).fetchone()
    if row is None:
        raise NoConversationError
    *summary, revision, contents = row
    try:
        return StoredConversation(_summary(summary), revision, json.loads(contents))
    except (ValueError, RecursionError):
        raise HistoryError("That conversation is damaged.") from None


def _summary(row: Any) -> ConversationSummary:
    id_, title, models, *rest = row
    return ConversationSummary(id_, title, tuple(json.loads(models)), *rest)


def _remove(database: sqlite3.Connection, number: int) -> None:
    for statement in (
        "DELETE FROM conversation WHERE number = ?",
        "DELETE FROM contents WHERE number = ?",
        "DELETE FROM search WHERE rowid = ?",
    ):
        database.execute(statement, (number,))


def _trim(database: sqlite3.Connection, changed: int | None) -> None:
    """Remove the oldest conversations beyond the limits, but not the one that was just changed."""
    count, size = database.execute("SELECT COUNT(*), SUM(bytes) FROM conversation").fetchone()
    if count <= MAX_CONVERSATIONS and size <= MAX_BYTES:
        return
    oldest = database.execute(
        "SELECT number, bytes FROM conversation WHERE number != ? ORDER BY updated, number", (changed,)
    ).fetchall()
    for number, bytes_ in oldest:
        if count <= MAX_CONVERSATIONS and size <= MAX_BYTES:
            return
        _remove(database, number)
        count, size = count - 1, size - bytes_


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return f"the file is damaged ({text}); move it away to start a new one"
    if "locked" in text:
        return "another program uses the file and does not release it"
    return text
