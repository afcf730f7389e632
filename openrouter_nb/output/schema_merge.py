"""Join JSON Schemas: one for several that all apply, and one for several of which any applies."""

from __future__ import annotations

from itertools import chain
from typing import Any

from openrouter_nb.output.type_adapter import NoSchemaError

#: Keywords without an effect on validation.
ANNOTATIONS = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}
)
#: The schema that no value fits.
NEVER: dict[str, Any] = {"not": {}}


def conjunction(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return one schema for two that both apply, as narrow as one can be."""
    made = {**one, **other}
    for key in one.keys() & other.keys():
        left, right = one[key], other[key]
        if key in ("properties", "patternProperties", "$defs", "definitions"):
            made[key] = {**left, **right}
            for name in left.keys() & right.keys():
                if left[name] != right[name]:
                    made[key][name] = {"allOf": [left[name], right[name]]}
        elif key == "required":
            made[key] = [*left, *(name for name in right if name not in left)]
        elif key == "enum":
            made[key] = [value for value in left if value in right]
        elif key == "type":
            common = [kind for kind in as_list(left) if kind in as_list(right)]
            if "integer" in (left, right) and "number" in (left, right):
                common = ["integer"]
            made[key] = common[0] if len(common) == 1 else common or right
        elif key == "additionalProperties":
            made[key] = left if right is True else right
        elif key == "items" and isinstance(left, dict) and isinstance(right, dict):
            made[key] = {"allOf": [left, right]}
        elif key in ("anyOf", "oneOf") and left != right:
            made[key] = [{"allOf": [first, second]} for first in left for second in right]
    return made


def object_at_root(
    root: dict[str, Any], definitions: dict[str, Any], seen: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the schema of an object without a reference and without alternatives at the root: those are joined.

    Args:
        root: A converted schema.
        definitions: The definitions it refers to, converted.
        seen: References that were followed.

    Raises:
        NoSchemaError: no alternative is an object.
    """
    notes = {key: value for key, value in root.items() if key in ANNOTATIONS}
    if "$ref" in root:
        target = definitions[root["$ref"].removeprefix("#/$defs/")]
        return {**object_at_root(target, definitions, seen | {root["$ref"]}), **notes}
    if "anyOf" in root:
        objects, reason = [], NoSchemaError("it refers to itself only")
        for option in root["anyOf"]:
            if option.get("$ref") not in seen:
                try:
                    objects.append(object_at_root(option, definitions, seen))
                except NoSchemaError as error:
                    reason = error
        if not objects:
            raise reason
        made = objects[0] if len(objects) == 1 else _disjunction(objects)
        texts = [each["description"] for each in (notes, made) if "description" in each]
        return {**made, **notes, **({"description": " ".join(texts)} if texts else {})}
    kinds = [kind for kind in as_list(root.get("type", "object")) if kind != "null"]
    if kinds != ["object"] or root == NEVER:
        raise NoSchemaError(f"it is of type {' or '.join(kinds) or 'null'}, not an object")
    return {**root, "type": "object", "properties": root.get("properties", {})}


def _disjunction(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one object that allows what each of the objects allows."""
    properties: dict[str, Any] = {}
    for name in dict.fromkeys(chain.from_iterable(each["properties"] for each in objects)):
        options: list[Any] = []
        for each in objects:
            for option in alternatives(each["properties"].get(name, NEVER)):
                if option != NEVER and option not in options:
                    options.append(option)
        properties[name] = options[0] if len(options) == 1 else {} if {} in options else {"anyOf": options}
    sets = [each.get("required", []) for each in objects]
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if required := [name for name in properties if all(name in each for each in sets)]:
        made["required"] = required
    if objects and all(each.get("additionalProperties") is False for each in objects):
        made["additionalProperties"] = False
    choices = list(dict.fromkeys(", ".join(each) for each in sets))
    if len(choices) > 1 and all(choices):
        made["description"] = f"One of these sets of fields is required: {'; '.join(choices)}."
    return made


def alternatives(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the alternatives of a schema; itself if it has none, or more than these."""
    return schema["anyOf"] if schema.keys() == {"anyOf"} else [schema]


def as_list(value: Any) -> list[Any]:
    """Return a value that may be one or a list, such as `type`, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]
