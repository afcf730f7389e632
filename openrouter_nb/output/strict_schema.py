"""Convert a JSON Schema to the strict subset: all fields required, no additional properties, supported keywords only.

Source: openrouter-docs, guides/features/structured-outputs, August 2026 ("additionalProperties: false and full required
lists are expected by strict providers"); unsupported keywords are those of OpenAI's guide to structured outputs.
"""

from __future__ import annotations

import copy
from typing import Any

from openrouter_nb._traceback import ShortTraceback

# Keywords that strict providers reject; they are removed, and still validated locally.
_REMOVED = frozenset(
    {
        "default",
        "examples",
        "title",
        "uniqueItems",
        "contains",
        "minContains",
        "maxContains",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "contentEncoding",
        "contentMediaType",
        "readOnly",
        "writeOnly",
        "deprecated",
        "discriminator",
        "minLength",
        "maxLength",
        "$schema",
        "$id",
        "$comment",
    }
)
_UNSUPPORTED = ("not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties")


class NotStrictError(ShortTraceback, TypeError):
    """A schema that cannot be converted to the strict subset."""


def strict_schema(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the strict form of a schema; optional fields become required and nullable.

    Args:
        schema: The schema; not modified.
        name: Name of the type, for error messages.

    Raises:
        NotStrictError: there is no strict form, for example of an object with arbitrary property names.
    """
    return _StrictSchemaBuilder(schema, name).build()


class _StrictSchemaBuilder:
    def __init__(self, schema: dict[str, Any], name: str) -> None:
        self._root = schema
        self._name = name

    def build(self) -> dict[str, Any]:
        root = copy.deepcopy(self._root)
        definitions = root.pop("$defs", {})
        if "$ref" in root:  # a recursive type; the root must be an object, not a reference
            key = root["$ref"].rpartition("/")[2]
            root = {
                **copy.deepcopy(definitions.get(key, {})),
                **{k: v for k, v in root.items() if k != "$ref"},
            }
        made: dict[str, Any] = self._convert(root, self._name)
        if definitions:
            made["$defs"] = {key: self._convert(value, key) for key, value in definitions.items()}
        return made

    def _convert(self, schema: Any, where: str) -> Any:
        if schema is True or schema == {}:
            self._reject(where, "may be anything")
        if not isinstance(schema, dict):
            self._reject(where, "has a schema that is not an object")
        for keyword in _UNSUPPORTED:
            if keyword in schema:
                self._reject(where, f"uses {keyword!r}")
        schema = self._inline_refs(schema, where)
        if "$ref" in schema:
            return {"$ref": schema["$ref"]}  # no other keyword is allowed next to it
        made = {key: value for key, value in schema.items() if key not in _REMOVED}
        if "oneOf" in made:
            made["anyOf"] = made.pop("oneOf")
        if "anyOf" in made:
            made["anyOf"] = [self._convert(item, where) for item in made["anyOf"]]
        if "items" in made:
            made["items"] = self._convert(made["items"], f"{where}[]")
        if "prefixItems" in made:
            self._reject(where, "is a tuple; use a list or a class with named fields")
        if made.get("type") == "array" and "items" not in made:
            self._reject(where, "is a list without an item type; declare it")
        if made.get("type") == "object" or "properties" in made:
            self._object(made, where)
        return made

    def _object(self, made: dict[str, Any], where: str) -> None:
        if made.get("additionalProperties") not in (None, False):
            self._reject(where, "allows arbitrary names; use a class with named fields, or a list of them")
        if "properties" not in made and made.get("additionalProperties") is not False:
            self._reject(where, "allows arbitrary names; use a class with named fields")
        required = set(made.get("required", ()))
        properties = made.get("properties", {})
        made["properties"] = {
            key: self._convert(value if key in required else _nullable(value), f"{where}.{key}")
            for key, value in properties.items()
        }
        made["required"] = list(properties)
        made["additionalProperties"] = False

    def _inline_refs(self, schema: dict[str, Any], where: str) -> dict[str, Any]:
        """Return a schema with a lone `allOf` and the target of a reference that has words beside it put in."""
        if "allOf" in schema:
            if len(schema["allOf"]) != 1:
                self._reject(where, "uses 'allOf'")
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            schema = {**schema["allOf"][0], **rest}
        if "$ref" in schema and len(schema) > 1 and "description" in schema:
            key = str(schema["$ref"]).rpartition("/")[2]
            target = self._root.get("$defs", {}).get(key, {})
            if key and target and key not in _mentions(target):
                rest = {key: value for key, value in schema.items() if key != "$ref"}
                return {**copy.deepcopy(target), **rest}
        return schema

    def _reject(self, where: str, what: str) -> None:
        raise NotStrictError(
            f"{where} {what}, which strict providers reject. With strict=False the schema is sent unchanged."
        )


def _nullable(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if kind == "null" or (isinstance(kind, list) and "null" in kind):
        return schema
    options = schema.get("anyOf") or schema.get("oneOf") or ()
    if any(isinstance(option, dict) and option.get("type") == "null" for option in options):
        return schema
    if "enum" in schema and isinstance(kind, str):
        return {**schema, "type": [kind, "null"], "enum": [*schema["enum"], None]}
    if isinstance(kind, str) and kind not in ("object", "array"):
        return {**schema, "type": [kind, "null"]} if "const" not in schema else _either(schema)
    return _either(schema)


def _either(schema: dict[str, Any]) -> dict[str, Any]:
    outer = {key: schema[key] for key in ("description",) if key in schema}
    inner = {key: value for key, value in schema.items() if key not in outer}
    return {**outer, "anyOf": [inner, {"type": "null"}]}


def _mentions(schema: Any) -> set[str]:
    """Return the names of the definitions that a schema references directly."""
    if isinstance(schema, list):
        return {name for item in schema for name in _mentions(item)}
    if not isinstance(schema, dict):
        return set()
    found = {name for value in schema.values() for name in _mentions(value)}
    if isinstance(ref := schema.get("$ref"), str):
        found.add(ref.rpartition("/")[2])
    return found
