"""Requests that the policy of a widget does not allow, and errors of the service."""

import json

import pytest

from .conftest import body

FUNCTION = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
REFUSED = [
    (body(model="demo/slow"), {}, "model"),
    (body(model="demo/parrot:nitro"), {}, "model"),
    (body(models=["demo/slow"]), {}, "model"),
    (body(preset="cheap"), {}, "model"),
    (body(max_tokens=101), {}, "max_tokens"),
    (body(tools=FUNCTION), {}, "tools"),
    (body(), {"tools": ["weather"]}, "tools"),
    (body(plugins=[{"id": "web"}]), {}, "plugins"),
    (body(n=2), {}, "field"),
    (body(), {"headers": {"x-title": "T"}}, "headers"),
    (body("word " * 2_000_000), {}, "size"),
]


def test_a_request_outside_of_the_policy_is_refused_and_nothing_is_sent(page, sent):
    one = page("models='demo/parrot', max_tokens=100")
    for text, more, reason in REFUSED:
        error = one.answer(text, **more)["error"]
        assert (error["name"], error["reason"]) == ("BridgeRefusedError", reason)
    assert sent() == []
    assert one.python("[w.bridge.requests, w.bridge.cost]") == [0, 0]


def test_cost_is_limited_by_the_worst_case(page, server, sent):
    one = page(
        "models=['demo/parrot', 'demo/no-price'], max_cost=0.01, max_tokens=1_000, allow_fields=['simulator']"
    )
    unknown = one.answer(body(model="demo/no-price"))["error"]
    assert unknown["reason"] == "cost"
    held, run = one.chat(body("a b", stream=True, simulator={"hold_after": 1}))
    one.cell.until(lambda: one.deltas(run))
    allowed = [one.chat(body("a b", stream=True, simulator={"hold_after": 1}))[0] for _ in range(20)]
    one.cell.until(lambda: any(one.replies(id_) for id_ in allowed))
    refused = [one.replies(id_)[0]["error"] for id_ in allowed if one.replies(id_)]
    assert {error["reason"] for error in refused} == {"cost"}
    running = one.python("w.bridge.running")
    for _ in range(running):
        server.release()
    assert one.reply(held)["ok"]
    replies = [one.reply(id_) for id_ in allowed]
    paid = [reply for reply in replies if reply["ok"]]
    assert 0 < len(paid) + 1 == len(sent()) < 20
    cost = sum(reply["value"]["usage"]["cost"] for reply in [*paid, one.reply(held)])
    assert one.python("w.bridge.cost") == pytest.approx(cost)
    assert one.answer(body("a b"))["ok"]  # the actual cost has replaced the worst case


def test_cost_per_minute_is_limited(page, sent):
    one = page("models='demo/parrot', max_cost_per_minute=0.0001, max_tokens=1_000")
    assert one.answer(body())["error"]["reason"] == "cost_per_minute"
    assert sent() == []


def test_the_budget_of_the_session_applies(page, kernel, sent):
    one = page("models='demo/parrot', max_tokens=100")
    kernel.run("%load_ext openrouter_nb\n%chat_config budget=0.0000001")
    assert one.answer(body())["error"]["reason"] == "budget"
    assert sent() == []
    kernel.run("%chat_config budget=1")
    assert one.answer(body())["ok"]
    assert "widgets" in kernel.run("%chat_cost").text
    kernel.run("%chat_config budget=none\n%unload_ext openrouter_nb")


ROWS = [
    *((f"demo/error-{status}", "ChatError", status) for status in (400, 401, 429, 500)),
    *(
        (f"demo/error-{status}", "OpenRouterDefaultError", status)
        for status in (402, 403, 404, 408, 409, 412, 413, 422, 502, 503, 504, 524, 529)
    ),
    ("demo/error-429-daily", "ChatError", 429),
    ("demo/error-401-html", "OpenRouterDefaultError", 401),
    ("demo/error-502-html", "OpenRouterDefaultError", 502),
    ("demo/error-500-empty", "ResponseValidationError", 500),
    ("demo/html-200", "OpenRouterDefaultError", 200),
    ("demo/error-in-200", "ResponseValidationError", 200),
    ("demo/empty-choices", "ResponseValidationError", 200),
    ("demo/redirect", "OpenRouterDefaultError", 307),
]
WITHOUT_RETRIES = (
    "from openrouter_nb import OpenRouter; w = Widget(client=OpenRouter(retry_config=None), KEYWORDS)"
)


def test_every_error_of_the_service_has_its_class_in_the_sdk(page):
    one = page(f"models={[model for model, _, _ in ROWS]}", code=WITHOUT_RETRIES)
    for stream in (False, True):
        for model, name, status in ROWS:
            error = one.answer(body(model=model, stream=stream))["error"]
            assert (model, error["name"], error["status_code"]) == (model, name, status)
            assert error["headers"]["content-type"] == error["content_type"]
            if name == "ChatError":
                assert error["message"] == json.loads(error["body"])["error"]["message"]


def test_failures_of_the_network_have_the_classes_of_the_sdk(page):
    unreachable = "OpenRouter(server_url='http://127.0.0.1:9/api/v1', retry_config=None)"
    one = page(
        "models='demo/parrot'",
        code=f"from openrouter_nb import OpenRouter; w = Widget(client={unreachable}, KEYWORDS)",
    )
    assert one.answer(body())["error"]["name"] == "ConnectionError"
    one = page("models='demo/parrot', allow_fields=['simulator']", code=WITHOUT_RETRIES)
    late = one.answer(body(simulator={"wait_ms": 60_000}), timeout_ms=200)
    assert late["error"]["name"] == "RequestTimeoutError"


def test_retries_are_those_of_the_client(page, sent):
    error = page("models='demo/error-500'").answer(body(model="demo/error-500"))["error"]
    assert error["name"] == "ChatError"
    assert len(sent()) == 3
