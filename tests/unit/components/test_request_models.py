"""Models that a caller builds: what they send, in which order, and what they keep."""

import copy
import json
import pickle
import random

import pytest
from pydantic import BaseModel, ValidationError
from support.calls import VALUES, Several, Thing, write

from openrouter_nb import components
from openrouter_nb.client.request_body import plain
from openrouter_nb.components import (
    ChatAssistantMessage,
    ChatContentAudio,
    ChatContentAudioInputAudio,
    ChatContentText,
    ChatFormatJSONSchemaConfig,
    ChatFunctionToolFunction,
    ChatJSONSchemaConfig,
    ChatSystemMessage,
    ChatUserMessage,
    ProviderPreferences,
    ReasoningDetailText,
)
from openrouter_nb.components.views.json_view import JSONView


class Always:
    """Dice for `write`: every object a model, or every object a dict."""

    def __init__(self, value):
        self.value = value

    def random(self):
        return self.value


def objects(value):
    """Every object in a value."""
    if isinstance(value, Several):
        value = value.values
    if isinstance(value, Thing):
        yield value
        yield from objects(value.fields)
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from objects(item)


OBJECTS = [item for value in VALUES.values() for item in objects(value)]


def test_a_constant_is_sent_though_nobody_said_it():
    message = ChatUserMessage(content="x")
    assert message.model_dump() == {"role": "user", "content": "x"}
    assert message.model_dump(exclude_unset=True) == {"role": "user", "content": "x"}
    assert plain(message) == {"role": "user", "content": "x"}
    assert ChatFunctionToolFunction(function={"name": "f"}).type == "function"


def test_absent_none_and_a_value_are_three_things():
    assert plain(ProviderPreferences()) == {}
    assert plain(ProviderPreferences(order=None, sort=None)) == {"order": None, "sort": None}
    assert plain(ProviderPreferences(order=["a"], zdr=False)) == {"zdr": False, "order": ["a"]}


def test_none_leaves_a_field_out_that_cannot_be_null():
    assert plain(ChatUserMessage(content="x", name=None)) == {"role": "user", "content": "x"}
    assert plain(ProviderPreferences(max_price=None)) == {}


def test_a_field_that_is_set_later_counts():
    preferences = ProviderPreferences()
    preferences.order = None
    preferences.max_price = None
    preferences.zdr = True
    assert plain(preferences) == {"zdr": True, "order": None}


def test_keys_are_in_the_order_of_declaration_whatever_the_caller_wrote():
    part = ChatContentText(
        prompt_cache_breakpoint=None, novel=1, text="x", cache_control={"type": "ephemeral"}, type="text"
    )
    assert list(plain(part)) == ["type", "text", "cache_control", "prompt_cache_breakpoint", "novel"]


def test_names_that_python_takes_have_their_own_on_the_wire():
    audio = ChatContentAudioInputAudio(data="AA==", format_="wav")
    assert audio == ChatContentAudioInputAudio(data="AA==", format="wav")
    assert audio.model_dump() == plain(audio) == {"data": "AA==", "format": "wav"}
    schema = ChatFormatJSONSchemaConfig(
        json_schema=ChatJSONSchemaConfig(name="n", schema_={"type": "object"})
    )
    assert plain(schema)["json_schema"] == {"name": "n", "schema": {"type": "object"}}
    assert plain(ReasoningDetailText(format_=None)) == {"format": None, "type": "reasoning.text"}


def test_a_dict_inside_a_model_stays_as_it_is():
    part = {"type": "text", "text": "x", "cache_control": None, "novel": {"a": [None]}}
    message = ChatUserMessage(content=[part, {"type": "a newer part"}, ChatContentText(text="y")])
    assert message.content[0] == part
    assert plain(message)["content"] == [part, {"type": "a newer part"}, {"type": "text", "text": "y"}]
    assert plain(ProviderPreferences(sort={"by": None}, novel=[1])) == {"sort": {"by": None}, "novel": [1]}


def test_numbers_keep_their_kind():
    made = plain(
        ProviderPreferences(preferred_max_latency=1, preferred_min_throughput=1.0, max_price={"prompt": 1})
    )
    assert (
        json.dumps(made)
        == '{"max_price": {"prompt": 1}, "preferred_min_throughput": 1.0, "preferred_max_latency": 1}'
    )


@pytest.mark.parametrize(
    "make",
    [
        ChatUserMessage,
        lambda: ChatUserMessage(content=5),
        lambda: ChatUserMessage(content="x", role="system"),
        lambda: ChatContentAudio(input_audio="AA=="),
        lambda: ProviderPreferences(order="openai"),
    ],
)
def test_what_cannot_be_is_refused_at_once(make):
    with pytest.raises(ValidationError):
        make()


def test_words_of_open_lists_are_open():
    assert plain(ProviderPreferences(sort="novel", quantizations=["int3"])) == {
        "quantizations": ["int3"],
        "sort": "novel",
    }


@pytest.mark.parametrize("item", OBJECTS, ids=lambda item: item.name)
def test_a_model_sends_what_the_dict_says(item):
    built = write(item, components, Always(0))
    said = write(item, components, Always(1))
    assert isinstance(built, (BaseModel, JSONView))
    assert plain(built) == said
    assert plain([{"x": built}]) == [{"x": said}]
    assert plain(type(built).model_validate(said)) == said
    assert plain(type(built).model_validate_json(json.dumps(said))) == said
    assert pickle.loads(pickle.dumps(built)) == copy.deepcopy(built) == built  # noqa: S301
    assert type(built).__doc__


@pytest.mark.parametrize("item", OBJECTS, ids=lambda item: item.name)
def test_a_field_newer_than_this_package_is_kept(item):
    said = write(item, components, Always(1)) | {"novel_field": {"a": [None, 1]}}
    built = type(write(item, components, Always(0))).model_validate(said)
    assert built.novel_field == {"a": [None, 1]}
    assert plain(built) == said


def test_an_answer_takes_parts_that_a_caller_built():
    message = ChatAssistantMessage(
        content=[ChatContentText(text="x")],
        reasoning_details=[ReasoningDetailText(text="t", signature=None)],
        images=[components.ChatAssistantImages(image_url={"url": "data:,"})],
        audio=components.ChatAudioOutput(id="a"),
        tool_calls=[
            components.ChatToolCall(
                id="1", function=components.ChatToolCallFunction(name="f", arguments={"a": 1})
            )
        ],
    )
    assert message.content == [{"type": "text", "text": "x"}]
    assert plain(message) == {
        "role": "assistant",
        "content": [{"type": "text", "text": "x"}],
        "reasoning_details": [{"type": "reasoning.text", "text": "t", "signature": None}],
        "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}],
        "images": [{"image_url": {"url": "data:,"}}],
        "audio": {"id": "a"},
    }


def test_models_and_dicts_mix_at_random():
    for seed in range(20):
        dice = random.Random(seed)  # noqa: S311
        for item in OBJECTS:
            assert plain(write(item, components, dice)) == write(item, components, Always(1))


def test_a_message_shows_itself():
    assert repr(ChatSystemMessage(content="x")).startswith("ChatSystemMessage(role='system', content='x'")


# --- the message that is both received and built


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", 5),
        ("tool_calls", "f"),
        ("tool_calls", [{"id": 5}]),
        ("reasoning_details", {"type": "reasoning.text"}),
        ("name", 5),
    ],
)
def test_who_builds_an_answer_message_by_hand_is_told_what_is_wrong(field, value):
    with pytest.raises(ValidationError, match=field):
        ChatAssistantMessage(**{field: value})
    message = ChatAssistantMessage.model_validate({"role": "assistant", "refusal": "no", field: value})
    assert message.refusal == "no"


def test_an_odd_field_deep_in_what_was_received_costs_only_itself():
    received = {
        "choices": [{"message": {"content": "a", "name": 5, "tool_calls": [{"id": 5, "type": "function"}]}}]
    }
    for result in (
        components.ChatResult.model_validate(received),
        components.ChatResult.model_validate_json(json.dumps(received)),
    ):
        assert result.text == "a"
        assert result.choices[0].message.name is None
        assert result.choices[0].message.tool_calls[0].type == "function"
