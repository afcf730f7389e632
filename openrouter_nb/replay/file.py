"""The replay file: JSON lines, each a request with its answer. Append-only."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import re
import stat
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.replay.index import VERSION, RecordedExchange, ReplayIndex
from openrouter_nb.replay.request_key import readable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Container, Mapping
    from io import BufferedRandom
    from pathlib import Path

_POLL_S = 0.01
_LOCK_TIMEOUT_S = 2.0
_MAX_COMPARED = 1_000  # requests, the newest ones
_KEY = re.compile(r"sk-or-[A-Za-z0-9_-]{8,}")


@cache
def open_file(path: Path) -> ReplayFile:
    """Return the file of a path: the same object for each call, so that it is read once."""
    return ReplayFile(path)


class ReplayFile:
    """Recorded answers by request key.

    Several kernels may share a file: each line is appended with one write under a lock, and readers check for new lines.
    Unreadable lines, for example after a crash or in a merge conflict, are skipped and counted.

    Args:
        path: The file, which may not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._index = ReplayIndex(path)

    @property
    def unreadable(self) -> int:
        """Number of unreadable lines."""
        return self._index.unreadable

    def find(self, key: str) -> RecordedExchange | None:
        """Return the newest recorded answer to a request, or its error if it has no answer, or None."""
        self._index.refresh()
        return self._index.exchanges.get(key)

    def nearest(self, request: Mapping[str, Any], *, besides: Container[str] = ()) -> list[str] | None:
        """Return what differs between the nearest recorded request and this one, a line each; None if there is none.

        Args:
            request: A canonical request.
            besides: Keys of recordings to ignore.
        """
        from openrouter_nb.replay.differences import differences

        self._index.refresh()
        recorded = [each.request for each in self._index.exchanges.values() if each.key not in besides]
        return differences(request, recorded[-_MAX_COMPARED:]) if recorded else None

    async def add(
        self,
        key: str,
        request: Mapping[str, Any],
        *,
        answer: Mapping[str, Any] | None = None,
        failure: Mapping[str, Any] | None = None,
    ) -> None:
        """Record an answer, or the response with an error.

        Raises:
            ConfigurationError: it contains something like an API key, another process locks the file for more than two
                seconds, or the file cannot be written.
        """
        recorded = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        entry = {"v": VERSION, "key": key, "recorded": recorded, "request": readable(dict(request))}
        entry |= {"failure": dict(failure)} if failure is not None else {"answer": dict(answer or {})}
        line = json.dumps(entry, ensure_ascii=False)
        if _KEY.search(line):
            raise ConfigurationError("not recorded: it contains something like an API key")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise ConfigurationError(f"not recorded: {self.path.name} is not a file")
                async with _locked(file):
                    file.write(_line_break_before(file) + line.encode("utf-8", "backslashreplace") + b"\n")
        except TimeoutError:
            raise ConfigurationError(f"not recorded: another process locks {self.path.name}") from None
        except OSError as error:
            raise ConfigurationError(f"not recorded: {self.path.name}: {error.strerror or error}") from None


def _line_break_before(file: BufferedRandom) -> bytes:
    """Return the line break to write first if the last line is incomplete."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


@contextlib.asynccontextmanager
async def _locked(file: BufferedRandom) -> AsyncIterator[None]:
    """Lock a file against other processes inside the `with` block, and flush it at its end.

    Raises:
        TimeoutError: another process has locked it for two seconds.
    """
    from filelock import lock_descriptor, unlock_descriptor

    is_locked = True
    ends_at = time.monotonic() + _LOCK_TIMEOUT_S
    try:
        # Polled on the event loop, so that other requests continue and this one can be stopped.
        while not lock_descriptor(file.fileno(), blocking=False):
            if time.monotonic() > ends_at:
                raise TimeoutError
            await asyncio.sleep(_POLL_S)
    except OSError as error:
        if error.errno != errno.ENOSYS:  # Pyodide has neither locks nor other processes
            raise
        is_locked = False
    try:
        yield
        file.flush()
    finally:
        if is_locked:
            unlock_descriptor(file.fileno())
