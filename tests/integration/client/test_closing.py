"""Leaving early closes the connection, which at the service ends the bill."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.wire import ONCE, WAIT, chunked, events, reply, say, text_of, until, wait_for

from openrouter_nb import OpenRouter, errors
from openrouter_nb.client import background_loop

pytestmark = pytest.mark.transport

REST = chunked(events(say("c", "stop"))).partition(b"\r\n\r\n")[2]
FIRST = chunked(events(say("a"), say("b"), done=False), end=False)
WHOLE = b'{"id": "gen-1", "choices": [{"message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}]}'


def half(server):
    """Requests to a server that is waiting."""
    return asyncio.to_thread(wait_for, server.waiting)


# --- leaving the block


def test_leaving_async_with_early_closes_the_connection(serve):
    server = serve(FIRST, WAIT)

    async def leave():
        async with OpenRouter(server_url=server.base_url) as client:
            async with await client.chat.send_async(**ONCE, stream=True) as stream:
                async for _ in stream:
                    break
            await asyncio.to_thread(wait_for, server.gone)
            assert stream.result.text.startswith("a")

    asyncio.run(leave())


def test_leaving_with_early_closes_the_connection(serve):
    server = serve(FIRST, WAIT)
    with OpenRouter(server_url=server.base_url) as client:
        with client.chat.send(**ONCE, stream=True) as stream:
            for _ in stream:
                break
        wait_for(server.gone)


def test_an_exception_in_the_block_closes_the_connection(serve):
    server = serve(FIRST, WAIT)
    with OpenRouter(server_url=server.base_url) as client:
        with pytest.raises(ZeroDivisionError), client.chat.send(**ONCE, stream=True) as stream:
            _ = len(text_of([next(stream)])) / 0
        wait_for(server.gone)


def test_closing_the_client_closes_what_still_runs(serve):
    server = serve(FIRST, WAIT)
    client = OpenRouter(server_url=server.base_url)
    stream = client.chat.send(**ONCE, stream=True)
    next(stream)
    client.close()
    wait_for(server.gone)
    stream.close()


def test_closing_the_client_on_one_loop_leaves_the_requests_of_another_alone(serve):
    """A notebook cell may use `async with` while a stream of blocking calls is read beside it."""
    server = serve(FIRST, lambda _: more.wait(20) and REST)
    more = threading.Event()
    client = OpenRouter(server_url=server.base_url)

    async def elsewhere():
        async with client:
            assert client._transports

    with client.chat.send(**ONCE, stream=True) as stream:
        seen = text_of([next(stream)])
        asyncio.run(elsewhere())
        more.set()
        seen += text_of(stream)
    assert seen == "abc"
    until(lambda: not server._open)  # and then its connection is closed as well


def test_a_client_can_be_used_again_after_it_was_closed(simulator):
    client = OpenRouter(server_url=simulator.base_url)
    for _ in range(2):
        with client:
            assert client.chat.send(**ONCE, model="demo/parrot").text


# --- cancelling

STAGES = {
    "handshake": ((WAIT,), {"deaf": True}),
    "head": ((WAIT,), {}),
    "body": ((FIRST, WAIT), {}),
    "whole body": ((reply(WHOLE, kind="application/json", declared=10_000), WAIT), {}),
}


async def cancelled(client, url, server, *, stream):
    async def use():
        answer = await client.chat.send_async(**ONCE, stream=stream, server_url=url)
        if stream:
            async with answer:
                async for _ in answer:
                    pass

    task = asyncio.ensure_future(use())
    await half(server)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("stage", STAGES)
def test_a_cancelled_request_closes_its_connection(serve, stage):
    steps, options = STAGES[stage]
    server = serve(*steps, **options)
    url = server.base_url.replace("http:", "https:") if stage == "handshake" else server.base_url

    async def cancel():
        async with OpenRouter(api_key="sk-or-x") as client:
            await cancelled(client, url, server, stream=stage != "whole body")
            await asyncio.to_thread(wait_for, server.gone)

    asyncio.run(cancel())


@pytest.mark.parametrize("stage", STAGES)
def test_after_50_cancelled_requests_the_next_one_works(serve, simulator, stage):
    steps, options = STAGES[stage]
    server = serve(*steps, **options)
    url = server.base_url.replace("http:", "https:") if stage == "handshake" else server.base_url

    async def many():
        async with OpenRouter(api_key="sk-or-x") as client:
            one = [cancelled(client, url, server, stream=stage != "whole body") for _ in range(50)]
            await asyncio.gather(*one)
            for _ in one:
                await asyncio.to_thread(wait_for, server.gone)
            result = await client.chat.send_async(**ONCE, model="demo/parrot", server_url=simulator.base_url)
            assert result.text
            assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    asyncio.run(many())


def test_the_simulator_sees_that_the_client_is_gone(simulator):
    async def cancel():
        async with OpenRouter(server_url=simulator.base_url) as client:
            stream = await client.chat.send_async(
                **ONCE, model="demo/slow", stream=True, extra_body={"simulator": {"wait_ms": 0}}
            )
            task = asyncio.ensure_future(anext(stream))
            await task
            task = asyncio.ensure_future(stream.read_ready())
            await asyncio.tasks.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.to_thread(simulator.wait_for_close)

    asyncio.run(cancel())
    assert [exchange.outcome for exchange in simulator.exchanges] == ["client gone"]


# --- without await


def test_blocking_calls_work_inside_a_running_loop(simulator):
    async def main():
        with OpenRouter(server_url=simulator.base_url) as client:
            with client.chat.send(**ONCE, model="demo/parrot", stream=True) as stream:
                assert text_of(stream) == stream.result.text
            return client.chat.send(**ONCE, model="demo/parrot").text

    assert asyncio.run(main())


def test_four_threads_share_one_client_and_mix_nothing(simulator):
    def talk(name):
        words = [f"{name}-{n}" for n in range(200)]
        message = [{"role": "user", "content": " ".join(words)}]
        for _ in range(3):
            with client.chat.send(
                messages=message, model="demo/parrot", stream=True, extra_body={"simulator": {"pace_ms": 0}}
            ) as stream:
                assert text_of(stream).split() == words
            assert client.chat.send(messages=message, model="demo/parrot").text.split() == words
        return name

    with OpenRouter(server_url=simulator.base_url) as client, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(talk, "abcd")) == list("abcd")


def test_a_stream_may_be_read_from_another_thread_than_it_was_opened_in(simulator):
    with OpenRouter(server_url=simulator.base_url) as client, ThreadPoolExecutor(1) as pool:
        stream = client.chat.send(**ONCE, model="demo/parrot", stream=True)
        assert pool.submit(text_of, stream).result() == stream.result.text
        stream.close()


def test_one_client_serves_several_loops_one_after_another(simulator):
    client = OpenRouter(server_url=simulator.base_url)

    async def talk():
        async with client:
            return (await client.chat.send_async(**ONCE, model="demo/parrot")).text

    assert (
        len({asyncio.run(talk()) for _ in range(3)} | {client.chat.send(**ONCE, model="demo/parrot").text})
        == 1
    )
    client.close()


def test_a_blocking_call_on_the_background_loop_is_refused():
    async def wrong():
        return background_loop.run_sync(asyncio.sleep, 0)

    with pytest.raises(RuntimeError, match="use the async one"):
        background_loop.run_sync(wrong)


def test_a_blocking_call_keeps_context_variables_and_errors():
    from contextvars import ContextVar

    variable = ContextVar("variable")
    variable.set("here")

    async def read():
        return variable.get()

    async def fail():
        raise errors.NotFoundError("gone")

    assert background_loop.run_sync(read) == "here"
    with pytest.raises(errors.NotFoundError, match="gone"):
        background_loop.run_sync(fail)


def test_errors_reach_a_reader_that_does_not_await(simulator):
    with OpenRouter(server_url=simulator.base_url) as client:
        stream = client.chat.send(**ONCE, model="demo/midstream-error", stream=True)
        with stream, pytest.raises(errors.BadGatewayError) as caught:
            text_of(stream)
        assert caught.value.partial.text
        with pytest.raises(errors.NotFoundError):
            client.chat.send(**ONCE, model="demo/error-404")


def test_what_was_read_ahead_is_taken_before_the_error(serve):
    server = serve(chunked(events(*[say(f"{n} ") for n in range(2000)], done=False), end=False))
    with (
        OpenRouter(server_url=server.base_url) as client,
        client.chat.send(**ONCE, stream=True) as stream,
    ):
        seen = []
        with pytest.raises(errors.StreamInterruptedError) as caught:
            seen.extend(text_of([chunk]) for chunk in stream)
        assert list(stream) == []
    partial = caught.value.partial.text
    assert partial.split() == [str(n) for n in range(2000)]
    assert stream.result.text == partial


def test_a_reader_that_takes_its_time_is_not_read_ahead_of_for_ever(serve):
    one = chunked(events(say("a"), done=False), end=False)
    more = one.partition(b"\r\n\r\n")[2]
    server = serve(one, *[more] * 2000, WAIT)
    with OpenRouter(server_url=server.base_url) as client, client.chat.send(**ONCE, stream=True) as stream:
        next(stream)
        wait_for(server.waiting)
        until(stream._reader.reading.done)
        assert 200 < len(stream._ready) < 1000  # 256, without the one that was taken
        assert 200 < len(stream.result.text) < 1000
        assert [text_of([next(stream)]) for _ in range(1500)] == ["a"] * 1500


def test_an_error_that_was_read_ahead_and_never_asked_for_makes_no_noise(serve, caplog):
    server = serve(chunked(events(say("a"), say("b"), done=False), end=False))
    with OpenRouter(server_url=server.base_url) as client:
        with client.chat.send(**ONCE, stream=True) as stream:
            next(stream)
            until(stream._reader.reading.done)
        gc.collect()
    assert not [record for record in caplog.records if record.name == "asyncio"]


# --- Ctrl-C

SCRIPT = """
import sys
from openrouter_nb import OpenRouter
url, stream = sys.argv[1], sys.argv[2] == "stream"
client = OpenRouter(server_url=url)
try:
    with client.chat.send(messages=[{"role": "user", "content": "Hi"}], stream=stream) as answer:
        for chunk in answer:
            pass
except KeyboardInterrupt:
    sys.stdout.write("interrupted\\n")
    sys.stdout.flush()
    sys.stdin.read()  # stays alive, so that it is not the end of the process that closes the connection
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to one process is a matter of POSIX")
@pytest.mark.parametrize(
    ("stage", "mode"), [("head", "whole"), ("head", "stream"), ("whole body", "whole"), ("body", "stream")]
)
def test_ctrl_c_closes_the_connection(serve, stage, mode):
    steps, options = STAGES[stage]
    server = serve(*steps, **options)
    command = [sys.executable, "-W", "error", "-c", SCRIPT, server.base_url, mode]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=dict(os.environ), **pipes) as process:
        wait_for(server.waiting)
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        wait_for(server.gone)
        _, complaints = process.communicate("", timeout=20)
    assert (process.returncode, complaints) == (0, "")


# --- the end of the program, and forks


def program(source, url):
    """Run a program with the imports that it needs; return its output."""
    head = "import asyncio, os, sys\nfrom openrouter_nb import OpenRouter, errors\nclient = OpenRouter(server_url=sys.argv[1])\n"
    head += "HI = {'messages': [{'role': 'user', 'content': 'Hi'}]}\n"
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", head + source, url]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=dict(os.environ)
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


ENDS = {
    "stream": "stream = client.chat.send(**HI, stream=True)\nnext(stream)",
    "cycle": "streams = [client.chat.send(**HI, stream=True)]\nnext(streams[0])\nstreams.append(streams)",
    "generator": """
def parts():
    with OpenRouter(server_url=sys.argv[1]) as client, client.chat.send(**HI, stream=True) as stream:
        yield from stream
reading = parts()
next(reading)""",
}


@pytest.mark.parametrize("end", ENDS)
def test_the_end_of_the_program_closes_an_open_stream(serve, end):
    server = serve(FIRST, WAIT)
    assert not program(ENDS[end], server.base_url)
    wait_for(server.gone)


FORK = """
stream = client.chat.send(**HI, stream=True)
text = next(stream).choices[0].delta.content
if not (child := os.fork()):
    try:
        list(stream)
    except errors.StreamInterruptedError as error:
        print(error.partial.text, error, flush=True)
    stream.close()
    del stream
    client.close()
    answer = client.chat.send(**HI)
    print(answer.text, flush=True)
    os._exit(0)
os.waitpid(child, 0)
text += "".join(chunk.choices[0].delta.content for chunk in stream)
stream.close()
print(text)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX only")
def test_a_forked_child_has_connections_of_its_own_and_leaves_the_parents_stream_alone(serve):
    more = threading.Event()

    def first(request):
        if request.body.get("stream"):
            return FIRST
        more.set()
        return reply(WHOLE, kind="application/json")

    server = serve(first, lambda request: (request.body.get("stream") and more.wait(30) and REST) or b"")
    in_child, answer, in_parent = program(FORK, server.base_url).splitlines()
    assert in_child.startswith("ab ")
    assert "before a fork" in in_child
    assert (answer, in_parent) == ("ok", "abc")


def test_an_async_stream_is_read_on_its_event_loop_only(serve):
    server = serve(FIRST, WAIT)
    client = OpenRouter(server_url=server.base_url)
    stream = background_loop.run_sync(lambda: client.chat.send_async(**ONCE, stream=True))

    async def elsewhere():
        with pytest.raises(errors.StreamInterruptedError, match="another event loop"):
            await anext(stream)
        await stream.aclose()

    asyncio.run(elsewhere())
    wait_for(server.gone)
    client.close()


def test_threads_are_not_left_behind(simulator):
    with OpenRouter(server_url=simulator.base_url) as client:
        client.chat.send(**ONCE, model="demo/parrot")
        before = threading.active_count()
        for _ in range(20):
            client.chat.send(**ONCE, model="demo/parrot")
    assert threading.active_count() <= before
