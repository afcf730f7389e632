"""The body of a request equals, key for key, the one that OpenRouter's Python SDK (package `openrouter`) sends."""

import contextlib
import inspect
import random
import typing

import openrouter
import pytest
from openrouter.chat import Chat
from openrouter.utils import RetryConfig
from pydantic import BaseModel, ValidationError
from support.calls import VALUES, Several, draw, things, write

from openrouter_nb import UNSET, OpenRouter, components
from openrouter_nb.errors import ChatError
from openrouter_nb.simulator import Simulator

KEY = "sk-or-v1-test"
CALLS = 300
# The SDK's own, of fields that it marks as deprecated.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*DEPRECATED.*:DeprecationWarning",
    "ignore:Pydantic serializer warnings:UserWarning",
    "ignore:top_logprobs requires:UserWarning",  # ours
)
NO_BODY_FIELDS = {
    "http_referer",
    "x_open_router_title",
    "x_open_router_categories",
    "x_open_router_metadata",
    "retries",
    "server_url",
    "timeout_ms",
    "http_headers",
}
HI = [{"role": "user", "content": "Hi"}]
# What the SDK has and we do not, each for a reason.
NOT_OURS = {
    "ProviderOptions",  # one field for each of 140 providers, each a dict: here the whole is a dict
    "Unset",  # the SDK's own way to say that a field is not set
    "UnknownChatContentItems",  # the SDK's box for parts that it does not know: here they stay dicts
    "UnknownReasoningDetailUnion",
}


@pytest.fixture(scope="module")
def server():
    with Simulator() as started:
        yield started


@pytest.fixture(scope="module")
def ours(server):
    with OpenRouter(KEY, server_url=server.base_url) as client:
        yield client


@pytest.fixture(scope="module")
def theirs(server):
    with openrouter.OpenRouter(
        api_key=KEY, server_url=server.base_url, retry_config=RetryConfig("none", None, False)
    ) as client:
        yield client


def parameters():
    signature = inspect.signature(Chat.send)
    return {name: row for name, row in signature.parameters.items() if name not in {"self", *NO_BODY_FIELDS}}


# The SDK's default is UNSET where null may be sent, and None where it may not.
NULLABLE = {name for name, row in parameters().items() if type(row.default).__name__ == "Unset"}


def sent(server, send, call):
    """Make a call and return the JSON body that arrived."""
    before = len(server.requests)
    with contextlib.suppress(ChatError, openrouter.errors.OpenRouterError):
        answer = send(**call)
        with answer if call.get("stream") else contextlib.nullcontext():
            pass
    [request] = server.requests[before:]
    return request.body


def differences(got, expected, path=""):
    """List where two JSON values differ; 1 and 1.0 are the same number, 1 and true are not."""
    if isinstance(got, dict) and isinstance(expected, dict):
        return [
            line
            for key in {**got, **expected}
            for line in differences(got.get(key, ...), expected.get(key, ...), f"{path}.{key}")
        ]
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        return [
            line
            for index, pair in enumerate(zip(got, expected, strict=True))
            for line in differences(*pair, f"{path}[{index}]")
        ]
    if got == expected and isinstance(got, bool) == isinstance(expected, bool):
        return []
    return [f"{path}: {got!r} here, {expected!r} from the SDK"]


def their_call(call):
    """Write a call for the SDK, which has a different UNSET."""
    return {key: openrouter.types.UNSET if value is UNSET else value for key, value in call.items()}


@pytest.mark.parametrize("start", range(0, CALLS, 50))
def test_three_hundred_calls_have_the_bodies_of_the_sdk(server, ours, theirs, start):
    for seed in range(start, start + 50):
        dice = random.Random(seed)  # noqa: S311
        call = draw(dice, NULLABLE)
        our_call = {key: write(value, components, dice) for key, value in call.items()}
        expected = sent(
            server,
            theirs.chat.send,
            their_call({key: write(value, openrouter.components, dice) for key, value in call.items()}),
        )
        got = sent(server, ours.chat.send, our_call)
        assert differences(got, expected) == [], f"seed {seed}"


@pytest.mark.parametrize("name", sorted(set(VALUES) - {"messages"}))
def test_each_parameter_alone_has_the_body_of_the_sdk(server, ours, theirs, name):
    dice = random.Random(name)  # noqa: S311
    values = [None, *([UNSET] if name in NULLABLE else []), *VALUES[name]]
    if name == "stream":
        values = VALUES[name]
    for value in values:
        call = {"messages": HI, name: value.values if isinstance(value, Several) else value}
        expected = sent(
            server,
            theirs.chat.send,
            their_call({key: write(item, openrouter.components, dice) for key, item in call.items()}),
        )
        for _ in range(4):
            our_call = {key: write(item, components, dice) for key, item in call.items()}
            got = sent(server, ours.chat.send, our_call)
            assert differences(got, expected) == []


def test_the_values_are_of_every_parameter_of_the_sdk():
    assert set(VALUES) == set(parameters())


def reachable(kind, seen):
    """Collect the SDK's models that a request may hold."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in seen:
            seen.add(kind)
            for row in kind.model_fields.values():
                reachable(row.annotation, seen)
        return
    for inner in (*typing.get_args(kind), getattr(kind, "__value__", None)):
        if inner is not None and not isinstance(inner, str):
            reachable(inner, seen)


def sdk_models():
    seen = set()
    reachable(openrouter.components.ChatRequest, seen)
    return {kind.__name__: kind for kind in seen if kind.__name__ not in NOT_OURS | {"ChatRequest"}}


def test_the_values_hold_every_model_of_the_sdk():
    used = {name for values in VALUES.values() for value in values for name in things(value)}
    assert used == set(sdk_models())


@pytest.mark.parametrize("name", sorted(sdk_models()))
def test_every_model_of_the_sdk_has_its_namesake(name):
    model, namesake = sdk_models()[name], getattr(components, name)
    missing = set(model.model_fields) - set(namesake.model_fields)
    assert missing == set()
    for key, row in model.model_fields.items():
        mine = namesake.model_fields[key]
        assert mine.alias == row.alias, key
        if issubclass(namesake, components.ChatUserMessage.__base__):
            constant = key in namesake._constants
            assert mine.is_required() == (row.is_required() and not constant), key
            assert (key in namesake._nullable) == ("OptionalNullable" in repr(row.annotation)), key


# Where the SDK sends something else than it was given, each with its reason. The rest of this file stays clear of them.
KNOWN = {
    "the guide's keys of reasoning: its class has two of the eight": (
        {"reasoning": {"effort": "low", "exclude": True, "enabled": True, "context": "auto", "mode": "pro"}},
        [
            ".reasoning.exclude: True here, Ellipsis from the SDK",
            ".reasoning.enabled: True here, Ellipsis from the SDK",
            ".reasoning.context: 'auto' here, Ellipsis from the SDK",
            ".reasoning.mode: 'pro' here, Ellipsis from the SDK",
        ],
    ),
    "keys that its classes do not have, of which the guide names these": (
        {
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "b", "annotations": []},
                {"role": "tool", "content": "c", "tool_call_id": "1", "name": "f"},
            ]
        },
        [
            ".messages[1].annotations: [] here, Ellipsis from the SDK",
            ".messages[2].name: 'f' here, Ellipsis from the SDK",
        ],
    ),
    "cache_control of parts other than text": (
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "image_url",
                            "image_url": {"url": "data:,"},
                            "cache_control": {"type": "ephemeral"},
                        }
                    ],
                }
            ]
        },
        [".messages[0].content[0].cache_control: {'type': 'ephemeral'} here, Ellipsis from the SDK"],
    ),
    "type of the pictures of an answer, which the service sends": (
        {
            "messages": [
                {"role": "assistant", "images": [{"type": "image_url", "image_url": {"url": "data:,"}}]}
            ]
        },
        [".messages[0].images[0].type: 'image_url' here, Ellipsis from the SDK"],
    ),
    "a setting of the OpenAPI document of August 2026 that it dropped": (
        {"tools": [{"type": "openrouter:bash", "parameters": {"sleep_after_seconds": 60}}]},
        [".tools[0].parameters.sleep_after_seconds: 60 here, Ellipsis from the SDK"],
    ),
    "newer words of fields that may be null: it leaves the field out without a word": (
        {"service_tier": "newer", "provider": {"quantizations": ["fp8", "newer"]}},
        [
            ".provider.quantizations: ['fp8', 'newer'] here, Ellipsis from the SDK",
            ".service_tier: 'newer' here, Ellipsis from the SDK",
        ],
    ),
    "prices as numbers, as the guide has them: it leaves the whole of the preferences out without a word": (
        {"provider": {"max_price": {"prompt": 0.8}, "zdr": True}},
        [".provider: {'max_price': {'prompt': 0.8}, 'zdr': True} here, Ellipsis from the SDK"],
    ),
    "parts of a type that it does not know: it sends its own box instead": (
        {"messages": [{"role": "user", "content": [{"type": "novel", "a": 1}]}]},
        [
            ".messages[0].content[0].type: 'novel' here, 'UNKNOWN' from the SDK",
            ".messages[0].content[0].a: 1 here, Ellipsis from the SDK",
            ".messages[0].content[0].raw: Ellipsis here, {'type': 'novel', 'a': 1} from the SDK",
            ".messages[0].content[0].is_unknown: Ellipsis here, True from the SDK",
        ],
    ),
    "null in a dict where its class has no null: here a dict is sent as it is": (
        {"messages": [{"role": "user", "content": "a", "name": None}]},
        [".messages[0].name: None here, Ellipsis from the SDK"],
    ),
    "stream=None: it leaves the field out, here it is false, its default": (
        {"stream": None},
        [".stream: False here, Ellipsis from the SDK"],
    ),
}


@pytest.mark.parametrize("reason", KNOWN)
def test_where_the_sdk_sends_something_else(server, ours, theirs, reason):
    call, expected = KNOWN[reason]
    call = {"messages": HI, **call}
    assert differences(sent(server, ours.chat.send, call), sent(server, theirs.chat.send, call)) == expected


@pytest.mark.parametrize(
    "call",
    [
        pytest.param({"plugins": [{"id": "novel"}]}, id="a plugin that it does not know"),
        pytest.param({"verbosity": "low"}, id="parameters that only the guides have"),
        pytest.param(
            {"messages": [{"role": "user", "content": "a"}], "route": "sort"}, id="a hidden parameter"
        ),
        pytest.param({"response_format": {"type": "novel"}}, id="a format that it does not know"),
        pytest.param({"stop_server_tools_when": [{"type": "novel"}]}, id="a condition that it does not know"),
    ],
)
def test_what_the_sdk_refuses_and_the_service_does_not(server, ours, theirs, call):
    call = {"messages": HI, **call}
    with pytest.raises((TypeError, ValidationError)):
        theirs.chat.send(**call)
    body = sent(server, ours.chat.send, call)
    assert differences(body, {**call, "stream": False}) == []
