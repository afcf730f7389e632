"""Read descriptions of functions and parameters from docstrings in Google, NumPy and Sphinx style."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from docstring_parser import ParseError, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def read(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """Return the description of a function, or `""`, and the descriptions of its parameters by name."""
    text = inspect.getdoc(function) or ""
    try:
        found = parse(text)
    except ParseError:
        return text, {}
    description = "\n\n".join(part for part in (found.short_description, found.long_description) if part)
    parameters = {
        item.arg_name.lstrip("*"): " ".join((item.description or "").split())
        for item in found.params
        if item.description
    }
    return description, parameters
