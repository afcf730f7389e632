"""Errors that `except httpx.ConnectError` and the like catch as well, because OpenRouter's Python SDK raises those of httpx."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.errors import NoResponseError


def also_httpx(kind: type[NoResponseError], name: str) -> type[NoResponseError]:
    """Return a subclass of an error that is an httpx exception, too, if the program has imported httpx.

    Args:
        kind: The class of the error.
        name: Name of the exception in httpx, and in httpx2.
    """
    other = getattr(sys.modules.get("httpx"), name, None)
    if other is None:
        return kind

    def reduce(error: NoResponseError) -> tuple[Any, ...]:
        return kind, error.args, error.__dict__  # pickle finds classes by name

    members = {"__doc__": kind.__doc__, "__module__": kind.__module__, "__reduce__": reduce}
    return type(kind.__name__, (kind, other), members)
