"""Typed views over received JSON: attributes, mapping access, dumps and copies."""

import copy
import json
import pickle
import subprocess
import sys

import pytest
from pydantic import BaseModel, ValidationError

from openrouter_nb import components
from openrouter_nb.client.request_body import plain
from openrouter_nb.components import ChatResult, ChatStreamChunk, ChatUsage
from openrouter_nb.components.views.json_view import JSONView

LOGPROBS = {"content": [{"token": "a", "bytes": [97], "top_logprobs": [{"token": "b", "logprob": -1.5}]}]}
USAGE = {
    "total_tokens": 3,
    "cost": 0,
    "cost_details": {"upstream_inference_cost": 0.1},
    "new": {"a": [{"b": 1}]},
}
METADATA = {"endpoints": {"available": [{"model": "m", "selected": True}]}, "pipeline": [{"data": {"k": 1}}]}
PARTS = {
    "reasoning_details": [{"type": "reasoning.text", "text": "r", "signature": None, "format": "unknown"}],
    "images": [{"type": "image_url", "image_url": {"url": "data:"}}],
    "annotations": [{"type": "url_citation", "url_citation": {"url": "u", "title": None}}],
    "audio": {"id": "a", "transcript": "t"},
}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CHUNK = {
    "id": "gen-1",
    "choices": [
        {
            "index": 0,
            "delta": {"content": "x", "tool_calls": [{"index": 0, **CALL}], **PARTS},
            "logprobs": LOGPROBS,
        }
    ],
    "usage": USAGE,
    "openrouter_metadata": METADATA,
    "error": {"code": 502, "message": "m", "metadata": {"error_type": "server"}},
    "novel": {"deep": [1, {"er": True}]},
}
MESSAGE = {"role": "assistant", "content": "x", "refusal": None, "tool_calls": [CALL], **PARTS}
RESULT = {
    "id": "gen-1",
    "choices": [{"index": 0, "message": MESSAGE, "logprobs": LOGPROBS}],
    "usage": USAGE,
    "openrouter_metadata": METADATA,
}
VIEWS = [
    kind
    for name in components.__all__
    if isinstance(kind := getattr(components, name), type) and issubclass(kind, JSONView)
]


def chunk():
    return ChatStreamChunk(copy.deepcopy(CHUNK))


def result():
    return ChatResult.model_validate(copy.deepcopy(RESULT))


def read(value, path):
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("choices.0.logprobs.content.0.top_logprobs.0.token", "b"),
        ("choices.0.logprobs.content.0.top_logprobs.0.bytes_", None),
        ("choices.0.logprobs.content.0.bytes_", [97]),
        ("choices.0.logprobs.refusal", None),
        ("choices.0.finish_reason", None),
        ("usage.total_tokens", 3),
        ("usage.prompt_tokens", None),
        ("usage.cost_details.upstream_inference_cost", 0.1),
        ("usage.cost_details.server_tool_cost", None),
        ("usage.completion_tokens_details", None),
        ("usage.new.a.0.b", 1),
        ("openrouter_metadata.endpoints.available.0.selected", True),
        ("openrouter_metadata.endpoints.available.0.provider", None),
        ("openrouter_metadata.pipeline.0.data.k", 1),
        ("openrouter_metadata.attempts", None),
        ("system_fingerprint", None),
        ("service_tier", None),
    ],
)
def test_fields_at_every_depth_of_chunks_and_results(path, value):
    assert read(chunk(), path) == read(result(), path) == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tool_calls.0.function.name", "f"),
        ("tool_calls.0.function.arguments", "{}"),
        ("tool_calls.0.type", "function"),
        ("reasoning_details.0.text", "r"),
        ("reasoning_details.0.format_", "unknown"),
        ("reasoning_details.0.format", "unknown"),
        ("reasoning_details.0.data", None),
        ("images.0.image_url.url", "data:"),
        ("annotations.0.url_citation.url", "u"),
        ("annotations.0.file", None),
        ("audio.transcript", "t"),
        ("audio.expires_at", None),
        ("reasoning", None),
    ],
)
def test_fields_at_every_depth_of_deltas_and_messages(path, value):
    assert read(chunk().choices[0].delta, path) == read(result().choices[0].message, path) == value


def test_errors_and_unknown_fields_of_a_chunk():
    assert chunk().error.metadata.error_type == "server"
    assert chunk().error.metadata.provider_code is None
    assert chunk().novel.deep[1].er is True
    assert chunk().novel.deep[0] == 1


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)
def test_a_known_field_that_is_absent_reads_its_default_and_an_unknown_name_raises(kind):
    empty = kind.model_validate({})
    for name, field in kind.model_fields.items():
        found = getattr(empty, name)
        assert (
            found == field.default
            or (found in ({}, []) and not field.is_optional)
            or name in empty
            or name == "message"
        )
    with pytest.raises(AttributeError, match=f"{kind.__name__} has no field 'novel'"):
        _ = empty.novel
    assert not hasattr(empty, "__array_interface__")


def test_a_server_cannot_implement_a_protocol_of_python():
    assert not hasattr(ChatStreamChunk({"__array_interface__": {}, "__deepcopy__": 1}), "__array_interface__")


def sdk_models():
    """The response models of OpenRouter's SDK with a namesake here."""
    sdk = pytest.importorskip("openrouter").components
    return [(getattr(sdk, kind.__name__), kind) for kind in VIEWS if hasattr(sdk, kind.__name__)]


def test_every_field_of_the_sdks_response_models_is_known():
    pairs = sdk_models()
    assert len(pairs) > 25
    for theirs, ours in pairs:
        assert set(theirs.model_fields) <= set(ours.model_fields), ours.__name__
        for name, row in theirs.model_fields.items():
            assert ours.model_fields[name].alias == row.alias


def test_mapping_access():
    usage = chunk().usage
    assert usage["total_tokens"] == usage.get("total_tokens") == 3
    assert usage.get("missing", 7) == 7
    assert "cost" in usage
    assert "prompt_tokens" not in usage
    assert list(usage) == list(USAGE)
    assert dict(usage) == usage == USAGE
    with pytest.raises(KeyError):
        usage["prompt_tokens"]
    assert json.loads(json.dumps(chunk())) == CHUNK
    assert isinstance(chunk().choices[0].delta.reasoning_details[0], dict)


def test_a_field_that_was_set_is_dumped():
    seen = chunk()
    seen.choices[0].delta.content = "y"
    seen.choices[0].delta.reasoning_details[0].format_ = "new"
    seen.usage["cost"] = 1
    del seen.error
    dumped = seen.model_dump()
    assert dumped["choices"][0]["delta"]["content"] == "y"
    assert dumped["choices"][0]["delta"]["reasoning_details"][0]["format"] == "new"
    assert dumped["usage"]["cost"] == 1
    assert "error" not in dumped
    assert seen.error is None
    with pytest.raises(AttributeError):
        del seen.error


@pytest.mark.parametrize("make", [chunk, result])
@pytest.mark.parametrize(
    "copied",
    [
        copy.copy,
        copy.deepcopy,
        lambda view: pickle.loads(pickle.dumps(view)),  # noqa: S301
        lambda view: view.model_copy(deep=True),
    ],
)
def test_copies_are_equal_and_of_the_same_class(make, copied):
    original = make()
    assert original.usage.cost_details  # partly read
    same = copied(original)
    assert type(same) is type(original)
    assert same == original == make()
    assert repr(same) == repr(original) == repr(make())
    assert same.usage.cost_details == {"upstream_inference_cost": 0.1}


def test_a_copy_of_a_result_keeps_its_attempts():
    answer = result().after((1,))
    for copied in (copy.copy(answer), copy.deepcopy(answer), answer.model_copy(update={"id": "other"})):
        assert copied.attempts == (1,)
    assert (copied.id, answer.id) == ("other", "gen-1")


def test_the_representation_names_the_classes():
    shown = repr(chunk())
    assert shown.startswith(
        "ChatStreamChunk(id='gen-1', choices=[ChatStreamChoice(index=0, delta=ChatStreamDelta("
    )
    assert "function=ChatStreamToolCallFunction(name='f', arguments='{}')" in shown


def kinds(value):
    yield type(value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from kinds(item)


def test_a_dump_is_plain_and_has_what_was_received():
    for made, wire in ((chunk(), CHUNK), (result(), RESULT)):
        repr(made)  # reads every declared field
        for options in (
            {},
            {"mode": "json"},
            {"by_alias": True},
            {"exclude_unset": True},
            {"round_trip": True},
        ):
            dumped = made.model_dump(**options)
            assert dumped == wire
            assert set(kinds(dumped)) <= {dict, list, str, int, float, bool, type(None)}
        assert json.loads(made.model_dump_json()) == wire
        assert type(made).model_validate_json(made.model_dump_json(indent=2)) == made


def test_exclude_none_applies_at_every_depth_but_not_to_parts_that_are_sent_back():
    view = ChatStreamChunk(
        {"usage": None, "choices": [{"delta": {"content": None, **PARTS}, "logprobs": None}]}
    )
    for options in ({"exclude_none": True}, {"exclude_defaults": True}):
        assert view.model_dump(by_alias=True, **options) == {"choices": [{"delta": PARTS}]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"include": {"id"}}, {"id": "gen-1"}),
        ({"include": {"usage": {"cost", "missing"}}}, {"usage": {"cost": 0}}),
        ({"include": {"choices": {0: {"index"}}}}, {"choices": [{"index": 0}]}),
        ({"include": {"choices": {"__all__": {"index": True}}}}, {"choices": [{"index": 0}]}),
        ({"include": {"id": True, "usage": ...}, "exclude": {"usage": {"new", "cost_details"}}}, {"id": "gen-1", "usage": {"total_tokens": 3, "cost": 0}}),
        ({"exclude": {"choices", "usage", "openrouter_metadata", "error", "novel"}}, {"id": "gen-1"}),
        ({"include": {"choices"}, "exclude": {"choices": {"__all__": {"delta", "logprobs"}}}}, {"choices": [{"index": 0}]}),
        ({"include": {"choices"}, "exclude": {"choices": {0}}}, {"choices": []}),
    ],
)  # fmt: skip
def test_include_and_exclude_select_as_pydantic_does(options, expected):
    assert chunk().model_dump(**options) == expected
    assert json.loads(chunk().model_dump_json(**options)) == expected


def test_numbers_that_json_does_not_have_are_null_in_a_json_dump():
    novel = {"a": float("nan"), "b": [float("inf")]}
    assert json.loads(ChatStreamChunk(novel).model_dump_json()) == {"a": None, "b": [None]}


def test_an_answer_sent_back_as_a_dump_has_the_fields_that_came():
    for message in (
        MESSAGE,
        {"role": "assistant", "content": "ok"},
        {"role": "assistant", "content": None, "novel": 1},
    ):
        came = ChatResult.model_validate({"choices": [{"message": message}]}).choices[0].message
        assert plain(came.model_dump()) == plain(came) == message
        repr(came)
        assert plain(came.model_dump(mode="json")) == plain(came) == message


def test_items_that_are_no_objects_are_skipped_and_sent_back():
    details = [None, {"type": "reasoning.text", "text": "r"}, "odd"]
    message = (
        ChatResult.model_validate(
            {"choices": [None, {"message": {"content": "x", "reasoning_details": details}}]}
        )
        .choices[0]
        .message
    )
    assert [detail.text for detail in message.reasoning_details] == ["r"]
    assert message.model_dump()["reasoning_details"] == details
    assert ChatStreamChunk({"choices": [5, {"delta": 7}], "usage": "x"}).choices[0].delta.content is None
    assert ChatStreamChunk({"usage": "x"}).usage is None
    assert ChatStreamChunk({"choices": "x"}).choices == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (1, 1),
        (0.5, 0.5),
        ("0.5", 0.5),
        (True, None),
        ("NaN", None),
        (float("inf"), None),
        (10**400, None),
        ({}, None),
    ],
)
def test_a_cost_is_a_finite_number(sent, read):
    assert ChatUsage.model_validate({"cost": sent}).cost == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("12", 12),
        (3.0, 3),
        (3.5, None),
        ("many", None),
        (True, None),
        ([1], None),
        (None, None),
        (10**400, 10**400),
        (1e999, None),
        ("1e999", None),
    ],
)
def test_numbers_of_a_usage_are_numbers(sent, read):
    assert ChatUsage.model_validate({"total_tokens": sent}).total_tokens == read
    assert ChatStreamChunk({"usage": {"total_tokens": sent}}).usage.total_tokens == read


def test_a_view_is_a_field_of_a_pydantic_model():
    class Row(BaseModel):
        usage: ChatUsage

    row = Row(usage={"cost": "0.5", "new": 1})
    assert (row.usage.cost, row.usage.new) == (0.5, 1)
    assert row.model_dump() == {"usage": {"cost": 0.5, "new": 1}}
    assert Row.model_json_schema()["properties"]["usage"]["type"] == "object"
    assert Row(usage=row.usage) == row
    with pytest.raises(ValidationError):
        Row(usage=5)


@pytest.mark.parametrize("wrong", [5, None, "x", []])
def test_something_else_than_an_object_is_not_valid(wrong):
    for kind in (ChatStreamChunk, ChatResult):
        with pytest.raises(ValidationError, match="JSON object"):
            kind.model_validate(wrong)


def test_a_whole_answer_imports_no_pydantic(simulator):
    code = f"""
import sys
from openrouter_nb import OpenRouter
with OpenRouter("sk-or-v1-x", server_url={simulator.base_url!r}) as client:
    result = client.chat.send(model="demo/parrot", messages=[{{"role": "user", "content": "Hi"}}])
    message = result.choices[0].message
    result.usage.total_tokens, message.model_dump(), result.model_dump_json(), repr(result)
print(result.text, [name for name in sys.modules if name.startswith("pydantic")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Hi []\n", "")


@pytest.mark.parametrize("view", [ChatResult.model_validate(RESULT), ChatStreamChunk(CHUNK)])
def test_the_names_of_the_present_fields_are_known(view):
    assert view.model_fields_set == set(view.keys()) >= {"id", "choices", "usage"}
    assert {"model_dump", "choices", "provider"} <= set(dir(view))
