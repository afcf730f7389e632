"""Decode the events of one answer into chunks, and accumulate them."""

from __future__ import annotations

from typing import Any

from openrouter_nb.client.error_mapping import clean_message
from openrouter_nb.client.error_words import error_object
from openrouter_nb.client.streaming.accumulator import Accumulator
from openrouter_nb.client.streaming.chunk_parser import ChunkParser
from openrouter_nb.client.streaming.chunk_shape import normalize

DONE = b"[DONE]"
_MAX_QUOTED = 300  # bytes


class InvalidEventError(ValueError):
    """An event is not a chunk. Its text is the event, for a message."""


class ChunkDecoder:
    """Decodes events into chunks of OpenRouter's shape. One for each answer.

    Attributes:
        accumulator: The answer so far.
        count: Number of chunks in the reads so far.
        is_done: Whether the stream announced its end by `[DONE]`.
    """

    def __init__(self) -> None:
        self.accumulator = Accumulator()
        self.count = 0
        self.is_done = False
        self._parser = ChunkParser()
        self._parse = self._parser.parse
        self._feed = self.accumulator.feed
        self._has_messages = False  # whether chunks had a message instead of a delta

    def decode(self, event: bytes) -> dict[str, Any] | None:
        """Return the chunk of an event; None for a keep-alive and for the end of the stream.

        Raises:
            InvalidEventError: the event is not a chunk.
        """
        chunk = self._parse(event)
        if isinstance(chunk, dict):
            if not self._feed(chunk):
                self._normalize(chunk)
            return chunk
        if isinstance(chunk, list) and (error := error_object(chunk)):  # Gemini
            self._feed(failed := {"error": error})
            return failed
        data = event.strip()
        if data == DONE or chunk == "[DONE]":
            self.is_done = True
        elif data and data[:1] != b":":  # how some proxies send a keep-alive
            text = clean_message(data[:_MAX_QUOTED].decode("utf-8", "replace"))
            raise InvalidEventError(f" ({text})" if text[:1].isalpha() else "")
        return None

    def end_read(self, count: int) -> None:
        """Count the chunks of a read, and select the parser for the next."""
        self.count += count
        self._parser.advance(self.count)

    def _normalize(self, chunk: dict[str, Any]) -> None:
        has_deltas = self.accumulator.has_content and not self._has_messages
        added, has_message = normalize(chunk, has_deltas=has_deltas)
        self._has_messages = self._has_messages or has_message
        self._feed(added)
