"""Untrusted schemas: validation, and time limits."""

import subprocess
import sys

import pytest

from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.regex_timeout import RegexTimeoutError, patterns_in, run_with_timeout
from openrouter_nb.output.type_adapter import NoSchemaError
from openrouter_nb.output.validation_errors import WrongValueError

SLOW = "^(a+)+$"
TEXT = "a" * 40 + "!"


def problems(schema, value, **options):
    with pytest.raises(WrongValueError) as caught:
        JsonSchemaValidator(schema, **options).check(value)
    return [str(problem) for problem in caught.value.problems]


def of(pattern):
    return {"type": "object", "properties": {"name": {"type": "string", "pattern": pattern}}}


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        (r"^\d{4}-\d{2}-\d{2}$", "2026-08-01", "August"),
        ("^[a-z]+$", "tree", "Tree"),
        (r"^(?!\.)(?!.*\.\.)[a-z.]+@[a-z]+$", "a.b@c", "a..b@c"),
        (r"^(\w+) \1$", "so so", "so la"),
        ("^(a|b|c)*$", "abc" * 400, "abd" * 400),
        (SLOW, "a" * 10, "b"),
    ],
)
def test_patterns_of_any_kind_are_applied(pattern, fits, does_not):
    assert JsonSchemaValidator(of(pattern)).check({"name": fits}) == {"name": fits}
    (problem,) = problems(of(pattern), {"name": does_not})
    assert problem.startswith("name: pattern ")


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (of(SLOW), {"name": TEXT}),
        ({"patternProperties": {SLOW: {}}}, {TEXT: 1}),
        ({"properties": {}, "patternProperties": {SLOW: {}}, "additionalProperties": False}, {TEXT: 1}),
        ({"patternProperties": {SLOW: {}}, "unevaluatedProperties": False}, {TEXT: 1}),
        ({"items": {"anyOf": [{"$ref": "#/$defs/slow"}, {}]}, "$defs": {"slow": {"pattern": SLOW}}}, [TEXT]),
        ({"pattern": "a*a*a*a*a*b"}, "a" * 5_000),
    ],
)
def test_a_pattern_that_takes_for_ever_is_given_up(schema, value):
    assert problems(schema, value, timeout_s=0.5) == ["the schema cannot be applied: it takes too long"]


def test_a_whole_number_with_a_point_becomes_an_integer_where_the_schema_wants_one():
    schema = {
        "properties": {
            "a": {"type": "integer"},
            "b": {"type": "number"},
            "c": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "d": {"items": {"type": ["integer", "null"]}},
            "e": {"contains": {"type": "integer"}},
        }
    }
    value = {"a": 3.0, "b": 3.0, "c": 4.0, "d": [1.0, None], "e": [5.0]}
    checked = JsonSchemaValidator(schema).check(value)
    assert checked == value
    assert repr(checked) == "{'a': 3, 'b': 3.0, 'c': 4, 'd': [1, None], 'e': [5.0]}"
    assert problems(schema, {"a": 3.5}) == ["a: integer is expected, not 3.5"]


def test_whoever_asks_again_does_not_wait_again():
    checker = JsonSchemaValidator(of(SLOW), timeout_s=0.5)
    for said in ("it takes too long", "its patterns take too long"):
        with pytest.raises(WrongValueError, match=said):
            checker.check({"name": TEXT})


@pytest.mark.parametrize(
    ("rule", "value", "problem"),
    [
        ({"enum": [1, 2]}, 3, "a: one of [1,2] is expected, not 3"),
        ({"enum": [None, "x"]}, 3, 'a: one of [null,"x"] is expected, not 3'),
        ({"const": [1]}, [2], "a: [1] is expected, not [2]"),
        ({"const": None}, 1, "a: null is expected, not 1"),
        ({"const": {"b": 1}}, 1, 'a: {"b":1} is expected, not 1'),
        (
            {"oneOf": [{"const": 1}, {"const": True}]},
            "x",
            'a: oneOf [{"const":1},{"const":true}] is expected, not "x"',
        ),
        ({"anyOf": [{"type": ["null", "integer"]}]}, "x", 'a: null or integer is expected, not "x"'),
        ({"not": {"type": "integer"}}, 1, 'a: not {"type":"integer"} is expected, not 1'),
        ({"multipleOf": 2}, 1, "a: multipleOf 2 is expected, not 1"),
        (
            {"uniqueItems": True},
            [{"b": 1}, {"b": 1.0}],
            'a: uniqueItems true is expected, not [{"b":1},{"b":1.0}]',
        ),
    ],
)
def test_every_rule_says_what_is_wrong(rule, value, problem):
    assert problems({"type": "object", "properties": {"a": rule}}, {"a": value}) == [problem]


@pytest.mark.parametrize("draft", ["draft-03", "draft-04", "draft-06", "draft-07"])
def test_older_drafts_say_what_is_wrong(draft):
    schema = {"$schema": f"http://json-schema.org/{draft}/schema#", "properties": {"a": {"enum": [1]}}}
    if draft == "draft-03":
        schema["properties"]["b"] = {"required": True, "type": ["string", {"enum": [1]}]}
    assert "a: one of [1] is expected, not 2" in problems(schema, {"a": 2})


def test_unique_items_take_linear_time():
    values = [{"number": number, "more": [number]} for number in range(20_000)]
    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1

    checker = JsonSchemaValidator({"uniqueItems": True})
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        checker.check(values)
    finally:
        sys.setprofile(before)
    assert steps < 200 * len(values)


@pytest.mark.parametrize(
    "values", [[1, True], [0, False], ["1", 1], [[1], {"1": 1}], [None, "None"], [{}, []]]
)
def test_values_of_other_types_are_different(values):
    assert JsonSchemaValidator({"uniqueItems": True}).check(values) == values


def test_references_that_double_the_work_at_every_level_are_given_up():
    defs = {"d0": {"type": "string"}}
    for level in range(1, 40):
        defs[f"d{level}"] = {"allOf": [{"$ref": f"#/$defs/d{level - 1}"}] * 2}
    schema = {"$ref": "#/$defs/d39", "$defs": defs}
    assert problems(schema, "x", timeout_s=0.2) == ["the schema cannot be applied: it takes too long"]


@pytest.mark.parametrize(
    "pattern", ["(", "[z-a]", "a{99999999999999999999}", "(?P<x>", "(" * 5_000 + ")" * 5_000]
)
def test_what_is_no_pattern_is_refused_at_once(pattern):
    with pytest.raises(NoSchemaError):
        JsonSchemaValidator(of(pattern))


def test_every_pattern_of_a_schema_is_found():
    schema = {
        "properties": {"pattern": {"pattern": "a"}, "x": {"anyOf": [{"items": {"pattern": "b"}}]}},
        "$defs": {"y": {"patternProperties": {"c": {"pattern": "d"}, "e": {}}}},
    }
    assert patterns_in(schema) == {"a", "b", "c", "d", "e", "c|e"}
    assert patterns_in(True) == set()


def test_without_processes_only_what_cannot_take_long_is_applied(monkeypatch):
    def none(*_args, **_options):
        raise OSError

    monkeypatch.setattr(subprocess, "run", none)
    run_with_timeout({"^[a-z]+$", "^x", r"\d"}, {"a": "b"}, timeout_s=1)
    for pattern in (SLOW, "a?b?", "(a|b)"):
        with pytest.raises(RegexTimeoutError):
            run_with_timeout({pattern}, {"a": "b"}, timeout_s=1)
    with pytest.raises(RegexTimeoutError):
        run_with_timeout({"a+"}, "a" * 1_001, timeout_s=1)


def test_jsonschema_is_loaded_for_a_schema_from_outside_alone():
    code = (
        "import sys; from openrouter_nb import Playground, tool\n"
        "def f(number: int) -> int: return number\n"
        "tool(f)\n"
        "from openrouter_nb.output import OutputSchema; OutputSchema.of(list[int])\n"
        "print('jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("frames", range(12))
def test_a_schema_that_refers_to_itself_without_end_is_not_applied(frames):
    """The recursion limit is reached in different functions of jsonschema and referencing, depending on the frames before."""
    validator = JsonSchemaValidator(
        {"allOf": [{"anyOf": [{"$ref": "#/$defs/A"}]}], "$defs": {"A": {"$ref": "#"}}}
    )

    def check(depth):
        return check(depth - 1) if depth else validator.check({"a": 1})

    with pytest.raises(WrongValueError, match="cannot be applied: RecursionError"):
        check(frames)
