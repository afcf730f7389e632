"""Limit the memory of parsed JSON before it is parsed.

`[],` takes 3 bytes as text and 64 in memory, so a limit of the text's size is not enough: the values are counted, too. Text
of 1 MiB or less takes at most 25 MB and is not counted.
"""

from __future__ import annotations

#: Size of a text that is not counted, in bytes.
SMALL_BYTES = 1024 * 1024
#: Brackets, commas and colons of a JSON text. Measured with Python 3.12: at most 100 bytes each in memory.
MAX_MARKS = 600_000
# A character takes up to 4 bytes if the string contains one that is not Latin.
_MAX_WIDE_BYTES = 16 * 1024 * 1024
_MARKS = (b"[", b"{", b",", b":")


class JsonTooLargeError(ValueError):
    """A JSON text would take too much memory. The message completes "it has …"."""


class JsonSize:
    """The size of a JSON text that arrives in pieces."""

    __slots__ = ("_bytes", "_is_wide", "_marks")

    def __init__(self) -> None:
        self._bytes = 0
        self._marks = 0
        self._is_wide = False

    def add(self, piece: bytes) -> None:
        """Count a piece.

        Raises:
            JsonTooLargeError: the text is too large with it.
        """
        self._bytes += len(piece)
        self._marks += sum(map(piece.count, _MARKS))
        self._is_wide = self._is_wide or not piece.isascii() or b"\\u" in piece
        if self._bytes <= SMALL_BYTES:
            return
        if self._marks > MAX_MARKS:
            raise JsonTooLargeError(f"more than {MAX_MARKS} brackets, commas and colons")
        if self._is_wide and self._bytes > _MAX_WIDE_BYTES:
            raise JsonTooLargeError(f"more than {_MAX_WIDE_BYTES} bytes of text that is not ASCII")


def check_json_size(text: bytes | str) -> None:
    """Check a complete JSON text.

    Raises:
        JsonTooLargeError: it would take too much memory.
    """
    if len(text) > SMALL_BYTES:
        JsonSize().add(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
