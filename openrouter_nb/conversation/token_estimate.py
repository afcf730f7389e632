"""How many tokens a request has, about: nobody but the model's own tokenizer knows, and it is not here."""

from __future__ import annotations

from typing import Any

# Four bytes of UTF-8 a token is what English takes with the tokenizers of 2026; in Chinese it is three bytes a character,
# and nearly a token.
_BYTES_PER_TOKEN = 4
# Pictures take 85 to 1,600 tokens by size and model; sound and PDF depend on the model even more.
_TOKENS_PER_MEDIUM = 1_000
_TOKENS_PER_MESSAGE = 4


def estimate(messages: Any) -> int:
    """Return about how many tokens messages, or one of them, take: their text by its bytes, 1,000 for each medium."""
    if isinstance(messages, list):
        return sum(map(estimate, messages))
    return _TOKENS_PER_MESSAGE + _count(messages) // _BYTES_PER_TOKEN


def _count(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, dict):
        if value.get("type") in ("image_url", "input_audio", "video_url", "file"):
            return _TOKENS_PER_MEDIUM * _BYTES_PER_TOKEN
        return sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, (list, tuple)) else 0
