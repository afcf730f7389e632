"""The file: one JSON object a line, each a request and its answer. Lines are only ever added."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.replay.place import SUFFIX
from openrouter_nb.replay.request import differences, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedRandom
    from pathlib import Path

VERSION = 1
_KEY = re.compile(r"sk-or-[A-Za-z0-9_-]{8,}")


@dataclass(frozen=True, slots=True)
class Kept:
    """One request that was answered.

    Attributes:
        key: Of the request.
        recorded: When, in UTC: `2026-11-22T05:30:00Z`.
        request: What was asked, files shortened.
        answer: The result as `chat.send` returns it, as JSON.
    """

    key: str
    recorded: str
    request: dict[str, Any]
    answer: dict[str, Any]


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
        #: Lines that could not be read, over all files.
        self.unreadable = 0
        self._seen: dict[Path, tuple[int, int]] = {}
        self._kept: dict[str, Kept] = {}

    def find(self, key: str) -> Kept | None:
        """Return what was answered to a request, the newest where there are several."""
        self._refresh()
        return self._kept.get(key)

    def nearest(self, asked: Mapping[str, Any]) -> list[str] | None:
        """Return the fields in which a request differs from the most similar one that is kept; None if none is."""
        self._refresh()
        found = [differences(asked, kept.request) for kept in self._kept.values()]
        return min(found, key=len, default=None)

    def add(self, key: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> Kept:
        """Keep an answer.

        Raises:
            ConfigurationError: it holds something like an API key, or the file cannot be written.
        """
        recorded = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        kept = Kept(key, recorded, readable(dict(asked)), dict(answer))
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
        files = sorted(self.path.parent.glob(f"*{SUFFIX}")) if self.path.parent.is_dir() else []
        # The notebook's own file last: what it holds counts more than what its neighbours do.
        files = [*(file for file in files if file != self.path), self.path]
        seen = {}
        for file in files:
            with contextlib.suppress(OSError):
                facts = file.stat()
                seen[file] = (facts.st_mtime_ns, facts.st_size)
        if seen == self._seen:
            return
        self._seen, self._kept, self.unreadable = seen, {}, 0
        for file in seen:
            for line in file.read_bytes().splitlines():
                if not line.strip():
                    continue
                kept = _parse(line)
                if kept is None:
                    self.unreadable += 1
                else:
                    self._kept[kept.key] = kept


def _parse(line: bytes) -> Kept | None:
    try:
        entry = json.loads(line)
        if entry["v"] != VERSION:
            return None
        kept = Kept(entry["key"], str(entry["recorded"]), entry["request"], entry["answer"])
    except (ValueError, KeyError, TypeError):
        return None
    is_whole = isinstance(kept.key, str) and isinstance(kept.request, dict) and isinstance(kept.answer, dict)
    return kept if is_whole and kept.answer.get("choices") else None


def _line_break_before(file: BufferedRandom) -> bytes:
    """What to write first, should the last line have been broken off."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


@contextlib.contextmanager
def _locked(file: BufferedRandom) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # not on Windows; a line is still added in one write
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
        file.flush()
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
