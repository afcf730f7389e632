"""Values under dotted names: `reasoning.effort` is the key `effort` of the object `reasoning`."""

from __future__ import annotations

from typing import Any

#: Returned by `get` for a name without a value, because None is a value.
MISSING: Any = object()


def get(values: Any, name: str) -> Any:
    """Return the value under a dotted name, or MISSING."""
    for key in name.split("."):
        if not isinstance(values, dict) or key not in values:
            return MISSING
        values = values[key]
    return values


def put(values: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Return the values with one added; a scalar on its path is replaced by an object."""
    key, _, rest = name.partition(".")
    inner = values.get(key)
    return {**values, key: put(inner if isinstance(inner, dict) else {}, rest, value) if rest else value}


def drop(values: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the values with one removed, and the objects that this empties."""
    key, _, rest = name.partition(".")
    if key not in values:
        return values
    inner = drop(values[key], rest) if rest and isinstance(values[key], dict) else None
    left = {other: value for other, value in values.items() if other != key}
    if not rest or not inner:
        return left
    return {other: inner if other == key else value for other, value in values.items()}


def merge(values: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return the values updated with others; objects are merged key by key."""
    merged = dict(values)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
