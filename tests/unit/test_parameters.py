"""The table of request parameters."""

import json
from collections import Counter

import pytest

from openrouter_nb.parameters import PARAMETERS, nearest, problem


def test_names_and_flags_are_unique():
    flags = Counter(flag for row in PARAMETERS.values() for flag in row.flags)
    assert [flag for flag, times in flags.items() if times > 1] == []
    assert all(name == row.name for name, row in PARAMETERS.items())


@pytest.mark.parametrize("row", PARAMETERS.values(), ids=PARAMETERS)
def test_every_row_says_what_it_is_in_one_sentence(row):
    assert row.help.endswith(".")
    assert "\n" not in row.help
    assert all(flag.startswith("-") for flag in row.flags)
    assert None in (row.minimum, row.maximum) or row.minimum < row.maximum


@pytest.mark.parametrize(
    "row", [row for row in PARAMETERS.values() if row.kind in ("number", "integer")], ids=lambda row: row.name
)
def test_bounds_are_inclusive(row):
    step = 1 if row.kind == "integer" else 0.001
    for bound, beyond in ((row.minimum, -step), (row.maximum, step)):
        if bound is not None:
            assert problem(row.name, bound) is None
            assert problem(row.name, bound + beyond) is not None
    if None not in (row.minimum, row.maximum):
        assert f"{row.minimum:g} to {row.maximum:g}" in problem(row.name, row.maximum + 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 1),
        ("seed", -(2**63)),
        ("seed", 3.0),
        ("logprobs", True),
        ("model", "a/b"),
        ("stop", "x"),
        ("stop", ["x"] * 4),
        ("stop", ("x",)),
        ("reasoning_effort", "a newer word"),
        ("service_tier", "ultrafast"),
        ("tools", [{"type": "new"}]),
        *((name, None) for name in PARAMETERS),
    ],
)
def test_what_the_service_may_take_passes(name, value):
    assert problem(name, value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", True),
        ("temperature", "1"),
        ("temperature", float("inf")),
        ("seed", 0.5),
        ("seed", False),
        ("logprobs", "yes"),
        ("model", 7),
        ("model", ["a/b"]),
        ("stop", ["x"] * 5),
        ("stop", 7),
        ("stop", ["x", 7]),
        ("stop", {"x"}),
    ],
)
def test_what_the_service_refuses_does_not(name, value):
    assert problem(name, value).startswith(f"{name} takes ")


def test_a_message_about_a_value_is_short_and_shows_no_key():
    assert len(problem("temperature", "x" * 10_000)) < 100
    assert len(problem("temperature", [["x" * 1000] * 1000])) < 300
    assert problem("temperature", "sk-or-v1-0123456789") == "temperature takes a number, not '[hidden]'."
    assert problem("temperature", ["sk-or-v1-0123456789"]) == "temperature takes a number, not ['[hidden]']."


def test_the_nearest_word_is_named_or_none():
    assert nearest("temprature", PARAMETERS) == " Did you mean 'temperature'?"
    assert nearest("xyzzy", PARAMETERS) == ""


def test_fields_and_bounds_are_those_of_the_contract(recordings):
    path = recordings.parent / "contract" / "chat_request_fields.json"
    if not path.is_file():
        pytest.skip("no description of the request fields beside the recordings")
    fields = {field["name"]: field for field in json.loads(path.read_text())}
    assert set(fields) - set(PARAMETERS) <= {"prompt", "deferred_tools", "retries"}
    for name, row in PARAMETERS.items():
        if name in fields and row.kind in ("number", "integer"):
            field = fields[name]
            bounds = [(row.minimum, field.get("min")), (row.maximum, field.get("max"))]
            assert all(ours is None or theirs is None or ours == theirs for ours, theirs in bounds), name
