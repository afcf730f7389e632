"""From keyword arguments to the bytes of a body."""

import copy
import json
import pickle
from decimal import Decimal
from enum import Enum

import numpy as np
import pandas as pd
import pytest
from openrouter.types import UNSET as SDK_UNSET
from pydantic import BaseModel

from openrouter_nb.client.request_body import build_body, encode, parse_body, plain
from openrouter_nb.components import (
    ChatAssistantMessage,
    ChatFormatTextConfig,
    ChatRequestTypedDict,
    ChatResult,
    ChatUserMessage,
    ProviderPreferences,
)
from openrouter_nb.components.unset import UNSET
from openrouter_nb.errors import ConfigurationError, InvalidRequestError
from openrouter_nb.output.output_schema import OutputSchema
from openrouter_nb.parameters import PARAMETERS, problem

HI = [{"role": "user", "content": "Hi"}]
MINIMAL = {"messages": HI, "stream": False}


def body(**given):
    return build_body({"messages": HI, **given}, stream=False)


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("temprature", "temperature"),
        ("max_token", "max_tokens"),
        ("tool", "tools"),
        ("maxTokens", "max_tokens"),
        ("topp", "top_p"),
    ],
)
def test_an_unknown_keyword_names_the_nearest_known_one(word, nearest):
    with pytest.raises(TypeError, match=rf"no parameter '{word}'\. Did you mean '{nearest}'\?"):
        body(**{word: 1})


def test_an_unknown_keyword_like_no_other_points_to_extra_body():
    with pytest.raises(TypeError, match=r"no parameter 'zzz'\. Use extra_body="):
        body(zzz=None)


@pytest.mark.parametrize("name", [name for name in PARAMETERS if name not in {"messages", "stream"}])
def test_unset_none_and_a_value_are_three_things(name):
    assert body(**{name: UNSET}) == MINIMAL
    assert body(**{name: None}) == (MINIMAL | {name: None} if PARAMETERS[name].nullable else MINIMAL)


def test_nullable_is_what_the_schema_says():
    nullable = {name for name, row in PARAMETERS.items() if row.nullable}
    assert nullable == {
        "route",
        "provider",
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "top_a",
        "frequency_penalty",
        "presence_penalty",
        "repetition_penalty",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "max_tokens",
        "max_completion_tokens",
        "stop",
        "seed",
        "parallel_tool_calls",
        "reasoning_effort",
        "prediction",
        "prompt_cache_key",
        "prompt_cache_options",
        "service_tier",
        "stream_options",
    }


def test_nothing_is_sent_that_was_not_set():
    assert body() == MINIMAL
    assert build_body({"messages": HI}, stream=True) == {"messages": HI, "stream": True}


def test_keys_are_in_the_order_of_the_table_whatever_the_caller_wrote():
    values = {
        "model": "a/b",
        "models": ["c/d"],
        "temperature": 1,
        "seed": 2,
        "provider": {},
        "user": "u",
        "metadata": {},
    }
    forward = body(**values, extra_body={"novel": 1})
    backward = build_body(
        dict(reversed([*values.items(), ("messages", HI), ("extra_body", {"novel": 1})])), stream=False
    )
    assert encode(forward) == encode(backward)
    table = [name for name in PARAMETERS if name in forward]
    assert list(forward) == [name for name in table if name != "stream"] + ["novel", "stream"]


@pytest.mark.parametrize("extra", ["x", 5, [["newer", 1]], True])
def test_an_extra_body_of_another_type_is_refused(extra):
    with pytest.raises(InvalidRequestError, match="extra_body takes an object of fields"):
        body(extra_body=extra)


def test_extra_body_adds_and_replaces_but_never_decides_about_streaming():
    made = body(
        temperature=1, extra_body={"temperature": 9, "safe_prompt": True, "stream": True, "tuple": (1,)}
    )
    assert made == MINIMAL | {"temperature": 9, "safe_prompt": True, "tuple": [1]}


@pytest.mark.parametrize("messages", [None, [], (), "Hi", {"role": "user"}, UNSET])
def test_messages_must_be_a_list_of_at_least_one(messages):
    with pytest.raises(ConfigurationError, match=r"messages (needs|takes) a list"):
        body(messages=messages)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"temperature": 2.1}, "temperature takes 0 to 2, not 2.1."),
        ({"temperature": "hot"}, "temperature takes a number, not 'hot'."),
        ({"temperature": float("nan")}, "temperature takes a number"),
        ({"seed": 1.5}, "seed takes a whole number"),
        ({"max_tokens": 0}, "max_tokens takes 1 or more, not 0."),
        ({"top_logprobs": 21}, "top_logprobs takes 0 to 20"),
        ({"logprobs": 1}, "logprobs takes true or false, not 1."),
        ({"models": ["a", "b", "c", "d"]}, "models takes at most 3 items, not 4."),
        ({"stop": [1]}, "stop takes text or a list of texts"),
        ({"session_id": "x" * 257}, "session_id takes at most 256 characters, not 257."),
        ({"max_tool_calls": 31}, "max_tool_calls takes at most 30, not 31."),
    ],
)
def test_a_value_that_the_service_refuses_is_refused_here(given, said):
    with pytest.raises(ConfigurationError) as caught:
        body(**given)
    assert said in str(caught.value)
    assert str(caught.value).endswith("Nothing was sent.")


def test_tuples_and_models_are_taken_as_json():
    class Part(BaseModel):
        type: str = "text"
        text: str
        cache_control: dict | None = None

    class Message(BaseModel):
        role: str = "user"
        content: list[Part]
        name: str | None = None

    message = Message(content=[Part(text="Hi"), Part(text="there", cache_control=None)])
    assert body(messages=(message,), stop=("a", "b"))["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Hi"},
                {"type": "text", "text": "there", "cache_control": None},
            ],
        }
    ]


def test_an_answer_goes_back_as_it_came():
    wire = {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}, "index": 0}
        ],
        "reasoning_details": [{"type": "reasoning.text", "text": None, "signature": None, "novel": [None]}],
        "novel": None,
    }
    message = ChatResult.model_validate({"choices": [{"message": wire}]}).choices[0].message
    assert plain([message]) == [wire]
    assert plain(ChatAssistantMessage(content="x")) == {"role": "assistant", "content": "x"}


RECEIVED = [
    {"role": "assistant", "content": "ok"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    },
    {
        "role": "assistant",
        "content": "",
        "refusal": None,
        "reasoning_details": [{"type": "novel", "text": None}],
    },
]


@pytest.mark.parametrize("message", RECEIVED, ids=["text", "tool call", "null and novel fields"])
@pytest.mark.parametrize(
    "dumped",
    [
        lambda m: m,
        lambda m: m.model_dump(),
        lambda m: m.model_dump(by_alias=True, mode="json"),
        lambda m: json.loads(m.model_dump_json()),
        lambda m: ChatAssistantMessage.model_validate(m.model_dump()),
        lambda m: ChatAssistantMessage(**m.model_dump()),
        copy.deepcopy,
    ],
    ids=["itself", "model_dump", "options", "model_dump_json", "model_validate", "constructor", "copy"],
)
def test_an_answer_that_is_sent_back_gains_no_field(message, dumped):
    answer = ChatResult.model_validate({"choices": [{"message": message}]}).choices[0].message
    assert body(messages=[*HI, dumped(answer), *HI])["messages"][1] == message


def test_the_callers_objects_are_not_changed():
    given = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
        "provider": {"order": ["a"]},
        "extra_body": {"a": {}},
    }
    before = copy.deepcopy(given)
    made = build_body(given, stream=True)
    made["messages"][0]["content"][0]["text"] = made["provider"]["order"][0] = "changed"
    made["a"]["b"] = 1
    assert given == before


@pytest.mark.parametrize("value", [object(), {1, 2}, float("inf"), b"bytes"])
def test_what_has_no_json_form_is_refused(value):
    with pytest.raises(ConfigurationError, match="not serializable as JSON"):
        encode(body(extra_body={"x": value}))


@pytest.mark.parametrize("given", [{"top_logprobs": 2}, {"top_logprobs": 0, "logprobs": False}])
def test_top_logprobs_alone_is_sent_with_a_warning(given):
    """As OpenRouter's SDK sends it."""
    with pytest.warns(UserWarning, match="top_logprobs requires logprobs=True"):
        assert body(**given) == {"messages": HI, **given, "stream": False}


class City(BaseModel):
    name: str
    rank: int = 1


def test_a_class_as_response_format_asks_for_json_of_this_type():
    sent = body(response_format=City)["response_format"]
    assert sent == OutputSchema(City).response_format
    assert sent["json_schema"]["name"] == "City"
    assert body(response_format=list[City])["response_format"] == OutputSchema(list[City]).response_format
    with pytest.raises(InvalidRequestError, match="Nothing was sent"):
        body(response_format=type("NoSchema", (), {}))


def test_a_class_where_a_json_schema_belongs_becomes_one():
    tool = {"type": "function", "function": {"name": "f", "parameters": City}}
    strict = {"type": "function", "function": {"name": "f", "strict": True, "parameters": City}}
    sent = body(tools=[tool, strict])["tools"]
    assert sent[0]["function"]["parameters"] == OutputSchema(City, strict=False).schema
    assert sent[1]["function"]["parameters"] == OutputSchema(City, strict=True).schema
    config = {"type": "json_schema", "json_schema": {"name": "c", "schema": City}}
    sent = body(response_format=config)["response_format"]["json_schema"]
    assert sent == {"name": "c", "schema": OutputSchema(City, strict=False).schema}
    assert tool["function"]["parameters"] is City


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"provider": ProviderPreferences}, "provider takes an object, not the class ProviderPreferences"),
        ({"response_format": ChatFormatTextConfig}, "response_format takes an object, not the class"),
        ({"tools": [City]}, r"tools\[0\] takes an object, not the class City"),
        ({"tools": [list[City]]}, r"tools\[0\] takes an object, not"),
        ({"messages": [ChatUserMessage]}, r"messages\[0\] takes an object, not"),
        ({"reasoning": City}, "reasoning takes an object, not"),
        ({"temperature": float}, "temperature takes a number, not"),
        ({"extra_body": {"a": City}}, "not serializable"),
    ],
)
def test_any_other_class_is_refused_by_name(given, message):
    with pytest.raises(InvalidRequestError, match=message):
        encode(body(**given))


class Effort(Enum):
    LOW = "low"


def test_iterables_and_enumerations_are_taken_as_json():
    sent = body(
        messages=(message for message in HI),
        models={"a/b": 1, "c/d": 2}.keys(),
        stop=iter(["x"]),
        reasoning={"effort": Effort.LOW},
    )
    assert sent["messages"] == HI
    assert (sent["models"], sent["stop"], sent["reasoning"]) == (["a/b", "c/d"], ["x"], {"effort": "low"})


def test_bytes_are_compact_utf8():
    assert encode({"a": [1, "é\u2028"]}) == '{"a":[1,"é\u2028"]}'.encode()
    assert json.loads(encode(body())) == MINIMAL


def test_every_keyword_has_a_row_and_every_row_a_keyword():
    assert set(ChatRequestTypedDict.__annotations__) - {"extra_body"} == set(PARAMETERS) - {"stream"}


def test_unset_is_false_and_shows_its_name():
    assert (bool(UNSET), repr(UNSET)) == (False, "UNSET")


# --- what data scientists have at hand


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("temperature", np.float64(0.5), 0.5),
        ("temperature", np.float32(0.5), 0.5),
        ("temperature", np.int64(1), 1),
        ("temperature", np.array(0.5), 0.5),
        ("seed", np.int32(7), 7),
        ("seed", np.uint8(7), 7),
        ("max_tokens", np.float64(100.0), 100.0),
        ("logprobs", np.bool_(True), True),
        ("models", np.array(["a/b", "c/d"]), ["a/b", "c/d"]),
        ("models", pd.Series(["a/b", "c/d"]), ["a/b", "c/d"]),
        ("logit_bias", {"50256": np.int64(-100)}, {"50256": -100}),
        ("provider", {"max_price": {"prompt": np.float64(0.5)}}, {"max_price": {"prompt": 0.5}}),
    ],
)
def test_numbers_of_numpy_are_numbers(name, value, sent):
    made = body(**{name: value})
    assert made[name] == sent
    assert json.loads(encode(made))[name] == sent


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", np.bool_(True)),
        ("seed", np.bool_(False)),
        ("seed", np.float64(0.5)),
        ("temperature", np.float64("nan")),
        ("temperature", np.float32(2.5)),
        ("temperature", np.array([0.1, 0.2])),
        ("temperature", Decimal("0.5")),
        ("top_logprobs", np.int64(21)),
    ],
)
def test_other_things_of_numpy_are_refused_by_name(name, value):
    with pytest.raises(ConfigurationError, match=f"^{name} takes "):
        body(**{name: value})


@pytest.mark.parametrize("value", [np.int64(3), np.float64(3.0), np.int64(1)])
def test_the_table_itself_knows_numbers_of_numpy(value):
    assert problem("max_tokens", value) is None
    assert problem("seed", value) is None


# --- UNSET


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"provider": {"order": UNSET, "zdr": None}}, {"provider": {"zdr": None}}),
        ({"provider": ProviderPreferences(order=UNSET, zdr=None)}, {"provider": {"zdr": None}}),
        ({"provider": {"order": SDK_UNSET, "zdr": None}, "seed": SDK_UNSET}, {"provider": {"zdr": None}}),
        ({"reasoning": {"effort": "low", "max_tokens": UNSET}}, {"reasoning": {"effort": "low"}}),
        ({"tools": [{"type": "web_search", "parameters": UNSET}]}, {"tools": [{"type": "web_search"}]}),
        ({"extra_body": {"new": {"a": UNSET, "b": 1}, "c": UNSET}}, {"new": {"b": 1}}),
    ],
)
def test_unset_is_left_out_at_any_depth(given, sent):
    assert body(**given) == MINIMAL | sent


@pytest.mark.parametrize(
    "message",
    [
        {"role": "user", "content": "Hi", "name": UNSET},
        ChatUserMessage(content="Hi", name=UNSET),
        ChatUserMessage(content=[{"type": "text", "text": "Hi", "cache_control": UNSET}]),
        ChatAssistantMessage(content="Hi", name=UNSET, tool_calls=UNSET),
    ],
    ids=str,
)
def test_unset_is_left_out_of_messages(message):
    (sent,) = build_body({"messages": [message]}, stream=False)["messages"]
    assert sent in (
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {"role": "assistant", "content": "Hi"},
    )


def test_unset_stays_itself():
    assert copy.copy(UNSET) is copy.deepcopy({"a": UNSET})["a"] is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET  # noqa: S301 - our own
    assert not UNSET
    assert repr(UNSET) == "UNSET"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("bad \udcb0 byte", "bad \ufffd byte"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_lone_surrogates_are_replaced_wherever_they_are(value, sent):
    def request(text):
        call = {"id": text, "type": "function", "function": {"name": text, "arguments": text}}
        return {
            "messages": [
                {"role": "system", "content": text},
                {"role": "user", "content": [{"type": "text", "text": text}]},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": text, "content": text},
            ],
            "metadata": {text: text},
            "tools": [{"type": "function", "function": {"name": "f", "description": text, "parameters": {text: text}}}],
            "stop": [text],
            "user": text,
            "extra_body": {"novel": {text: [text]}},
        }  # fmt: skip

    assert json.loads(encode(build_body(request(value), stream=False))) == json.loads(
        encode(build_body(request(sent), stream=False))
    )


def test_a_body_as_json_text_is_validated_and_keeps_unknown_fields():
    text = '{"messages":[{"role":"user","content":"Hi"}],"temperature":1e-7,"brand_new":{"a":[1]}}'
    assert parse_body(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "is a JSON object"),
        ("{", "cannot be used"),
        ('{"messages":[],"messages":[]}', "cannot be used"),
        ('{"messages":[]}', "at least one message"),
        ('{"messages":[{"role":"user","content":"Hi"}],"temperature":3}', "temperature takes 0 to 2"),
        ('{"messages":[{"role":"nobody","content":"Hi"}]}', "role takes"),
    ],
)
def test_a_body_as_json_text_that_cannot_be_sent_is_refused(text, said):
    with pytest.raises(InvalidRequestError, match=said):
        parse_body(text)
