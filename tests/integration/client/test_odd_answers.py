"""Answers of other shapes, without a choice, and under another content type: decoded, or an error with its reason."""

import json

import pytest
from support.wire import HI, ONCE, events, reply, run, say, text_of, until_close

from openrouter_nb import OpenRouter, errors

pytestmark = pytest.mark.transport

USAGE = {"choices": [], "usage": {"prompt_tokens": 3, "cost": 0.5}}
CALLS = [{"id": "", "function": {"name": name, "arguments": "{}"}} for name in "fff"]


def message(content="hi", **fields):
    return {"role": "assistant", "content": content, **fields}


def whole(choice):
    return json.dumps({"id": "gen-1", "choices": [choice], "usage": USAGE["usage"]}).encode()


def both(server):
    """The streamed answer and the non-streamed one, or their errors."""
    found = []
    with OpenRouter(server_url=server.base_url) as client:
        for stream in (True, False):
            try:
                with client.chat.send(**ONCE, stream=stream) as answer:
                    for _ in answer:
                        pass
                    found.append(answer.result if stream else answer)
            except errors.OpenRouterError as error:
                found.append(error)
    return found


# --- no choice

COMMENT = b": OPENROUTER PROCESSING\n\n"
EMPTY = {
    "done": events(),
    "comment, done": COMMENT + events(),
    "usage": events(USAGE),
    "empty choices": events({"id": "gen-1", "choices": []}, {"id": "gen-1", "choices": []}),
    "null choices": events({"id": "gen-1", "choices": None}),
    "other choices": events({"id": "gen-1", "choices": [None, 5]}),
    "spaced done": b"data:   [DONE]  \n\n",
    "quoted done": b'data: "[DONE]"\n\n',
}


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_a_stream_without_a_choice_is_an_empty_answer(serve, body):
    chunks, _, error = run(serve(until_close(body)).base_url)
    assert text_of(chunks) == ""
    assert type(error) is errors.EmptyAnswerError
    assert error.message == "The service sent an empty answer."
    assert error.retryable


def test_an_empty_answer_keeps_its_cost(serve):
    _, _, error = run(serve(until_close(events(USAGE))).base_url)
    assert (error.partial.usage.cost, error.partial.text) == (0.5, "")


def test_an_empty_answer_is_retried_streamed_and_not(serve):
    bodies = iter([events(), events(say("a", "stop"))] * 2)
    server = serve(lambda _: until_close(next(bodies)))
    with OpenRouter(server_url=server.base_url) as client:
        for stream in (True, False):
            with client.chat.send(messages=HI, stream=stream) as answer:
                for _ in answer:
                    pass
            result = answer.result if stream else answer
            assert (result.text, len(result.attempts)) == ("a", 1)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ({"detail": "out of order"}, errors.BadGatewayError, "out of order"),
        ({"message": "slow", "code": 429}, errors.TooManyRequestsError, "slow"),
        ({"type": "error", "error": {"type": "x", "message": "slow"}}, errors.BadGatewayError, "slow"),
        ([{"error": {"code": 429, "message": "slow"}}], errors.TooManyRequestsError, "slow"),
    ],
)
def test_an_error_of_another_shape_in_a_stream_or_a_200(serve, body, kind, text):
    for sent in (until_close(events(body)), reply(json.dumps(body).encode(), kind="application/json")):
        for error in both(serve(sent)):
            assert (type(error), error.message) == (kind, text)


def test_text_instead_of_a_chunk_is_quoted(serve):
    error = run(serve(until_close(b"data: upstream is out of order\n\n")).base_url)[2]
    assert type(error) is errors.StreamProtocolError
    assert "(upstream is out of order)" in error.message


# --- message and text instead of delta

SHAPES = {
    "message": [{"message": message(), "finish_reason": "stop"}],
    "messages": [{"message": message("h")}, {"message": message("i"), "finish_reason": "stop"}],
    "empty delta": [{"delta": {}, "message": message(), "finish_reason": "stop"}],
    "delta without content": [
        {"delta": {"role": "assistant", "content": ""}, "message": message("h")},
        {"delta": {"content": None}, "message": message("i"), "finish_reason": "stop"},
    ],
    "null delta": [{"delta": None, "message": message(), "finish_reason": "stop"}],
    "role before": [{"delta": {"role": "assistant"}}, {"message": message(), "finish_reason": "stop"}],
    "text": [{"text": "h"}, {"text": "i"}, {"text": "", "finish_reason": "stop"}],
    "content alone": [{"message": "hi", "finish_reason": "stop"}],
    "repeated": [{"delta": {"content": "hi"}}, {"delta": {}, "message": message(), "finish_reason": "stop"}],
    "text as delta": [{"delta": "h"}, {"delta": "i", "finish_reason": "stop"}],
    "text after a delta": [{"delta": {"content": "h"}}, {"delta": "i", "finish_reason": "stop"}],
    "text as delta, repeated": [{"delta": "hi"}, {"message": message(), "finish_reason": "stop"}],
    "growing": [
        {"delta": {"content": "h"}, "message": message("h")},
        {"delta": {"content": "i"}, "message": message("hi"), "finish_reason": "stop"},
    ],
}


@pytest.mark.parametrize("choices", SHAPES.values(), ids=SHAPES)
def test_a_message_or_text_is_read_like_a_delta(serve, choices):
    body = events(*({"id": "gen-1", "choices": [{"index": 0, **choice}]} for choice in choices), USAGE)
    chunks, stream, error = run(serve(until_close(body)).base_url)
    assert error is None
    assert text_of(chunks) == stream.result.text == "hi"
    assert stream.result.choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    "choice",
    [
        {"text": "hi"},
        {"delta": message()},
        {"message": None, "text": "hi"},
        {"message": "hi"},
        {"delta": "hi"},
        {"message": [{"type": "text", "text": "hi"}]},
    ],
)
def test_a_complete_answer_without_a_message(serve, choice):
    for result in both(serve(reply(whole({"finish_reason": "stop", **choice}), kind="application/json"))):
        assert result.text == "hi"


@pytest.mark.parametrize("index", [None, 0])
def test_calls_of_a_complete_message_are_distinct(serve, index):
    calls = [call if index is None else {**call, "index": index} for call in CALLS]
    choice = {"index": 0, "message": message(None, tool_calls=calls), "finish_reason": "tool_calls"}
    for sent in (until_close(events({"choices": [choice]})), reply(whole(choice), kind="application/json")):
        for result in both(serve(sent)):
            assert [call.function.name for call in result.choices[0].message.tool_calls] == ["f"] * 3


@pytest.mark.parametrize("names", [["reasoning_content"], ["reasoning", "reasoning_content"]])
def test_other_names_of_the_reasoning_are_read(serve, names):
    deltas = [dict.fromkeys(names, piece) for piece in ("h", "m")]
    chunks = [{"choices": [{"index": 0, "delta": {"content": None, **delta}}]} for delta in deltas]
    _, stream, error = run(serve(until_close(events(*chunks, say("hi", "stop")))).base_url)
    assert error is None
    complete = whole({"message": message(**dict.fromkeys(names, "hm")), "finish_reason": "stop"})
    for result in (stream.result, *both(serve(reply(complete, kind="application/json")))):
        assert (result.text, result.choices[0].message.reasoning) == ("hi", "hm")


def test_the_older_form_of_a_call_is_read(serve):
    pieces = [{"name": "f", "arguments": ""}, {"arguments": '{"x"'}, {"arguments": ": 1}"}]
    chunks = [{"choices": [{"index": 0, "delta": {"function_call": piece}}]} for piece in pieces]
    _, stream, error = run(serve(until_close(events(*chunks, say(None, "function_call")))).base_url)
    assert error is None
    call = {"name": "f", "arguments": '{"x": 1}'}
    complete = whole({"message": message(None, function_call=call), "finish_reason": "function_call"})
    for result in (stream.result, *both(serve(reply(complete, kind="application/json")))):
        (made,) = result.choices[0].message.tool_calls
        assert (made.function.name, made.function.arguments) == ("f", '{"x": 1}')


# --- content types

KINDS = [
    "text/event-stream",
    "application/json",
    "text/plain; charset=utf-8",
    "application/octet-stream",
    "text/html",
    None,
]


def untyped(body, kind):
    head = b"" if kind is None else f"Content-Type: {kind}\r\n".encode()
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + b"\r\n" + body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "start", [b"", b"\n\n", b"\xef\xbb\xbf", COMMENT, b"event: x\r\n", b"id: 1\nretry: 5\n\n"]
)
def test_an_event_stream_is_read_whatever_its_content_type(serve, kind, start):
    body = start + events(say("a"), say("b", "stop"), USAGE)
    for result in both(serve(untyped(body, kind))):
        assert (result.text, result.usage.cost) == ("ab", 0.5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", [b"", b"   \n\n", b"\xef\xbb\xbf"])
def test_json_is_read_whatever_its_content_type(serve, kind, indent, start):
    choice = {"index": 0, "message": message("data: \n\ndata: x"), "finish_reason": "stop"}
    body = start + json.dumps(json.loads(whole(choice)), indent=indent).encode()
    for result in both(serve(untyped(body, kind))):
        assert (result.text, result.usage.cost) == ("data: \n\ndata: x", 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_errors_are_read_whatever_their_content_type(serve, kind):
    error = {"error": {"code": 402, "message": "Out of credits"}}
    for body in (json.dumps(error).encode(), events(error)):
        for found in both(serve(untyped(body, kind))):
            assert (type(found), found.message) == (errors.PaymentRequiredError, "Out of credits")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_no_answer_whatever_its_content_type(serve, kind):
    page = b"<!doctype html>\n<html><head><title>Log in</title></head>\n<body>data: x</body></html>"
    for error in both(serve(untyped(page, kind))):
        assert type(error) is errors.UnexpectedContentError
        assert "(Log in)" in error.message


def test_an_event_stream_of_another_content_type_arrives_as_it_is_sent(serve):
    def rest(_):
        server.waiting.acquire(timeout=60)
        return events(say("b", "stop"))

    server = serve(untyped(events(say("a"), done=False), "text/plain"), rest)
    with OpenRouter(server_url=server.base_url) as client, client.chat.send(**ONCE, stream=True) as stream:
        assert next(stream).choices[0].delta.content == "a"
        server.waiting.release()
        assert text_of(stream) == "b"
