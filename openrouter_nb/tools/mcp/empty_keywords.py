"""Remove keywords of a JSON Schema that hold null, or an empty list instead of an object.

Servers in Go write null for a list or an object without items, and servers in PHP write `[]` for an object without items.
Neither is valid, and both mean that the keyword is absent.
"""

from __future__ import annotations

from typing import Any

_SCHEMAS = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_OBJECTS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_MAY_BE_NULL = frozenset(("default", "const"))


def without_empty_keywords(schema: Any) -> Any:
    """Return a schema, and those in it, without keywords that are null or an empty list instead of an object.

    Raises:
        RecursionError: it is nested too deeply.
    """
    if not isinstance(schema, dict):
        return schema
    return {
        key: _converted(key, value)
        for key, value in schema.items()
        if (value is not None or key in _MAY_BE_NULL) and not (key in _OBJECTS and value == [])
    }


def _converted(key: str, value: Any) -> Any:
    if key in _OBJECTS and isinstance(value, dict):
        return {name: without_empty_keywords(item) for name, item in value.items()}
    if key in _LISTS and isinstance(value, list):
        return [without_empty_keywords(item) for item in value]
    return without_empty_keywords(value) if key in _SCHEMAS else value
