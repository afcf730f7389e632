"""Canonical form and key of requests."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Fields that change the transport of an answer, not its content.
_TRANSPORT = ("stream", "stream_options")
_LONG_DATA = 1_000


def canonical(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the canonical form of a request: sorted, without transport fields, `0.0` as `0`."""
    return {key: _plain(value) for key, value in sorted(body.items()) if key not in _TRANSPORT}


def key_of(request: Mapping[str, Any]) -> str:
    """Return the key of a canonical request: 32 hexadecimal digits of its SHA-256."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def readable(value: Any) -> Any:
    """Return a request with images and other files replaced by size and hash."""
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, str) and len(value) > _LONG_DATA and " " not in value[:_LONG_DATA]:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"{value[:40]}… [{len(value):,} characters, sha256 {digest}]"
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
