"""Convert a JSON Schema to a form that the providers behind OpenRouter accept.

The result may allow more than the original, never less, except that `properties` or `items` without `type` imply it. The
original validates what comes back. This is used for response schemas, functions and tools of MCP servers.

Sources, November 2026:
- OpenAI, guides "Function calling" and "Structured outputs": the root is an object without `anyOf`, arrays have `items`,
  references have no siblings.
- Anthropic, "Define tools" and "Structured outputs": draft 2020-12, no `anyOf`, `oneOf` or `allOf` at the root, no enumeration of
  objects, no list of types beside `enum`.
- Gemini, "Function calling": no siblings of `anyOf` but annotations, `required` names declared properties only.
- OpenAI and Anthropic, "Structured outputs": a list of formats, and patterns without look-around; Anthropic recommends to state
  rejected constraints in the description.
OpenRouter passes schemas on and reports the error of the provider.
"""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any
from urllib.parse import unquote

from openrouter_nb.output.schema_merge import (
    ANNOTATIONS,
    NEVER,
    alternatives,
    as_list,
    conjunction,
    object_at_root,
)
from openrouter_nb.output.type_adapter import NoSchemaError

_MAX_DEPTH = 48
_MAX_SUBSCHEMAS = 20_000
_OF_TYPE = {
    "string": {"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"},
    "object": {
        "properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"
    },
}  # fmt: skip
_OF_TYPE["integer"] = _OF_TYPE["number"]
_IMPLIED_BY = {
    "object": {"properties", "required", "additionalProperties", "patternProperties"},
    "array": {"items", "prefixItems"},
}
# In the lists of OpenAI and of Anthropic.
_FORMATS = frozenset(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"])
# Groups other than (?:…), back references, word boundaries, anchors of Python and classes of Unicode.
_UNSUPPORTED_PATTERN = re.compile(r"\(\?(?!:)|\\[1-9kbBAzZGpP]")
_TYPED = frozenset(chain.from_iterable(_OF_TYPE.values()))
# Other keywords are dropped. They only narrow, such as `not` and `if`, or concern the document, such as `$id`; providers reject or
# ignore them.
_RULES = _TYPED | {"type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"}


def provider_schema(schema: dict[str, Any], *, wrapped_as: str | None = None) -> dict[str, Any]:
    """Return the schema of an object in a form that providers accept.

    Args:
        schema: A valid JSON Schema; not modified.
        wrapped_as: Name of the only field of an object whose value has this schema. None: the schema is of an object.

    Raises:
        NoSchemaError: it is not of an object, refers to something outside of it, or is too deep or too large.
    """
    converter = _Converter(schema)
    root = converter.convert(schema)
    definitions = converter.definitions()
    if wrapped_as is None:
        made = object_at_root(root, definitions)
    else:
        made = {"type": "object", "properties": {wrapped_as: root}, "required": [wrapped_as]}
    used = _used(made, definitions)
    return {**made, "$defs": used} if used else made


def with_stated(schema: dict[str, Any], keywords: list[str]) -> dict[str, Any]:
    """Return a schema with these constraints in its description instead of in keywords."""
    if not keywords:
        return schema
    rules = "; ".join(
        f"{key}: {schema[key] if isinstance(schema[key], str) else json.dumps(schema[key])}"
        for key in keywords
    )
    description = f"{schema['description']} ({rules})" if schema.get("description") else rules
    return {
        **{key: value for key, value in schema.items() if key not in keywords},
        "description": description,
    }


class _Converter:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._names: dict[str, str] = {}
        self._pending: list[tuple[str, Any]] = []
        self._definitions: dict[str, dict[str, Any]] = {}
        self._count = 0
        #: References whose targets are merged into the schema that is being converted.
        self._open: frozenset[str] = frozenset()

    def definitions(self) -> dict[str, dict[str, Any]]:
        """Return the definitions that the converted schemas refer to."""
        while self._pending:  # a list instead of recursion: a chain of references can be long
            name, target = self._pending.pop()
            self._definitions[name] = self.convert(target)
        return self._definitions

    def convert(self, schema: Any, depth: int = 0) -> dict[str, Any]:
        """Return a schema without the keywords that providers reject."""
        self._count += 1
        if depth > _MAX_DEPTH or self._count > _MAX_SUBSCHEMAS:
            limit = f"{_MAX_DEPTH} levels" if depth > _MAX_DEPTH else f"{_MAX_SUBSCHEMAS:,} subschemas"
            raise NoSchemaError(f"the schema has more than {limit}")
        if not isinstance(schema, dict):
            return dict(NEVER) if schema is False else {}
        if schema == NEVER:
            return schema
        if schema.get("allOf"):
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            return self._convert_merged([*schema["allOf"], rest], depth)
        if "$ref" in schema:
            return self._reference(schema, depth)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._union(schema, keyword, depth)
        if "const" in schema:
            return _enumeration({**schema, "enum": [schema["const"]]})
        return _enumeration(schema) if "enum" in schema else self._typed(schema, depth)

    def _reference(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        if rest.keys() & _RULES:
            return self._convert_merged([{"$ref": schema["$ref"]}, rest], depth)
        reference = {"$ref": f"#/$defs/{self._define(schema['$ref'])}"}
        texts = [rest["description"]] if rest.get("description") else []
        if rest.get("default") is not None:
            texts.append(f"Default: {json.dumps(rest['default'], ensure_ascii=False)}.")
        # Nothing is allowed beside a reference, but a description beside `anyOf`.
        return {"anyOf": [reference], "description": " ".join(texts)} if texts else reference

    def _define(self, ref: str) -> str:
        """Return the name of the definition for a reference."""
        target, seen = self._target(ref), {ref}
        while isinstance(target, dict) and target.keys() & _RULES == {"$ref"}:
            ref = target["$ref"]
            if ref in seen:
                raise NoSchemaError(f"the reference {ref[:100]!r} refers to itself")
            seen.add(ref)
            target = self._target(ref)
        if ref not in self._names:
            name = plain = re.sub(r"[^A-Za-z0-9_-]+", "_", ref.rpartition("/")[2].lstrip("#"))[:60] or "root"
            number = 1
            while name in self._names.values():
                number += 1
                name = f"{plain}_{number}"
            self._names[ref] = name
            self._pending.append((name, target))
        return self._names[ref]

    def _target(self, ref: Any) -> Any:
        """Return the schema that a reference points to."""
        value: Any = self._root
        if not isinstance(ref, str) or not re.match(r"#(/|$)", ref):
            raise NoSchemaError(f"it refers to {str(ref)[:100]!r}, which is not part of the schema")
        for part in unquote(ref).split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(value, list) and key.isdigit() and int(key) < len(value):
                value = value[int(key)]
            elif isinstance(value, dict) and key in value:
                value = value[key]
            else:
                raise NoSchemaError(f"it refers to {ref[:100]!r}, which is not part of the schema")
        return value

    def _convert_merged(self, schemas: list[Any], depth: int) -> dict[str, Any]:
        """Return the form of several schemas that all apply."""
        before = self._open
        merged, self._open = self._merged(schemas, before, depth)
        try:
            return self.convert(merged, depth + 1)
        finally:
            self._open = before

    def _merged(
        self, schemas: list[Any], followed: frozenset[str], depth: int
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """Return one schema for several that all apply, and the references that were followed to make it.

        A reference is not followed if it is the only schema, or within its own target, which would never end.
        """
        if depth > _MAX_DEPTH:
            raise NoSchemaError(f"the schema has more than {_MAX_DEPTH} levels")
        schemas = [schema for schema in schemas if isinstance(schema, dict) and schema]
        rules = [schema for schema in schemas if schema.keys() & _RULES]
        made: dict[str, Any] = {}
        if len(rules) == 1 and "$ref" in rules[0]:
            for schema in schemas:
                made |= schema
            return made, followed
        for schema in schemas:
            inner = schema
            if "$ref" in schema:
                if schema["$ref"] in followed:
                    return {"$ref": schema["$ref"]}, followed
                rest = {key: value for key, value in schema.items() if key != "$ref"}
                followed |= {schema["$ref"]}
                inner, followed = self._merged([self._target(schema["$ref"]), rest], followed, depth + 1)
            if inner.get("allOf"):
                rest = {key: value for key, value in inner.items() if key != "allOf"}
                inner, followed = self._merged([*inner["allOf"], rest], followed, depth + 1)
            made = conjunction(made, inner)
        return made, followed

    def _union(self, schema: dict[str, Any], keyword: str, depth: int) -> dict[str, Any]:
        notes = {key: value for key, value in schema.items() if key in ANNOTATIONS}
        rules = {key: value for key, value in schema.items() if key in _RULES - {"anyOf", "oneOf"}}
        options: list[dict[str, Any]] = []
        for branch in schema[keyword]:
            is_reference = isinstance(branch, dict) and "$ref" in branch
            if branch is False or not rules or (is_reference and rules.keys() == {"type"}):
                option = self.convert(branch, depth + 1)
            else:
                option = self._convert_merged([rules, branch], depth)
            options += [each for each in alternatives(option) if each != NEVER and each not in options]
        if len(options) == 1 and not (notes.keys() & options[0].keys() or "$ref" in options[0]):
            return {**options[0], **notes}
        return {**notes, "anyOf": options} if options else dict(NEVER)

    def _typed(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        kinds = as_list(schema.get("type"))
        if not kinds:
            kinds = [kind for kind, words in _IMPLIED_BY.items() if words & schema.keys()]
        several = [kind for kind in kinds if kind != "null"]
        if len(several) > 1 or (len(kinds) == 2 and several and several[0] in ("array", "object")):
            notes = {key: value for key, value in schema.items() if key in ANNOTATIONS}
            options = [
                {
                    "type": kind,
                    **{key: value for key, value in schema.items() if key in _OF_TYPE.get(kind, ())},
                }
                for kind in kinds
            ]
            return self._union({**notes, "anyOf": options}, "anyOf", depth)
        own = frozenset().union(*(_OF_TYPE.get(kind, ()) for kind in kinds)) if kinds else _TYPED
        made = {key: value for key, value in schema.items() if key in own or key in ANNOTATIONS}
        if kinds:
            made["type"] = kinds if len(kinds) > 1 else kinds[0]
        if "object" in kinds:
            self._object(made, depth)
        elif "array" in kinds:
            self._array(made, schema, depth)
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(flag := made.get(exclusive), bool):  # draft 4
                del made[exclusive]
                if flag and bound in made:
                    made[exclusive] = made.pop(bound)
        return with_stated(made, _unsupported(made))

    def _object(self, made: dict[str, Any], depth: int) -> None:
        patterns = made.pop("patternProperties", None) or {}
        if "properties" in made:
            converted = {name: self.convert(value, depth + 1) for name, value in made["properties"].items()}
            made["properties"] = {name: value for name, value in converted.items() if value != NEVER}
        if patterns and made.get("additionalProperties") is False:
            made["additionalProperties"] = {"anyOf": list(patterns.values())}
        if isinstance(extra := made.get("additionalProperties"), dict):
            made["additionalProperties"] = self.convert(extra, depth + 1) or True
        required = made.pop("required", None)
        if isinstance(required, list) and required:  # a list of names without repetition
            properties = made.setdefault("properties", {})
            for name in required:
                properties.setdefault(name, {})
            made["required"] = list(dict.fromkeys(required))

    def _array(self, made: dict[str, Any], schema: dict[str, Any], depth: int) -> None:
        first, rest = schema.get("prefixItems"), schema.get("items", True)
        if isinstance(rest, list):  # before draft 2020-12
            first, rest = rest, schema.get("additionalItems", True)
        made.pop("prefixItems", None)
        if not first:
            made["items"] = self.convert(rest, depth + 1)
            return
        is_closed = rest is False or schema.get("maxItems") == len(first)
        options = first if is_closed else [*first, rest]
        made["items"] = self._union({"anyOf": options}, "anyOf", depth)
        if is_closed:
            made.setdefault("maxItems", len(first))
        names = [str(each.get("title") or each.get("type") or "any") for each in map(self.convert, first)]
        made.setdefault("description", f"Items in this order: {', '.join(names)}.")


def _unsupported(schema: dict[str, Any]) -> list[str]:
    """Return which of `format` and `pattern` have a value that providers reject."""
    unsupported = [] if schema.get("format", "date") in _FORMATS else ["format"]
    if _UNSUPPORTED_PATTERN.search(schema.get("pattern", "")):
        unsupported.append("pattern")
    return unsupported


def _enumeration(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an enumeration: values of one type, or one alternative for each type."""
    notes = {key: value for key, value in schema.items() if key in ANNOTATIONS}
    declared = as_list(schema.get("type"))
    by_type: dict[str, list[Any]] = {}
    for value in schema["enum"]:
        kind = _type_of(value)
        if declared and kind not in declared and not (kind == "integer" and "number" in declared):
            continue
        same = by_type.setdefault(kind, [])
        if value not in same:
            same.append(value)
    if "integer" in by_type and "number" in by_type:
        by_type["number"] = by_type.pop("integer") + by_type["number"]
    options: list[dict[str, Any]] = []
    for kind, values in by_type.items():
        plain: dict[str, Any] = (
            {"type": kind} if kind in ("null", "object", "array") else {"type": kind, "enum": values}
        )
        if kind == "array":
            plain["items"] = {}
        if kind in ("object", "array"):  # no provider takes an enumeration of these
            plain["description"] = f"One of {json.dumps(values, ensure_ascii=False)[:1_000]}."
        options.append(plain)
    if not options:
        return dict(NEVER)
    return {**options[0], **notes} if len(options) == 1 else {**notes, "anyOf": options}


def _used(made: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the definitions that a schema refers to, directly or through others."""
    found: dict[str, Any] = {}
    pending: list[Any] = [made]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            ref = value.get("$ref")
            if (
                isinstance(ref, str)
                and (name := ref.removeprefix("#/$defs/")) in definitions
                and name not in found
            ):
                found[name] = definitions[name]
                pending.append(definitions[name])
    return {name: found[name] for name in definitions if name in found}


def _type_of(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "object")
