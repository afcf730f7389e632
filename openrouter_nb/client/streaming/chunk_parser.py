"""Parse one event of a stream as JSON.

`pydantic_core` parses a chunk twice as fast as `json`, but importing it takes longer than the first token. So a stream
starts with `json`, and switches to `pydantic_core` once that is imported or the stream is long. Both return the same.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Parser = Callable[[bytes], Any]

# The core of `json.loads`: a chunk is small, and the checks around it cost as much as the parsing.
_decode = json.JSONDecoder().raw_decode
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LONG_STREAM = 1000  # chunks after which `json` has lost as much time as the import takes


def parse_with_json(event: bytes) -> Any:
    """Return the JSON value of an event, None if it is not JSON.

    Invalid UTF-8 and lone surrogates are replaced by U+FFFD, so that they do not end the answer.
    """
    try:
        text = event.decode()
        value, end = _decode(text)
    except (ValueError, RecursionError):
        return _leniently(event)
    if end != len(text) or b"\\ud" in event or b"\\uD" in event:
        return _leniently(event)
    return value


def quick_parser() -> Parser:
    """Return a parser that is equivalent to `parse_with_json` and takes half the time."""
    from pydantic_core import from_json

    def parse(event: bytes) -> Any:
        try:
            return from_json(event)
        except ValueError:
            return _leniently(event)

    return parse


def parser_after(chunks: int) -> Parser:
    """Return the parser for a stream that has had this number of chunks."""
    return quick_parser() if chunks >= _LONG_STREAM or "pydantic_core" in sys.modules else parse_with_json


def _leniently(event: bytes) -> Any:
    try:
        value = json.loads(event.decode("utf-8", "replace"))
        return json.loads(_HALF_PAIR.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None
