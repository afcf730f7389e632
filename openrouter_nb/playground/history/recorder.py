"""Store the conversation of one playground after each change. Serializing and writing happen on another thread."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from openrouter_nb.playground.history import writer
from openrouter_nb.playground.history.contents import contents_of, prepare
from openrouter_nb.playground.history.history_errors import HistoryError
from openrouter_nb.playground.history.location import history_file, is_on
from openrouter_nb.playground.history.store import HistoryStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.history.contents import Contents
    from openrouter_nb.playground.state.state import PlaygroundState
    from openrouter_nb.playground.state.thread import ConversationIdentity

_QUIET_S = 0.3


class Recorder:
    """Stores a conversation from its first request on. Call every method with the lock acquired.

    Args:
        state: The playground state.
        written: Called on the loop, without the lock, after a conversation was stored or could not be.
    """

    def __init__(self, state: PlaygroundState, written: Callable[[], None]) -> None:
        self._state = state
        self._written = written
        self._store = HistoryStore(history_file()) if is_on() else None
        self._stored: Contents | None = None
        self._identity: ConversationIdentity | None = None
        self._is_waiting = False

    def on_change(self) -> None:
        """Store the conversation soon, if it has changed."""
        if self._store is None or not self._has_begun() or self._is_waiting:
            return
        self._is_waiting = True
        loop = self._state.loop
        loop.call_soon(lambda: loop.event_loop.call_later(_QUIET_S, self._on_quiet))

    def _on_quiet(self) -> None:
        with self._state.loop.lock:
            self._is_waiting = False
            self.save()

    def save(self) -> None:
        """Store the conversation now, if it has changed."""
        if self._store is None or not self._has_begun():
            return
        contents, identity = contents_of(self._state), self._state.thread.identity
        if not contents["items"] or (identity is self._identity and contents == self._stored):
            return
        self._stored, self._identity = contents, identity
        writer.submit(self._write, self._store, contents, identity)

    def set_stored(self) -> None:
        """Treat the present conversation as stored: it was read from the history."""
        self._stored, self._identity = contents_of(self._state), self._state.thread.identity

    def _has_begun(self) -> bool:
        thread = self._state.thread
        thread.identity.has_begun |= any(column.run is not None for column in self._state.columns)
        return thread.identity.has_begun

    def _write(self, store: HistoryStore, contents: Contents, identity: ConversationIdentity) -> None:
        problem = ""
        try:
            identity.id, identity.revision = store.save(prepare(contents), identity.id, identity.revision)
        except HistoryError as error:
            problem = f"The conversation is not stored. {error}"
        except Exception as error:  # noqa: BLE001 - nothing else would say it
            problem = f"The conversation is not stored: {type(error).__name__}."
        self._state.history_changes += 1
        self._state.history_problem = problem
        with contextlib.suppress(RuntimeError):  # at exit there is no loop
            self._state.loop.call_soon(self._written)
