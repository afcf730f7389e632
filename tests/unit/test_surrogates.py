"""Text without lone surrogates: what UTF-8, a request and a notebook file can contain."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.surrogates import loads, well_formed, well_formed_values

PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
HALVES = st.text(st.sampled_from("aé\ufffd\u2028\U0001f600\ud83d\ude00\udcb0\ud800\udfff\0"))


def reference(text):
    whole = PAIR.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
    return re.sub("[\ud800-\udfff]", "\ufffd", whole)


@given(HALVES)
def test_pairs_are_joined_and_halves_are_replaced(text):
    made = well_formed(text)
    assert made == reference(text)
    made.encode()
    assert well_formed(made) == made


@pytest.mark.parametrize("text", ["", "plain", "é\U0001f600", "\ufffd"])
def test_other_text_stays_the_same_object(text):
    assert well_formed(text) is text


def test_values_are_replaced_at_every_depth_and_in_keys():
    value = {"a\udcb0": ["b\ud83d", ("c", {"d": "\ude00"})], "n": 1, "z": None}
    assert well_formed_values(value) == {"a\ufffd": ["b\ufffd", ["c", {"d": "\ufffd"}]], "n": 1, "z": None}


@given(HALVES)
def test_json_gives_the_same_with_and_without_escapes(text):
    for ascii_only in (True, False):
        assert loads(json.dumps({text: [text]}, ensure_ascii=ascii_only)) == {
            reference(text): [reference(text)]
        }


@pytest.mark.parametrize("text", [r'"\ud83d\ude00"', r'"\uD83D\uDE00"', r'"\\ud83d"'])
def test_whole_pairs_and_escaped_backslashes_stay(text):
    assert loads(text) == json.loads(text)
