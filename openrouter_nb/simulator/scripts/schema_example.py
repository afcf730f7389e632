"""Example values for JSON Schemas, with numbers and names from the prompt."""

import json
import math
import re
from typing import Any

FORMATS = {
    "date": "2026-08-22",
    "date-time": "2026-08-22T12:00:00Z",
    "time": "12:00:00Z",
    "email": "someone@example.org",
    "uri": "https://example.org/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
# Below this depth only required fields are filled in, so that recursive schemas terminate.
DEEP = 4
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")
# A capitalized word that does not begin a sentence is most likely a name.
NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")


def example(schema: Any) -> Any:
    """Return a value that satisfies a schema of the kinds used for structured outputs and tools.

    Supported: `const`, `enum`, `default`, `$ref` into the same schema, `anyOf`, `oneOf`, `allOf`, `type`,
    `properties`, `required`, `items`, `prefixItems`, `minItems`, `minLength`, `maxLength`, `format`,
    `multipleOf` and the four bounds of numbers.

    Raises:
        RecursionError: The schema requires an infinite value.
    """
    return _Example(schema).value(schema, 0)


def arguments(schema: dict[str, Any], prompt: str) -> dict[str, Any]:
    """Return an object for a schema; numbers and names of the prompt fill its required fields in order."""
    value: dict[str, Any] = example(schema)
    numbers: list[Any] = [json.loads(word) for word in NUMBER.findall(prompt)]
    names = NAME.findall(prompt)
    for key, kind in schema.get("properties", {}).items():
        if key not in schema.get("required", ()) or "enum" in kind or "format" in kind:
            continue
        if (kind.get("type") == "integer" and numbers and isinstance(numbers[0], int)) or (
            kind.get("type") == "number" and numbers
        ):
            value[key] = numbers.pop(0)
        elif kind.get("type") == "string" and names:
            value[key] = names.pop(0)
    return value


class _Example:
    def __init__(self, root: Any) -> None:
        self._root = root

    def value(self, schema: Any, depth: int) -> Any:
        if not isinstance(schema, dict):
            return {}
        schema = self._resolved(schema)
        for key in ("const", "default"):
            if key in schema:
                return schema[key]
        if schema.get("enum"):
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                return self.value(_choice(schema[key], depth), depth)
        if schema.get("allOf"):
            merged: dict[str, Any] = {}
            for part in schema["allOf"]:
                merged |= self._resolved(part)
            return self.value(merged, depth)
        return self._of_type(schema, depth)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            target = self._root
            for name in schema["$ref"].removeprefix("#").strip("/").split("/"):
                target = target[name.replace("~1", "/").replace("~0", "~")] if name else target
            schema = target
        return schema

    def _of_type(self, schema: dict[str, Any], depth: int) -> Any:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in {"number", "integer"}:
            return _number(schema, integer=kind == "integer")
        if kind == "boolean":
            return True
        return None if kind == "null" else _string(schema)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        names = properties if depth < DEEP else schema.get("required", [])
        return {name: self.value(properties.get(name, {"type": "string"}), depth + 1) for name in names}

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        items = [self.value(part, depth + 1) for part in schema.get("prefixItems", [])]
        missing = schema.get("minItems", 1 if depth < DEEP else 0) - len(items)
        item = schema.get("items", {"type": "string"})
        return items + [self.value(item, depth + 1) for _ in range(missing)]


def _choice(options: list[Any], depth: int) -> Any:
    if depth >= DEEP:
        for option in options:
            if isinstance(option, dict) and option.get("type") == "null":
                return option
    return options[0]


def _number(schema: dict[str, Any], *, integer: bool) -> float:
    step = schema.get("multipleOf", 1 if integer else 0.5)
    low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
    high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
    value = min(max(42, low), high)
    value = math.floor(value / step) * step if value == high else math.ceil(value / step) * step
    if value == schema.get("exclusiveMinimum"):
        value += step
    if value == schema.get("exclusiveMaximum"):
        value -= step
    return int(value) if integer else float(value)


def _string(schema: dict[str, Any]) -> str:
    text: str = FORMATS.get(schema.get("format", ""), "simulated")
    text += "." * (schema.get("minLength", 0) - len(text))
    return text[: schema.get("maxLength", len(text))]
