"""Calls without ids, empty answers and lone surrogates through `run_tools`, `Chat` and `chat_map`."""

import asyncio
import json

import pytest
from support.wire import RawServer, events, reply, say, until_close

from openrouter_nb import Chat, OpenRouter, chat, chat_map, errors, run_tools

HALF, SHOWN = "caf\udce9 \ud83d", "caf\ufffd \ufffd"


@pytest.fixture
def talk():
    """Return a client of a server that gives one response after the other, and the server."""
    opened = []

    def start(*responses):
        left = list(responses)
        server = RawServer((lambda _: left.pop(0) if len(left) > 1 else left[0],))
        client = OpenRouter("sk-or-v1-test", server_url=server.base_url, retry_config=None)
        opened.extend((server, client))
        return client, server

    yield start
    for each in opened:
        each.close()


def calls(*fragments, whole=False):
    """A response with tool calls: streamed, each in a chunk, or complete."""
    entries = [
        {"index": 0, "id": "", "type": "function", "function": {"name": n, "arguments": a}}
        for n, a in fragments
    ]
    if whole:
        message = {"role": "assistant", "content": None, "tool_calls": entries}
        choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
        return reply(json.dumps({"id": "gen-1", "choices": [choice]}).encode(), kind="application/json")
    chunks = [{"choices": [{"index": 0, "delta": {"tool_calls": [entry]}}]} for entry in entries]
    return until_close(events(*chunks, say(None, "tool_calls")))


def square(x: int) -> int:
    """Square a number."""
    return x * x


def name_of(path: str) -> str:
    """Return a file name."""
    return f"{path} {HALF}"


@pytest.mark.parametrize("whole", [False, True])
def test_results_of_calls_without_ids_are_matched_by_new_ids(talk, whole):
    client, server = talk(
        calls(*[("square", f'{{"x": {x}}}') for x in (2, 3, 4)], whole=whole),
        until_close(events(say("ok", "stop"))),
    )
    answer = run_tools("q", [square], model="m", client=client, approve="auto")
    assert answer.text == "ok"
    _, asked, *results = server.requests[-1].body["messages"]
    idents = [call["id"] for call in asked["tool_calls"]]
    assert len(set(idents)) == 3
    assert all(idents)
    assert [json.loads(call["function"]["arguments"])["x"] for call in asked["tool_calls"]] == [2, 3, 4]
    assert {result["tool_call_id"]: result["content"] for result in results} == dict(
        zip(idents, ["4", "9", "16"], strict=True)
    )


@pytest.mark.parametrize(
    "body", [events(), events({"choices": None}), events({"choices": [], "usage": {"cost": 1}})]
)
@pytest.mark.parametrize("is_async", [False, True])
def test_an_empty_answer_is_an_error_and_no_turn(talk, body, is_async):
    client, server = talk(until_close(body), until_close(events(say("x", "stop"))))
    conversation = Chat(model="m", client=client)
    with pytest.raises(errors.EmptyAnswerError):
        asyncio.run(conversation.aask("a")) if is_async else conversation("a")
    assert conversation.messages == []
    assert conversation("b").text == "x"
    assert [message["content"] for message in server.requests[-1].body["messages"]] == ["b"]


def test_an_empty_answer_is_the_error_of_its_row(talk):
    client, _ = talk(until_close(events()))
    (row,) = chat_map("{{text}}", [{"text": "a"}], model="m", client=client, progress=False)
    assert isinstance(row.error, errors.EmptyAnswerError)


def test_lone_surrogates_do_not_reach_a_request_the_history_or_a_file(talk, tmp_path):
    client, server = talk(until_close(events(say("a\ud83d"), say("\ude00 \ud83d", "stop"))))
    conversation = Chat(model="m", client=client, system=HALF)
    answer = conversation(HALF)
    assert answer.text == "a\U0001f600 \ufffd"
    assert [message["content"] for message in server.requests[-1].body["messages"]] == [SHOWN, SHOWN]
    assert [message["content"] for message in conversation.messages] == [SHOWN, SHOWN, answer.text]
    for suffix in (".md", ".json", ".py"):
        conversation.export(tmp_path / f"talk{suffix}")
        assert SHOWN in (tmp_path / f"talk{suffix}").read_text(encoding="utf-8")
    for shown in (conversation, answer):
        json.dumps(shown._repr_mimebundle_(), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("path", "content"),
    [("a", f"a {SHOWN}"), (r"a\ud83d", "Not run: the arguments are wrong. a lone surrogate")],
)
def test_lone_surrogates_in_arguments_are_refused_and_in_results_replaced(talk, path, content):
    client, server = talk(calls(("name_of", f'{{"path": "{path}"}}')), until_close(events(say("ok", "stop"))))
    answer = run_tools("q", [name_of], model="m", client=client, approve="auto")
    assert server.requests[-1].body["messages"][-1]["content"].startswith(content)
    json.dumps(answer._repr_mimebundle_(), ensure_ascii=False).encode()


def test_lone_surrogates_in_an_object_are_replaced(talk):
    client, _ = talk(until_close(events(say(r'{"city": "a\ud83d"}', "stop"))))
    answer = chat(
        "q", model="m", client=client, schema={"type": "object", "properties": {"city": {"type": "string"}}}
    )
    assert answer.parsed == {"city": "a\ufffd"}
    json.dumps(answer._repr_mimebundle_(), ensure_ascii=False).encode()
