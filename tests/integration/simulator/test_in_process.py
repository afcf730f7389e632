"""`OPENROUTER_BASE_URL=simulator:` gives the answers of the simulator's server, without a server."""

import asyncio
import re
import subprocess
import sys

import httpx
import pytest

from openrouter_nb import OpenRouter
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.simulator.in_process import in_process_transport, request_log

HELLO = [{"role": "user", "content": "Hello"}]
VARYING = re.compile(rb'"(id|created|created_at)":"?[\w-]+"?|gen-[\w-]+')


@pytest.fixture
def open_router(monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", "simulator:")
    return OpenRouter(retry_config=None)


def ask(model, **options):
    body = {"model": model, "messages": HELLO, "simulator": {"wait_ms": 0, "pace_ms": 0}, **options}
    return "POST", "/chat/completions", {"json": body}


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/models?q=parrot", {}),
        ("GET", "/model/demo/parrot", {}),
        ("GET", "/models/demo/parrot/endpoints", {}),
        ("GET", "/key", {"headers": {"Authorization": "Bearer sk-or-v1-0000111122223333"}}),
        ("GET", "/nowhere", {}),
        ("PUT", "/models", {}),
        ask("demo/tour", stream=True),
        ask("demo/tour"),
        ask("demo/reasoner", stream=True),
        ask("demo/tools", stream=True),
        ask("demo/error-429"),
        ask("demo/midstream-error", stream=True),
        ask("nobody/nothing"),
        ask("demo/parrot", temperature="hot"),
    ],
    ids=str,
)
def test_both_give_the_same_answers(simulator, method, path, options):
    async def here():
        async with httpx.AsyncClient(transport=in_process_transport(httpx)) as client:
            return await client.request(method, f"http://simulator.localhost/api/v1{path}", **options)

    there = httpx.request(method, simulator.base_url + path, trust_env=False, **options)
    answer = asyncio.run(here())
    assert answer.status_code == there.status_code
    assert answer.headers["content-type"] == there.headers["content-type"]
    assert VARYING.sub(b"", answer.content) == VARYING.sub(b"", there.content)


def test_an_answer_arrives_in_parts(open_router):
    async def sizes():
        async with await open_router.chat.send_async(
            model="demo/slow",
            messages=HELLO,
            stream=True,
            extra_body={"simulator": {"wait_ms": 0, "pace_ms": 5, "chunks": 5}},
        ) as stream:
            return {len(stream.result.text) async for _ in stream}

    assert len(asyncio.run(sizes()) - {0}) == 5


@pytest.mark.parametrize("model", ["demo/slow", "demo/stall"])
def test_a_cancelled_request_ends_the_answer(open_router, model):
    async def cancel():
        stream = await open_router.chat.send_async(model=model, messages=HELLO, stream=True)
        reading = asyncio.create_task(stream.read_ready())
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])

    asyncio.run(cancel())
    assert request_log().exchanges()[-1].outcome == "client gone"


@pytest.mark.parametrize("model", ["demo/error-500", "demo/cut", "demo/reset"])
def test_errors_are_those_of_the_server(open_router, simulator, model):
    server = OpenRouter(server_url=simulator.base_url, retry_config=None)
    raised = []
    for client in (open_router, server):
        with client, pytest.raises(OpenRouterError) as error:
            for _ in client.chat.send(model=model, messages=HELLO, stream=True):
                pass
        raised.append((type(error.value).__name__, error.value.status_code, error.value.partial is None))
    assert raised[0] == raised[1]


@pytest.mark.usefixtures("open_router")
def test_it_needs_no_tornado():
    program = """
import sys
sys.modules["tornado"] = None
from openrouter_nb import chat
print(chat("Hello", model="demo/parrot").text)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Hello\n", "")
