"""Types of Python in the form that providers accept."""

import datetime as dt
import decimal
import enum
import ipaddress
import json
import pathlib
import re
import uuid
from typing import Annotated, Any, Generic, Literal, NotRequired, TypeVar

import jsonschema
import pytest
from pydantic import AnyUrl, Base64Bytes, BaseModel, ByteSize, ConfigDict, Field, SecretStr, conint
from typing_extensions import TypedDict

from openrouter_nb.output import OutputSchema
from openrouter_nb.tools import tool

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    inside: T


class Colour(enum.IntEnum):
    RED = 1
    BLUE = 2


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=0, le=9)] = 9


class Dog(BaseModel):
    kind: Literal["dog", "wolf"] = "dog"
    name: Annotated[str, Field(pattern=r"^(?i:rex)\b", min_length=1)] | None = None


class Tree(BaseModel):
    value: Box[int]
    left: "Tree | None" = Field(None, description="The smaller ones.")
    children: list["Tree"] = Field([], max_length=3)


class Looking(BaseModel):
    model_config = ConfigDict(regex_engine="python-re")

    text: Annotated[str, Field(pattern="^(?=a)")]


class Person(TypedDict):
    name: str
    mail: NotRequired[Literal["a"] | None]


STRICT_TYPES = [
    Box[Tree], Tree, Person, Box[Person | None], Box[Annotated[Cat | Dog, Field(discriminator="kind")]],
    Box[tuple[str, int]], Box[tuple[float, ...]], Box[set[Colour]], Box[frozenset[bool]], Box[Colour | None],
    Box[Literal[1, "a"] | None], Box[decimal.Decimal | None], Box[dt.datetime | dt.date | dt.time | dt.timedelta],
    Box[uuid.UUID], Box[pathlib.Path], Box[ipaddress.IPv4Address | ipaddress.IPv6Network], Box[AnyUrl], Box[bytes],
    Box[SecretStr], Looking, Box[Annotated[list[int], Field(min_length=2)]],
    Box[Base64Bytes], Box[None], Box[conint(multiple_of=5)], Box[ByteSize], Box[re.Pattern],
]  # fmt: skip
STRICT_WORDS = {
    "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "$ref", "description", "format",
    "pattern", "minItems",
}  # fmt: skip


def assert_strict(schema):
    assert schema.keys() <= STRICT_WORDS
    assert schema.keys() == {"$ref"} or "type" in schema or schema.keys() - {"description"} == {"anyOf"}
    assert schema.get("format", "date") in (
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uuid",
    )
    assert "(?" not in schema.get("pattern", "")
    assert "enum" not in schema or isinstance(schema["type"], str)
    for each in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        assert_strict(each)
    if schema.get("type") == "object":
        assert schema["required"] == list(schema["properties"])
        assert schema["additionalProperties"] is False
        for each in schema["properties"].values():
            assert_strict(each)


@pytest.mark.parametrize("type_", STRICT_TYPES, ids=lambda type_: re.sub(r"\W+", "_", str(type_)))
def test_types_of_python_are_sent_in_strict_form(type_):
    schema = dict(OutputSchema(type_, strict=True).schema)
    definitions = schema.pop("$defs", {})
    for each in (schema, *definitions.values()):
        assert_strict(each)


@pytest.mark.parametrize(
    "type_",
    [*STRICT_TYPES, Box[Any], Box[dict[str, int]], Box[list]],
    ids=lambda type_: re.sub(r"\W+", "_", str(type_)),
)
def test_a_function_takes_every_type_without_strict_mode(type_):
    def function(given: type_, other: type_ | None = None):
        pass

    parameters = tool(function).definition["function"]["parameters"]
    jsonschema.Draft202012Validator.check_schema(parameters)
    text = json.dumps(parameters)
    assert not [
        word for word in ("oneOf", "allOf", "const", "prefixItems", "discriminator") if f'"{word}":' in text
    ]
