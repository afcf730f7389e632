"""Streams that end, break, stall or say nonsense: a silent success only where the answer is whole."""

import asyncio
import gzip
import threading

import pytest
from support.wire import (
    ONCE,
    RESET,
    WAIT,
    chunked,
    events,
    reply,
    run,
    say,
    text_of,
    until_close,
    wait_for,
)

from openrouter_nb import OpenRouter, errors
from openrouter_nb.client import StreamLimits
from openrouter_nb.client.streaming.chat_stream import ChatStream

pytestmark = pytest.mark.transport


def read_with(limits, base_url):
    """Read a stream under other limits than `timeout_ms` can set."""

    async def read():
        async with OpenRouter(server_url=base_url) as client:
            response = await client.open("POST", "/chat/completions", body=b'{"messages":[]}')
            async with ChatStream(response, limits) as stream:
                async for _ in stream:
                    pass
            return stream

    return asyncio.run(read())


# --- where a stream is cut (recordings, cut at every byte: test_cuts.py)

WHOLE = events(say("a"), say("b", "stop"))


@pytest.mark.parametrize(
    ("said", "text", "is_whole"),
    [
        (chunked(WHOLE[:20]), "", False),
        (chunked(events(say("a"), done=False)), "a", False),
        (chunked(WHOLE[: -len(b"data: [DONE]\n\n")]), "ab", True),
        (chunked(WHOLE[: -len(b"]\n\n")]), "ab", False),
        (reply(WHOLE[:20], declared=21), "", False),
        (reply(WHOLE[: -len(b"data: [DONE]\n\n")], declared=len(WHOLE)), "ab", False),
        (reply(WHOLE[:-1], declared=len(WHOLE)), "ab", False),
        (reply(WHOLE, declared=len(WHOLE) + 1), "ab", True),
    ],
)
def test_a_body_of_whole_chunks_or_of_a_length_it_does_not_have(serve, said, text, is_whole):
    chunks, stream, error = run(serve(said).base_url)
    assert text_of(chunks) == stream.result.text == text
    assert (error is None) is is_whole
    if error is not None:
        assert type(error) is errors.StreamInterruptedError


def test_no_answer_at_all_is_interrupted(serve):
    for body in (b"", b": OPENROUTER PROCESSING\n\n", b": OPENROUTER PROC"):
        chunks, _, error = run(serve(until_close(body)).base_url)
        assert chunks == []
        assert type(error) is errors.StreamInterruptedError
        assert error.partial is None


def test_done_without_a_finish_reason_is_an_end(serve):
    """Recorded: three empty answers that end so. The service said that it is over; the result shows no finish reason."""
    chunks, stream, error = run(serve(until_close(events(say("")))).base_url)
    assert (len(chunks), error) == (1, None)
    assert stream.result.choices[0].finish_reason is None


@pytest.mark.parametrize("model", ["demo/truncated", "demo/cut", "demo/reset"])
def test_broken_streams_of_the_simulator_are_interrupted_with_their_text(simulator, model):
    chunks, _, error = run(simulator.base_url, model=model)
    assert type(error) is errors.StreamInterruptedError
    assert error.partial.text == text_of(chunks)
    assert error.generation_id == simulator.exchanges[0].generation_id or model


# --- what is said


@pytest.mark.parametrize(
    "event", [b'{"choices": [', b"5", b"[]", b'"text"', b"null", b"{}x", b"<html>", b"[" * 100_000]
)
def test_an_event_that_is_no_json_object_is_a_protocol_error(serve, event):
    body = events(say("a"), done=False) + b"data: " + event + b"\n\n" + events(say("b", "stop"))
    chunks, _, error = run(serve(until_close(body)).base_url)
    assert type(error) is errors.StreamProtocolError
    assert text_of(chunks) == error.partial.text == "a"


@pytest.mark.parametrize("event", [b"", b":", b": OPENROUTER PROCESSING"])
def test_a_keepalive_dressed_as_data_is_passed_over(serve, event):
    body = b"data: " + event + b"\n\n" + events(say("a", "stop"))
    assert run(serve(until_close(body)).base_url)[1].result.text == "a"


def test_bytes_that_are_no_utf8_cost_no_text(serve):
    body = events(say("a#b"), say("c", "stop")).replace(b"#", b"\xff")
    chunks, stream, error = run(serve(until_close(body)).base_url)
    assert (text_of(chunks), stream.result.text, error) == ("a\ufffdbc", "a\ufffdbc", None)


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["a\ud83d", "\ude00b"], "a\U0001f600b"),
        (["a\ud83d", "", "\ude00b"], "a\U0001f600b"),
        (["\ud83d", "\ude00", "\ud83d", "\ude00"], "\U0001f600\U0001f600"),
        (["a\ud83d", "b"], "a\ufffdb"),
        (["a\ude00", "\ud83db"], "a\ufffd\ufffdb"),
        (["a", "b\ud83d"], "ab\ufffd"),
    ],
)
@pytest.mark.parametrize("separate_end", [False, True])
def test_halves_of_a_surrogate_pair_are_joined_or_replaced(serve, pieces, text, separate_end):
    *first, last = pieces
    end = [say(last), say(None, "stop")] if separate_end else [say(last, "stop")]
    chunks, stream, error = run(serve(until_close(events(*map(say, first), *end))).base_url)
    assert (text_of(chunks), stream.result.text, error) == (text, text, None)


def test_bytes_of_a_character_are_joined_too(serve):
    body = events(say("a#"), say("*b", "stop")).replace(b"#", b"\xf0\x9f").replace(b"*", b"\x98\x80")
    chunks, stream, error = run(serve(until_close(body)).base_url)
    assert (text_of(chunks), stream.result.text, error) == ("a\U0001f600b", "a\U0001f600b", None)


@pytest.mark.parametrize("index", [0, 1, None, "0"])
def test_half_a_character_at_the_end_of_arguments_is_replaced(serve, index):
    call = {"index": index, "id": "x", "function": {"name": "f", "arguments": "a\ud83d"}}
    body = events({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}, say(None, "tool_calls"))
    chunks, stream, error = run(serve(until_close(body)).base_url)
    received = [call.function for each in chunks for call in each.choices[0].delta.tool_calls or ()]
    assert "".join(function.arguments for function in received) == "a\ufffd"
    assert [call.function.arguments for call in stream.result.choices[0].message.tool_calls] == ["a\ufffd"]
    assert error is None


@pytest.mark.parametrize(
    "deltas",
    [
        [{"reasoning": "a\ud83d"}, {"content": ""}, {"reasoning": "\ude00b"}],
        [{"refusal": "a\ud83d"}, {"refusal": "\ude00b"}],
        [{"reasoning_details": [{"type": "reasoning.text", "text": text}]} for text in ("a\ud83d", "\ude00b")],
        [{"audio": {"transcript": text}} for text in ("a\ud83d", "\ude00b")],
        [{"content": [{"type": "text", "text": text}]} for text in ("a\ud83d", "\ude00b")],
        [
            {"tool_calls": [{"index": 1, "id": "y", "function": {"name": "g", "arguments": "a\ud83d"}}]},
            {"tool_calls": [{"index": 0, "id": "x", "function": {"name": "f", "arguments": "\ud83d"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "\ude00"}},
                            {"index": 1, "function": {"arguments": "\ude00b"}}]},
        ],
    ],
    ids=lambda deltas: next(iter(deltas[0])),
)  # fmt: skip
def test_halves_are_joined_in_every_field(serve, deltas):
    choices = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    _, stream, error = run(serve(until_close(events(*choices, say("", "stop")))).base_url)
    assert error is None
    message = stream.result.choices[0].message.model_dump_json()
    assert "a\U0001f600b" in message
    assert "\ufffd" not in message


@pytest.mark.parametrize(
    "model", ["demo/midstream-error", "demo/midstream-error-bare", "demo/finish-error-native"]
)
def test_an_error_in_the_stream_is_raised_after_the_text(simulator, model):
    chunks, _, error = run(simulator.base_url, model=model)
    assert type(error) is errors.BadGatewayError
    assert error.partial.text == text_of(chunks) != ""
    with OpenRouter(server_url=simulator.base_url) as client, pytest.raises(errors.BadGatewayError):
        client.chat.send(**ONCE, model=model)


ERROR = {"code": 402, "message": "Out of credits", "metadata": {"error_type": "payment_required"}}
USAGE = {"prompt_tokens": 3, "cost": 0.5}
FAILURES = {
    "top": [{"error": ERROR, "choices": []}],
    "top, beside a choice": [say("", "error", error=ERROR)],
    "choice": [
        {"id": "gen-1", "choices": [{"index": 0, "delta": {}, "finish_reason": None, "error": ERROR}]}
    ],
    "bare": [{"error": ERROR}],
    "after a finish": [say("", "length"), {"error": ERROR, "choices": []}],
    "before a finish": [{"error": ERROR}, say("", "stop")],
}


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_usage_after_an_error_is_not_lost(serve, failure, done):
    body = events(say("paid"), *failure, {"choices": [], "usage": USAGE, "provider": "Acme"}, done=done)
    chunks, _, error = run(serve(until_close(body)).base_url)
    assert type(error) is errors.PaymentRequiredError
    assert error.partial.text == text_of(chunks) == "paid"
    assert error.partial.usage.cost == 0.5


def test_usage_on_the_error_chunk_is_not_lost(serve):
    body = events(say("paid"), {"error": ERROR, "usage": USAGE, "choices": []})
    assert run(serve(until_close(body)).base_url)[2].partial.usage.cost == 0.5


@pytest.mark.parametrize("end", [(), (RESET,), (WAIT,)], ids=["end", "reset", "silence"])
def test_an_error_stays_the_error_however_the_stream_goes_on(serve, end):
    server = serve(chunked(events(say("paid"), {"error": ERROR}, done=False), end=False), *end)
    with pytest.raises(errors.PaymentRequiredError) as caught:
        read_with(StreamLimits(drain_s=0.05), server.base_url)
    assert caught.value.partial.text == "paid"


def test_an_error_is_not_kept_open_by_what_goes_on_arriving(serve):
    flowing = threading.Event()
    server = serve(
        chunked(events(say("paid"), {"error": ERROR}, done=False), end=False),
        *[
            lambda _: (
                (flowing.wait(0.01) and b"")
                or chunked(events(say("x"), done=False), end=False).partition(b"\r\n\r\n")[2]
            )
        ]
        * 2000,
    )
    with pytest.raises(errors.PaymentRequiredError):
        read_with(StreamLimits(drain_s=0.1), server.base_url)


# --- silence


def test_a_stream_that_goes_silent_is_stalled_and_closed(serve):
    server = serve(chunked(events(say("a"), done=False), end=False), WAIT)
    chunks, _, error = run(server.base_url, timeout_ms=700)
    assert type(error) is errors.StreamStalledError
    assert "0.7 s" in error.message
    assert error.partial.text == text_of(chunks) == "a"
    wait_for(server.gone)


def test_silence_before_the_first_event_is_stalled(serve):
    server = serve(chunked(b": OPENROUTER PROCESSING\n\n", end=False), WAIT)
    chunks, stream, error = run(server.base_url, timeout_ms=700)
    assert (chunks, stream.keepalives, type(error)) == ([], 1, errors.StreamStalledError)
    assert error.partial is None


def test_comments_do_not_hide_a_stall(simulator):
    _, stream, error = run(simulator.base_url, model="demo/stall-comments", timeout_ms=1000)
    assert type(error) is errors.StreamStalledError
    assert error.partial.text
    assert stream.keepalives > 1
    simulator.wait_for_close()
    assert simulator.exchanges[0].outcome == "client gone"


def test_a_flood_of_comments_without_a_pause_is_a_stall_too(serve):
    server = serve(chunked(end=False), *[b"4000\r\n" + b": x\n\n\n\n\n" * 1820 + b"....\r\n"] * 100_000)
    with pytest.raises(errors.StreamError):
        read_with(StreamLimits(first_event_s=0.2, max_bytes=2**40), server.base_url)


def test_a_head_that_never_comes_times_out(serve):
    server = serve(WAIT)
    for stream in (True, False):
        with (
            OpenRouter(server_url=server.base_url) as client,
            pytest.raises(errors.RequestTimeoutError, match=r"0\.1 s"),
        ):
            client.chat.send(**ONCE, stream=stream, timeout_ms=100)
        wait_for(server.gone)


def test_a_whole_answer_that_stops_halfway_times_out(serve):
    server = serve(reply(b'{"choices":', kind="application/json", declared=100), WAIT)
    with (
        OpenRouter(server_url=server.base_url, timeout_ms=100) as client,
        pytest.raises(errors.RequestTimeoutError),
    ):
        client.chat.send(**ONCE)
    wait_for(server.gone)


def test_a_reader_that_takes_its_time_stalls_nothing(serve):
    server = serve(chunked(events(say("a"), done=False), end=False), WAIT)
    more = threading.Event()
    server.steps = (
        chunked(events(say("a"), done=False), end=False),
        lambda _: more.wait(20) and chunked(events(say("b", "stop"))).partition(b"\r\n\r\n")[2],
    )

    async def read():
        async with OpenRouter(server_url=server.base_url) as client:
            response = await client.open("POST", "/chat/completions", body=b"{}")
            async with ChatStream(response, StreamLimits(first_event_s=20, idle_s=0.7)) as stream:
                text = text_of([await anext(stream)])
                threading.Event().wait(0.9)  # a reader that is busy for longer than the network may be
                more.set()
                return text + text_of([chunk async for chunk in stream])

    assert asyncio.run(read()) == "ab"


# --- size


def test_one_event_over_the_limit_stops_the_stream(serve):
    body = events(say("a"), done=False) + b"data: " + b"x" * 10_000
    server = serve(until_close(body), WAIT)
    with pytest.raises(errors.StreamProtocolError, match="larger than 5000 bytes") as caught:
        read_with(StreamLimits(max_event_bytes=5000), server.base_url)
    assert caught.value.partial.text == "a"


def test_an_answer_over_the_limit_stops_the_stream(serve):
    server = serve(until_close(events(*[say("x" * 100)] * 5000)))
    with pytest.raises(errors.StreamProtocolError, match="larger than 9000 bytes") as caught:
        read_with(StreamLimits(max_bytes=9000), server.base_url)
    assert set(caught.value.partial.text) == {"x"}


def test_compression_is_not_asked_for_and_never_undone(serve):
    bomb = gzip.compress(b": comment\n" * 1_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    server = serve(head.encode() + bomb)
    for stream in (True, False):
        with (
            OpenRouter(server_url=server.base_url) as client,
            pytest.raises(errors.UnexpectedContentError, match="gzip") as caught,
        ):
            client.chat.send(**ONCE, stream=stream)
        assert (caught.value.status_code, caught.value.headers["content-encoding"]) == (200, "gzip")
    assert "accept-encoding: identity" in server.requests[0].head.lower()


def test_a_huge_head_is_refused(serve):
    server = serve(reply(b"", headers=f"X-Big: {'x' * 300_000}\r\n"))
    with OpenRouter(server_url=server.base_url) as client, pytest.raises(errors.NoResponseError):
        client.chat.send(**ONCE)


# --- the stream as an object


def test_a_stream_can_be_read_past_its_end_and_closed_twice(simulator):
    async def read():
        async with OpenRouter(server_url=simulator.base_url) as client:
            stream = await client.chat.send_async(**ONCE, model="demo/midstream-error", stream=True)
            with pytest.raises(errors.BadGatewayError):
                async for _ in stream:
                    pass
            assert [chunk async for chunk in stream] == []
            await stream.aclose()
            await stream.aclose()

    asyncio.run(read())


def test_bursts_and_keepalives_are_told_apart(serve):
    one = chunked(b": OPENROUTER PROCESSING\n\n", end=False)
    two = chunked(events(say("a"), say("b"), say("c", "stop"))).partition(b"\r\n\r\n")[2]
    server = serve(one, lambda _: server.waiting.acquire(timeout=20) and two)

    async def read():
        async with OpenRouter(server_url=server.base_url) as client:
            stream = await client.chat.send_async(**ONCE, stream=True)
            async with stream:
                assert await stream.read_ready() == []
                assert stream.keepalives == 1
                server.waiting.release()
                assert text_of(await stream.read_ready()) == "abc"
                with pytest.raises(StopAsyncIteration):
                    await stream.read_ready()

    asyncio.run(read())


def test_the_result_grows_while_the_stream_is_read(serve):
    server = serve(until_close(events(say("a"), say("b"), say("c", "stop"), {"choices": [], "usage": USAGE})))

    with OpenRouter(server_url=server.base_url) as client, client.chat.send(**ONCE, stream=True) as stream:
        next(stream)
        assert "abc".startswith(stream.result.text)
        assert stream.result.text
        for _ in stream:
            pass
        assert (stream.result.text, stream.result.usage.cost) == ("abc", 0.5)


def test_the_generation_id_is_known_before_the_answer(simulator):
    with (
        OpenRouter(server_url=simulator.base_url) as client,
        client.chat.send(**ONCE, model="demo/tour", stream=True) as stream,
    ):
        assert stream.generation_id == simulator.exchanges[0].generation_id
