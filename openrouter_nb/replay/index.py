"""In-memory index of one replay file, updated incrementally."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.bounded_files import UnreadableFileError, open_regular, parse_untrusted

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_MARK = 256  # bytes before the read position, which are unchanged if lines were only appended


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """A recorded request with its answer.

    Attributes:
        key: Key of the request.
        recorded: Time in UTC: `2026-11-22T05:30:00Z`.
        request: Canonical request, with files shortened.
        answer: The result as returned by `chat.send`, as JSON; None if the service reported an error.
        failure: The response with the error: `status`, `headers` and `body`; None for an answer.
    """

    key: str
    recorded: str
    request: dict[str, Any]
    answer: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None


class ReplayIndex:
    """The newest answer for each key of one file.

    Of a file of more than 64 MiB, only the end is read. Reads only appended lines: a batch of a thousand rows checks the growing file a thousand times, and reading it completely
    each time would be quadratic.

    Args:
        path: The file, which may not exist.

    Attributes:
        exchanges: Recorded exchanges by key.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._clear()

    def _clear(self) -> None:
        self.exchanges: dict[str, RecordedExchange] = {}
        self._broken = 0
        self._half = False  # whether the last line is incomplete
        self._read_to = 0
        self._mark = b""

    @property
    def unreadable(self) -> int:
        """Number of unreadable lines."""
        return self._broken + self._half

    def refresh(self) -> None:
        """Read appended lines, or everything if the file was replaced or rewritten."""
        try:
            status = self._path.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if seen == self._seen:
                return
            with open_regular(self._path) as file:
                if self._seen is None or status.st_size <= self._seen[2] or not self._is_appended(file):
                    self._clear()
                self._skip(status.st_size - _MAX_BYTES)
                file.seek(self._read_to)
                self._add(file.read(_MAX_BYTES))
            self._seen = seen
        except UnreadableFileError:
            self._clear()
            self._broken, self._seen = 1, seen
        except PermissionError:
            pass  # Windows refuses to read while another process holds the lock: the next refresh reads the new lines
        except OSError:
            self._clear()
            self._seen = None

    def _skip(self, start: int) -> None:
        """Begin to read at an offset, if that is later: of a file that is too large, its end is read."""
        if start > self._read_to:
            self._clear()
            self._read_to = start

    def _is_appended(self, file: BufferedReader) -> bool:
        """Whether the bytes before the read position are unchanged."""
        file.seek(self._read_to - len(self._mark))
        return file.read(len(self._mark)) == self._mark

    def _add(self, data: bytes) -> None:
        lines, end, rest = data.rpartition(b"\n")
        for line in lines.splitlines():
            if line.strip() and not self._add_line(line):
                self._broken += 1
        self._half = bool(rest.strip()) and not self._add_line(rest)
        complete = lines + end
        self._read_to += len(complete)
        self._mark = (self._mark + complete)[-_MARK:]

    def _add_line(self, line: bytes) -> bool:
        exchange = _parse(line)
        if exchange is not None and not (exchange.failure and self._has_answer(exchange.key)):
            self.exchanges[exchange.key] = exchange
        return exchange is not None

    def _has_answer(self, key: str) -> bool:
        return key in self.exchanges and self.exchanges[key].answer is not None


def _parse(line: bytes) -> RecordedExchange | None:
    try:
        entry = parse_untrusted(line)
        if entry["v"] != VERSION:
            return None
        exchange = RecordedExchange(
            entry["key"],
            str(entry["recorded"]),
            entry["request"],
            entry.get("answer"),
            entry.get("failure"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    is_valid = isinstance(exchange.key, str) and isinstance(exchange.request, dict)
    has_outcome = _is_failure(exchange.failure) if exchange.answer is None else _is_answer(exchange.answer)
    return exchange if is_valid and has_outcome else None


def _is_answer(value: Any) -> bool:
    choices = value.get("choices") if isinstance(value, dict) else None
    return isinstance(choices, list) and bool(choices) and all(map(_is_choice, choices))


def _is_failure(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("status"), int)
        and isinstance(value.get("body"), str)
        and isinstance(headers := value.get("headers"), dict)
        and all(isinstance(text, str) for text in headers.values())
    )


def _is_choice(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("message"), dict)
