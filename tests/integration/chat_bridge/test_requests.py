"""Requests of a page through a real kernel to a real server."""

import json

import pytest

from .conftest import KEY, body

BODIES = [
    '{"messages":[{"role":"user","content":"Hi"}],"model":"demo/parrot","stream":false}',
    '{"stream":true,"temperature":1e-7,"model":"demo/parrot","messages":[{"content":"Hi","role":"user"}]}',
    '{ "seed": 12345678901234567,\n"model":"demo/parrot", "messages": [{"role":"user","content":"\\u00e9 é \\/"}] }\n',
]


@pytest.mark.parametrize("text", BODIES)
def test_the_body_arrives_byte_for_byte(page, sent, text):
    reply = page().answer(text)
    assert reply["ok"], reply
    assert sent() == [text.encode()]
    message = reply["value"]["choices"][0]["message"]
    assert message["content"] == json.loads(text)["messages"][0]["content"]
    assert reply["value"]["object"] == "chat.completion"


def test_only_a_limit_of_tokens_is_added(page, sent):
    assert page("models='demo/parrot', max_tokens=20").answer(body())["ok"]
    assert json.loads(sent()[0]) == {**json.loads(body()), "max_completion_tokens": 20}


def test_a_stream_is_sent_as_deltas_and_a_result(page):
    one = page()
    text = "A few words " * 50
    id_, run = one.chat(body(text, stream=True))
    reply = one.reply(id_)
    deltas = one.deltas(run)
    assert [delta["seq"] for delta in deltas] == list(range(1, len(deltas) + 1))
    assert "".join(delta.get("text", "") for delta in deltas) == text
    assert deltas[-1]["phase"] == "finished"
    assert reply["value"]["choices"][0]["message"]["content"] == text
    kinds = [message["kind"] for message in one.messages]
    assert kinds == ["deltas"] * len(deltas) + ["reply"]
    assert all(message["openrouter"] == 1 for message in one.messages)


def test_a_request_without_stream_sends_no_deltas(page):
    one = page()
    assert one.answer(body())["ok"]
    assert [message["kind"] for message in one.messages] == ["reply"]


def test_32_requests_at_once_mix_nothing(page, sent):
    one = page("models=['demo/parrot', 'demo/slow'], allow_fields=['simulator']")
    asked = [
        (*one.chat(body(f"text {n} " * 40, stream=n % 2 == 0, simulator={"wait_ms": 200})), f"text {n} " * 40)
        for n in range(32)
    ]
    for id_, run, text in asked:
        value = one.reply(id_)["value"]
        assert value["choices"][0]["message"]["content"] == text
        streamed = "".join(delta.get("text", "") for delta in one.deltas(run))
        assert streamed in ("", text)
    assert len(sent()) == 32
    assert one.python("[w.bridge.requests, w.bridge.running]") == [32, 0]


def test_the_number_of_requests_at_once_is_limited(page, server, sent):
    one = page("models='demo/parrot', concurrency=1, allow_fields=['simulator']")
    held, _ = one.chat(body("a b c", stream=True, simulator={"hold_after": 1}))
    refused = one.answer(body("second"))
    assert refused["error"]["reason"] == "concurrency"
    server.release()
    assert one.reply(held)["ok"]
    assert len(sent()) == 1


def test_abort_of_one_request_leaves_the_others(page, server):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    held = {"simulator": {"hold_after": 1}}
    first, first_run = one.chat(body("one two three", stream=True, **held))
    second, second_run = one.chat(body("four five six", stream=True, **held))
    one.cell.until(lambda: one.deltas(first_run) and one.deltas(second_run))
    one.tell("abort", run=first_run)
    assert one.reply(first)["error"]["name"] == "RequestAbortedError"
    assert one.deltas(first_run)[-1]["phase"] == "stopped"
    one.cell.until(lambda: "client gone" in {exchange.outcome for exchange in server.exchanges[-2:]})
    server.release()
    assert one.reply(second)["value"]["choices"][0]["message"]["content"] == "four five six"
    server.wait_for_close()
    assert sorted(exchange.outcome for exchange in server.exchanges[-2:]) == ["client gone", "done"]


def test_an_abort_closes_the_connection_of_a_request_that_is_not_streamed(page, server):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    before = len(server.exchanges)
    id_, run = one.chat(body(simulator={"wait_ms": 60_000}))
    one.cell.until(lambda: len(server.exchanges) > before)
    one.tell("abort", run=run)
    assert one.reply(id_)["error"]["name"] == "RequestAbortedError"
    server.wait_for_close()
    assert server.exchanges[-1].outcome == "client gone"


def test_a_request_that_arrives_after_its_abort_is_not_sent(page, sent):
    one = page()
    one.tell("abort", run="late")
    assert one.answer(body(), run="late")["error"]["name"] == "RequestAbortedError"
    assert sent() == []


def test_a_request_that_is_sent_again_is_executed_once(page, server, sent):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    text = body("a b c", stream=True, simulator={"hold_after": 1})
    id_, run = one.chat(text)
    one.cell.until(lambda: one.deltas(run))
    one.chat(text, id=id_, run=run)
    one.chat(text, id=id_, run=run)
    server.release()
    first = one.reply(id_)
    one.chat(text, id=id_, run=run)
    one.cell.until(lambda: len(one.replies(id_)) == 2)
    assert one.replies(id_) == [first, first]
    assert len(sent()) == 1


def test_a_run_has_one_request_at_a_time(page, server, sent):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    text = body("a b", stream=True, simulator={"hold_after": 1})
    id_, run = one.chat(text)
    assert one.answer(text, run=run)["error"]["name"] == "InvalidRequestError"
    server.release()
    assert one.reply(id_)["ok"]
    assert len(sent()) == 1


def test_resync_returns_a_snapshot_of_a_running_answer(page, server):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    id_, run = one.chat(body("a b c d", stream=True, simulator={"hold_after": 2}))
    one.cell.until(lambda: any(delta.get("text") for delta in one.deltas(run)))
    one.tell("resync", run=run)
    one.tell("resync", run="no-such")
    snapshot = one.cell.until(lambda: [m for m in one.messages if m["kind"] == "snapshot"])[0]
    assert snapshot["run"] == run
    assert "a b c d".startswith(snapshot["text"])
    server.release()
    assert one.reply(id_)["ok"]
    assert len([m for m in one.messages if m["kind"] == "snapshot"]) == 1


def test_20_000_deltas_cost_at_most_five_times_the_text(page):
    one = page("models='demo/huge', allow_fields=['simulator']")
    settings = {"characters": 100_000, "chunks": 20_000}
    id_, run = one.chat(body("go", "demo/huge", stream=True, simulator=settings))
    text = one.reply(id_)["value"]["choices"][0]["message"]["content"]
    assert len(text) == 100_000
    assert "".join(delta.get("text", "") for delta in one.deltas(run)) == text
    sizes = [message.size for message in one.cell.published if message.type == "comm_msg"]
    assert sum(sizes) <= 5 * len(text)


def test_close_ends_running_requests_and_refuses_later_ones(page, server, sent):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    id_, run = one.chat(body("a b", stream=True, simulator={"hold_after": 1}))
    one.cell.until(lambda: one.deltas(run))
    one.kernel.run("w.bridge.close(); w.bridge.close()")
    assert one.reply(id_)["error"]["name"] == "RequestAbortedError"
    assert one.answer(body())["error"]["reason"] == "closed"
    server.wait_for_close()
    assert server.exchanges[-1].outcome == "client gone"
    assert len(sent()) == 1


def test_a_widget_that_is_closed_ends_its_requests(page, server):
    one = page("models='demo/parrot', allow_fields=['simulator']")
    _, run = one.chat(body("a b", stream=True, simulator={"hold_after": 1}))
    one.cell.until(lambda: one.deltas(run))
    one.kernel.run("w.close()")
    server.wait_for_close()
    assert server.exchanges[-1].outcome == "client gone"
    assert one.python("[w.bridge.is_closed, w.bridge.running]") == [True, 0]


EARLIER_COMM = """
closed = []
w = Widget(KEYWORDS)
w.bridge.close()
w.comm.on_close(closed.append)
b = bridge(w, KEYWORDS)
"""
LATER_COMM = """
closed = [1]
w = Widget(KEYWORDS)
w.close()
b = bridge(w, KEYWORDS)
w.open()
"""


@pytest.mark.parametrize("code", [EARLIER_COMM, LATER_COMM], ids=["of before", "of later"])
def test_a_comm_that_a_page_closes_ends_its_requests(page, server, code):
    one = page("models='demo/parrot', allow_fields=['simulator']", code=code)
    before = len(server.exchanges)
    streamed, _ = one.chat(body("a b", stream=True, simulator={"hold_after": 1}))
    whole, _ = one.chat(body(simulator={"wait_ms": 60_000}))
    one.cell.until(lambda: len(server.exchanges) == before + 2)
    one.kernel.close_comm(one.comm)
    for id_ in streamed, whole:
        assert one.reply(id_)["error"]["name"] == "RequestAbortedError"
    server.wait_for_close()
    assert [exchange.outcome for exchange in server.exchanges[before:]] == ["client gone"] * 2
    assert one.python("[b.is_closed, b.running, len(closed)]") == [False, 0, 1]


def test_models_are_the_allowed_ones(page):
    models = page("models=['demo/parrot:online', 'demo/parrot', 'unknown/model']").ask("models")["value"]
    assert [model["id"] for model in models] == ["demo/parrot:online", "demo/parrot", "unknown/model"]
    assert models[1]["name"] == "Demo: Parrot"
    assert models[1]["context_length"] == 128_000
    assert float(models[1]["pricing"]["completion"]) > 0
    assert models[2] == {"id": "unknown/model", "name": "unknown/model"}


AUTHORS_OWN = """
import anywidget
class Own(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
w = Own()
received = []
w.on_msg(lambda _, content, buffers: received.append(content))
b = bridge(w, KEYWORDS)
"""


def test_bridge_serves_an_existing_widget_and_leaves_its_own_messages(page, sent):
    one = page("models='demo/parrot'", code=AUTHORS_OWN)
    one.kernel.send_custom(one.comm, {"kind": "chat", "id": 1})
    assert one.answer(body())["ok"]
    assert {"kind": "chat", "id": 1} in one.python("received")
    assert len(one.messages) == 1
    again = one.kernel.run("bridge(w, models='demo/slow')")
    assert "close it first" in str(again.reply["evalue"])
    one.kernel.run("b.close(); b = bridge(w, models='demo/parrot')")
    id_, _ = one.chat(body())
    assert one.reply(id_)["ok"]
    one.ask("models")
    assert len(one.replies(id_)) == 1
    assert len(sent()) == 2


def test_other_messages_get_an_error(page):
    one = page()
    assert "version 2" in one.ask("chat", openrouter=2)["error"]["message"]
    assert one.ask("chart")["error"]["name"] == "InvalidRequestError"
    assert one.ask("chat", body=7, run="a")["error"]["name"] == "InvalidRequestError"


def test_a_request_is_recorded_and_replayed(page, sent, tmp_path):
    one = page(
        "models='demo/parrot', replay='auto'",
        code=f"import os; os.chdir({str(tmp_path)!r}); w = Widget(KEYWORDS)",
    )
    replies = [one.answer(body("again", temperature=1e-7)) for _ in range(2)]
    assert [reply["value"]["choices"][0]["message"]["content"] for reply in replies] == ["again"] * 2
    assert len(sent()) == 1
    assert one.python("w.bridge.cost") == replies[0]["value"]["usage"]["cost"]


def test_the_key_is_in_no_message_and_in_no_state(page, sent):
    one = page("models=['demo/parrot', 'demo/error-401', 'demo/error-402'], allow_headers=['authorization']")
    one.answer(body(stream=True))
    one.answer(body(model="demo/error-401"))
    one.answer(body(model="demo/error-402"))
    leaked = one.answer(body(f"My key is {KEY}"))
    assert "holds the API key" in leaked["error"]["message"]
    one.answer(body(), headers={"authorization": f"Bearer {KEY}"})
    one.ask("models")
    state = one.python("str(w.get_state())")
    published = json.dumps([message.content for message in one.cell.messages], default=str)
    assert KEY not in published + state
    assert "Bearer" not in published + state
    assert len(sent()) == 3
