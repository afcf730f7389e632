"""Split text into deltas."""

import itertools
import re

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.delta_merge import Delta


def words(text: str) -> list[str]:
    """Split a text before every word; the pieces join to the same text."""
    return re.findall(r"\s*\S+|\s+$", text)


def equal(text: str, count: int) -> list[str]:
    """Split a text into `count` pieces whose lengths differ by one at most; empty pieces are omitted."""
    bounds = [len(text) * index // count for index in range(count + 1)]
    return [text[start:end] for start, end in itertools.pairwise(bounds) if end > start]


def say(text: str, request: ParsedChatRequest) -> list[Delta]:
    """Return a text as content deltas: word by word, or in `simulator.chunks` pieces."""
    chunks = request.overrides.chunks
    return [{"content": piece} for piece in (equal(text, chunks) if chunks else words(text))]
