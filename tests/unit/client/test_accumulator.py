"""The folding rules, one by one, and then whatever a server may think of."""

import copy
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.client.streaming.accumulator import Accumulator
from openrouter_nb.components import ChatResult, ChatStreamChunk


def fold(*deltas, **choice):
    """The result of one choice that says these deltas."""
    return fold_chunks(*({"choices": [{"index": 0, "delta": delta, **choice}]} for delta in deltas))


def fold_chunks(*chunks):
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
    return accumulator.result()


def message(*deltas):
    return fold(*deltas).choices[0].message


def calls(*fragments):
    """(id, name, arguments) of each call, from deltas that hold one fragment each."""
    made = message(*({"tool_calls": [fragment]} for fragment in fragments)).tool_calls or []
    return [(call.id, call.function.name, call.function.arguments) for call in made]


def fragment(index=None, ident=None, name=None, arguments=None, **other):
    function = {"name": name, "arguments": arguments}
    made = {"index": index, "id": ident, "function": {k: v for k, v in function.items() if v is not None}}
    return {key: value for key, value in made.items() if value is not None} | other


def text(piece, **other):
    return {"type": "reasoning.text", "text": piece, **other}


# --- text


@pytest.mark.parametrize("field", ["content", "reasoning", "refusal"])
def test_text_is_appended_and_null_and_empty_are_nothing(field):
    made = message({field: "a"}, {field: None}, {field: ""}, {}, {field: "b"})
    assert getattr(made, field) == "ab"


def test_a_role_on_every_chunk_is_one_role():
    assert message(*[{"role": "assistant", "content": "x"}] * 3).role == "assistant"


def test_content_parts_give_their_text():
    assert (
        message({"content": [{"type": "text", "text": "a"}, {"type": "x"}, 3]}, {"content": "b"}).content
        == "ab"
    )


def test_no_text_at_all_is_an_empty_string():
    assert message({"content": None}).content == ""


# --- tool calls


def test_fragments_of_parallel_calls_are_slotted_by_index():
    assert calls(
        fragment(0, "call_a", "a", ""),
        fragment(0, arguments='{"x"'),
        fragment(1, "call_b", "b", "{}"),
        fragment(0, arguments=": 1}"),
    ) == [("call_a", "a", '{"x": 1}'), ("call_b", "b", "{}")]


def test_calls_that_share_index_0_are_told_apart_by_id():
    many = [fragment(0, f"id{n}", "f", json.dumps({"n": n})) for n in range(15)]
    assert calls(*many) == [(f"id{n}", "f", json.dumps({"n": n})) for n in range(15)]


def test_a_known_id_under_a_shared_index_continues_its_own_call():
    assert calls(
        fragment(0, "a", "f", "1"),
        fragment(0, "b", "g", "2"),
        fragment(0, "a", None, "3"),
        fragment(0, None, None, "4"),
    ) == [("a", "f", "134"), ("b", "g", "2")]


def test_one_id_under_two_indexes_is_two_calls():
    assert calls(fragment(0, "x", "f", "1"), fragment(1, "x", "g", "2"), fragment(0, None, None, "3")) == [
        ("x", "f", "13"),
        ("x", "g", "2"),
    ]


@pytest.mark.parametrize("ident", ["", None])
def test_calls_without_ids_are_told_apart_by_index(ident):
    assert calls(fragment(0, ident, "f", "1"), fragment(1, ident, "g", "2")) == [
        (None, "f", "1"),
        (None, "g", "2"),
    ]


def test_id_and_name_may_come_late():
    assert calls(fragment(0, arguments="{"), fragment(0, "x"), fragment(0, name="f", arguments="}")) == [
        ("x", "f", "{}")
    ]


def test_the_first_name_stays():
    assert calls(fragment(0, "x", "f"), fragment(0, "x", "f", "{}"), fragment(0, name="")) == [
        ("x", "f", "{}")
    ]


def test_null_arguments_are_none_at_all():
    assert calls(fragment(0, "x", "f", function={"name": "f", "arguments": None})) == [("x", "f", "")]


def test_arguments_as_an_object_become_json():
    assert calls(fragment(0, "x", function={"name": "f", "arguments": {"a": [1]}})) == [
        ("x", "f", '{"a": [1]}')
    ]


def test_a_missing_index_means_the_same_id_else_the_last_call_else_the_first_slot():
    assert calls(fragment(arguments="1"), fragment(0, arguments="2"), fragment(arguments="3")) == [
        (None, None, "123")
    ]
    assert calls(
        fragment(ident="a", arguments="1"), fragment(ident="b"), fragment(ident="a", arguments="2")
    ) == [
        ("a", None, "12"),
        ("b", None, ""),
    ]


ONE, TWO, THREE = '{"x": 1}', '{"y": "}{"}', '{"z": [1, {"w": "\\\\"}]}'


@pytest.mark.parametrize("ident", ["", None, "call_0"])
@pytest.mark.parametrize("index", [0, None, "0", 0.0])
@pytest.mark.parametrize("names", ["fgh", "fff"])
@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("header", ["in the first fragment", "before the arguments", "in every fragment"])
def test_calls_with_one_index_and_without_ids_of_their_own(ident, index, names, size, header):
    fragments = []
    for name, text in zip(names, (ONE, TWO, THREE), strict=True):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        if header == "before the arguments":
            pieces.insert(0, "")
        for number, piece in enumerate(pieces):
            named = number == 0 or header == "in every fragment"
            fragments.append(fragment(index, ident if named else None, name if named else None, piece))
    made = calls(*fragments)
    assert [call[1:] for call in made] == list(zip(names, (ONE, TWO, THREE), strict=True))
    assert {call[0] for call in made} == {ident or None}


@pytest.mark.parametrize("index", [0, None])
@pytest.mark.parametrize("arguments", [ONE, "", None, "{}"])
def test_named_calls_of_one_chunk_are_as_many_as_its_fragments(index, arguments):
    made = message({"tool_calls": [fragment(index, "", "f", arguments), fragment(index, "", "f", arguments)]})
    assert [call.function.arguments for call in made.tool_calls] == [arguments or ""] * 2


def test_fragments_without_an_index_continue_the_call_at_their_place_in_the_chunk():
    made = message(
        {"tool_calls": [fragment(name="f"), fragment(name="g")]},
        {"tool_calls": [fragment(arguments="1"), fragment(arguments="2")]},
        {"tool_calls": [fragment(arguments="3"), fragment(arguments="4")]},
    )
    assert [call.function.arguments for call in made.tool_calls] == ["13", "24"]


def test_a_new_id_in_every_fragment_is_one_call():
    """Reported: vLLM sends a new id in each fragment."""
    assert calls(
        fragment(0, "a", "f", ""), fragment(0, "b", arguments='{"x"'), fragment(0, "c", arguments=": 1}")
    ) == [("a", "f", ONE)]


def test_ids_in_the_first_fragments_alone_separate_calls_without_an_index():
    assert calls(
        fragment(None, "a", "f", '{"x"'),
        fragment(arguments=": 1}"),
        fragment(None, "b", "f", '{"x"'),
        fragment(arguments=": 1}"),
    ) == [("a", "f", ONE), ("b", "f", ONE)]


def test_an_empty_fragment_after_the_arguments_is_no_further_call():
    assert calls(fragment(0, "", "f", ONE), fragment(0, "", "f", ""), fragment(0, "", "f", "\n")) == [
        (None, "f", ONE + "\n")
    ]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("again", [("x", "f"), ("x", None), (None, None)])
@pytest.mark.parametrize("index", [0, None])
def test_a_call_that_is_sent_again_as_a_whole_is_one_call(size, again, index):
    pieces = [fragment(index, "x", "f", ONE[at : at + size]) for at in range(0, len(ONE), size)]
    assert calls(*pieces, *[fragment(index, *again, ONE)] * 2) == [("x", "f", ONE)]


@pytest.mark.parametrize("ident", ["x", None])
@pytest.mark.parametrize("names", [["get_", "weather"], ["get_", "wea", "ther"], ["get_", "get_weather"]])
def test_a_name_in_parts_is_one_name(ident, names):
    first, *others = names
    fragments = [fragment(0, "x", first), *(fragment(0, ident, name) for name in others)]
    assert calls(*fragments, fragment(0, arguments=ONE)) == [("x", "get_weather", ONE)]


@pytest.mark.parametrize("ident", [None, "x"])
def test_a_name_in_each_of_many_fragments_takes_linear_time(ident):
    began = time.process_time()
    pieces = ['{"text": "', *["[{" * 50] * 20_000, '"}']
    ((_, _, arguments),) = calls(*(fragment(0, ident, "f", piece) for piece in pieces))
    assert arguments == "".join(pieces)
    # A hundred times what it takes; joining the text for each fragment takes minutes.
    assert time.process_time() - began < 30


def test_cut_arguments_are_kept_as_they_are():
    assert calls(fragment(0, "x", "f", '{"a": "unfini')) == [("x", "f", '{"a": "unfini')]


# --- reasoning details


def test_fragments_of_one_type_and_index_are_joined():
    details = message(
        {"reasoning_details": [text("", signature="", format="anthropic-claude-v1", index=0)]},
        {"reasoning": "2+", "reasoning_details": [text("2+", format="anthropic-claude-v1", index=0)]},
        {"reasoning": "2.", "reasoning_details": [text("2.", format="anthropic-claude-v1", index=0)]},
        {"content": "4", "reasoning_details": []},
        {
            "reasoning_details": [
                {"type": "reasoning.text", "signature": "QQ==", "format": "anthropic-claude-v1", "index": 0}
            ]
        },
    ).reasoning_details
    assert details == [text("2+2.", signature="QQ==", format="anthropic-claude-v1", index=0)]


def test_summaries_are_joined_too():
    piece = {"type": "reasoning.summary", "summary": "ab", "index": 1}
    assert message(*[{"reasoning_details": [piece]}] * 2).reasoning_details == [{**piece, "summary": "abab"}]


def test_another_index_or_type_is_another_entry():
    entries = [
        text("a", index=0),
        text("b", index=1),
        {"type": "reasoning.summary", "summary": "c", "index": 1},
    ]
    assert message({"reasoning_details": entries}).reasoning_details == entries


def test_a_missing_index_matches_any():
    assert message({"reasoning_details": [text("a", index=3), text("b")]}).reasoning_details == [
        text("ab", index=3)
    ]


@pytest.mark.parametrize("kind", ["reasoning.encrypted", "reasoning.server_tool_call", "reasoning.new", None])
def test_other_entries_are_never_joined_nor_changed(kind):
    entry = {"type": kind, "data": "x", "index": 0, "signature": None, "extra": {"deep": [None]}}
    assert message(*[{"reasoning_details": [entry]}] * 2).reasoning_details == [entry, entry]


def test_a_late_signature_finds_its_text_behind_other_entries():
    sealed = {"type": "reasoning.encrypted", "data": "x", "index": 0}
    late = {"type": "reasoning.text", "text": None, "signature": "S", "index": 0}
    details = message(
        {"reasoning_details": [text("a", index=0), sealed]}, {"content": "b"}, {"reasoning_details": [late]}
    )
    assert details.reasoning_details == [text("a", index=0, signature="S"), sealed]


def test_the_first_signature_id_and_format_stay():
    first = text("a", signature="S", id="I", format="F")
    other = text("b", signature="T", id="J", format="G")
    assert message({"reasoning_details": [first, other]}).reasoning_details == [{**first, "text": "ab"}]


def test_text_behind_a_sealed_entry_begins_a_new_one():
    entries = [text("a"), {"type": "reasoning.encrypted", "data": "x"}, text("b")]
    assert message({"reasoning_details": entries}).reasoning_details == entries


@pytest.mark.parametrize(
    ("deltas", "expected"),
    [([{}], None), ([{"reasoning_details": None}], None), ([{"reasoning_details": []}], [])],
)
def test_an_empty_list_of_details_is_kept_and_a_missing_one_stays_missing(deltas, expected):
    assert message(*deltas).reasoning_details == expected


def test_results_do_not_change_what_was_fed():
    chunk = {"choices": [{"delta": {"reasoning_details": [text("a")], "images": [{"a": 1}]}}]}
    before = copy.deepcopy(chunk)
    accumulator = Accumulator()
    accumulator.feed(chunk)
    first = accumulator.result()
    accumulator.feed(chunk)
    assert chunk == before
    assert first.choices[0].message.reasoning_details == [text("a")]
    assert accumulator.result().choices[0].message.reasoning_details == [text("aa")]


# --- media, log probabilities, the head of the answer


def test_audio_is_concatenated_and_its_id_kept():
    pieces = [
        {"id": "a", "data": "QU"},
        {"data": "JD", "transcript": "He"},
        {"transcript": "y", "expires_at": 9},
        {"data": None},
    ]
    assert message(*({"audio": piece} for piece in pieces)).audio == {
        "id": "a",
        "data": "QUJD",
        "transcript": "Hey",
        "expires_at": 9,
    }


@pytest.mark.parametrize("field", ["images", "annotations"])
def test_images_and_annotations_are_appended(field):
    made = message({field: [{"n": 1}]}, {field: None}, {field: [{"n": 2}, {"n": 3}]})
    assert getattr(made, field) == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_logprobs_are_appended():
    result = fold_chunks(
        *({"choices": [{"logprobs": {"content": [{"token": t}], "refusal": None}}]} for t in "ab")
    )
    assert result.choices[0].logprobs == {"content": [{"token": "a"}, {"token": "b"}]}


@pytest.mark.parametrize(
    "choices", [[], None, [{"index": 0, "delta": {}, "finish_reason": "stop"}], [{"delta": None}]]
)
def test_usage_is_taken_from_any_chunk(choices):
    usage = {"prompt_tokens": 1, "cost": 0.5, "cost_details": {"upstream_inference_cost": None}, "new": 1}
    result = fold_chunks(
        {"choices": [{"delta": {"content": "x"}}]}, {"choices": choices, "usage": usage}, {"usage": None}
    )
    assert result.usage.prompt_tokens == 1
    assert result.usage.cost == 0.5
    assert result.usage.model_extra == {"new": 1}


def test_the_last_finish_reason_that_is_none_of_null_counts():
    reasons = [None, "tool_calls", "stop", None]
    result = fold_chunks(*({"choices": [{"delta": {"content": "x"}, "finish_reason": r}]} for r in reasons))
    assert result.choices[0].finish_reason == "stop"
    assert result.text == "xxxx"


def test_head_fields_take_their_last_value_that_is_not_null():
    result = fold_chunks(
        {"id": "gen-1", "created": 5, "model": "a", "provider": "P", "service_tier": "flex"},
        {"model": "b", "provider": None, "service_tier": None, "openrouter_metadata": {"attempt": 1}},
    )
    assert (result.id, result.created, result.model, result.provider, result.service_tier) == (
        "gen-1",
        5,
        "b",
        "P",
        "flex",
    )
    assert result.object == "chat.completion"
    assert result.openrouter_metadata.attempt == 1


def test_debug_chunks_are_kept_apart_from_the_answer():
    accumulator = Accumulator()
    for body in ({"a": 1}, {"b": 2}):
        accumulator.feed({"choices": [], "debug": {"echo_upstream_body": body}})
    assert not accumulator.has_choices
    assert [entry["echo_upstream_body"] for entry in accumulator.result().model_extra["debug"]] == [
        {"a": 1},
        {"b": 2},
    ]


def test_answers_are_ordered_by_index():
    result = fold_chunks(*({"choices": [{"index": n, "delta": {"content": str(n)}}]} for n in (1, 0)))
    assert [choice.message.content for choice in result.choices] == ["0", "1"]


def test_errors_at_the_top_and_in_a_choice_are_seen():
    for chunk in ({"error": {"code": 1}}, {"choices": [{"delta": {}, "error": {"code": 1}}]}):
        accumulator = Accumulator()
        accumulator.feed({"id": "gen-1", **chunk})
        accumulator.feed({"usage": {"cost": 1}})
        assert accumulator.failure["error"] == {"code": 1}
        assert accumulator.failure["id"] == "gen-1"
        assert accumulator.result().usage.cost == 1


# --- whatever else

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just([]) | st.just({})
)
NAMES = st.sampled_from(
    [
        "id",
        "object",
        "created",
        "model",
        "provider",
        "service_tier",
        "usage",
        "debug",
        "error",
        "choices",
        "index",
        "delta",
        "finish_reason",
        "native_finish_reason",
        "logprobs",
        "content",
        "refusal",
        "role",
        "reasoning",
        "reasoning_details",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "type",
        "text",
        "summary",
        "signature",
        "format",
        "data",
        "images",
        "annotations",
        "audio",
        "transcript",
        "cost",
        "prompt_tokens_details",
    ]
)


def _inside(item):
    return st.lists(item, max_size=3) | st.dictionaries(NAMES, item, max_size=6)


# Three levels of composition instead of `st.recursive`, which discarded every second draw for exceeding its `max_leaves`: slow
# enough to fail Hypothesis' health check on a busy machine.
JSON = SCALARS | _inside(SCALARS | _inside(SCALARS | _inside(SCALARS)))
DETAIL = st.fixed_dictionaries(
    {"type": st.sampled_from(["reasoning.text", "reasoning.summary"]) | JSON},
    optional=dict.fromkeys(["text", "summary", "signature", "index"], JSON),
)
CALL = st.fixed_dictionaries(
    {},
    optional={
        "index": JSON,
        "id": JSON,
        "type": JSON,
        "function": st.dictionaries(NAMES, JSON, max_size=6) | JSON,
    },
)
DELTA = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(["content", "reasoning", "refusal", "images", "annotations"], JSON)
    | {
        "reasoning_details": st.lists(DETAIL | JSON, max_size=3) | JSON,
        "tool_calls": st.lists(CALL | JSON, max_size=3) | JSON,
    }
    | {"audio": st.dictionaries(NAMES, JSON, max_size=6) | JSON},
)
CHOICE = st.fixed_dictionaries(
    {"delta": DELTA | JSON}, optional=dict.fromkeys(["index", "finish_reason", "logprobs", "error"], JSON)
)
CHUNK = st.fixed_dictionaries(
    {"choices": st.lists(CHOICE | JSON, max_size=2) | JSON},
    optional=dict.fromkeys(["id", "created", "model", "usage", "error", "debug"], JSON),
)


@given(st.lists(CHUNK | st.dictionaries(NAMES, JSON), max_size=4))
def test_odd_shapes_never_raise(chunks):
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
        view = ChatStreamChunk(chunk)
        repr(view)
        for choice in view.choices:
            assert choice.delta.content is choice.delta.content
            for call in choice.delta.tool_calls or ():
                repr((call.index, call.id, call.name, call.arguments))
    result = accumulator.result()
    assert isinstance(result, ChatResult)
    assert isinstance(result.text, str)
    result.model_dump_json()


@given(st.dictionaries(NAMES, JSON))
def test_odd_whole_answers_never_raise(body):
    assert isinstance(ChatResult.model_validate(body).text, str)


@given(st.lists(st.text(max_size=5)))
def test_text_comes_back_as_it_was_cut(pieces):
    details = [{"reasoning_details": [text(piece, index=0)]} for piece in pieces]
    made = message({}, *({"content": piece, "reasoning": piece} for piece in pieces), *details)
    whole = "".join(pieces)
    assert (made.content, made.reasoning or "") == (whole, whole)
    assert (made.reasoning_details or [{"text": ""}])[0]["text"] == whole


def test_the_views_show_fields_newer_than_this_package():
    chunk = ChatStreamChunk({"id": "gen-1", "novel": {"a": 1}, "choices": [{"delta": {"novel": 2}}]})
    assert chunk.novel == {"a": 1}
    assert chunk.choices[0].delta.novel == 2
    with pytest.raises(AttributeError, match="ChatStreamChunk has no field 'missing'"):
        _ = chunk.missing
    assert copy.deepcopy(chunk) == chunk
    assert chunk.model_dump()["id"] == "gen-1"


def test_a_result_leaves_out_a_field_of_the_wrong_type_and_keeps_the_rest():
    result = ChatResult.model_validate(
        {
            "id": 7,
            "choices": [{"message": {"content": "kept", "tool_calls": "odd", "novel": 1}}],
            "usage": {"cost": "much", "total_tokens": 3},
        }
    )
    assert result.text == "kept"
    assert result.id is None
    assert result.choices[0].message.tool_calls is None
    assert result.choices[0].message.model_extra == {"novel": 1}
    assert (result.usage.cost, result.usage.total_tokens) == (None, 3)
