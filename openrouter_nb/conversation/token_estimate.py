"""Estimate the number of tokens of a request. Only the model's tokenizer knows it exactly, and it is not available here."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Four bytes of UTF-8 per token is what English takes with the tokenizers of 2026; a Chinese character has three bytes and
# takes nearly one token.
_BYTES_PER_TOKEN = 4
#: Images take 85 to 1,600 tokens by size and model; audio and PDF depend on the model even more.
TOKENS_PER_MEDIA_ITEM = 1_000
_TOKENS_PER_MESSAGE = 4
_MEDIA_TYPES = ("image_url", "input_audio", "video_url", "file")


def estimate_tokens(messages: Any) -> int:
    """Estimate the tokens of one message or a list: its text by its bytes, and 1,000 for each media item."""
    if isinstance(messages, list):
        return sum(map(estimate_tokens, messages))
    media = sum(media_items(messages).values()) * TOKENS_PER_MEDIA_ITEM
    return _TOKENS_PER_MESSAGE + media + _text_bytes(messages) // _BYTES_PER_TOKEN


def estimate_request_tokens(body: Mapping[str, Any]) -> int:
    """Estimate the prompt tokens of a request: its messages, tool definitions and response format."""
    tokens = estimate_tokens(body.get("messages") or [])
    for name in ("tools", "response_format"):
        if body.get(name):
            tokens += len(json.dumps(body[name], default=str)) // _BYTES_PER_TOKEN
    return tokens


def media_items(value: Any) -> Counter[str]:
    """Count the media items of messages by the type of their content part."""
    found: Counter[str] = Counter()
    if isinstance(value, dict):
        if value.get("type") in _MEDIA_TYPES:
            found[value["type"]] += 1
            return found
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            found.update(media_items(item))
    return found


def _text_bytes(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, dict):
        return 0 if value.get("type") in _MEDIA_TYPES else sum(map(_text_bytes, value.values()))
    return sum(map(_text_bytes, value)) if isinstance(value, (list, tuple)) else 0
