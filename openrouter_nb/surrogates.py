r"""Replace lone surrogates: halves of a UTF-16 pair, which UTF-8 cannot represent.

They come from `errors="surrogateescape"` (file names, the output of processes), from text that was cut inside a character, and
from JSON escapes such as `\ud83d`. Neither a request nor a notebook file can contain them. As in a browser, two halves of a
pair become their character, and each other half becomes U+FFFD.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def well_formed(text: str) -> str:
    """Return text without lone surrogates."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def well_formed_values(value: Any) -> Any:
    """Return JSON values without lone surrogates in strings and keys. Other values stay the same objects."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, Mapping):
        return {well_formed_values(key): well_formed_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [well_formed_values(item) for item in value]
    return value


def loads(text: str, **options: Any) -> Any:
    """Return the value of a JSON text like `json.loads`, with lone surrogates replaced, also those from escapes.

    Raises:
        ValueError: not JSON.
        RecursionError: nested too deeply.
    """
    value = json.loads(well_formed(text), **options)
    return well_formed_values(value) if "\\ud" in text or "\\uD" in text else value
