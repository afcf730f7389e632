"""Parse the events of a stream as JSON.

`pydantic_core` parses a chunk twice as fast as `json`, but importing it takes longer than the first token. So a stream
starts with `json`, and switches to `pydantic_core` once that is imported or the stream is long. Both return the same.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.streaming.cut_characters import CutCharacters

if TYPE_CHECKING:
    from collections.abc import Callable

    Decode = Callable[[bytes], Any]

# The core of `json.loads`: a chunk is small, and the checks around it cost as much as the parsing.
_decode = json.JSONDecoder().raw_decode
_LONG_STREAM = 1000  # chunks after which `json` has lost as much time as the import takes


class ChunkParser:
    """Parses the events of one stream, in order.

    Invalid UTF-8 and lone surrogates do not end the answer: characters that are cut between chunks are joined, and others
    become U+FFFD.

    Args:
        decode: Parses valid JSON. None for the decoder of a new stream.
    """

    def __init__(self, decode: Decode | None = None) -> None:
        self._decode = decode or decoder_after(0)
        self._characters = CutCharacters()

    def parse(self, events: list[bytes]) -> list[Any]:
        """Return the JSON value of each event, None if it is not JSON."""
        if not self._characters.pending:
            try:
                return list(map(self._decode, events))
            except (ValueError, RecursionError):
                pass  # an event needs the lenient decoder, or is not JSON
        return [self._value(event) for event in events]

    def advance(self, chunks: int) -> None:
        """Select the decoder for a stream that has had this number of chunks."""
        if self._decode is decode_with_json:
            self._decode = decoder_after(chunks)

    def _value(self, event: bytes) -> Any:
        try:
            value = self._decode(event)
        except (ValueError, RecursionError):
            try:
                value = json.loads(event.decode("utf-8", "surrogateescape"))
            except (ValueError, RecursionError):
                return None
            return self._characters.join(value)
        return self._characters.join(value) if self._characters.pending else value


def decode_with_json(event: bytes) -> Any:
    """Return the JSON value of an event.

    Raises:
        ValueError: it is not JSON, not UTF-8, or has escapes that may be lone surrogates.
        RecursionError: nested too deeply.
    """
    text = event.decode()
    value, end = _decode(text)
    if end != len(text) or b"\\ud" in event or b"\\uD" in event:
        raise ValueError(event)
    return value


def quick_decoder() -> Decode:
    """Return a decoder that is equivalent to `decode_with_json` and takes half the time."""
    from pydantic_core import from_json

    return from_json


def decoder_after(chunks: int) -> Decode:
    """Return the decoder for a stream that has had this number of chunks."""
    return quick_decoder() if chunks >= _LONG_STREAM or "pydantic_core" in sys.modules else decode_with_json
