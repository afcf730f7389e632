"""Convert a JSON Schema to the strict subset: all fields required, no additional properties, supported keywords only.

Sources, November 2026: openrouter-docs, guides/features/structured-outputs ("additionalProperties: false and full required
lists are expected by strict providers"); OpenAI's guide "Structured outputs"; Anthropic's guide "Structured outputs". OpenRouter passes bounds on
to Anthropic, which answers 400 (sherifkozman/the-llm-council, pull request 55).
"""

from __future__ import annotations

from typing import Any

from openrouter_nb._traceback import ShortTraceback
from openrouter_nb.output.provider_schema import with_stated
from openrouter_nb.output.schema_merge import NEVER, as_list

_REMOVED = frozenset({"default", "examples", "title", "readOnly", "writeOnly", "deprecated"})
# Constraints that a strict provider rejects. They are stated in the description, and validated locally.
_STATED = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
    "maxItems", "uniqueItems", "minProperties", "maxProperties", "contentEncoding", "contentMediaType",
)  # fmt: skip
# Limits of OpenAI.
_MAX_LEVELS = 10
_MAX_PROPERTIES = 5_000
_MAX_ENUM_VALUES = 1_000


class NotStrictError(ShortTraceback, TypeError):
    """A schema that cannot be converted to the strict subset."""


def strict_schema(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the strict form of a schema; optional fields become required and nullable.

    Args:
        schema: The schema of an object, as returned by `provider_schema`; not modified.
        name: Name of the type, for error messages.

    Raises:
        NotStrictError: there is no strict form, for example of an object with arbitrary property names.
    """
    return _StrictSchemaBuilder(name).build(schema)


class _StrictSchemaBuilder:
    def __init__(self, name: str) -> None:
        self._name = name
        self._properties = 0
        self._enum_values = 0

    def build(self, schema: dict[str, Any]) -> dict[str, Any]:
        definitions = schema.get("$defs", {})
        made = self._convert({key: value for key, value in schema.items() if key != "$defs"}, self._name)
        if definitions:
            made["$defs"] = {key: self._convert(value, key) for key, value in definitions.items()}
        return made

    def _convert(self, schema: dict[str, Any], where: str, level: int = 0) -> dict[str, Any]:
        if not schema.keys() - _REMOVED - {"description"}:
            self._reject(where, "may be anything")
        if schema == NEVER:
            self._reject(where, "allows no value")
        made = {key: value for key, value in _with_stated(schema).items() if key not in _REMOVED}
        if "anyOf" in made:
            made["anyOf"] = [self._convert(item, where, level) for item in made["anyOf"]]
        if "array" in as_list(made.get("type")):
            if not made["items"]:
                self._reject(where, "is a list without an item type; declare it")
            made["items"] = self._convert(made["items"], f"{where}[]", level)
        if "object" in as_list(made.get("type")):
            self._object(made, where, level + 1)
        self._enum_values += len(made.get("enum", ()))
        if self._enum_values > _MAX_ENUM_VALUES:
            self._reject(where, f"has more than {_MAX_ENUM_VALUES:,} values in enumerations")
        return made

    def _object(self, made: dict[str, Any], where: str, level: int) -> None:
        if made.get("additionalProperties") not in (None, False):
            self._reject(where, "allows arbitrary names; use a class with named fields, or a list of them")
        if "properties" not in made and made.get("additionalProperties") is not False:
            self._reject(where, "allows arbitrary names; use a class with named fields")
        properties = made.get("properties") or {}
        self._properties += len(properties)
        if self._properties > _MAX_PROPERTIES or level > _MAX_LEVELS:
            self._reject(where, f"has more than {_MAX_LEVELS} levels or {_MAX_PROPERTIES:,} properties")
        required = set(made.get("required", ()))
        made["properties"] = {
            key: self._convert(value if key in required else _nullable(value), f"{where}.{key}", level)
            for key, value in properties.items()
        }
        made["required"] = list(properties)
        made["additionalProperties"] = False

    def _reject(self, where: str, what: str) -> None:
        raise NotStrictError(
            f"{where} {what}, which strict providers reject. With strict=False it is sent without strict mode."
        )


def _with_stated(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with the constraints that strict providers reject in its description."""
    rejected = [key for key in _STATED if key in schema and not (key == "minItems" and schema[key] in (0, 1))]
    return with_stated(schema, rejected)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if kind == "null" or (isinstance(kind, list) and "null" in kind):
        return schema
    if any(option.get("type") == "null" for option in schema.get("anyOf", ())):
        return schema
    if isinstance(kind, str) and kind not in ("object", "array") and "enum" not in schema:
        return {**schema, "type": [kind, "null"]}
    outer = {key: schema[key] for key in ("description",) if key in schema}
    inner = {key: value for key, value in schema.items() if key not in outer}
    if inner.keys() == {"anyOf"}:
        return {**outer, "anyOf": [*inner["anyOf"], {"type": "null"}]}
    return {**outer, "anyOf": [inner, {"type": "null"}]}
