"""Types of answers: the schema that goes out, the value that comes back, and where it is wrong."""

from dataclasses import dataclass
from typing import TypedDict

import jsonschema
import pytest
from pydantic import BaseModel, Field, field_validator

from openrouter_nb.output import OutputSchema
from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.type_adapter import NoSchemaError
from openrouter_nb.output.validation_errors import WrongValueError

JSON_SCHEMA = {
    "title": "An invoice!",
    "type": "object",
    "properties": {"total": {"type": "number"}, "lines": {"type": "array", "items": {"type": "string"}}},
    "required": ["total", "lines"],
    "additionalProperties": False,
}


class Line(BaseModel):
    text: str
    price: float = Field(ge=0)


class Invoice(BaseModel):
    number: str
    lines: list[Line]
    note: str | None = None
    currency: str = "EUR"


@dataclass
class Point:
    x: float
    y: float = 0.0


class Size(TypedDict):
    width: int


class Node(BaseModel):
    value: int
    children: list["Node"] = []


TYPES = {
    Invoice: (
        '{"number": "7", "lines": [{"text": "a", "price": 1}]}',
        Invoice(number="7", lines=[Line(text="a", price=1)]),
    ),
    Point: ('{"x": 1, "y": null}', Point(1.0)),
    Size: ('{"width": 3}', {"width": 3}),
    Node: (
        '{"value": 1, "children": [{"value": 2, "children": null}]}',
        Node(value=1, children=[Node(value=2)]),
    ),
}


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.__name__)
def test_a_type_gives_a_strict_schema_and_gets_its_value_back(type_):
    text, value = TYPES[type_]
    schema = OutputSchema(type_)
    sent = schema.response_format["json_schema"]
    assert (sent["name"], sent["strict"]) == (type_.__name__, True)
    jsonschema.Draft202012Validator.check_schema(sent["schema"])
    objects = [sent["schema"], *sent["schema"].get("$defs", {}).values()]
    for item in objects:
        assert item["required"] == list(item["properties"])
        assert item["additionalProperties"] is False
    assert schema.parse(text) == value
    assert schema.parse(f"```json\n{text}\n```") == value


class Trip(BaseModel):
    city: str = ""
    days: int = 1


@pytest.mark.parametrize(
    ("text", "trip"),
    [
        ('{"city": "P"} was a draft: {"city": "L", "days": 2}', Trip(city="L", days=2)),
        ('{"city": "L", "days": 2}, not {"city": 7}', Trip(city="L", days=2)),
        ('The tool said {"sky": "clear"}: {"city": "L"} [1]', Trip(city="L")),
        ("{}", Trip()),
    ],
)
def test_of_several_values_the_last_one_that_fits_is_the_answer(text, trip):
    assert OutputSchema(Trip).parse(text) == trip


@pytest.mark.parametrize("text", ["{} [1]", 'The tool said {"sky": "clear"}.', "See [1]."])
def test_an_object_that_a_sentence_mentions_is_not_the_answer(text):
    with pytest.raises(WrongValueError, match=r"^not JSON: "):
        OutputSchema(Trip).parse(text)


def test_the_problems_are_those_of_the_last_value():
    with pytest.raises(WrongValueError, match=r"days: input should be a valid integer, not 2\.5"):
        OutputSchema(Trip).parse('{"city": 1} or rather {"days": 2.5}')


def test_a_list_without_its_field_is_accepted():
    schema = OutputSchema(list[Trip])
    assert schema.parse('[{"city": "L"}]') == [Trip(city="L")]
    assert schema.parse('Here:\n```json\n[{"city": "L"}]\n```\nEnjoy [1]!') == [Trip(city="L")]
    with pytest.raises(WrongValueError):
        OutputSchema(list[int]).parse("As said in [1].")


class Numbers(BaseModel):
    a: int
    b: int | str
    c: list[int]
    d: dict[str, int]
    e: float
    f: int | float
    g: int | None = 5


def test_a_whole_number_with_a_point_is_an_integer():
    text = '{"a": 3.0, "b": 3.0, "c": [1, 2.0], "d": {"x": 1e2}, "e": 3.0, "f": 3.0, "g": null}'
    value = OutputSchema(Numbers).parse(text)
    assert value == Numbers(a=3, b=3, c=[1, 2], d={"x": 100}, e=3.0, f=3.0, g=None)
    assert type(value.b) is int
    assert type(value.f) is float
    assert OutputSchema(int).parse('{"value": 3.0}') == 3
    assert OutputSchema(Trip).parse('{"city": null, "days": 3.0}') == Trip(days=3)
    for wrong in ("3.5", "1e300", "12345678901234567890.0", '"3.0"', "true"):
        with pytest.raises(WrongValueError, match="valid integer"):
            OutputSchema(int).parse(f'{{"value": {wrong}}}')


class BrokenError(Exception):
    def __str__(self):
        raise self


class Stop(BaseException):
    pass


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (KeyError("x"), "validation failed with KeyError: 'x'"),
        (RecursionError("deep"), "validation failed with RecursionError: deep"),
        (ZeroDivisionError(), "validation failed with ZeroDivisionError"),
        (BrokenError(), "validation failed with BrokenError"),
        (Stop("now"), "validation failed with Stop: now"),
        (SystemExit(1), "validation failed with SystemExit: 1"),
        (StopIteration(), "validation failed with StopIteration"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_validator_raises_is_a_problem_of_the_answer(raised, message):
    class Checked(BaseModel):
        n: int

        @field_validator("n")
        @classmethod
        def check(cls, _):
            raise raised

    with pytest.raises(WrongValueError) as caught:
        OutputSchema(Checked).parse('{"n": 1}')
    assert str(caught.value) == message
    assert raised in (caught.value.__cause__, caught.value.__cause__.__cause__)


def test_an_incomplete_answer_is_read_behind_thoughts_and_prose():
    schema = OutputSchema(Trip)
    assert schema.partial('<think>{"city": "P"}') is None
    assert schema.partial('<think>{"city": "P"}</think>Sure: ```json\n{"city": "L') == {"city": "L"}


def test_a_list_travels_as_a_field_and_comes_back_as_a_list():
    schema = OutputSchema(list[Line])
    assert schema.response_format["json_schema"]["schema"]["required"] == ["value"]
    assert schema.parse('{"value": [{"text": "a", "price": 1}]}') == [Line(text="a", price=1)]
    assert schema.partial('{"value": [{"text": "a", "pri') == [{"text": "a"}]


def test_a_json_schema_by_hand_is_checked_as_it_stands():
    schema = OutputSchema(JSON_SCHEMA)
    assert schema.name == "An_invoice"
    assert schema.parse('{"total": 1.5, "lines": ["a"]}') == {"total": 1.5, "lines": ["a"]}
    with pytest.raises(WrongValueError) as caught:
        schema.parse('{"total": "much", "lines": [3]}')
    assert [str(problem) for problem in caught.value.problems] == [
        "lines[0]: string is expected, not 3",
        'total: number is expected, not "much"',
    ]


def test_a_type_that_no_strict_provider_takes_is_sent_without_strict():
    schema = OutputSchema(dict[str, int])
    assert schema.strict is False
    assert schema.parse('{"a": 1}') == {"a": 1}
    with pytest.raises(TypeError, match="strict providers reject"):
        OutputSchema(dict[str, int], strict=True)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('{"number": 7, "lines": [{"text": "a", "price": "1"}]}', ["number", "lines[0].price"]),
        ('{"lines": [{"text": "a", "price": -1}]}', ["number", "lines[0].price"]),
        ('{"number": "7", "lines"', [""]),
        ("I am sorry", [""]),
        ("[]", [""]),
    ],
)
def test_a_wrong_answer_shows_where(text, problems):
    with pytest.raises(WrongValueError) as caught:
        OutputSchema(Invoice).parse(text)
    assert [problem.path for problem in caught.value.problems] == problems


def test_every_beginning_of_an_answer_is_as_much_of_the_value():
    text = '{"number": "7", "lines": [{"text": "Caf\\u00e9 \\"x\\"", "price": 1.25}], "note": null}'
    seen = [OutputSchema(Invoice).partial(text[:end]) for end in range(len(text) + 1)]
    assert seen[0] is None
    assert seen[-1] == {"number": "7", "lines": [{"text": 'Café "x"', "price": 1.25}], "note": None}
    counts = [len(value) for value in seen if isinstance(value, dict)]
    assert counts == sorted(counts)
    assert {"number": "7"} in seen


@pytest.mark.parametrize("type_", [object(), {"type": "nonsense"}, lambda x: x])
def test_what_is_no_type_says_so(type_):
    with pytest.raises(TypeError) as caught:
        OutputSchema(type_)
    assert isinstance(caught.value, (NoSchemaError, TypeError))
    assert len(str(caught.value)) < 400


def test_a_reference_out_of_a_schema_is_not_followed():
    schema = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x.json"}}}
    with pytest.raises(WrongValueError, match="cannot be applied"):
        JsonSchemaValidator(schema).check({"a": 1})
    with pytest.raises(NoSchemaError, match=r"x\.json', which is not part of the schema"):
        OutputSchema(schema, strict=False)


def test_null_for_an_optional_field_of_a_json_schema_is_left_out():
    inner = {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": ["string", "null"]}}}
    schema = OutputSchema(
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "list": {"type": "array", "items": inner}},
            "required": ["a"],
        }
    )
    assert schema.strict
    text = '{"a": 1.0, "list": [{"x": null, "y": null}, {"x": "1", "y": null}]}'
    assert schema.parse(text) == {"a": 1, "list": [{"y": None}, {"x": "1", "y": None}]}
    with pytest.raises(WrongValueError, match="a: integer is expected, not null"):
        schema.parse('{"a": null, "list": null}')


def test_a_json_schema_that_is_no_object_keeps_its_references():
    tree = {"type": "array", "items": {"$ref": "#/definitions/Node"}}
    schema = OutputSchema(
        {
            **tree,
            "definitions": {
                "Node": {"type": "object", "properties": {"all": {"$ref": "#"}}, "required": ["all"]}
            },
        }
    )
    assert schema.strict
    sent = schema.response_format["json_schema"]["schema"]
    assert sent["properties"]["value"]["items"] == {"$ref": "#/$defs/Node"}
    assert sent["$defs"]["Node"]["properties"]["all"] == {"$ref": "#/$defs/root"}
    assert sent["$defs"]["root"]["items"] == {"$ref": "#/$defs/Node"}
    assert schema.parse('{"value": [{"all": []}]}') == [{"all": []}]
