"""Generate the variants of a request from its JSON Schema: each property, enum value, union branch and null once."""

import json
from pathlib import Path

_FILE = Path(__file__).resolve().parent.parent / "fixtures" / "contract" / "chat_request.json"
_SCHEMAS = json.loads(_FILE.read_text())["components"]["schemas"]
_SAMPLES = {"integer": (1,), "number": (0.5, 1), "boolean": (True, False), "null": (None,)}
_ANYTHING = ("anything", 1, {"a": None}, None)


def schemas():
    """Return the schemas of the document that a request uses, by name."""
    return _SCHEMAS


def fields():
    """Return the schema of each field of the request."""
    return _SCHEMAS["ChatRequest"]["properties"]


def variants(schema):
    """Yield values of a schema; together they contain each property, item, enum value, union branch and null.

    The first value is the smallest one: an object with its required properties only. Every other value changes one thing in it.
    """
    schema = _resolved(schema)
    if "enum" in schema:
        yield from schema["enum"]
        return
    if branches := schema.get("oneOf") or schema.get("anyOf"):
        for branch in branches:
            yield from variants(branch)
        return
    kinds = schema.get("type", ())
    if not kinds:
        yield from _ANYTHING
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        yield from _of_kind(kind, schema)


def _of_kind(kind, schema):
    if kind == "object":
        yield from _objects(schema)
    elif kind == "array":
        yield from _arrays(schema)
    elif kind == "string":
        yield "x" * schema.get("minLength", 1)
    else:
        yield from [schema[name] for name in ("minimum", "maximum") if name in schema] or _SAMPLES[kind]


def _objects(schema):
    properties = schema.get("properties", {})
    smallest = {name: next(variants(properties[name])) for name in schema.get("required", ())}
    yield smallest
    for name, inner in properties.items():
        for value in variants(inner):
            if name not in smallest or not _same(value, smallest[name]):
                yield smallest | {name: value}
    other = schema.get("additionalProperties")
    if isinstance(other, dict):
        for value in variants(other):
            yield smallest | {"other": value}
    if len(properties) > 1:
        yield {name: next(variants(inner)) for name, inner in properties.items()}


def _arrays(schema):
    fewest = schema.get("minItems", 0)
    if not fewest:
        yield []
    for value in variants(schema["items"]):
        yield [value] * max(1, fewest)


def _same(one, other):
    return one == other and type(one) is type(other)


def _resolved(schema):
    while "$ref" in schema:
        schema = _SCHEMAS[schema["$ref"].rpartition("/")[2]]
    if "allOf" not in schema:
        return schema
    merged = {}
    for part in map(_resolved, schema["allOf"]):
        merged |= part | {"properties": merged.get("properties", {}) | part.get("properties", {})}
    return merged


# What the client refuses to send, with the words of its message. The document says of the last two: "Supported on the
# Responses API only; other APIs reject it with a 400." The generated keys of `logit_bias` are words.
_REFUSED = {
    "logit_bias": "takes token ids",
    "inherit_functions": "works with the Responses API only",
    "inherited_function_names": "works with the Responses API only",
}


def refusal(value):
    """Return the words of the message that refuses a request, or an empty string for a value that is sent."""
    if isinstance(value, list):
        return next(filter(None, map(refusal, value)), "")
    if not isinstance(value, dict):
        return ""
    refused = [_REFUSED[key] for key, inner in value.items() if key in _REFUSED and inner]
    return refused[0] if refused else refusal(list(value.values()))
