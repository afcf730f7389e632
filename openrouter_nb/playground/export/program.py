"""The exported program, and values formatted as source code."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

SERVER = "https://openrouter.ai/api/v1"
#: Longest line, unless it is one line of a text.
WIDTH = 88
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An exported program.

    Attributes:
        text: Source code.
        language: Language for syntax highlighting.
        note: Differences from the original request, `""` if there are none.
    """

    text: str
    language: str
    note: str = ""


def python(value: Any, indent: int = 0) -> str:
    """Return a JSON value as a Python literal, split over several lines if it is long."""
    short = _python_short(value)
    is_text = isinstance(value, str) and "\n" in value.rstrip("\n")
    if len(short) + indent <= WIDTH or not (is_text or isinstance(value, (dict, list))):
        return short
    inner, outer = " " * (indent + 4), " " * indent
    if is_text:
        return "(\n" + "".join(f"{inner}{line!r}\n" for line in _LINE.findall(value)) + outer + ")"
    if isinstance(value, dict):
        lines = [f"{inner}{key!r}: {python(item, indent + 4)},\n" for key, item in value.items()]
        return "{\n" + "".join(lines) + outer + "}"
    return "[\n" + "".join(f"{inner}{python(item, indent + 4)},\n" for item in value) + outer + "]"


def keywords(values: dict[str, Any], indent: int = 4) -> str:
    """Return values as keyword arguments, one on each line."""
    pad = " " * indent
    return "".join(f"{pad}{name}={python(value, indent)},\n" for name, value in values.items())


def compact(value: Any) -> str:
    """Return a JSON value as JSON text on one line."""
    return json.dumps(value, ensure_ascii=False)


def _python_short(value: Any) -> str:
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_python_short(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_python_short, value)) + "]"
    return repr(value)
