"""What a page may request, row by row."""

import json

import pytest

from openrouter_nb.chat_bridge.policy import BridgePolicy
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.errors import BridgeRefusedError, InvalidRequestError
from openrouter_nb.tools import tool

HI = [{"role": "user", "content": "Hi"}]
WEB = [{"type": "openrouter:web_search"}]
FUNCTION = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]


def weather(city: str) -> str:
    """Return the weather.

    Args:
        city: Name of the city.
    """
    return city


def text(**fields):
    return json.dumps({"model": "demo/parrot", "messages": HI, **fields})


def check(policy, body, **given):
    return policy.check({"body": body, **given})


REFUSED = [
    ({"model": "demo/other"}, "model"),
    ({"model": "demo/parrot:online"}, "model"),
    ({"model": "demo/parrot:nitro"}, "model"),
    ({"model": "demo/parrot:free"}, "model"),
    ({"model": "demo/parrot "}, "model"),
    ({"model": "Demo/Parrot"}, "model"),
    ({"model": "@preset/cheap"}, "model"),
    ({"model": "demo/parrot@preset/cheap"}, "model"),
    ({"model": "openrouter/auto"}, "model"),
    ({"model": None}, "model"),
    ({"model": ""}, "model"),
    ({"models": ["demo/parrot", "demo/other"]}, "model"),
    ({"models": [""]}, "model"),
    ({"route": "fallback"}, "model"),
    ({"preset": "cheap"}, "model"),
    ({"provider": {"order": ["Other"], "allow_fallbacks": True}}, "model"),
    ({"provider": None}, "model"),
    ({"plugins": [{"id": "web"}]}, "plugins"),
    ({"plugins": []}, "plugins"),
    ({"tools": WEB}, "tools"),
    ({"tools": FUNCTION}, "tools"),
    ({"web_search_options": {}}, "tools"),
    ({"service_tier": "priority"}, "field"),
    ({"modalities": ["image"]}, "field"),
    ({"n": 100}, "field"),
    ({"Model": "demo/other"}, "field"),
    ({"simulator": {}}, "field"),
    ({"max_tokens": 101}, "max_tokens"),
    ({"max_completion_tokens": 101}, "max_tokens"),
    ({"max_tokens": 1, "max_completion_tokens": 101}, "max_tokens"),
    ({"max_tokens": 100.0, "max_completion_tokens": 1e9}, "max_tokens"),
]


@pytest.mark.parametrize(("fields", "reason"), REFUSED, ids=json.dumps)
def test_a_request_that_is_not_allowed_is_refused(fields, reason):
    policy = BridgePolicy.of("demo/parrot", max_tokens=100)
    with pytest.raises(BridgeRefusedError) as refused:
        check(policy, text(**fields))
    assert refused.value.reason == reason


ALLOWED = [
    {},
    {"temperature": 1e-7, "stop": ["a"], "seed": None, "user": "u", "metadata": {"a": "b"}},
    {"models": ["demo/second", "demo/parrot"]},
    {"model": "demo/second:online"},
    {"model": None, "models": ["demo/second"]},
    {"max_tokens": 100},
    {"provider": {"sort": "price"}},
    {"brand_new_field": [1, 2]},
    {"tools": FUNCTION},
]


@pytest.mark.parametrize("fields", ALLOWED, ids=json.dumps)
def test_an_allowed_body_is_not_changed(fields):
    policy = BridgePolicy.of(
        ["demo/parrot", "demo/second", "demo/second:online"],
        allow_fields=["provider", "brand_new_field", "tools"],
    )
    body = text(**fields).replace("1e-07", "1e-7")
    assert check(policy, body).text == body


@pytest.mark.parametrize("fields", [{}, {"max_tokens": None}, {"max_completion_tokens": None}])
def test_a_request_without_a_limit_gets_the_limit_of_the_policy(fields):
    allowed = check(BridgePolicy.of("demo/parrot", max_tokens=100), text(**fields))
    assert json.loads(allowed.text) == {"model": "demo/parrot", "messages": HI, "max_completion_tokens": 100}
    assert allowed.body == json.loads(allowed.text)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        '{"model": "demo/parrot"}',
        '{"model": "demo/parrot", "messages": []}',
        text(temperature=9),
        text(stream="yes"),
        text(models="demo/other"),
        text(max_tokens=True),
        text()[:-1] + ', "model": "demo/other"}',
        text()[:-1] + ', "temperature": NaN}',
        text()[:-1] + ', "temperature": 1e999}',
        '{"a":' * 5_000 + "1" + "}" * 5_000,
    ],
    ids=lambda body: body[:60],
)
def test_a_body_that_is_not_a_request_is_invalid(body):
    with pytest.raises(InvalidRequestError):
        check(BridgePolicy.of("demo/parrot"), body)


@pytest.mark.parametrize("character", ["a", "é", "\U0001f600", "\ud800"])
def test_the_size_of_a_body_is_limited(character):
    policy = BridgePolicy.of("demo/parrot", max_bytes=1_000)
    with pytest.raises(BridgeRefusedError) as refused:
        check(policy, json.dumps({"messages": character * 1_000}, ensure_ascii=False))
    assert refused.value.reason == "size"


def test_tools_are_allowed_by_name():
    policy = BridgePolicy.of("demo/parrot", tools=[weather], allow_fields=["tools"])
    assert list(check(policy, text(), tools=["weather"]).toolset.by_name) == ["weather"]
    assert not check(policy, text()).toolset
    for given in ({"tools": ["rain"]}, {"tools": ["weather", "rain"]}):
        with pytest.raises(BridgeRefusedError) as refused:
            check(policy, text(), **given)
        assert refused.value.reason == "tools"
    with pytest.raises(BridgeRefusedError) as refused:
        check(policy, text(tools=FUNCTION), tools=["weather"])
    assert refused.value.reason == "tools"


def test_auto_does_not_apply_to_a_tool_that_requires_approval():
    careful = tool(weather, name="careful", approve="ask")
    policy = BridgePolicy.of("demo/parrot", tools=[weather, careful], approve="auto")
    assert {name: each.approval for name, each in policy.toolset.by_name.items()} == {
        "weather": "auto",
        "careful": "ask",
    }


def test_headers_are_allowed_by_name():
    policy = BridgePolicy.of("demo/parrot", allow_headers=["X-Title"])
    check(policy, text(), headers={"x-title": "Tutor"})
    for name in ("authorization", "cookie", "X-Other"):
        with pytest.raises(BridgeRefusedError) as refused:
            check(policy, text(), headers={name: "1"})
        assert refused.value.reason == "headers"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"models": []}, TypeError),
        ({"models": [1]}, TypeError),
        ({"tools": ["web_search"]}, TypeError),
        ({"tools": FUNCTION}, TypeError),
        ({"approve": "never"}, TypeError),
        ({"limits": 3}, TypeError),
        ({"max_tokens": 0}, ValueError),
        ({"max_tokens": 1.5}, ValueError),
        ({"max_cost": -1}, ValueError),
        ({"max_cost_per_minute": "1"}, ValueError),
        ({"concurrency": 101}, ValueError),
        ({"allow_fields": [None]}, TypeError),
    ],
    ids=str,
)
def test_wrong_keywords_are_refused(given, error):
    with pytest.raises(error):
        BridgePolicy.of(**{"models": "demo/parrot", **given})


def test_the_default_is_one_model_and_nothing_else(monkeypatch):
    monkeypatch.setenv("OPENROUTER_NB_MODEL", "demo/parrot")
    policy = BridgePolicy.of()
    assert policy == BridgePolicy(models=("demo/parrot",), toolset=policy.toolset, limits=Limits())
    assert not policy.toolset
