"""Names of tools and of their parameters that providers accept.

Sources, November 2026: OpenRouter's OpenAPI document, ChatFunctionTool (tools: a-z, A-Z, 0-9, underscores, dashes, max 64 chars);
Anthropic answers 400 for parameters that do not match `^[a-zA-Z0-9_.-]{1,64}$`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH = 64


def provider_names(names: Sequence[str], *, also: str = "") -> dict[str, str]:
    """Return the name to send for each name: itself if it is allowed, otherwise one that is allowed and unique.

    The names do not depend on the order. A name that loses letters, is too long, or would be the same as another ends in a hash
    of the original.

    Args:
        names: Names that differ from each other.
        also: Characters that are allowed beside letters, digits, `_` and `-`.
    """
    excluded = re.compile(rf"[^A-Za-z0-9_{re.escape(also)}-]+")
    plain = {name: excluded.sub("_", _without_accents(name)) for name in names}
    counts = Counter(plain.values())
    return {
        name: text
        if text == name and len(name) <= MAX_LENGTH
        else _hashed(name, text)
        if counts[text] > 1 or len(text) > MAX_LENGTH or not _is_readable(name, text)
        else text
        for name, text in plain.items()
    }


def _without_accents(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name)
    return "".join(character for character in parts if not unicodedata.combining(character))


def _is_readable(name: str, text: str) -> bool:
    """Whether a name keeps all letters and digits."""
    return any(map(str.isalnum, text)) and all(
        character.isascii() for character in _without_accents(name) if character.isalnum()
    )


def _hashed(name: str, text: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{text.strip('_')[: MAX_LENGTH - 9] or 'tool'}_{digest}"
