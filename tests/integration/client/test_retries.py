"""Failed requests are sent again while nothing of the answer has arrived, and never after."""

import asyncio
import itertools
import json
import signal
import socket
import threading
import time

import pytest
from support.clock import FakeClock
from support.wire import HI, RESET, WAIT, chunked, events, reply, say, text_of

from openrouter_nb import (
    BackoffStrategy,
    OpenRouter,
    RetryConfig,
    RetryPolicy,
    chat_send,
    chat_send_async,
    errors,
)
from openrouter_nb.client.retries import ConfiguredPolicy

pytestmark = pytest.mark.transport

SAY_HI = {"messages": HI}
REPEATED = [408, 409, 429, 500, 502, 503, 504, 524, 529]
FINAL = [400, 401, 402, 403, 404, 412, 413, 422]
FRAME = {"id": "gen-1", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}
ERROR = {"error": {"code": 502, "message": "gone", "metadata": {"error_type": "provider_unavailable"}}}
ANSWER = events(FRAME, say("hello"), say("", "stop"))
JSON_ANSWER = json.dumps(
    {"id": "g", "choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}]}
).encode()
MODES = ["stream", "whole"]


def refuse(status=503, headers=""):
    body = json.dumps({"error": {"code": status, "message": "no"}}).encode()
    return reply(body, status=f"{status} X", kind="application/json", headers=headers)


def answers(stream):
    return reply(ANSWER) if stream == "stream" else reply(JSON_ANSWER, kind="application/json")


def inside_a_200(error, stream):
    return (
        reply(events(error, done=False))
        if stream == "stream"
        else reply(json.dumps(error).encode(), kind="application/json")
    )


def in_turn(*replies):
    """A step that says one thing after the other."""
    left = iter(replies)
    return lambda _request: next(left)


class Asker:
    """A client whose waits take no time."""

    def __init__(self, base_url, **policy):
        self.clock = FakeClock()
        self.policy = RetryPolicy(clock=self.clock, chance=lambda: 0.5, **policy)
        self.told = []
        self._client = OpenRouter(server_url=base_url, retry_config=self.policy)

    def __call__(self, mode, *, way="async", **request):
        """Return the text, and the stream or the error."""
        call = {**SAY_HI, "stream": mode == "stream", "on_retry": self.told.append} | request
        with self._client as client:
            return asyncio.run(self._async(client, call)) if way == "async" else self._blocking(client, call)

    async def _async(self, client, call):
        try:
            answer = await client.chat.send_async(**call)
            return (
                "".join([text_of([chunk]) async for chunk in answer]) if call["stream"] else answer.text
            ), answer
        except errors.OpenRouterError as error:
            return None, error
        finally:
            await client.aclose()

    def _blocking(self, client, call):
        try:
            answer = client.chat.send(**call)
            return ("".join(text_of([chunk]) for chunk in answer) if call["stream"] else answer.text), answer
        except errors.OpenRouterError as error:
            return None, error


# --- statuses


@pytest.mark.parametrize("way", ["async", "blocking"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", REPEATED + FINAL)
def test_a_status_is_asked_three_times_or_once(simulator, status, mode, way):
    ask = Asker(simulator.base_url)
    _, error = ask(mode, way=way, model=f"demo/error-{status}")
    assert error.status_code == status
    attempts = 3 if status in REPEATED else 1
    assert len(simulator.requests) == attempts == len(error.attempts) + 1 == len(ask.told) + 1
    hinted = [1.0, 1.0] if status in (429, 503) else [0.5, 1.0]
    assert ask.clock.waits == (hinted if attempts == 3 else [])
    bodies = [request.body for request in simulator.requests]
    assert all(body == bodies[0] for body in bodies)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("model", ["error-429-daily", "html-200", "redirect", "error-401-html"])
def test_a_daily_limit_and_what_is_no_answer_are_shown_at_once(simulator, model, mode):
    ask = Asker(simulator.base_url)
    _, error = ask(mode, model=f"demo/{model}")
    assert isinstance(error, errors.OpenRouterError)
    assert (len(simulator.requests), ask.clock.waits) == (1, [])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("failures", [1, 2])
def test_an_attempt_that_succeeds_gives_the_answer(serve, mode, failures):
    server = serve(in_turn(*[refuse(429, "Retry-After: 7\r\n")] * failures, answers(mode)))
    ask = Asker(server.base_url)
    text, answer = ask(mode)
    assert text == "hello"
    assert ask.clock.waits == [7.0] * failures
    assert [attempt.number for attempt in ask.told] == list(range(1, failures + 1))
    if mode == "stream":
        assert answer.attempts == tuple(ask.told)
        assert answer.result.text == "hello"
    else:
        assert answer.attempts == tuple(ask.told)


@pytest.mark.parametrize(("hint", "waits"), [("60", [60.0]), ("61", []), ("86400", [])])
def test_a_long_wait_is_shown_and_not_waited(serve, hint, waits):
    server = serve(in_turn(refuse(429, f"Retry-After: {hint}\r\n"), answers("whole")))
    ask = Asker(server.base_url)
    text, error = ask("whole")
    assert ask.clock.waits == waits
    if not waits:
        assert (text, error.retry_after) == (None, float(hint))


def test_a_real_wait_is_as_long_as_asked(simulator):
    started = time.monotonic()
    with OpenRouter(server_url=simulator.base_url) as client, pytest.raises(errors.TooManyRequestsError):
        client.chat.send(**SAY_HI, model="demo/error-429", retries=RetryPolicy(max_retries=1))
    assert time.monotonic() - started >= 1.0


# --- connections


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", ["reset", "closed", "half a head"])
def test_a_connection_that_breaks_before_the_answer_is_made_again(serve, mode, fault):
    step = {"reset": RESET, "closed": b"", "half a head": b"HTTP/1.1 200 OK\r\nContent-"}[fault]
    turns = in_turn(step, step, answers(mode))
    server = serve(turns)
    ask = Asker(server.base_url)
    assert ask(mode)[0] == "hello"
    assert all(isinstance(attempt.error, errors.NoResponseError) for attempt in ask.told)
    assert len(ask.told) == 2


@pytest.mark.parametrize("mode", MODES)
def test_a_refused_port_is_tried_three_times(mode):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ask = Asker(f"http://127.0.0.1:{port}/api/v1")
    _, error = ask(mode)
    assert isinstance(error, errors.NoResponseError)
    assert len(error.attempts) == 2


# --- inside a 200


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "error",
    [
        ERROR,
        {"error": {"message": "slow down", "metadata": {"error_type": "rate_limit_exceeded"}}},
        {"id": "gen-1", "choices": [{"index": 0, "finish_reason": "error", "native_finish_reason": "X"}]},
        {"id": "gen-1", "choices": [{"index": 0, "finish_reason": "error", "error": ERROR["error"]}]},
    ],
)
def test_an_error_before_the_answer_is_repeated(serve, mode, error):
    server = serve(in_turn(inside_a_200(error, mode), inside_a_200(error, mode), answers(mode)))
    ask = Asker(server.base_url)
    assert ask(mode)[0] == "hello"
    assert len(server.requests) == 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("error_type", ["invalid_request", "content_policy_violation", "payment_required"])
def test_an_error_that_will_not_go_away_is_not(serve, mode, error_type):
    error = {"error": {"message": "no", "metadata": {"error_type": error_type}}}
    server = serve(inside_a_200(error, mode))
    ask = Asker(server.base_url)
    assert ask(mode)[0] is None
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "begin",
    [
        events(FRAME, done=False),
        events(FRAME, {**ERROR, "choices": []}, done=False),
        b": OPENROUTER PROCESSING\n\n" * 3,
        b": OPENROUTER PROCESSING\n\n" + events(FRAME, ERROR),
        b"",
    ],
    ids=["frame", "frame and error", "comments", "comments, frame, error", "nothing"],
)
def test_a_stream_that_breaks_before_it_says_anything_begins_anew(serve, begin):
    server = serve(in_turn(chunked(begin, end=False), answers("stream")))
    ask = Asker(server.base_url)
    text, stream = ask("stream")
    assert text == "hello"
    assert len(stream.attempts) == len(stream.result.attempts) == 1
    # Of the first attempt nothing is left.
    assert stream.result.id == "gen-1"
    assert stream.result.choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    "delta",
    [
        {"content": "paid"},
        {"reasoning": "paid"},
        {"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]},
        {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "f", "arguments": ""}}]},
        {"refusal": "no"},
    ],
    ids=lambda delta: next(iter(delta)),
)
@pytest.mark.parametrize("end", ["error", "cut", "reset"])
def test_nothing_is_repeated_after_the_first_delta(serve, delta, end):
    first = events(FRAME, {"choices": [{"index": 0, "delta": delta}]}, done=False)
    body = first + (events(ERROR, done=False) if end == "error" else b"")
    server = serve(chunked(body, end=end == "error"), *([RESET] if end == "reset" else []))
    ask = Asker(server.base_url)
    _, error = ask("stream")
    assert isinstance(error, errors.OpenRouterError)
    assert error.partial is not None or end == "reset"  # a reset may overtake what was sent
    if error.partial is not None:
        assert (len(server.requests), ask.told, error.attempts) == (1, [], ())


def test_a_whole_answer_with_text_and_an_error_is_kept_and_not_asked_for_again(serve):
    body = json.dumps({"choices": [{"message": {"content": "half"}, "error": ERROR["error"]}]}).encode()
    server = serve(reply(body, kind="application/json"))
    ask = Asker(server.base_url)
    _, error = ask("whole")
    assert error.partial.text == "half"
    assert len(server.requests) == 1


def test_a_stream_may_begin_anew_as_a_whole_answer(serve):
    server = serve(in_turn(inside_a_200(ERROR, "stream"), answers("whole")))
    text, stream = Asker(server.base_url)("stream")
    assert (text, stream.result.text) == ("hello", "hello")


def test_a_frame_is_held_back_and_a_first_word_is_not(serve):
    server = serve(chunked(events(FRAME, done=False), events(say("first"), done=False), end=False), WAIT)

    async def read():
        async with (
            OpenRouter(server_url=server.base_url) as client,
            await client.chat.send_async(**SAY_HI, stream=True) as stream,
        ):
            chunks = []
            while len(chunks) < 2:
                chunks += await asyncio.wait_for(stream.read_ready(), 60)
            return chunks

    assert text_of(asyncio.run(read())) == "first"


def test_keep_alives_are_seen_while_the_frame_is_held(serve):
    server = serve(chunked(events(FRAME, done=False), b": OPENROUTER PROCESSING\n\n", end=False), WAIT)

    async def read():
        async with (
            OpenRouter(server_url=server.base_url) as client,
            await client.chat.send_async(**SAY_HI, stream=True) as stream,
        ):
            while not stream.keepalives:
                assert await asyncio.wait_for(stream.read_ready(), 60) == []

    asyncio.run(read())


def test_an_answer_of_frames_alone_is_not_held_for_ever(serve):
    body = events(*[FRAME] * 200, done=False)
    server = serve(chunked(body, end=False), WAIT)

    async def read():
        async with (
            OpenRouter(server_url=server.base_url) as client,
            await client.chat.send_async(**SAY_HI, stream=True) as stream,
        ):
            chunks = []
            while len(chunks) < 200:
                chunks += await asyncio.wait_for(stream.read_ready(), 60)

    asyncio.run(read())


# --- options of the caller


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("retries", [None, RetryConfig("none")])
@pytest.mark.parametrize("where", ["client", "call"])
def test_no_retries(simulator, mode, retries, where):
    given = {"retry_config": retries} if where == "client" else {}
    with OpenRouter(server_url=simulator.base_url, **given) as client:
        result = chat_send(
            client,
            {**SAY_HI, "model": "demo/error-503", "stream": mode == "stream"},
            **({"retries": retries} if where == "call" else {}),
        )
    assert not result.ok
    assert len(simulator.requests) == 1


def test_the_sdks_configuration(simulator):
    config = RetryConfig("backoff", BackoffStrategy(20, 100, 1.5, 1000, jitter_ms=0), False)
    with (
        OpenRouter(server_url=simulator.base_url) as client,
        pytest.raises(errors.InternalServerError) as caught,
    ):
        client.chat.send(**SAY_HI, model="demo/error-500", retries=config)
    assert len(simulator.requests) == len(caught.value.attempts) + 1 > 3


def test_the_sdks_configuration_inside_a_stream(serve):
    clock = FakeClock()
    policy = ConfiguredPolicy(RetryConfig(backoff=BackoffStrategy(jitter_ms=0)), clock=clock)
    server = serve(in_turn(*[inside_a_200(ERROR, "stream")] * 4, answers("stream")))
    assert Asker(server.base_url)("stream", retries=policy)[0] == "hello"
    assert clock.waits == pytest.approx([0.5, 0.75, 1.125, 1.6875])


# --- chat_send


@pytest.mark.parametrize("way", ["async", "blocking"])
@pytest.mark.parametrize("mode", MODES)
def test_chat_send_returns_an_answer(simulator, mode, way):
    request = {**SAY_HI, "model": "demo/parrot", "stream": mode == "stream"}
    with OpenRouter(server_url=simulator.base_url) as client:
        if way == "blocking":
            result = chat_send(client, request)
            value = list(result.value) and result.value.result if mode == "stream" else result.value
        else:

            async def send():
                result = await chat_send_async(client, request)
                if mode == "stream":
                    async for _ in result.value:
                        pass
                await client.aclose()
                return result

            result = asyncio.run(send())
            value = result.value.result if mode == "stream" else result.value
    assert (result.ok, result.error, result.attempts) == (True, None, ())
    assert value.text


@pytest.mark.parametrize("mode", MODES)
def test_chat_send_returns_an_error(simulator, mode):
    clock, told = FakeClock(), []
    with OpenRouter(server_url=simulator.base_url) as client:
        request = {**SAY_HI, "model": "demo/error-429", "stream": mode == "stream"}
        result = chat_send(client, request, retries=RetryPolicy(clock=clock), on_retry=told.append)
    assert (result.ok, result.value) == (False, None)
    assert isinstance(result.error, errors.TooManyRequestsError)
    assert result.attempts == tuple(told) == result.error.attempts
    assert len(told) == 2


def test_chat_send_returns_also_what_was_never_sent(simulator):
    with OpenRouter(server_url="https://elsewhere.example/api/v1") as client:
        assert isinstance(chat_send(client, SAY_HI).error, errors.MissingAPIKeyError)
    with OpenRouter(server_url=simulator.base_url) as client:
        assert isinstance(chat_send(client, {"messages": []}).error, errors.ConfigurationError)
        with pytest.raises(TypeError):
            chat_send(client, {**SAY_HI, "temprature": 1})


# --- stopping


@pytest.mark.parametrize("place", ["before the stream", "inside the stream"])
def test_a_wait_is_cancelled_at_once(serve, place):
    error = {"error": {**ERROR["error"], "availability": {"retryable": True, "retry_after": 30}}}
    body = (
        reply(events(error, done=False))
        if place == "inside the stream"
        else refuse(503, "Retry-After: 30\r\n")
    )
    server = serve(body)
    waiting = threading.Event()

    async def ask():
        async with (
            OpenRouter(server_url=server.base_url) as client,
            await client.chat.send_async(**SAY_HI, stream=True, on_retry=lambda _: waiting.set()) as stream,
        ):
            await anext(stream)

    async def cancel():
        task = asyncio.ensure_future(ask())
        while not waiting.is_set():  # noqa: ASYNC110 - set from another thread or task
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 20)  # of the 30 of its Retry-After

    asyncio.run(cancel())
    assert len(server.requests) == 1


def test_ctrl_c_ends_a_wait(serve):
    server = serve(refuse(503, "Retry-After: 30\r\n"))
    main = threading.main_thread().ident
    started = time.monotonic()
    with OpenRouter(server_url=server.base_url) as client, pytest.raises(KeyboardInterrupt):
        client.chat.send(**SAY_HI, on_retry=lambda _: signal.pthread_kill(main, signal.SIGINT))
    assert time.monotonic() - started < 20  # of the 30 of its Retry-After
    assert len(server.requests) == 1


def test_a_stream_closed_during_a_wait_sends_nothing_more(serve):
    server = serve(in_turn(inside_a_200(ERROR, "stream"), answers("stream")))

    class Hooked(FakeClock):
        async def sleep(self, seconds):
            await super().sleep(seconds)
            await stream.aclose()

    async def ask():
        nonlocal stream
        async with OpenRouter(server_url=server.base_url) as client:
            stream = await client.chat.send_async(**SAY_HI, stream=True, retries=RetryPolicy(clock=Hooked()))
            return [chunk async for chunk in stream]

    stream = None
    assert asyncio.run(ask()) == []


def test_many_at_once_do_not_mix_their_attempts(serve):
    number = itertools.count()
    lock = threading.Lock()

    def fail_every_other(_request):
        with lock:
            return refuse(500) if next(number) % 2 == 0 else answers("stream")

    server = serve(fail_every_other)

    async def ask():
        policy = RetryPolicy(clock=FakeClock(), max_retries=50)
        async with OpenRouter(server_url=server.base_url, retry_config=policy) as client:

            async def one():
                stream = await client.chat.send_async(**SAY_HI, stream=True)
                return text_of([chunk async for chunk in stream]), len(stream.attempts)

            return await asyncio.gather(*(one() for _ in range(20)))

    found = asyncio.run(ask())
    assert {text for text, _ in found} == {"hello"}
    assert sum(attempts for _, attempts in found) + 20 == len(server.requests)
