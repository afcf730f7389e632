"""A partial answer is a value: every exception that ends a request has it, with what was paid for."""

import asyncio
import os
import signal
import threading

import pytest
from support.wire import WAIT, RawServer, chunked, events, reply, say, until

from openrouter_nb import Chat, OpenRouter, acompare, chat, compare, errors, run_tools, tool
from openrouter_nb.conversation.agent.events import ChunksReceived, RunFinished
from openrouter_nb.conversation.answer_events import TextDelta

COST = {"usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4, "cost": 0.25}}
BEGUN = chunked(events(say("Hel"), say("lo"), done=False), end=False)


@pytest.fixture
def serve(monkeypatch):
    """Start a server that plays these steps for each request; a list is the steps of one request, the last of all later."""
    started = []

    def serve(*replies):
        class Server(RawServer):
            def _play(self, connection, received):
                reply = replies[min(len(self.requests), len(replies)) - 1]
                self.steps = reply if isinstance(reply, list) else [reply]
                super()._play(connection, received)

        started.append(Server(()))
        monkeypatch.setenv("OPENROUTER_BASE_URL", started[-1].base_url)
        return started[-1]

    yield serve
    for server in started:
        server.close()


@tool(approve="auto")
def look() -> int:
    """Look."""
    return 1


def asks_for_look():
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    delta = {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}
    return reply(events(delta, say("", "tool_calls") | COST))


OPTIONS = {
    "plain": {},
    "tools": {"tools": look},
    "schema": {"schema": list[str]},
}


@pytest.fixture(params=OPTIONS.values(), ids=OPTIONS)
def pieces(request, serve):
    """An answer of which `Hello` arrives."""
    serve([BEGUN, WAIT])
    return Chat().stream("q", **request.param)


def test_an_interrupt_has_the_partial_answer(pieces):
    def press():
        until(lambda: pieces.text == "Hello")
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    with pytest.raises(KeyboardInterrupt) as caught:
        pieces.wait()
    assert caught.value.partial.text == "Hello"
    assert (pieces.answer.text, pieces.answer.complete) == ("Hello", False)


async def cancelled(awaitable, is_time):
    """Cancel a coroutine when a condition is true, and return the exception."""
    task = asyncio.ensure_future(awaitable)
    await asyncio.to_thread(until, is_time)
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    return caught.value


def test_a_cancellation_has_the_partial_answer(pieces):
    error = asyncio.run(cancelled(pieces.wait_async(), lambda: pieces.text == "Hello"))
    assert error.partial.text == "Hello"


def test_a_timeout_of_the_caller_has_it_in_its_cause(pieces):
    async def body():
        async with asyncio.timeout(None) as limit:
            reading = asyncio.ensure_future(asyncio.to_thread(until, lambda: pieces.text == "Hello"))
            reading.add_done_callback(lambda _: limit.reschedule(0))
            await pieces.wait_async()

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(body())
    # Python 3.11.2 gives a timeout no cause, only a context.
    cancelled = caught.value.__cause__ or caught.value.__context__
    assert cancelled.partial.text == "Hello"


def test_an_exception_of_a_callback_has_the_partial_answer(serve):
    serve(asks_for_look(), reply(events(say("Hello"), say("", "stop") | COST)))
    heard = []

    def hear(event):
        heard.append(event)
        if isinstance(event, RunFinished):
            raise KeyError("mine")

    with pytest.raises(KeyError) as caught:
        run_tools("q", look, on_event=hear)
    assert caught.value.partial.text == "Hello"
    assert caught.value.partial.usage.cost == 0.5


def test_an_error_after_tool_calls_has_their_usage(serve):
    serve(
        asks_for_look(),
        reply(b'{"error": {"code": 400, "message": "no"}}', status="400 X", kind="application/json"),
    )
    with pytest.raises(errors.BadRequestError) as caught:
        chat("q", tools=look)
    assert caught.value.partial.usage.cost == 0.25
    assert caught.value.partial.choices[0].message.tool_calls[0].function.name == "look"


def test_an_error_in_the_middle_has_the_partial_answer(serve):
    broken = {"id": "gen-1", "error": {"code": 502, "message": "broken"}, "choices": []}
    serve(reply(events(say("Hello"), broken | COST)))
    for options in OPTIONS.values():
        with pytest.raises(errors.BadGatewayError) as caught:
            chat("q", **options)
        assert caught.value.partial.text == "Hello"


def test_a_stalled_answer_has_its_part(serve):
    serve([BEGUN, WAIT])
    with pytest.raises(errors.StreamStalledError) as caught:
        chat("q", timeout_ms=200)
    assert caught.value.partial.text == "Hello"


@pytest.mark.parametrize("is_async", [False, True])
def test_a_comparison_that_is_interrupted_has_all_answers(serve, is_async):
    serve([BEGUN, WAIT], reply(events(say("Hello"), say("", "stop") | COST)))
    heard = []

    def all_arrived():
        texts = [
            each.text
            for event in heard
            if isinstance(event, ChunksReceived)
            for each in event.events
            if isinstance(each, TextDelta)
        ]
        return any(isinstance(event, RunFinished) for event in heard) and "".join(texts).count("l") == 4

    def press():
        until(all_arrived)
        os.kill(os.getpid(), signal.SIGINT)

    if is_async:
        error = asyncio.run(cancelled(acompare("q", ["a", "b"], on_event=heard.append), all_arrived))
    else:
        threading.Thread(target=press).start()
        with pytest.raises(KeyboardInterrupt) as caught:
            compare("q", ["a", "b"], on_event=heard.append)
        error = caught.value
    assert sorted((answer.text, answer.complete) for answer in error.partial.answers.values()) == [
        ("Hello", False),
        ("Hello", True),
    ]


def test_a_callback_that_raises_ends_one_answer_of_a_comparison(serve):
    serve(reply(events(say("Hello"), say("", "stop") | COST)))
    heard = []

    def hear(event):
        if isinstance(event, RunFinished):
            heard.append(event)
            if len(heard) == 1:
                raise KeyError("mine")

    both = compare("q", ["a", "b"], on_event=hear)
    assert (len(both.answers), len(both.errors)) == (1, 1)
    (error,) = both.errors.values()
    assert "KeyError: 'mine'" in str(error)
    assert error.partial.text == "Hello"


def test_a_stream_of_the_client_that_is_cancelled_has_its_part(serve):
    server = serve([BEGUN, WAIT])
    chunks = []

    async def read():
        async with OpenRouter(server_url=server.base_url) as client:
            sent = client.chat.send_async(model="m", messages=[{"role": "user", "content": "q"}], stream=True)
            async with await sent as stream:
                async for chunk in stream:
                    chunks.append(chunk)  # noqa: PERF401 - those before the cancellation count

    error = asyncio.run(cancelled(read(), lambda: len(chunks) == 2))
    assert error.partial.text == "Hello"


def test_a_blocking_stream_of_the_client_that_is_interrupted_has_its_part(serve):
    server = serve([BEGUN, WAIT])
    chunks = []

    def press():
        until(lambda: len(chunks) == 2)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    with OpenRouter(server_url=server.base_url) as client:
        stream = client.chat.send(model="m", messages=[{"role": "user", "content": "q"}], stream=True)
        with stream, pytest.raises(KeyboardInterrupt) as caught:
            chunks.extend(stream)
    assert caught.value.partial.text == "Hello"
