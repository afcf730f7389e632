"""Tool messages: contents of results, and what is removed from errors."""

import io
from pathlib import Path

import IPython.display
import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel

from openrouter_nb.tools.tool_results import content_of, error_text, pictures, text_of
from openrouter_nb.user_code import as_exception

KEY = "sk-or-v1-0123456789abcdef0123456789abcdef"


CIRCLE = []
CIRCLE.append(CIRCLE)
DEEP = []
for _ in range(100_000):
    DEEP = [DEEP]


class BrokenError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class Item(BaseModel):
    name: str


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("as it is", "as it is"),
        (None, "null"),
        (1.5, "1.5"),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        ([Item(name="x")], '[{"name":"x"}]'),
        (float("nan"), "NaN"),
        (b"\x00\x01", "[2 bytes of binary data]"),
        (b"\xff\xfe", "[2 bytes of binary data]"),
        (b"plain", "plain"),
        ({"n": np.int64(3), "list": np.arange(2)}, '{"n":3,"list":[0,1]}'),
        ({1, 2}, "[1,2]"),
        (pd.NaT, '"NaT"'),
        (CIRCLE, '"[[...]]"'),
        (DEEP, '"<list>"'),
        (ValueError("no"), "ValueError: no"),
    ],
)
def test_values_are_text_or_json(value, content):
    assert content_of(value) == content


def test_an_object_without_a_form_is_its_short_repr():
    class Odd:
        def __repr__(self):
            return "<odd>" * 1000

    assert content_of({"x": Odd()}).startswith('{"x":"<odd>')
    assert len(content_of(Odd())) < 600


def test_a_table_is_bounded():
    text = content_of(pd.DataFrame({"a": range(1000)}))
    assert text.startswith("| row | a |")
    assert text.endswith(
        "[1,000 rows and 1 column, the first and last 25 rows are shown. a: int64, 0 (row 0) to 999 (row 999)]"
    )


def test_a_long_text_is_cut_and_says_so():
    text = content_of("x" * 60_000)
    assert text.endswith("\n[50,000 of 60,000 characters]")


def test_a_figure_is_a_picture_in_the_message():
    content = content_of(matplotlib.figure.Figure(figsize=(1, 1)))
    assert [part["type"] for part in content] == ["text", "image_url"]
    assert pictures(content)[0].startswith("data:image/png;base64,")
    assert text_of(content).endswith("[image_url]")


def test_pictures_come_as_bytes_as_axes_and_as_ipythons_own():
    file = io.BytesIO()
    figure = matplotlib.figure.Figure(figsize=(1, 1))
    axes = figure.subplots()
    figure.savefig(file, format="png")
    for value in (file.getvalue(), bytearray(file.getvalue()), axes, IPython.display.Image(file.getvalue())):
        assert pictures(content_of(value))[0].startswith("data:image/png;base64,iVBORw0")


def test_an_array_says_its_shape():
    assert content_of(np.zeros((2, 2))).endswith("[2 rows and 2 columns. All columns: float64]")
    assert content_of(np.zeros((2, 2, 2))).startswith("array of shape (2, 2, 2), float64:")


def test_a_list_of_dicts_remains_json():
    assert content_of([{"a": 1}, {"a": 0.1 + 0.2}]) == '[{"a":1},{"a":0.30000000000000004}]'


def test_an_exit_is_named_as_itself():
    assert error_text(as_exception(SystemExit(3))) == "SystemExit: 3"


def test_an_error_tells_neither_paths_nor_keys_nor_tracebacks():
    error = FileNotFoundError(2, "No such file", f"/home/ada/secret project/{KEY}/data.csv")
    text = error_text(error)
    assert KEY not in text
    assert "/home" not in text
    with pytest.raises(OSError) as caught:  # noqa: PT011 - its text is looked at
        Path("/home/ada/private/data.csv").read_text()
    assert error_text(caught.value) == "FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'"
    assert error_text(ValueError("km/h and 3/4 stay")) == "ValueError: km/h and 3/4 stay"
    assert error_text(BrokenError()) == "BrokenError"
    assert len(error_text(ValueError("x" * 100_000))) < 1_100
