"""What can be mapped over, and what is asked of each row."""

from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest
from PIL import Image

from openrouter_nb.batch.rows import check_template, labelled_rows, row_content
from openrouter_nb.prompt import PromptError

FRAME = pd.DataFrame({"title": ["One", "Two"], "n items": [1, 2]}, index=["a", "b"])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (FRAME, [("a", {"title": "One", "n items": 1}), ("b", {"title": "Two", "n items": 2})]),
        (FRAME["title"], [("a", "One"), ("b", "Two")]),
        ({"x": 1, "y": 2}, [("x", 1), ("y", 2)]),
        (["p", "q"], [(0, "p"), (1, "q")]),
        ((word for word in "pq"), [(0, "p"), (1, "q")]),
        (SimpleNamespace(iter_rows=lambda named: [{"k": named}], __iter__=None), [(0, {"k": True})]),
        ([], []),
    ],
    ids=["frame", "series", "dict", "list", "generator", "polars", "nothing"],
)
def test_rows_come_in_order_under_their_labels(rows, expected):
    assert labelled_rows(rows) == expected


@pytest.mark.parametrize("rows", ["text", b"bytes", 3, None])
def test_what_has_no_rows_is_refused(rows):
    with pytest.raises(TypeError, match="takes a table, a column or a list"):
        labelled_rows(rows)


def test_a_prompt_names_columns_and_the_row():
    row = {"title": "One", "n items": 1}
    assert row_content("{{title.upper()}}: {{row['n items'] + 1}}", 0, row) == "ONE: 2"
    assert row_content("Say {{row}}", 0, "{{title}}") == "Say {{title}}"  # a value is data
    assert row_content(lambda row: f"Is {row} good?", 0, "tea") == "Is tea good?"


def test_a_picture_in_a_row_becomes_a_picture_in_the_prompt():
    parts = row_content("What is this? {{photo}}", 0, {"photo": Image.new("RGB", (2, 2))})
    assert [part["type"] for part in parts] == ["text", "image_url"]


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{titel}}", "Row 7: .*'titel' is not defined. Did you mean 'title'"),
        ("{{1/0}}", "Row 7: .*ZeroDivisionError"),
        (lambda _: "", "Row 7: The prompt is empty"),
    ],
)
def test_a_prompt_that_fails_names_its_row(template, says):
    with pytest.raises(PromptError, match=says):
        row_content(template, 7, {"title": "One"})


def test_a_prompt_that_is_the_same_for_all_rows_is_refused():
    with pytest.raises(PromptError, match="the same for every row"):
        check_template("Translate this to French.")
    with pytest.raises(TypeError, match="not int"):
        check_template(5)
    with pytest.raises(TypeError, match="a function of a row, not the class Decimal"):
        check_template(Decimal)
    check_template("{{row}}")
    check_template(str)


def test_what_is_said_of_a_wrong_name_helps_in_python():
    with pytest.raises(PromptError) as caught:
        row_content("{{titel}}", "a", {"title": "One"})
    assert str(caught.value) == (
        "Row 'a': {{titel}}: 'titel' is not defined. Did you mean 'title'? To send double braces, pass a"
        " function of the row as the template."
    )
