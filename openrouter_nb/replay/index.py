"""What one replay file holds, read again only as far as it has grown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

VERSION = 1
_MARK = 256  # bytes before the place that was read up to: the same, if lines were only added


@dataclass(frozen=True, slots=True)
class RecordedExchange:
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


class ReplayIndex:
    """The answers of one file by key, the newest of each.

    A thousand rows that are answered and kept look at a file that grows a thousand times; reading it whole each time would
    be quadratic.

    Args:
        path: The file, which need not exist.

    Attributes:
        kept: Answers by the key of their request.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._forget()

    def _forget(self) -> None:
        self.kept: dict[str, RecordedExchange] = {}
        self._broken = 0
        self._half = False  # a last line without its end that cannot be read, or not yet
        self._read_to = 0
        self._mark = b""

    @property
    def unreadable(self) -> int:
        """Lines that could not be read."""
        return self._broken + self._half

    def refresh(self) -> None:
        """Read what has been added; everything, where the file is not what it was."""
        try:
            facts = self._path.stat()
            seen = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
            if seen == self._seen:
                return
            with self._path.open("rb") as file:
                if self._seen is None or facts.st_size <= self._seen[2] or not self._goes_on(file):
                    self._forget()
                file.seek(self._read_to)
                self._take(file.read())
            self._seen = seen
        except PermissionError:
            pass  # Windows refuses to read while another process holds the lock: the next refresh reads the new lines
        except OSError:
            self._forget()
            self._seen = None

    def _goes_on(self, file: BufferedReader) -> bool:
        """Whether what was read still stands where it stood."""
        file.seek(self._read_to - len(self._mark))
        return file.read(len(self._mark)) == self._mark

    def _take(self, data: bytes) -> None:
        lines, end, rest = data.rpartition(b"\n")
        for line in lines.splitlines():
            if line.strip() and not self._keep(line):
                self._broken += 1
        self._half = bool(rest.strip()) and not self._keep(rest)
        whole = lines + end
        self._read_to += len(whole)
        self._mark = (self._mark + whole)[-_MARK:]

    def _keep(self, line: bytes) -> bool:
        kept = _parse(line)
        if kept is not None:
            self.kept[kept.key] = kept
        return kept is not None


def _parse(line: bytes) -> RecordedExchange | None:
    try:
        entry = json.loads(line)
        if entry["v"] != VERSION:
            return None
        kept = RecordedExchange(entry["key"], str(entry["recorded"]), entry["request"], entry["answer"])
    except (ValueError, KeyError, TypeError):
        return None
    is_whole = isinstance(kept.key, str) and isinstance(kept.request, dict) and isinstance(kept.answer, dict)
    return kept if is_whole and kept.answer.get("choices") else None
