"""Conversion of functions to tools: definitions, and validation of arguments."""

import datetime as dt
import enum
import functools
import json
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self, TypedDict

import jsonschema
import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, Field

from openrouter_nb import components
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.tools import Tool, ToolDefinitionError, Toolset, tool


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Item(BaseModel):
    name: str
    price: float = 1.0
    tags: list[str] = []


@dataclass
class Point:
    x: float
    y: float = 0.0


class Size(TypedDict):
    width: int


def google(city: str, unit: Literal["C", "F"] = "C"):
    """Tell the weather.

    Args:
        city: Its name,
            in English.
        unit: Of the temperature.
    """


def numpy_style(city: str, unit: Literal["C", "F"] = "C"):
    """
    Tell the weather.

    Parameters
    ----------
    city : str
        Its name, in English.
    unit : str
        Of the temperature.
    """


def sphinx(city: str, unit: Literal["C", "F"] = "C"):
    """Tell the weather.

    :param city: Its name, in English.
    :param unit: Of the temperature.
    """


@pytest.mark.parametrize("function", [google, numpy_style, sphinx], ids=lambda function: function.__name__)
def test_the_docstring_tells_the_model_what_function_and_parameters_are(function):
    made = tool(function)
    assert made.definition == {
        "type": "function",
        "function": {
            "name": function.__name__,
            "description": "Tell the weather.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Its name, in English."},
                    "unit": {
                        "type": "string",
                        "enum": ["C", "F"],
                        "default": "C",
                        "description": "Of the temperature.",
                    },
                },
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }
    assert made.signature == f"{function.__name__}(city: str, unit: Literal['C', 'F'] = 'C')"


def everything(  # noqa: PLR0917 - one of each kind
    item: Item,
    point: Point,
    size: Size,
    when: dt.date,
    colour: Colour = Colour.RED,
    counts: dict[str, int] | None = None,
    copy: Annotated[bool, Field(description="Leave the original.")] = False,
    _x: int = 0,
):
    return (item, point, size, when, colour, counts, copy, _x)


def test_models_dataclasses_enumerations_and_dates_arrive_as_what_they_are():
    made = tool(everything)
    text = (
        '{"item": {"name": "a"}, "point": {"x": 1}, "size": {"width": 2}, "when": "2026-11-22", "colour": "blue",'
        ' "counts": {"a": 1}, "copy": true, "_x": 3}'
    )
    arguments = made.read(text)
    assert made(**arguments) == (
        Item(name="a"),
        Point(1.0),
        {"width": 2},
        dt.date(2026, 11, 22),
        Colour.BLUE,
        {"a": 1},
        True,
        3,
    )
    jsonschema.Draft202012Validator.check_schema(made.parameters)
    assert made.parameters["properties"]["copy"]["description"] == "Leave the original."


def test_what_the_model_leaves_out_the_function_fills_in():
    assert tool(google).read('{"city": "Lyon"}') == {"city": "Lyon"}


def no_parameters() -> int:
    return 1


@pytest.mark.parametrize("arguments", ["", None, "  ", "{}"])
def test_no_arguments_are_an_empty_object_in_every_spelling(arguments):
    assert tool(no_parameters).read(arguments) == {}


def add(a: int, b: float, names: list[str] | None = None):
    pass


MALFORMED = {
    "cut": '{"a": 1, "b": 2',
    "cut in a text": '{"a": 1, "names": ["x',
    "python": "{'a': 1, 'b': 2}",
    "list": "[1, 2]",
    "text": '"1, 2"',
    "null": "null",
    "twice": '{"a": 1, "a": 2, "b": 2}',
    "not a number": '{"a": 1, "b": NaN}',
    "unknown name": '{"a": 1, "b": 2, "c": 3}',
    "missing": '{"a": 1}',
    "text for a number": '{"a": "1", "b": 2}',
    "too deep": '{"a": 1, "b": 2, "names": ' + "[" * 40 + "]" * 40 + "}",
    "bottomless": '{"a": ' + "[" * 200_000 + "]" * 200_000 + "}",
    "huge": '{"a": 1, "b": 2, "names": ["' + "x" * 1_100_000 + '"]}',
    "fraction for a whole number": '{"a": 1.5, "b": 2}',
    "yes for a number": '{"a": true, "b": 2}',
    "two objects": '{"a": 1, "b": 2}{"a": 1, "b": 2}',
    "half a pair": '{"a": 1, "b": 2, "names": ["\\ud800"]}',
}


@pytest.mark.parametrize("arguments", MALFORMED.values(), ids=MALFORMED)
def test_malformed_arguments_are_refused_with_one_line(arguments):
    with pytest.raises(WrongValueError) as caught:
        tool(add).read(arguments)
    assert 0 < len(str(caught.value)) < 500


def test_each_wrong_field_is_named():
    with pytest.raises(WrongValueError) as caught:
        tool(everything).read('{"item": {"name": 3}, "point": {}, "size": {"width": 1}, "when": "soon"}')
    assert [problem.path for problem in caught.value.problems] == ["item.name", "point.x", "when"]
    assert str(caught.value).startswith(
        "item.name: input should be a valid string, not 3; point.x: is missing"
    )


def test_strict_schemas_have_no_field_to_leave_out_and_null_is_the_default():
    made = tool(everything_strict, strict=True)
    assert made.definition["function"]["strict"] is True
    schema = made.parameters
    assert schema["required"] == ["item", "colour", "when", "copy"]
    assert schema["$defs"]["Item"]["required"] == ["name", "price", "tags"]
    assert schema["$defs"]["Item"]["additionalProperties"] is False
    assert "default" not in str(schema)
    given = '{"item": {"name": "a", "price": null, "tags": null}, "colour": null, "when": null, "copy": null}'
    assert made.read(given) == {"item": Item(name="a"), "when": None}


def everything_strict(
    item: Item, colour: Colour = Colour.RED, when: dt.date | None = None, copy: bool = False
):
    pass


def star(*numbers: int):
    pass


def stars(**numbers: int):
    pass


def by_position(a: int, /):
    pass


def untyped(a, b=1):
    pass


def unknown_type(a: "Nowhere"):  # noqa: F821
    pass


def callback(f: "pytest.MonkeyPatch"):
    pass


def frame(rows: "list[int]", table: pd.DataFrame):
    pass


def field_default(a: int | None = Field(default=None, description="y")):
    pass


def yields(n: int):
    yield n


async def yields_later(n: int):
    yield n


class Shop:
    def price(self, item: str):
        pass


def itself(a: Self):
    pass


def loose(counts: dict[str, int]):
    pass


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: tool(star), "*numbers is not supported"),
        (lambda: tool(stars), "**numbers is not supported"),
        (lambda: tool(by_position), "Remove the /"),
        (lambda: tool(untyped), "a needs a type, such as a: str"),
        (lambda: tool(unknown_type), "'Nowhere' is not defined"),
        (
            lambda: tool(callback),
            "callback: f is of type _pytest.monkeypatch.MonkeyPatch, which JSON cannot represent",
        ),
        (lambda: tool(frame), "frame: table is of type pandas.DataFrame, which JSON cannot represent"),
        (lambda: tool(field_default), "Write a: Annotated[..., Field(...)]."),
        (lambda: tool(yields), "is a generator; return a list"),
        (lambda: tool(yields_later), "is a generator; return a list"),
        (lambda: tool(Shop.price), "price is an unbound method"),
        (lambda: tool(Shop(), name="shop"), "A tool is a function, not Shop"),
        (lambda: tool(google, name="größe"), "Use tool(name=...)"),
        (lambda: tool(itself), "Self is not supported"),
        (lambda: tool(functools.partial(lambda a: a)), "requires one: tool(function, name=...)"),
        (lambda: tool(np.mean), "a needs a type"),
        (lambda: tool(len), "Remove the /"),
        (lambda: tool(print), "*args is not supported"),
        (lambda: Toolset.of([google, functools.partial(google, unit="F")]), "Two tools are called google"),
        (lambda: tool(lambda a: a), "requires one: tool(function, name=...)"),
        (lambda: tool(Item), "is a class"),
        (lambda: tool(3), "not int"),
        (lambda: tool(google, name="with space"), "letters, digits"),
        (lambda: tool(google, name="x" * 65), "up to 64"),
        (lambda: tool(google, approve="always"), "'ask' or 'auto'"),
        (lambda: tool(google, timeout=0), "seconds"),
        (lambda: tool(loose, strict=True), "allows arbitrary names"),
        (lambda: Toolset.of([google, tool(sphinx, name="google")]), "Two tools are called google"),
        (lambda: Toolset.of("web_serch"), "Did you mean 'web_search'?"),
        (lambda: Toolset.of([{"name": "f"}]), "needs a 'type'"),
        (lambda: Toolset.of(3), "not int"),
    ],
)
def test_what_cannot_be_a_tool_says_what_to_change(make, words):
    with pytest.raises(ToolDefinitionError) as caught:
        make()
    assert words in str(caught.value)


def odd(  # noqa: PLR0917 - one of each kind
    words: Literal[1, "x"],
    either: int | str = "q",
    limited: Annotated[int, Field(ge=0, le=10, description="how many")] = 3,
    colour: Colour = Colour.RED,
    anything: object = object(),
    number: float = float("nan"),
    numbers: set[int] = frozenset({1}),
):
    pass


@pytest.mark.filterwarnings("error")
def test_defaults_that_json_cannot_say_are_the_functions_own_and_the_signature_is_for_people():
    made = tool(odd)
    properties = made.parameters["properties"]
    assert made.parameters["required"] == ["words"]
    assert [option["enum"] for option in properties["words"]["anyOf"]] == [[1], ["x"]]
    assert properties["limited"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 10,
        "default": 3,
        "description": "how many",
    }
    assert [name for name in properties if "default" in properties[name]] == [
        "either",
        "limited",
        "numbers",
    ]
    assert properties["colour"] == {"anyOf": [{"$ref": "#/$defs/Colour"}], "description": 'Default: "red".'}
    json.dumps(made.definition, allow_nan=False)
    assert "limited: int = 3, " in made.signature
    assert made.read('{"words": "x", "either": 2}') == {"words": "x", "either": 2}


def test_a_decorated_function_is_still_a_function():
    @tool(approve="auto", timeout=3, name="plus")
    def add_up(a: int, b: int = 1) -> int:
        return a + b

    assert isinstance(add_up, Tool)
    assert add_up(2) == 3
    assert (add_up.name, add_up.approval, add_up.timeout_s) == ("plus", "auto", 3)


def test_partials_methods_and_callable_objects_are_functions_too():
    class Shop:
        prices: ClassVar = {"a": 1.5}

        def price(self, item: str) -> float:
            "Price of an item."
            return self.prices[item]

        def __call__(self, item: str) -> float:
            return self.prices[item]

    method = tool(Shop().price)
    assert (method.name, method.description, list(method.parameters["properties"])) == (
        "price",
        "Price of an item.",
        ["item"],
    )
    shop = tool(Shop(), name="shop")
    assert shop(**shop.read('{"item": "a"}')) == 1.5
    assert tool(functools.partial(google, unit="F")).read('{"city": "x"}') == {"city": "x"}


def test_server_tools_plugins_and_definitions_go_out_as_they_are():
    given = {"type": "function", "function": {"name": "by_hand", "parameters": {"type": "object"}}}
    model = components.OpenRouterWebSearchServerTool(parameters={"max_results": 3})
    box = Toolset.of(
        [google, "openrouter:datetime", "web_fetch", "file-parser", "plugin:fusion", given, model]
    )
    sent = box.request()
    assert [
        item.get("function", item)["name" if "function" in item else "type"] for item in sent["tools"]
    ] == [
        "google",
        "by_hand",
        "openrouter:datetime",
        "openrouter:web_fetch",
        "openrouter:web_search",
    ]
    assert sent["tools"][-1] == {"type": "openrouter:web_search", "parameters": {"max_results": 3}}
    assert sent["plugins"] == [{"id": "file-parser"}, {"id": "fusion"}]
    assert Toolset.of(None).request() == {}


def test_tools_may_come_in_lists_of_lists_and_the_same_one_twice():
    assert list(Toolset.of([[google, [sphinx]], google]).by_name) == ["google", "sphinx"]


def größe(länge: float, b: float):  # noqa: PLC2401 - as in a notebook
    return länge * b


def test_names_that_no_provider_takes_are_sent_as_others_and_come_back():
    made = tool(größe)
    function = made.definition["function"]
    assert re.fullmatch(r"gro_e_[0-9a-f]{8}", function["name"])
    assert made.signature == "größe(länge: float, b: float)"
    assert list(function["parameters"]["properties"]) == ["lange", "b"]
    assert function["parameters"]["properties"]["lange"]["description"] == "länge"
    assert function["parameters"]["required"] == ["lange", "b"]
    assert made.read('{"lange": 2, "b": 3}') == {"länge": 2.0, "b": 3.0}
    assert made.read('{"länge": 2, "b": 3}') == {"länge": 2.0, "b": 3.0}


def test_a_long_description_goes_on_in_the_parameters_and_loses_nothing():
    words = " ".join(f"word{number}" for number in range(400))
    function = tool(google, description=words).definition["function"]
    assert len(function["description"]) <= 1_024
    head, mark, _ = function["description"].partition(" … (continued")
    assert mark
    assert f"{head} {function['parameters']['description']}" == words
    short = tool(google, description="x" * 1_024).definition["function"]
    assert short["description"] == "x" * 1_024
    assert "description" not in short["parameters"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, {"type": "object", "properties": {}}),
        ({"type": "object"}, {"type": "object", "properties": {}}),
        (
            {"properties": {"a": {"type": "array"}}},
            {"type": "object", "properties": {"a": {"type": "array", "items": {}}}},
        ),
        (
            {"type": "object", "oneOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}]},
            {"type": "object", "properties": {"a": {"type": "integer", "enum": [1]}}, "required": ["a"]},
        ),
    ],
)
def test_a_definition_by_hand_is_sent_in_a_form_that_providers_accept(given, sent):
    toolset = Toolset.of([{"type": "function", "function": {"name": "f", "parameters": given}}])
    assert toolset.definitions[0]["function"]["parameters"] == sent


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (dict, "'parameters' is a JSON Schema, not <class 'dict'>"),
        ({"properties": {"a": {"$ref": "other.json"}}}, "f: it refers to 'other.json'"),
        ({"type": "string"}, "f: it is of type string, not an object"),
        ({"properties": {"a": {"required": True}}}, "f: Invalid JSON Schema: properties.a.required"),
    ],
)
def test_a_definition_by_hand_that_cannot_be_sent_says_why(given, words):
    with pytest.raises(ToolDefinitionError, match=re.escape(words)):
        Toolset.of([{"type": "function", "function": {"name": "f", "parameters": given}}])


def test_a_strict_definition_by_hand_takes_null_for_what_may_be_left_out():
    schema = {"properties": {"a": {"type": "string"}, "b": {"enum": ["x"]}}, "required": ["a"]}
    (made,) = Toolset.of(
        {"type": "function", "function": {"name": "f", "parameters": schema, "strict": True}}
    ).by_name.values()
    assert made.parameters["required"] == ["a", "b"]
    assert made.read('{"a": "1", "b": null}') == {"a": "1"}
    with pytest.raises(WrongValueError, match="a: string is expected"):
        made.read('{"a": null, "b": null}')


@pytest.mark.parametrize("given", [{"type": "object"}, {"properties": {}}, {}])
def test_a_strict_definition_without_parameters_is_a_closed_object(given):
    toolset = Toolset.of(
        [{"type": "function", "function": {"name": "f", "parameters": given, "strict": True}}]
    )
    closed = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    assert toolset.definitions[0]["function"]["parameters"] == closed


def test_a_strict_function_without_parameters_is_a_closed_object():
    def now() -> str:
        """Return the time."""
        return ""

    assert tool(now, strict=True).parameters["additionalProperties"] is False


@pytest.mark.parametrize("field", [{"type": "object"}, {"type": "array", "items": {}}])
def test_a_strict_definition_by_hand_without_a_strict_form_is_left_to_the_provider(field):
    parameters = {"type": "object", "properties": {"f": field}}
    function = {"name": "f", "parameters": parameters, "strict": True}
    (sent,) = Toolset.of([{"type": "function", "function": function}]).definitions
    assert (sent["function"]["parameters"], sent["function"]["strict"]) == (parameters, True)
