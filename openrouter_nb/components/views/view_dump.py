"""Dump views as plain dicts and lists."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

# Parts that are sent back as received. Providers verify reasoning details (OpenRouter docs,
# best-practices/reasoning-tokens, August 2026).
_UNMODIFIED = frozenset(("reasoning_details", "images", "annotations", "audio"))


def dump(value: Any, *, mode: str, include: Any = None, exclude: Any = None, exclude_none: bool) -> Any:
    """Return a deep copy of a JSON value. The options are those of `JSONView.model_dump`."""
    if isinstance(value, dict):
        return {
            key: dump(
                item,
                mode=mode,
                include=_below(include, key),
                exclude=_below(exclude, key),
                exclude_none=exclude_none and key not in _UNMODIFIED,
            )
            for key, item in value.items()
            if _is_selected(key, include, exclude) and not (exclude_none and item is None)
        }
    if isinstance(value, (list, tuple)):
        return [
            dump(
                item,
                mode=mode,
                include=_below(include, index),
                exclude=_below(exclude, index),
                exclude_none=exclude_none,
            )
            for index, item in enumerate(value)
            if _is_selected(index, include, exclude)
        ]
    if mode == "json" and isinstance(value, float) and not math.isfinite(value):
        return None
    return value.model_dump(mode=mode) if hasattr(value, "model_dump") else value


def _is_selected(key: Any, include: Any, exclude: Any) -> bool:
    is_included = include is None or key in include or "__all__" in include
    return is_included and _selection(exclude, key) not in (True, ...)


def _below(selection: Any, key: Any) -> Any:
    """Return the selection inside a field, None if there is none."""
    found = _selection(selection, key)
    return None if found in (True, False, ...) else found


def _selection(selection: Any, key: Any) -> Any:
    """Return what a selection says about a key: True for the whole field, a selection inside it, or False."""
    if selection is None:
        return False
    for name in (key, "__all__"):
        if name in selection:
            return selection[name] if isinstance(selection, Mapping) else True
    return False
