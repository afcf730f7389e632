"""JSON texts that are too large to be parsed."""

import json

import pytest

from openrouter_nb.json_extraction import JSONTextError, json_spans, parse_json
from openrouter_nb.json_size import MAX_MARKS, SMALL_BYTES, JsonSize, JsonTooLargeError, check_json_size
from openrouter_nb.output.type_adapter import partial_json

BOMB = "[" + "[]," * MAX_MARKS + "0]"


def test_marks_are_counted_over_all_pieces():
    size = JsonSize()
    size.add(BOMB[:SMALL_BYTES].encode())
    with pytest.raises(JsonTooLargeError, match="more than 600000 brackets"):
        size.add(BOMB[SMALL_BYTES:].encode())


def test_long_strings_and_small_texts_pass():
    check_json_size(json.dumps({"image": "x" * 50_000_000}))
    check_json_size("[" * (SMALL_BYTES - 1))
    check_json_size("\N{GRINNING FACE}" * 1_000_000)


@pytest.mark.parametrize(
    "text", ["\N{GRINNING FACE}", "\\ud83d\\ude00", "\N{LATIN SMALL LETTER E WITH ACUTE}"]
)
def test_wide_text_has_a_lower_limit(text):
    with pytest.raises(JsonTooLargeError, match="not ASCII"):
        check_json_size(text + "x" * 17_000_000)


@pytest.mark.parametrize("parse", [parse_json, json_spans])
def test_an_answer_that_is_too_large_is_not_parsed(parse):
    with pytest.raises(JSONTextError, match="too large: it has more than 600000 brackets"):
        parse(BOMB)
    assert partial_json(BOMB) is None
