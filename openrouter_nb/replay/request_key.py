"""What makes two requests the same, and how one is written down."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# How an answer travels, not what is asked.
_TRANSPORT = ("stream", "stream_options")
_LONG_DATA = 1_000


def canonical(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is asked, in one form for all requests that ask it: `0` and `0.0` are the same."""
    return {key: _plain(value) for key, value in sorted(body.items()) if key not in _TRANSPORT}


def key_of(asked: Mapping[str, Any]) -> str:
    """Return the key of a request in its canonical form: 32 hexadecimal digits of a SHA-256."""
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def readable(value: Any) -> Any:
    """Return a request for people: pictures and other files by their size and hash."""
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, str) and len(value) > _LONG_DATA and " " not in value[:_LONG_DATA]:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"{value[:40]}… [{len(value):,} characters, sha256 {digest}]"
    return value


def differences(asked: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """Return the fields in which two requests differ."""
    shown = readable(dict(asked))
    return sorted(name for name in {*shown, *kept} if shown.get(name, ...) != kept.get(name, ...))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
