"""Tables in prompts: data frames, arrays and records as Markdown."""

import collections
import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pydantic
import pytest

from openrouter_nb.prompt import interpolate
from openrouter_nb.render.html.markdown import to_html


def table(value):
    """Return the lines of the table, the line below it, and the notes for the footer."""
    prompt = interpolate("{{value}}", {"value": value})
    assert to_html(prompt.content).count("<table") == 1
    *lines, blank, summary = prompt.content.split("\n")
    assert blank == ""
    return lines, summary.removeprefix("[").removesuffix("]"), prompt.notes


def rows(value):
    return [line.strip("| ").split(" | ") for line in table(value)[0]]


def test_a_complete_table_names_its_types():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    assert table(frame) == (
        ["| a | b |", "| --- | --- |", "| 1 | x |", "| 2 | y |"],
        "2 rows and 2 columns. a: int64; b: str",
        [],
    )


def test_a_long_table_has_its_ends_and_the_extremes_of_all_rows():
    frame = pd.DataFrame({"x": range(200), "y": [0.0] * 120 + [98.7654321] + [0.0] * 79, "s": "z"})
    lines, summary, notes = table(frame)
    assert len(lines) == 2 + 25 + 1 + 25
    assert lines[0] == "| row | x | y | s |"
    assert [lines[index] for index in (2, 26, 27, 28, -1)] == [
        "| 0 | 0 | 0 | z |",
        "| 24 | 24 | 0 | z |",
        "| … | … | … | … |",
        "| 175 | 175 | 0 | z |",
        "| 199 | 199 | 0 | z |",
    ]
    assert summary == (
        "200 rows and 3 columns, the first and last 25 rows are shown, numbers are rounded to 6 digits."
        " x: int64, 0 (row 0) to 199 (row 199); y: float64, 0 (row 0) to 98.7654 (row 120); s: str"
    )
    assert notes == ["value: 50 of 200 rows"]


def test_fifty_rows_are_complete():
    lines, summary, notes = table(pd.DataFrame({"x": range(50)}))
    assert (len(lines), summary, notes) == (52, "50 rows and 1 column. x: int64", [])


def test_a_wide_table_has_its_first_and_last_columns():
    lines, summary, notes = table(pd.DataFrame([range(100)]).add_prefix("c"))
    assert lines[0].startswith("| c0 | c1 |")
    assert " | c14 | … | c85 | " in lines[0]
    assert lines[2].endswith(" | 98 | 99 |")
    assert {line.count("|") for line in lines} == {32}
    assert summary.startswith("1 row and 100 columns, without the columns c15, c16, ")
    assert "c34 and 50 more" in summary
    assert notes == ["value: 30 of 100 columns"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (123456.789, "123457"),
        (0.1 + 0.2, "0.3"),
        (1e-12 / 3, "3.33333e-13"),
        (20240131.0, "20240131"),
        (1e300, "1e+300"),
        (float("nan"), "NaN"),
        (float("inf"), "inf"),
        (np.float32(0.1), "0.1"),
        (2**60 + 1, "1152921504606846977"),
        (True, "True"),
        (None, "None"),
        (pd.NA, "NA"),
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("a\r\nb\u2028c", "a b c"),
        (b"abc", "3 bytes"),
        ([1 / 3, "x"], "[0.333333, x]"),
        (
            np.arange(40) / 3,
            "[0, 0.333333, 0.666667, 1, 1.33333, 1.66667, 2, 2.33333, 2.66667, 3, … 40 items]",
        ),
        (dt.datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001
        (dt.datetime(2026, 1, 2, 3), "2026-01-02 03:00:00"),  # noqa: DTZ001
    ],
    ids=repr,
)
def test_a_cell_is_one_line_with_six_digits(value, text):
    lines, _, _ = table(pd.DataFrame({"x": pd.Series([value], dtype=object)}))
    assert lines[2] == f"| {text} |"


def test_values_that_break_are_named_instead():
    class Broken:
        def __str__(self):
            raise ValueError

    endless = [1]
    endless.append(endless)
    assert rows(pd.DataFrame({"x": pd.Series([Broken()], dtype=object)}))[2] == ["Broken: ValueError"]
    assert rows(pd.DataFrame({"x": [endless]}))[2] == ["[1, [1, [1, [1, [...]]]]]"]


@pytest.mark.parametrize(
    ("frame", "header", "first"),
    [
        (pd.DataFrame({"n": [1]}, index=pd.Index(["u"], name="key")), ["key", "n"], ["u", "1"]),
        (pd.DataFrame({"n": [1]}, index=pd.RangeIndex(1, name="day")), ["day", "n"], ["0", "1"]),
        (pd.DataFrame({"n": [1]}), ["n"], ["1"]),
        (pd.DataFrame({"n": [1]}, index=[7]), ["index", "n"], ["7", "1"]),
        (
            pd.DataFrame({"n": [1]}, index=pd.MultiIndex.from_tuples([("u", 2)], names=["a", None])),
            ["a", "index", "n"],
            ["u", "2", "1"],
        ),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), ["a / b"], ["1"]),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ["a", "a"], ["1", "2"]),
        (pd.Series([1], name="n"), ["n"], ["1"]),
        (pd.Series([1]), ["value"], ["1"]),
        (pd.Index(["u"], name="key"), ["key"], ["u"]),
        (np.array([1.5]), ["value"], ["1.5"]),
        (np.array([[1, 2]]), ["0", "1"], ["1", "2"]),
        (np.array([(1, 0.5)], dtype=[("a", "i4"), ("b", "f8")]), ["a", "b"], ["1", "0.5"]),
        (np.array(["2026-01-02T03"], dtype="datetime64[ns]"), ["value"], ["2026-01-02 03:00:00"]),
    ],
)
def test_names_of_rows_and_columns(frame, header, first):
    assert [rows(frame)[0], rows(frame)[2]] == [header, first]


def test_the_extremes_name_the_row_by_the_index():
    days = pd.date_range("2026-01-01", periods=100, name="day")
    values = pd.array([None, *range(98), 5], dtype="Int64")
    summary = table(pd.DataFrame({"n": values}, index=days))[1]
    assert summary.endswith("n: Int64, 0 (day 2026-01-02) to 97 (day 2026-04-09)")


def test_columns_without_numbers_have_no_extremes():
    frame = pd.DataFrame({"s": ["x"] * 60, "n": np.nan, "b": True, "c": 1j, "o": [None] * 60})
    assert table(frame)[1].endswith(". s: str; n: float64; b: bool; c: complex128; o: object")


def test_a_table_of_long_texts_has_fewer_rows():
    lines, summary, notes = table(pd.DataFrame({"text": ["word " * 1000] * 100}))
    assert len(lines) == 2 + 5 + 1 + 5
    assert max(map(len, lines)) < 1_020
    assert "the first and last 5 rows are shown, texts are cut at 1,000 characters" in summary
    assert notes == ["value: 10 of 100 rows"]
    assert len("\n".join(table(pd.DataFrame([["x" * 5000] * 90] * 90))[0])) <= 20_000


def test_a_table_without_columns_has_its_size():
    assert interpolate("{{f}}", {"f": pd.DataFrame(index=range(3))}).content == "[3 rows and 0 columns]"


@dataclasses.dataclass
class Point:
    x: int
    y: object = None


class Trip(pydantic.BaseModel):
    x: int
    y: list[float]


@pytest.mark.parametrize(
    ("records", "lines", "types"),
    [
        ([{"x": 1}, {"x": 2, "y": 1 / 3}], ["| 1 | None |", "| 2 | 0.333333 |"], "x: int; y: float"),
        ([Point(1), Point(2, 0.5)], ["| 1 | None |", "| 2 | 0.5 |"], "x: int; y: float"),
        ([Trip(x=1, y=[0.5])], ["| 1 | [0.5] |"], "x: int; y: list"),
        (
            [collections.namedtuple("Pair", "x y")(1, "a"), collections.namedtuple("Pair", "x y")("b", "c")],  # noqa: PYI024
            ["| 1 | a |", "| b | c |"],
            "x: int | str; y: str",
        ),
    ],
)
def test_records_are_a_table(records, lines, types):
    found, summary, _ = table(records)
    assert found == ["| x | y |", "| --- | --- |", *lines]
    assert summary.endswith(types)


def test_many_records_are_bounded():
    _, summary, notes = table(
        [{"x": number, "y": None if number % 2 else number / 3} for number in range(90)]
    )
    assert "x: int, 0 (row 0) to 89 (row 89); y: float, 0 (row 0) to 29.3333 (row 88)" in summary
    assert notes == ["value: 50 of 90 rows"]


def test_records_may_have_any_numbers():
    records = [{"x": value} for value in (10**400, float("nan"), np.int64(3), None, 0.5)] * 12
    assert "x: int | float | int64, 0.5 (row 4) to 1000" in table(records)[1]


@pytest.mark.parametrize(
    "value",
    [[{"a": {"b": 1}}], [{"role": "user", "content": "one\ntwo"}], [{"a": 1}, 2], [{}], [1, 2], {"a": [1]}],
    ids=str,
)
def test_nested_values_and_texts_with_lines_remain_json(value):
    assert interpolate("{{value}}", {"value": value}).content.startswith(("[\n", "{\n"))
