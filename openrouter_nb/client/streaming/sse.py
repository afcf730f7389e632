"""Decode server-sent events from bytes.

Source: WHATWG HTML, "9.2.6 Interpreting an event stream". Two differences: `event`, `id` and `retry` are ignored, because
OpenRouter's chat stream does not use them, and events without data are skipped.
"""

from __future__ import annotations

from openrouter_nb.json_size import SMALL_BYTES, JsonSize, JsonTooLargeError

#: Content type of an event stream.
EVENT_STREAM = "text/event-stream"

_IGNORED = (b"event", b"id", b"retry")
_FIELDS = (b"", b"data", *_IGNORED)
_LONGEST_FIELD = b"retry"
_BOM = b"\xef\xbb\xbf"
# Overhead of a buffered line in bytes, so that the limit also bounds the memory of millions of empty lines.
_LINE_COST = 48


def starts_stream(head: bytes) -> bool | None:
    """Return whether the first bytes of a body, after white space, begin an event stream; None if more are needed."""
    head = head.removeprefix(_BOM).lstrip()
    field, colon, _ = head[: len(_LONGEST_FIELD) + 2].partition(b":")
    if colon or b"\n" in field:
        return field.strip() in _FIELDS
    return None if any(name.startswith(field) for name in _FIELDS) else False


class EventTooLargeError(ValueError):
    """An event exceeds the decoder's limits. `events` holds the events completed before it by the same bytes."""

    def __init__(self, message: str, events: list[bytes]) -> None:
        super().__init__(message)
        self.events = events


class EventDecoder:
    """Decodes network chunks into the `data` of complete events.

    Works on bytes because a network read may end inside a character, and because `str.splitlines` also splits at U+2028 and
    U+0085, which JSON strings may contain. `bytes.splitlines` splits at LF, CR and CRLF only.

    Args:
        max_event_bytes: Maximum size of an event in bytes; each further line of an event counts 48 bytes more. An event of
            more than 1 MiB is also limited as `JsonSize` defines it.
    """

    __slots__ = (
        "_after_cr",
        "_at_start",
        "_data",
        "_json",
        "_max",
        "_other",
        "_parts",
        "_size",
        "_uncounted",
        "comments",
    )

    def __init__(self, *, max_event_bytes: int = 64 * 1024 * 1024) -> None:
        #: Comment lines seen so far: OpenRouter's keep-alive is `: OPENROUTER PROCESSING`.
        self.comments = 0
        self._max = max_event_bytes
        self._uncounted = min(max_event_bytes, SMALL_BYTES)
        self._json = JsonSize()  # of an event that is larger
        self._at_start = True
        self._after_cr = False
        self._parts: list[
            bytes
        ] = []  # the unfinished line, joined once, so that the time for a huge line stays linear
        self._data: list[bytes] = []
        self._size = 0  # bytes buffered in _parts, _data and _other
        # Lines before the first event that are not fields; None after it.
        self._other: list[bytes] | None = []

    @property
    def inside_event(self) -> bool:
        """Whether an event is incomplete."""
        return bool(self._parts or self._data)

    @property
    def unfinished(self) -> bytes:
        """Data of the incomplete event."""
        line = b"".join(self._parts)
        value = line.removeprefix(b"data:").removeprefix(b" ") if line.startswith(b"data:") else b""
        return b"\n".join([*self._data, value] if value else self._data)

    @property
    def other_content(self) -> bytes:
        """The bytes so far if they are not an event stream, such as JSON sent under its content type; else `b""`."""
        content = b"\n".join([*(self._other or ()), *self._parts])
        return content if self._other is not None and starts_stream(content) is False else b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Decode the next bytes; return the data of each event that they complete, in order.

        Raises:
            EventTooLargeError: an event exceeds the limit.
        """
        if self._at_start:
            chunk = self._strip_bom(chunk)
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == 10:
                chunk = chunk[1:]
        if not chunk:
            return []
        if b"\n" not in chunk and b"\r" not in chunk:
            self._buffer(chunk, [])
            return []
        if self._parts:
            self._size -= sum(map(len, self._parts))
            self._parts.append(chunk)
            chunk = b"".join(self._parts)
            self._parts.clear()
        lines = chunk.splitlines()
        last = chunk[-1]
        self._after_cr = last == 13
        rest = b"" if last in (10, 13) else lines.pop()
        events: list[bytes] = []
        self._take(lines, events)
        if rest:
            self._buffer(rest, events)
        return events

    def _take(self, lines: list[bytes], events: list[bytes]) -> None:
        data = self._data
        for line in lines:
            if not line:
                if data:
                    events.append(data[0] if len(data) == 1 else b"\n".join(data))
                    data.clear()
                    self._size = 0
                    self._other = None
            elif line[:6] == b"data: ":
                # As in `_collect`, without a call: this runs for every event.
                size = self._size + len(line) - 6
                if data or size > self._max:
                    self._collect(line[6:], events)
                else:
                    self._size = size
                    data.append(line[6:])
            elif line[0] == 58:  # ":"
                self.comments += 1
            elif line[:5] == b"data:":
                self._collect(line[5:], events)
            elif line == b"data":
                self._collect(b"", events)
            elif self._other is not None and not line.startswith(_IGNORED):
                self._size += len(line) + _LINE_COST
                if self._size > self._max:
                    raise self._too_large(events)
                self._other.append(line)

    def _collect(self, value: bytes, events: list[bytes]) -> None:
        before = self._size
        self._size += len(value) + (_LINE_COST if self._data else 0)
        self._data.append(value)
        if self._size > self._uncounted:
            self._count(value, before, events)

    def _buffer(self, part: bytes, events: list[bytes]) -> None:
        before = self._size
        self._size += len(part)
        self._parts.append(part)
        if self._size > self._uncounted:
            self._count(part, before, events)

    def _count(self, piece: bytes, before: int, events: list[bytes]) -> None:
        """Check the size of a large event, to which a piece was added."""
        if self._size > self._max:
            raise self._too_large(events)
        try:
            if before > self._uncounted:
                self._json.add(piece)
                return
            self._json = JsonSize()
            for each in (*self._data, *self._parts):
                self._json.add(each)
        except JsonTooLargeError as error:
            raise EventTooLargeError(f"an event has {error}", events) from None

    def _too_large(self, events: list[bytes]) -> EventTooLargeError:
        return EventTooLargeError(f"an event is larger than {self._max} bytes", events)

    def _strip_bom(self, chunk: bytes) -> bytes:
        head = b"".join(self._parts) + chunk
        self._parts.clear()
        self._size = 0
        if len(head) < len(_BOM) and _BOM.startswith(head):
            self._parts.append(head)
            self._size = len(head)
            return b""
        self._at_start = False
        return head.removeprefix(_BOM)
