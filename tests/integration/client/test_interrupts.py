"""Ctrl-C at every moment of a blocking stream: the request is closed, and nothing runs on."""

import asyncio
import sys

import pytest
from support.interrupting import interrupted_at, nothing_runs

from openrouter_nb import OpenRouter
from openrouter_nb.client import background_loop
from openrouter_nb.client import chat as client_chat
from openrouter_nb.client.streaming import blocking_stream

pytestmark = [
    pytest.mark.transport,
    pytest.mark.filterwarnings("ignore:coroutine .*guarded. was never awaited:RuntimeWarning"),
]


@pytest.fixture(autouse=True)
def _interrupted_destructors(monkeypatch):
    """Python prints what is raised in one; pytest would keep it, and with it all that it is about."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)


HELD = {"simulator": {"wait_ms": 0, "pace_ms": 0, "hold_after": 3}}


def test_an_interrupt_at_any_moment_closes_the_request_of_a_stream(simulator):
    client = OpenRouter(api_key="sk-or-x", server_url=simulator.base_url)
    asked = {"model": "demo/slow", "messages": [{"role": "user", "content": "Hi"}], "extra_body": HELD}

    def read_two():
        with client.chat.send(stream=True, **asked) as events:
            for number, _ in enumerate(events):
                if number:
                    break

    assert interrupted_at(10**9, [], read_two) == (False, None)

    def nothing_is_left():
        assert not background_loop.has_caller()
        simulator.wait_for_close()

    nth, came = 0, True
    while came:
        nth += 1
        came, _ = interrupted_at(
            nth, [background_loop, blocking_stream, client_chat], read_two, afterwards=nothing_is_left
        )
    assert nth > 50
    assert {exchange.outcome for exchange in simulator.exchanges} == {"client gone"}
    background_loop.run_sync(nothing_runs)


def test_a_stream_that_is_dropped_is_closed(simulator):
    client = OpenRouter(api_key="sk-or-x", server_url=simulator.base_url)
    asked = {"model": "demo/slow", "messages": [{"role": "user", "content": "Hi"}], "extra_body": HELD}
    client.chat.send(stream=True, **asked)
    simulator.wait_for_close()
    for _ in client.chat.send(stream=True, **asked):
        break
    simulator.wait_for_close()

    async def dropped():
        async for _ in await client.chat.send_async(stream=True, **asked):
            break
        await asyncio.to_thread(simulator.wait_for_close)

    asyncio.run(dropped())
    assert [exchange.outcome for exchange in simulator.exchanges] == ["client gone"] * 3
