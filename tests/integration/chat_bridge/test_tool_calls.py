"""Functions of the kernel that a page lets the model call."""

import json

import pytest

from .conftest import body

TOOLS = "models='demo/tools', tools=[weather]"
ASK = body("How is the weather in Rome?", "demo/tools", stream=True)


def results(sent):
    messages = json.loads(sent()[-1])["messages"]
    return [message["content"] for message in messages if message["role"] == "tool"]


@pytest.mark.parametrize(
    ("decision", "value", "result"),
    [
        ("run", None, "sunny in"),
        ("run_with", '{"city": "Oslo"}', "sunny in Oslo"),
        ("respond", "It rains.", "It rains."),
        ("refuse", "Not today.", "Not today."),
    ],
)
def test_a_call_waits_for_the_decision_of_the_page(page, sent, decision, value, result):
    one = page(TOOLS)
    id_, run = one.chat(ASK, tools=["weather"])
    call = one.waiting(run)
    assert call["name"] == "weather"
    assert call["signature"] == "weather(city: str) -> str"
    assert one.python("ran") == []
    given = {"run": run, "call": call["id"], "decision": decision, **({"value": value} if value else {})}
    assert one.ask("decide", **given)["ok"]
    assert one.reply(id_)["ok"]
    assert len(one.python("ran")) == decision.startswith("run")
    assert result in results(sent)[0]
    assert one.calls(run)[0]["state"] == {"respond": "answered", "refuse": "refused"}.get(decision, "done")
    assert result in one.calls(run)[0]["result"]
    assert len(sent()) == 2
    again = one.ask("decide", **given)
    assert again["error"]["name"] == "InvalidRequestError"


def test_wrong_arguments_and_forged_decisions_are_refused(page):
    one = page(TOOLS)
    id_, run = one.chat(ASK, tools=["weather"])
    call = one.waiting(run)["id"]
    for given in (
        {"run": run, "call": call, "decision": "run_with", "value": '{"city": 7}'},
        {"run": run, "call": call, "decision": "run_with", "value": "{"},
        {"run": run, "call": "call_forged", "decision": "run"},
        {"run": "forged", "call": call, "decision": "run"},
        {"run": run, "call": call, "decision": "always"},
    ):
        assert one.ask("decide", **given)["error"]["name"] == "InvalidRequestError"
    assert one.python("ran") == []
    one.ask("decide", run=run, call=call, decision="run")
    assert one.reply(id_)["ok"]


def test_a_decision_that_is_sent_again_is_executed_once(page):
    one = page(TOOLS)
    id_, run = one.chat(ASK, tools=["weather"])
    given = {"run": run, "call": one.waiting(run)["id"], "decision": "run"}
    decided = one.send("decide", **given)
    one.send("decide", id=decided, **given)
    one.cell.until(lambda: len(one.replies(decided)) == 2)
    assert [reply["ok"] for reply in one.replies(decided)] == [True, True]
    assert one.reply(id_)["ok"]
    assert len(one.python("ran")) == 1


@pytest.mark.parametrize("stream", [True, False])
def test_auto_runs_calls_without_the_page_except_tools_that_require_approval(page, stream):
    one = page(
        "models='demo/tools', tools=[weather, tool(weather, name='careful', approve='ask')], approve='auto'"
    )
    ask = body("Weather?", "demo/tools", stream=stream)
    assert one.answer(ask, tools=["weather"])["ok"]
    assert len(one.python("ran")) == 1
    id_, run = one.chat(ask, tools=["careful"])
    call = one.waiting(run)
    assert len(one.python("ran")) == 1
    one.ask("decide", run=run, call=call["id"], decision="run")
    assert one.reply(id_)["ok"]
    assert len(one.python("ran")) == 2
    assert one.deltas(run)[-1]["phase"] == "finished"


def test_a_function_of_python_decides_instead_of_the_page(page, sent):
    one = page("models='demo/tools', tools=[weather], approve=lambda call: False")
    assert one.answer(ASK, tools=["weather"])["ok"]
    assert one.python("ran") == []
    assert "refused" in results(sent)[0]


def test_abort_ends_a_call_that_waits(page, sent):
    one = page(TOOLS)
    id_, run = one.chat(ASK, tools=["weather"])
    one.waiting(run)
    one.tell("abort", run=run)
    assert one.reply(id_)["error"]["name"] == "RequestAbortedError"
    assert one.deltas(run)[-1]["phase"] == "stopped"
    assert one.python("ran") == []
    assert len(sent()) == 1


def test_each_request_after_a_call_counts(page, sent):
    one = page("models='demo/tools', tools=[weather], approve='auto', max_tokens=100, max_cost=1")
    reply = one.answer(ASK, tools=["weather"])
    assert one.python("[w.bridge.requests, w.bridge.cost]") == [
        2,
        pytest.approx(reply["value"]["usage"]["cost"]),
    ]
    assert all(json.loads(each)["max_completion_tokens"] == 100 for each in sent())


def test_calls_of_the_tools_of_a_page_are_returned_to_it(page, sent):
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
    one = page("models='demo/tools', tools=[weather], allow_fields=['tools']")
    text = body("Call.", "demo/tools", stream=True, tools=tools)
    value = one.answer(text)["value"]
    assert value["choices"][0]["finish_reason"] == "tool_calls"
    assert value["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "f"
    assert sent() == [text.encode()]
