"""Examples satisfy the schemas they are made for."""

import jsonschema
import pytest
from pydantic import BaseModel, Field

from openrouter_nb.simulator.scripts.schema_example import example


class Leaf(BaseModel):
    size: float = Field(gt=0, le=1)
    tags: list[str] = Field(min_length=2)


class Tree(BaseModel):
    name: str = Field(min_length=12, max_length=20)
    leaf: Leaf
    parent: "Tree | None"
    children: list["Tree"]
    pair: tuple[int, str]


SCHEMAS = [
    {"type": "string"},
    {"type": "string", "minLength": 30},
    {"type": "string", "maxLength": 3},
    {"type": "string", "format": "date"},
    {"type": "integer", "minimum": 50},
    {"type": "integer", "exclusiveMinimum": 42, "multipleOf": 5},
    {"type": "integer", "maximum": -3},
    {"type": "number", "exclusiveMaximum": 1},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    {"type": "boolean"},
    {"type": "null"},
    {"type": ["string", "null"]},
    {"enum": ["red", "green"]},
    {"const": 7},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2},
    {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    },
    {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    {"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, {"required": ["a"]}]},
    Leaf.model_json_schema(),
    Tree.model_json_schema(),
    {},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: str(schema)[:60])
def test_an_example_satisfies_its_schema(schema):
    jsonschema.validate(example(schema), schema)
