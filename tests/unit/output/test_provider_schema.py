"""The form of a schema that is sent: accepted by providers, and never narrower than the original."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.output.provider_schema import provider_schema
from openrouter_nb.output.strict_schema import NotStrictError, strict_schema
from openrouter_nb.output.type_adapter import NoSchemaError

TEXT, WHOLE, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}


def of_field(schema, **definitions):
    """Return the sent form of a field."""
    root = {"type": "object", "properties": {"f": schema}}
    made = provider_schema({**root, "$defs": definitions} if definitions else root)
    return made["properties"]["f"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        # openai-agents-python, issue 449: no properties.
        ({"type": "object"}, {"type": "object", "properties": {}}),
        ({}, {"type": "object", "properties": {}}),
        ({"type": ["object", "null"]}, {"type": "object", "properties": {}}),
        (
            {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "x"},
            {"type": "object", "properties": {}},
        ),
        # mcptools, issue 89; goclaw, pull request 321: alternatives at the root.
        (
            {
                "type": "object",
                "properties": {"a": TEXT, "b": TEXT},
                "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
            },
            {
                "type": "object",
                "properties": {"a": TEXT, "b": TEXT},
                "description": "One of these sets of fields is required: a; b.",
            },
        ),
        (
            {
                "description": "A shape.",
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "c"}, "r": WHOLE},
                        "required": ["kind", "r"],
                    },
                    {"$ref": "#/definitions/Square"},
                    NULL,
                ],
                "definitions": {"Square": {"properties": {"kind": {"const": "s"}}, "required": ["kind"]}},
            },
            {
                "type": "object",
                "properties": {
                    "kind": {"anyOf": [{"type": "string", "enum": ["c"]}, {"type": "string", "enum": ["s"]}]},
                    "r": WHOLE,
                },
                "required": ["kind"],
                "description": "A shape. One of these sets of fields is required: kind, r; kind.",
            },
        ),
        (
            {
                "allOf": [{"$ref": "#/$defs/A"}, {"properties": {"y": TEXT}, "required": ["y"]}],
                "$defs": {"A": {"type": "object", "properties": {"x": TEXT}, "required": ["x"]}},
            },
            {"type": "object", "properties": {"x": TEXT, "y": TEXT}, "required": ["x", "y"]},
        ),
        (
            {"properties": {"a": TEXT}, "not": {"required": ["b"]}},
            {"type": "object", "properties": {"a": TEXT}},
        ),
        # Gemini: only declared properties are required.
        ({"required": ["a", "a"]}, {"type": "object", "properties": {"a": {}}, "required": ["a"]}),
        # A reference at the root, with itself inside.
        (
            {
                "$ref": "#/$defs/N",
                "$defs": {"N": {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}}},
            },
            {
                "type": "object",
                "properties": {"n": {"$ref": "#/$defs/N"}},
                "$defs": {"N": {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}}},
            },
        ),
        (
            {"properties": {"n": {"$ref": "#"}}},
            {
                "type": "object",
                "properties": {"n": {"$ref": "#/$defs/root"}},
                "$defs": {"root": {"properties": {"n": {"$ref": "#/$defs/root"}}, "type": "object"}},
            },
        ),
    ],
)
def test_the_root_is_an_object_with_properties_and_without_alternatives(given, sent):
    assert provider_schema(given) == sent


REFERENCE = {"$ref": "#/$defs/F"}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        # hermes-agent, pull request 44676: words beside a reference.
        ({**REFERENCE, "default": None}, REFERENCE),
        ({**REFERENCE, "title": "T", "examples": [1]}, REFERENCE),
        ({**REFERENCE, "description": "d"}, {"anyOf": [REFERENCE], "description": "d"}),
        ({**REFERENCE, "default": "x"}, {"anyOf": [REFERENCE], "description": 'Default: "x".'}),
        ({"allOf": [REFERENCE], "description": "d"}, {"anyOf": [REFERENCE], "description": "d"}),
        ({**REFERENCE, "maxLength": 3}, {"type": "string", "minLength": 1, "maxLength": 3}),
        ({"anyOf": [REFERENCE, NULL], "default": None}, {"anyOf": [REFERENCE, NULL], "default": None}),
        ({"oneOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE]}),
        ({"anyOf": [TEXT, False, TEXT, {"anyOf": [NULL]}]}, {"anyOf": [TEXT, NULL]}),
        # Gemini: only annotations beside alternatives.
        (
            {"type": "string", "anyOf": [{"format": "date"}, {"maxLength": 3}], "description": "d"},
            {
                "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 3}],
                "description": "d",
            },
        ),
        # BerriAI/litellm, pull request 37882: a list of types beside an enumeration.
        (
            {"type": ["string", "null"], "enum": ["a", None]},
            {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]},
        ),
        ({"enum": ["a", None]}, {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]}),
        ({"type": "string", "enum": ["a", "a", None]}, {"type": "string", "enum": ["a"]}),
        ({"enum": [1, 2.5]}, {"type": "number", "enum": [1, 2.5]}),
        (
            {"enum": [True, 1]},
            {"anyOf": [{"type": "boolean", "enum": [True]}, {"type": "integer", "enum": [1]}]},
        ),
        ({"const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"const": None}, NULL),
        ({"const": {"a": 1}}, {"type": "object", "description": 'One of [{"a": 1}].'}),
        ({"type": ["string", "null"], "minLength": 1}, {"type": ["string", "null"], "minLength": 1}),
        (
            {"type": ["string", "integer"], "minLength": 1, "minimum": 2, "title": "T"},
            {"title": "T", "anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 2}]},
        ),
        (
            {"type": ["array", "null"], "items": TEXT},
            {"anyOf": [{"type": "array", "items": TEXT}, NULL]},
        ),
        (True, {}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"items": TEXT}, {"items": TEXT, "type": "array"}),
        (
            {"type": "array", "prefixItems": [TEXT, WHOLE], "minItems": 2, "maxItems": 2},
            {
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": {"anyOf": [TEXT, WHOLE]},
                "description": "Items in this order: string, integer.",
            },
        ),
        (
            {"type": "array", "items": [TEXT], "additionalItems": False},
            {"type": "array", "items": TEXT, "maxItems": 1, "description": "Items in this order: string."},
        ),
        (
            {"type": "object", "patternProperties": {"^a": TEXT}, "additionalProperties": False},
            {"type": "object", "additionalProperties": TEXT},
        ),
        (
            {
                "type": "object",
                "properties": {"a": False, "default": {**REFERENCE, "default": 1}, "$ref": TEXT},
            },
            {
                "type": "object",
                "properties": {"default": {"anyOf": [REFERENCE], "description": "Default: 1."}, "$ref": TEXT},
            },
        ),
        (
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "exclusiveMaximum": False},
            {"type": "integer", "exclusiveMinimum": 0},
        ),
        ({"if": TEXT, "then": {"minLength": 1}, "$comment": "c", "description": "d"}, {"description": "d"}),
        ({"type": "string", "x-order": 1, "example": "a", "nullable": True, "errorMessage": {}}, TEXT),
        ({**REFERENCE, "nullable": True, "x-order": 1}, REFERENCE),
    ],
)
def test_a_field_is_sent_in_words_that_providers_accept(given, sent):
    assert of_field(given, F={"type": "string", "minLength": 1}) == sent


@pytest.mark.parametrize(
    "ref",
    [
        "#/definitions/a~1b",
        "#/definitions/a%2Fb".replace("%2F", "~1"),
        "#/properties/p",
        "#/properties/q/items/0",
    ],
)
def test_every_reference_into_the_schema_is_followed(ref):
    made = provider_schema(
        {
            "properties": {"f": {"$ref": ref}, "p": TEXT, "q": {"items": [TEXT]}},
            "definitions": {"a/b": TEXT},
        }
    )
    name = made["properties"]["f"]["$ref"].removeprefix("#/$defs/")
    assert made["$defs"] == {name: TEXT}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "string"}, "it is of type string, not an object"),
        ({"anyOf": [TEXT, NULL]}, "not an object"),
        ({"properties": {"f": {"$ref": "http://example.com/x"}}}, "which is not part of the schema"),
        ({"properties": {"f": {"$ref": "#/$defs/X"}}}, "'#/$defs/X', which is not part of the schema"),
        ({"properties": {"f": {"$ref": "#name"}}}, "which is not part of the schema"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, "refers to itself"),
        ({"properties": {"f": json.loads('{"items":' * 60 + "{}" + "}" * 60)}}, "more than 48 levels"),
        ({"properties": {str(n): TEXT for n in range(20_000)}}, "more than 20,000 subschemas"),
    ],
)
def test_a_schema_that_has_no_such_form_says_why(given, words):
    with pytest.raises(NoSchemaError) as caught:
        provider_schema(given)
    assert words in str(caught.value)


def test_a_target_that_contains_its_own_extension_ends():
    extended = {"allOf": [{"$ref": "#/$defs/N"}, {"required": ["q"]}]}
    made = provider_schema(
        {"properties": {"n": extended}, "$defs": {"N": {"type": "object", "properties": {"n": extended}}}}
    )
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["properties"]["n"]["required"] == ["q"]


SCALARS = st.sampled_from([None, True, 0, 1, 2.5, "", "a", [], {}])
KEYWORDS = {
    "type": st.sampled_from(
        ["string", "integer", "object", "array", "null", ["string", "null"], ["object", "array"]]
    ),
    "enum": st.lists(SCALARS, min_size=1, max_size=3),
    "const": SCALARS,
    "minLength": st.integers(0, 2),
    "maximum": st.integers(0, 2),
    "required": st.lists(st.sampled_from(["a", "b"]), unique=True),
    "description": st.just("d"),
    "default": SCALARS,
}


IMPLIED = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
    "prefixItems": "array",
}


def with_type(schema):
    """Return a schema with the types that its keywords imply."""
    kinds = dict.fromkeys(kind for word, kind in IMPLIED.items() if word in schema)
    return {"type": list(kinds), **schema} if kinds else schema


def schemas(*refs):
    """Return a strategy of schemas that may refer to some definitions; without cycles, which jsonschema does not support."""
    keywords = {**KEYWORDS, **({"$ref": st.sampled_from(refs)} if refs else {})}
    return st.recursive(
        st.booleans() | st.fixed_dictionaries({}, optional=keywords).map(with_type),
        lambda inner: st.fixed_dictionaries(
            {},
            optional={
                **keywords,
                "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
                "additionalProperties": inner,
                "items": inner,
                "prefixItems": st.lists(inner, min_size=1, max_size=2),
                "anyOf": st.lists(inner, min_size=1, max_size=2),
                "oneOf": st.lists(inner, min_size=1, max_size=2),
                "allOf": st.lists(inner, min_size=1, max_size=2),
                "not": inner,
            },
        ).map(with_type),
        max_leaves=5,
    )


A, B = "#/$defs/A", "#/$defs/B"
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(schemas(A, B), schemas(), schemas(A), VALUES)
def test_what_fits_the_original_fits_what_is_sent(schema, first, second, value):
    root = {"type": "object", "properties": {"f": schema}, "$defs": {"A": first, "B": second}}
    try:
        made = provider_schema(root)
    except NoSchemaError:
        return
    jsonschema.Draft202012Validator.check_schema(made)
    text = json.dumps(made)
    assert not [word for word in ("oneOf", "allOf", "const", "prefixItems") if f'"{word}":' in text]
    if jsonschema.Draft202012Validator(root).is_valid({"f": value}):
        jsonschema.Draft202012Validator(made).validate({"f": value})


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("given", "sent"),
    [
        # pydantic-ai, issue 5508; cyanheads/git-mcp-server, issue 47: formats and look-around.
        ({"type": "string", "format": "uri"}, {"type": "string", "description": "format: uri"}),
        ({"type": "string", "format": "date-time"}, {"type": "string", "format": "date-time"}),
        (
            {"type": "string", "pattern": "^(?!a)", "description": "d"},
            {"type": "string", "description": "d (pattern: ^(?!a))"},
        ),
        (
            {"type": "string", "pattern": "(?<=a)b", "format": "regex"},
            {"type": "string", "description": "format: regex; pattern: (?<=a)b"},
        ),
        ({"type": "string", "pattern": r"(a)\1"}, {"type": "string", "description": r"pattern: (a)\1"}),
        ({"type": "string", "pattern": "^(?:a|b)$"}, {"type": "string", "pattern": "^(?:a|b)$"}),
        (
            {"type": "array", "items": {"type": "string", "format": "uri"}},
            {"type": "array", "items": {"type": "string", "description": "format: uri"}},
        ),
    ],
)
def test_formats_and_patterns_that_providers_reject_are_stated(given, sent, strict):
    schema = provider_schema({"properties": {"f": given}, "required": ["f"]})
    assert (strict_schema(schema, "x") if strict else schema)["properties"]["f"] == sent


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        # pydantic-ai, issue 5508; cyanheads/git-mcp-server, issue 47: bounds.
        (
            {"type": "integer", "minimum": 0, "exclusiveMaximum": 9},
            {"type": "integer", "description": "minimum: 0; exclusiveMaximum: 9"},
        ),
        (
            {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 3},
            {"type": "array", "items": TEXT, "minItems": 1, "description": "maxItems: 3"},
        ),
    ],
)
def test_strict_mode_states_what_it_cannot_enforce(given, sent):
    schema = provider_schema({"properties": {"f": given}, "required": ["f"]})
    assert strict_schema(schema, "x")["properties"]["f"] == sent


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (TEXT, {"type": ["string", "null"]}),
        ({"enum": ["a", "b"]}, {"anyOf": [{"type": "string", "enum": ["a", "b"]}, NULL]}),
        ({"const": 1}, {"anyOf": [{"type": "integer", "enum": [1]}, NULL]}),
        ({"enum": ["a", None]}, {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]}),
        ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE, NULL]}),
        ({"type": "array", "items": TEXT}, {"anyOf": [{"type": "array", "items": TEXT}, NULL]}),
        (
            {"$ref": "#/$defs/A", "description": "d"},
            {"anyOf": [{"$ref": "#/$defs/A"}, NULL], "description": "d"},
        ),
    ],
)
def test_an_optional_field_of_strict_mode_takes_null(given, sent):
    schema = provider_schema({"properties": {"f": given}, "$defs": {"A": TEXT}})
    assert strict_schema(schema, "x")["properties"]["f"] == sent


@pytest.mark.parametrize(
    "field",
    [
        True,
        {"type": "array"},
        {"type": "object"},
        {"type": "object", "additionalProperties": TEXT},
        {"enum": [f"v{number}" for number in range(1_001)]},
        json.loads('{"properties":{"a":' * 10 + '{"type":"string"}' + "}}" * 10),
    ],
)
def test_what_strict_mode_cannot_express_is_refused(field):
    with pytest.raises(NotStrictError, match="which strict providers reject"):
        strict_schema(provider_schema({"properties": {"f": field}, "required": ["f"]}), "x")
