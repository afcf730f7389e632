"""The file: one JSON object a line, each a request and its answer. Lines are only ever added."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.replay.index import VERSION, RecordedExchange, ReplayIndex
from openrouter_nb.replay.path import SUFFIX
from openrouter_nb.replay.request_key import differences, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedRandom
    from pathlib import Path

_POLL_S = 0.01
_KEY = re.compile(r"sk-or-[A-Za-z0-9_-]{8,}")


@cache
def open_file(path: Path) -> ReplayFile:
    """Return the file of a path: one object for all who use it, so that it is read once."""
    return ReplayFile(path)


class ReplayFile:
    """Answers by the key of their request.

    Several kernels may use one file: a line is written at once, under a lock, and each looks again when the file has grown.
    A line that cannot be read, such as half of one after a crash or a conflict of a merge, is passed over and counted.

    Args:
        path: Where new answers go. Others of its kind in its folder are read as well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._shelves: dict[Path, ReplayIndex] = {}

    @property
    def unreadable(self) -> int:
        """Lines that could not be read, over all files."""
        return sum(shelf.unreadable for shelf in self._shelves.values())

    def find(self, key: str) -> RecordedExchange | None:
        """Return what was answered to a request, the newest where there are several."""
        self._refresh()
        # The notebook's own file first: what it holds counts more than what its neighbours do.
        return next((kept for shelf in self._in_order() if (kept := shelf.kept.get(key))), None)

    def nearest(self, asked: Mapping[str, Any]) -> list[str] | None:
        """Return the fields in which a request differs from the most similar one that is kept; None if none is."""
        self._refresh()
        kept = [kept for shelf in self._in_order() for kept in shelf.kept.values()]
        return min((differences(asked, each.request) for each in kept), key=len, default=None)

    def add(self, key: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> RecordedExchange:
        """Keep an answer.

        Raises:
            ConfigurationError: it holds something like an API key, or the file cannot be written.
        """
        recorded = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        kept = RecordedExchange(key, recorded, readable(dict(asked)), dict(answer))
        entry = {
            "v": VERSION,
            "key": kept.key,
            "recorded": kept.recorded,
            "request": kept.request,
            "answer": kept.answer,
        }
        line = json.dumps(entry, ensure_ascii=False)
        if _KEY.search(line):
            raise ConfigurationError("not recorded: it holds something like an API key")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file, _locked(file):
                file.write(_line_break_before(file) + line.encode("utf-8", "backslashreplace") + b"\n")
        except OSError as error:
            raise ConfigurationError(f"not recorded: {self.path.name}: {error.strerror}") from None
        return kept

    def _refresh(self) -> None:
        files = set(self.path.parent.glob(f"*{SUFFIX}")) if self.path.parent.is_dir() else set()
        for gone in self._shelves.keys() - {*files, self.path}:
            del self._shelves[gone]
        for file in {*files, self.path}:
            self._shelves.setdefault(file, ReplayIndex(file)).refresh()

    def _in_order(self) -> list[ReplayIndex]:
        others = sorted((path for path in self._shelves if path != self.path), reverse=True)
        return [self._shelves[path] for path in (self.path, *others) if path in self._shelves]


def _line_break_before(file: BufferedRandom) -> bytes:
    """What to write first, should the last line have been broken off."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


@contextlib.contextmanager
def _locked(file: BufferedRandom) -> Iterator[None]:
    """Lock a file against other processes inside the `with` block, and flush it at its end."""
    from filelock import lock_descriptor, unlock_descriptor

    is_locked = True
    try:
        lock_descriptor(file.fileno(), poll_interval=_POLL_S)
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
