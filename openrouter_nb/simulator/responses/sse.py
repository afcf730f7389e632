"""Framing of server-sent events, as by OpenRouter.

Source: OpenRouter docs, api_reference/streaming, August 2026.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

KEEP_ALIVE = b": OPENROUTER PROCESSING\n\n"
DONE = b"data: [DONE]\n\n"

NEWLINES: dict[str, bytes] = {"lf": b"\n", "cr": b"\r", "crlf": b"\r\n"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Split = int | Literal["event", "whole"]


def dump(value: Any) -> bytes:
    """Return compact JSON in UTF-8; a lone surrogate, which UTF-8 cannot carry, becomes `?`."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def event(value: Any) -> bytes:
    """Return one event whose data is `value` as JSON."""
    return b"data: " + dump(value) + b"\n\n"


def with_newlines(body: bytes, newline: bytes) -> bytes:
    """Return `body` with every line ending replaced by `newline`."""
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", newline)


def pieces(body: bytes, split: Split) -> Iterator[bytes]:
    """Yield the network writes of a body: every `split` bytes, one per event, or one for all."""
    if split == "whole":
        yield body
    elif split == "event":
        *complete, rest = body.replace(b"\n\n", b"\n\n\0").split(b"\0")
        yield from complete
        if rest:
            yield rest
    else:
        for start in range(0, len(body), split):
            yield body[start : start + split]
