"""Tables of polars and Arrow in prompts."""

import datetime as dt

import polars as pl
import pyarrow as pa
import pytest

from openrouter_nb.prompt import interpolate

START = dt.datetime(2026, 1, 1, 5)  # noqa: DTZ001
LONG = {
    "n": list(range(100)),
    "f": [None, *(number / 7 for number in range(99))],
    "t": [START + dt.timedelta(days=number) for number in range(100)],
    "s": ["x|y"] * 100,
    "l": [[1 / 3]] * 100,
    "b": [True] * 100,
    "nan": [float("nan")] * 100,
}
ENDS = "(row 0) to 2026-04-10 05:00:00 (row 99)"


def lines(value):
    return interpolate("{{value}}", {"value": value}).content.split("\n")


POLARS = (
    f"n: Int64, 0 (row 0) to 99 (row 99); f: Float64, 0 (row 1) to 14 (row 99);"
    f" t: Datetime(time_unit='us', time_zone=None), 2026-01-01 05:00:00 {ENDS}; s: String; l: List(Float64);"
    f" b: Boolean; nan: Float64"
)
ARROW = (
    f"n: int64, 0 (row 0) to 99 (row 99); f: double, 0 (row 1) to 14 (row 99);"
    f" t: timestamp[us], 2026-01-01 05:00:00 {ENDS}; s: string; l: list<item: double>; b: bool; nan: double"
)


@pytest.mark.parametrize(
    ("value", "types"), [(pl.DataFrame(LONG), POLARS), (pa.table(LONG), ARROW)], ids=["polars", "Arrow"]
)
def test_a_long_table_has_its_ends_and_the_extremes_of_all_rows(value, types):
    found = lines(value)
    assert len(found) == 2 + 25 + 1 + 25 + 2
    assert found[0] == "| row | n | f | t | s | l | b | nan |"
    assert found[3] == "| 1 | 1 | 0 | 2026-01-02 05:00:00 | x\\|y | [0.333333] | True | NaN |"
    assert found[-1] == (
        "[100 rows and 7 columns, the first and last 25 rows are shown, numbers are rounded to 6 digits."
        f" {types}]"
    )


@pytest.mark.parametrize(
    ("value", "header", "summary"),
    [
        (pl.Series("n", [1]), "| n |", "[1 row and 1 column. n: Int64]"),
        (pl.Series([1]), "| value |", "[1 row and 1 column. value: Int64]"),
        (pa.array([1]), "| value |", "[1 row and 1 column. value: int64]"),
        (pa.chunked_array([[1]]), "| value |", "[1 row and 1 column. value: int64]"),
        (pa.record_batch({"n": [1]}), "| n |", "[1 row and 1 column. n: int64]"),
        (
            pa.table([pa.array([1]), pa.array([2])], ["a", "a"]),
            "| a | a |",
            "[1 row and 2 columns. All columns: int64]",
        ),
    ],
    ids=["series", "series without a name", "array", "chunked array", "record batch", "equal names"],
)
def test_series_arrays_and_batches_are_tables(value, header, summary):
    found = lines(value)
    assert found[0] == header
    assert found[2].startswith("| 1 |")
    assert found[-1] == summary
