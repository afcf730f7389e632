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
    """An event is not a chunk. Its text is the event, for a message; `chunks` are those before it in the same read."""

    def __init__(self, event: str, chunks: list[dict[str, Any]]) -> None:
        super().__init__(event)
        self.chunks = chunks


class ChunkDecoder:
    """Decodes events into chunks of OpenRouter's shape. One for each answer.

    Attributes:
        accumulator: The answer so far.
        count: Number of chunks so far.
        is_done: Whether the stream announced its end by `[DONE]`.
    """

    def __init__(self) -> None:
        self.accumulator = Accumulator()
        self.count = 0
        self.is_done = False
        self._parser = ChunkParser()
        self._has_messages = False  # whether chunks had a message instead of a delta

    def decode(self, events: list[bytes]) -> list[dict[str, Any]]:
        """Return the chunks of the events of one read, up to the end of the stream. Keep-alives are skipped.

        Raises:
            InvalidEventError: an event is not a chunk.
        """
        chunks: list[dict[str, Any]] = []
        feed = self.accumulator.feed
        for value, event in zip(self._parser.parse(events), events, strict=True):
            if type(value) is dict:
                if not feed(value):
                    self._normalize(value)
                chunks.append(value)
            elif isinstance(value, list) and (error := error_object(value)):  # Gemini
                feed(failed := {"error": error})
                chunks.append(failed)
            elif value == "[DONE]" or (data := event.strip()) == DONE:
                self.is_done = True
                break
            elif data and data[:1] != b":":  # how some proxies send a keep-alive
                text = clean_message(data[:_MAX_QUOTED].decode("utf-8", "replace"))
                raise InvalidEventError(f" ({text})" if text[:1].isalpha() else "", chunks)
        self.count += len(chunks)
        self._parser.advance(self.count)
        return chunks

    def _normalize(self, chunk: dict[str, Any]) -> None:
        has_deltas = self.accumulator.has_content and not self._has_messages
        added, has_message = normalize(chunk, has_deltas=has_deltas)
        self._has_messages = self._has_messages or has_message
        self.accumulator.feed(added)
