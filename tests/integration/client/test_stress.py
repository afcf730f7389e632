"""Many requests: cancelled anywhere they leave nothing behind, together they mix nothing, one after another they keep nothing."""

import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.wire import ONCE, WAIT, chunked, events, say, text_of, until

from openrouter_nb import OpenRouter

pytestmark = pytest.mark.transport

FAST = {"model": "demo/parrot", "extra_body": {"simulator": {"pace_ms": 0, "wait_ms": 0}}}
DESCRIPTORS = Path("/dev/fd")
posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors are counted as POSIX shows them")


def descriptors():
    gc.collect()
    return len(list(DESCRIPTORS.iterdir()))


# --- cancelled requests

STAGES = {
    "handshake": ((WAIT,), {"deaf": True}),
    "head": ((WAIT,), {}),
    "body": ((chunked(events(say("a"), done=False), end=False), WAIT), {}),
}
BATCHES, AT_ONCE = 5, 25


async def _use(client, url):
    async with await client.chat.send_async(**ONCE, stream=True, server_url=url) as stream:
        async for _ in stream:
            pass


async def _cancel(tasks):
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(end) for end in ends} == {asyncio.CancelledError}


async def _still_works(client, simulator):
    answer = await client.chat.send_async(**ONCE, **FAST, server_url=simulator.base_url)
    assert answer.text


@posix
@pytest.mark.parametrize("stage", STAGES)
def test_125_cancelled_requests_leave_no_connection(serve, simulator, stage):
    steps, options = STAGES[stage]
    server = serve(*steps, **options)
    url = server.base_url.replace("http:", "https:") if stage == "handshake" else server.base_url

    async def many():
        async with OpenRouter(api_key="sk-or-x") as client:
            await _still_works(client, simulator)
            before = descriptors()
            for _ in range(BATCHES):
                tasks = [asyncio.ensure_future(_use(client, url)) for _ in range(AT_ONCE)]
                for _ in tasks:
                    assert await asyncio.to_thread(server.waiting.acquire, timeout=20)
                await _cancel(tasks)
            await asyncio.to_thread(until, lambda: not server._open)
            await _still_works(client, simulator)
            await asyncio.to_thread(until, lambda: descriptors() <= before)

    asyncio.run(many())


@posix
def test_125_requests_cancelled_while_they_connect_leave_no_connection(simulator):
    """A server that accepts nothing: its queue is full, and who knocks waits."""

    async def many():
        async with OpenRouter(api_key="sk-or-x") as client:
            await _still_works(client, simulator)
            before = descriptors()
            for _ in range(BATCHES):
                tasks = [asyncio.ensure_future(_use(client, url)) for _ in range(AT_ONCE)]
                await asyncio.sleep(0.05)
                assert not any(task.done() for task in tasks)
                await _cancel(tasks)
            await _still_works(client, simulator)
            await asyncio.to_thread(until, lambda: descriptors() <= before)

    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        url = f"http://127.0.0.1:{address[1]}/api/v1"
        filling = [socket.socket() for _ in range(4)]
        for one in filling:
            one.setblocking(False)
            one.connect_ex(address)
        time.sleep(0.05)
        asyncio.run(many())
        for one in filling:
            one.close()


def test_requests_cancelled_at_any_moment_leave_no_connection(serve, simulator):
    steps, options = STAGES["body"]
    server = serve(*steps, **options)

    async def many():
        async with OpenRouter(api_key="sk-or-x") as client:
            for number in range(125):
                task = asyncio.ensure_future(_use(client, server.base_url))
                for _ in range(number % 40):
                    await asyncio.sleep(0)
                await _cancel([task])
            await asyncio.to_thread(until, lambda: not server._open)
            await _still_works(client, simulator)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(many())


# --- at the same time


def test_32_streams_over_8_threads_and_a_running_loop_mix_nothing(simulator):
    def request(name):
        words = [f"{name}-{number}" for number in range(100)]
        return words, {"messages": [{"role": "user", "content": " ".join(words)}], "stream": True, **FAST}

    with OpenRouter(server_url=simulator.base_url) as client, ThreadPoolExecutor(8) as pool:

        def block(name):
            words, asked = request(name)
            with client.chat.send(**asked) as stream:
                assert text_of(stream).split() == words
                assert stream.result.text.split() == words

        async def one(name):
            words, asked = request(name)
            async with await client.chat.send_async(**asked) as stream:
                assert text_of([chunk async for chunk in stream]).split() == words
                assert stream.result.text.split() == words

        async def main():
            loop = asyncio.get_running_loop()
            blocking = [loop.run_in_executor(pool, block, f"thread{number}") for number in range(24)]
            await asyncio.gather(*blocking, *(one(f"loop{number}") for number in range(8)))
            await client.aclose()

        asyncio.run(main())


# --- one after another

SCRIPT = """
import asyncio, gc, json, os, sys, tracemalloc
from openrouter_nb import OpenRouter, errors

url, fast = sys.argv[1], json.loads(sys.argv[2])
HI = [{"role": "user", "content": "Hi"}]

def state():
    gc.collect()
    return {"bytes": tracemalloc.get_traced_memory()[0], "files": len(os.listdir("/dev/fd")), "objects": len(gc.get_objects())}

async def three(client):
    async with await client.chat.send_async(messages=HI, stream=True, **fast) as stream:
        async for chunk in stream:
            chunk.choices
    await client.chat.send_async(messages=HI, **fast)
    async with await client.chat.send_async(messages=HI, stream=True, **fast) as stream:
        await anext(stream)
    try:
        await client.chat.send_async(messages=HI, model="demo/error-404", retries=None)
    except errors.NotFoundError:
        pass

async def main():
    async with OpenRouter(server_url=url) as client:
        for _ in range(25):
            await three(client)
        before = state()
        for _ in range(250):
            await three(client)
        after = state()
    return [before, after]

tracemalloc.start()
print(json.dumps(asyncio.run(main())))
"""


@posix
def test_1000_requests_keep_nothing(simulator):
    command = [sys.executable, "-W", "error", "-c", SCRIPT, simulator.base_url, json.dumps(FAST)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=dict(os.environ)
    )
    assert (done.returncode, done.stderr) == (0, "")
    before, after = json.loads(done.stdout)
    assert after["files"] <= before["files"]
    # A request that were kept would be thousands of objects and a megabyte in all.
    assert after["objects"] - before["objects"] < 500
    assert after["bytes"] - before["bytes"] < 200_000


@posix
def test_event_loops_that_have_ended_keep_no_connection(simulator):
    client = OpenRouter(server_url=simulator.base_url)

    async def one():
        await client.chat.send_async(**ONCE, **FAST)

    def run():
        asyncio.run(one())

    with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # of the sockets
        run()
        before = descriptors()
        for _ in range(20):
            run()
        until(lambda: descriptors() < before + 10)  # the last ones, and those of the server
        client.close()
        gc.collect()


@posix
def test_500_streams_that_are_dropped_leave_no_connection(simulator):
    def drop():
        next(client.chat.send(**ONCE, **FAST, stream=True))

    # An answer that is already complete gives its connection back: the pool keeps up to 20, both ends of each are here.
    idle = 2 * 20
    with OpenRouter(server_url=simulator.base_url) as client:
        client.chat.send(**ONCE, **FAST)
        before = descriptors()
        for _ in range(500):
            drop()
        until(lambda: descriptors() <= before + idle)
