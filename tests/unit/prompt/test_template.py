"""`{{expression}}` and the forms of values."""

import pathlib

import numpy as np
import pandas as pd
import pydantic
import pytest

from openrouter_nb.prompt import PromptError, interpolate


def content(template, **namespace):
    return interpolate(template, namespace).content


@pytest.mark.parametrize(
    "template",
    [
        'print({"foo": 1})',
        "{x}",
        "${x}",
        "\\frac{a}{b}",
        'f"{x!r:>{width}}"',
        "%s %(a)s",
        "}} alone",
        "{ {x} }",
        "\uff5bx\uff5d and \uff5b\uff5b alone",
        "",
    ],
)
def test_single_braces_are_text(template):
    assert content(template, x=1) == template


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{x}}", "6"),
        ("a{{ x+1 }}b{{x}}", "a7b6"),
        ("${{x}}", "$6"),
        ("{{ {'a': {'b': 1}}['a']['b'] }}", "1"),
        ("{{ '}}' }}", "}}"),
        ("{{[n for n in range(x) if n % 2]}}", "[\n  1,\n  3,\n  5\n]"),
        ("{{text}}", "{{x}} {x} %s"),
        ("{{None}} {{True}} {{2.5}}", "None True 2.5"),
        ("{{path}}", "a/b.txt"),
    ],
)
def test_an_expression_is_evaluated_once(template, text):
    assert content(template, x=6, text="{{x}} {x} %s", path=pathlib.PurePosixPath("a/b.txt")) == text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{frmae}}", "'frmae' is not defined. Did you mean 'frame'?"),
        ("{{1/0}}", "ZeroDivisionError"),
        ("{{x", "without }}"),
        ("a \uff5b\uff5bx\uff5d\uff5d b", "Write {{x}}"),
        ("{\uff5bx\uff5d}", "Write {{x}}"),
        ("{\u200b{x}\u200b}", "Write {{x}}"),
        ("\u2774\u2774x\u2775\u2775", "Write {{x}}"),
        ("{{#if x}}", "is not a Python expression"),
        ("{{import os}}", "is not a Python expression"),
        ("{{b'bytes'}}", "cannot be converted"),
        ("{{object()}}", "cannot be converted"),
        ("{{[object()]}}", "are not JSON"),
    ],
)
def test_what_cannot_be_inserted_is_an_error_that_says_so(template, words):
    with pytest.raises(PromptError) as caught:
        content(template, frame=1, x=1)
    assert words in str(caught.value)


def test_the_namespace_is_not_changed():
    namespace = {"x": 1}
    interpolate("{{(y := x)}}", namespace)
    assert namespace == {"x": 1}


def test_an_exception_is_a_trimmed_traceback():
    def deep(n):
        if n:
            deep(n - 1)
        raise ValueError("at the bottom")

    with pytest.raises(ValueError, match="bottom") as caught:
        deep(30)
    text = content("{{e}}", e=caught.value)
    assert text.startswith("Traceback")
    assert text.endswith("ValueError: at the bottom")
    assert len(text.splitlines()) < 20
    assert 'File "test_template.py", line' in text
    assert str(pathlib.Path(__file__).parent) not in text


def test_a_traceback_says_where_in_a_library_and_not_where_on_this_machine():
    with pytest.raises(KeyError) as caught:
        pd.DataFrame({"a": [1]})["b"]
    text = content("{{e}}", e=caught.value)
    assert 'File "pandas/core/' in text
    assert "site-packages" not in text


def test_a_pydantic_model_is_json():
    class Point(pydantic.BaseModel):
        x: int

    assert content("{{p}}", p=Point(x=1)) == '{\n  "x": 1\n}'


def test_long_text_is_cut_and_said():
    prompt = interpolate("{{text}}", {"text": "x" * 300_000})
    assert prompt.notes == ["text: 200,000 of 300,000 characters"]
    assert prompt.content.endswith("[200,000 of 300,000 characters]")


TABLE = "| n |\n| --- |\n| 1 |\n\n[1 row and 1 column. n: int64]"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{f}}", TABLE),
        ("The numbers: {{f}}", f"The numbers:\n\n{TABLE}"),
        ("{{f}} What is it?", f"{TABLE}\n\nWhat is it?"),
        ("a\n{{f}}\nb", f"a\n\n{TABLE}\n\nb"),
        ("a\n\n{{f}}\n\nb", f"a\n\n{TABLE}\n\nb"),
        ("a\n\n\n{{f}}\n\n\nb", f"a\n\n\n{TABLE}\n\n\nb"),
        ("{{f}}{{f}}", f"{TABLE}\n\n{TABLE}"),
        ("{{f}} {{f}}", f"{TABLE}\n\n{TABLE}"),
        ("{{1}} {{f}}{{2}}", f"1\n\n{TABLE}\n\n2"),
        ("{{f}}\n", f"{TABLE}\n"),
        ("\n{{f}}", f"\n\n{TABLE}"),
    ],
)
def test_a_table_has_a_blank_line_before_and_after_it(template, text):
    assert content(template, f=pd.DataFrame({"n": [1]})) == text


def test_a_table_beside_a_figure_is_a_separate_part():
    parts = content("a {{f}}{{fig}}{{f}}", f=pd.DataFrame({"n": [1]}), fig=figure(b"png"))
    assert [part.get("text") for part in parts] == [f"a\n\n{TABLE}", None, TABLE]


def test_an_array_with_three_dimensions_says_its_shape():
    text = content("{{a}}", a=np.array([[[1 / 3, 2e9]]]))
    assert text == "array of shape (1, 1, 2), float64:\n[[[0.333333 2000000000]]]"
    prompt = interpolate("{{a}}", {"a": np.arange(8000.0).reshape(20, 20, 20)})
    assert prompt.content.startswith("array of shape (20, 20, 20), float64, 0 to 7999:")
    assert prompt.notes == ["a: shortened"]
    assert content("{{a}}", a=np.float64(2.5)) == "2.5"


def figure(data):
    class Figure:
        def savefig(self, file, **_):
            file.write(data)

    return Figure()


def test_a_figure_becomes_an_image_part_in_its_place():
    assert content("Look: {{fig}} What is it?", fig=figure(b"png")) == [
        {"type": "text", "text": "Look: "},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        {"type": "text", "text": " What is it?"},
    ]


def test_a_picture_that_is_too_large_is_refused():
    with pytest.raises(PromptError, match="11 MB"):
        content("{{fig}}", fig=figure(b"x" * 11_000_000))
