"""The JSON value in the text of an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.json_extraction import (
    JSONTextError,
    begun_json,
    json_spans,
    largest_json,
    parse_json,
)

TRIP = {"city": "L", "days": 2}
TEXT = json.dumps(TRIP)
OTHER = '{"city": "P", "days": 1}'

AROUND = {
    "nothing": TEXT,
    "space": f"\n\n {TEXT}\t\r\n",
    "byte order mark": f"\ufeff{TEXT}",
    "byte order mark after space": f"\n\ufeff {TEXT}",
    "thoughts": f"<think>hm</think>{TEXT}",
    "thoughts with a draft": f"<think>Maybe {OTHER}?</think>\n{TEXT}",
    "thoughts in capitals": f"<THINKING>hm</THINKING>{TEXT}",
    "thoughts without a start": f"Maybe {OTHER}?</think>{TEXT}",
    "two thoughts": f"<think>a</think><think>{OTHER}</think>{TEXT}",
    "thoughts after it": f"{TEXT}<think>{OTHER}</think>",
    "fence": f"```json\n{TEXT}\n```",
    "fence without a language": f"```\n{TEXT}\n```",
    "fence on one line": f"```json {TEXT} ```",
    "fence after a byte order mark": f"\ufeff```json\n{TEXT}\n```",
    "fence that is not closed": f"```json\n{TEXT}",
    "fence that is not opened": f"{TEXT}\n```",
    "prose around a fence": f"Here it is:\n```json\n{TEXT}\n```\nEnjoy!",
    "prose around it": f"Here it is: {TEXT} Enjoy!",
    "several fences": f"```python\nprint('{{}}'.format(1))\n```\nand\n```json\n{TEXT}\n```",
    "thoughts, prose and a fence": f"<think>hm</think>Sure.\n\n```JSON\n{TEXT}\n```",
    "code and formulas": f"The fraction \\frac{{a}}{{b}}, f(x) {{ return [x]; }} {TEXT}",
    "its format": f'In the form {{"city": string, "days": number}}: {TEXT}',
    "zero-width space": f"\u200b{TEXT}",
    "a token of the template": f"{TEXT}<|im_end|>",
    "the word json": f"json\n{TEXT}",
    "thoughts of Magistral": f"[THINK]{OTHER}[/THINK]{TEXT}",
    "an object that is not closed": f'It begins with {{"city": and so on. {TEXT}',
}


@pytest.mark.parametrize("text", AROUND.values(), ids=AROUND)
def test_the_value_is_found_in_what_is_around_it(text):
    assert json_spans(text)[-1].value == TRIP
    assert largest_json(text) == TRIP


def test_values_come_in_order_and_the_largest_is_no_citation():
    text = f"A draft: {OTHER}. The answer: {TEXT} [1][2]"
    assert [span.value for span in json_spans(text)] == [json.loads(OTHER), TRIP, [1], [2]]
    assert all(span.is_embedded for span in json_spans(text))
    assert largest_json('The city "Lyon" {"name": "Lyon"} [1]') == {"name": "Lyon"}


@pytest.mark.parametrize(
    ("text", "value"), [("42", 42), ('"a"', "a"), ("```\ntrue\n```", True), ("null", None)]
)
def test_other_values_count_only_alone(text, value):
    assert [(span.value, span.is_embedded) for span in json_spans(text)] == [(value, False)]


UNUSABLE = {
    "": "the answer is empty",
    " \n": "the answer is empty",
    "<think>{}": "nothing follows the thoughts",
    "I am sorry": "not JSON: 'I am sorry'",
    "x" * 100: f"not JSON: '{'x' * 60}'…",
    '{"city": "L': "not JSON, or cut off: Unterminated string starting at (character 9)",
    '{"trip": {"city": "L"}, "days": 2': "not JSON, or cut off: Expecting ',' delimiter (character 33)",
    'Here: [{"city": "L"}, {"ci': "not JSON, or cut off: Unterminated string starting at (character 23)",
    '{"a": 1,}': "not JSON, or cut off: ",  # Python 3.13 names the comma
    '{"a": 1, "a": 2}': "a is given twice",
    '{"a": NaN}': "NaN is not valid JSON",
    "Sure: [-Infinity]": "-Infinity is not valid JSON",
    '{"a": 1e999}': "1e999 is too large a number",
    '{"a": -1e999}': "-1e999 is too large a number",
    f'{{"a": {"9" * 5000}}}': "a number of 5,000 digits is too long",
    "9" * 5000: "a number of 5,000 digits is too long",
    '{"city": fal': "not JSON, or cut off: Expecting value (character 9)",
    '{"city": "\\u12': "not JSON, or cut off: Invalid",
    '```json\n{"trip": {"city": "L"}, "days": 2\n```': "not JSON, or cut off: Expecting ',' delimiter (character 42)",
    '{"a": {"city": "L"}, "b": tru': "not JSON, or cut off: Expecting value (character 26)",
    "[" * 100_000: "nested more than 200 levels deep",
    '{"a":' * 10_000 + "1" + "}" * 10_000: "nested more than 200 levels deep",
    "[" * 201 + "]" * 201: "nested more than 200 levels deep",
}


@pytest.mark.parametrize("text", UNUSABLE, ids=lambda text: text[:30])
def test_a_text_without_a_usable_value_names_the_reason(text):
    with pytest.raises(JSONTextError) as caught:
        json_spans(text)
    assert str(caught.value).startswith(UNUSABLE[text])


def test_200_levels_are_not_too_deep():
    assert len(json_spans("[" * 200 + "]" * 200)) == 1


def test_an_example_that_cannot_be_used_does_not_hide_the_answer():
    assert [span.value for span in json_spans(f'Not {{"days": NaN}} but {TEXT}')] == [TRIP]


def test_lone_surrogates_are_replaced_in_answers_and_refused_in_arguments():
    text = '{"a": "\\ud800", "b": "\\ud83d\\ude00"}'
    assert json_spans(text)[0].value == {"a": "\ufffd", "b": "😀"}
    assert json_spans('{"a": "\ud800"}')[0].value == {"a": "\ufffd"}
    with pytest.raises(JSONTextError, match="lone surrogate"):
        parse_json(text)
    assert parse_json('\ufeff{"b": "\\ud83d\\ude00"}') == {"b": "😀"}


@pytest.mark.parametrize("text", [f"{TEXT} and", "json\n42"])
def test_arguments_are_json_and_nothing_else(text):
    with pytest.raises(JSONTextError):
        parse_json(text)


def test_an_answer_that_has_begun_is_read_from_its_value_on():
    assert begun_json(f"<think>{OTHER}</think>Sure: ```json\n{TEXT[:9]}") == TEXT[:9]
    assert begun_json("Sure, the") == ""
    assert begun_json(' {"') == ' {"'.strip()
    assert begun_json("{") == "{"


@given(st.text(st.sampled_from('{}[]":,\\ \n`<>/thinka1'), max_size=200))
def test_any_text_gives_values_or_a_reason(text):
    try:
        spans = json_spans(text)
    except JSONTextError:
        return
    assert spans
    assert all(span.source in text for span in spans)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_every_value_is_found_again_in_prose(value):
    wrapped = {"value": value}
    found = json_spans(f"Sure:\n```json\n{json.dumps(wrapped)}\n```\nDone.")
    assert [span.value for span in found] == [json.loads(json.dumps(wrapped))]


HOSTILE = {
    "unclosed objects": '{"' * 300_000,
    "unclosed lists": "[1," * 300_000,
    "unclosed thoughts": "<think>" * 100_000,
    "spaced braces": "{ " * 300_000,
    "objects without values": '{"":,}' * 100_000,
    "quotes": '"' * 600_000,
    "a string without an end": '{"a": "' + "\\" * 600_001,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_of_many_braces_has_no_value(text):
    with pytest.raises(JSONTextError):
        json_spans(text)
