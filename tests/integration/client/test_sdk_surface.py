"""The constructor, call options and import paths of OpenRouter's Python SDK (package openrouter 1.3.84)."""

import asyncio
import inspect
import json
import subprocess
import sys
import threading

import httpx
import openrouter
import pytest
from openrouter.chat import Chat
from support.wire import HI, WAIT, RawServer, reply

import openrouter_nb
from openrouter_nb import OpenRouter, errors

pytestmark = pytest.mark.transport

KEY = "sk-or-v1-sentinel5f1e9ac04b7"
PARROT = {"messages": HI, "model": "demo/parrot"}
LIBRARIES = ["httpx", "httpx2"]
ANSWER = {"id": "gen-1", "choices": [{"message": {"role": "assistant", "content": "ok"}}]}


# --- import paths


def test_modules_are_at_the_import_paths_of_the_sdk():
    from openrouter_nb import operations, types, utils
    from openrouter_nb.utils.eventstreaming import EventStream, EventStreamAsync
    from openrouter_nb.utils.retries import BackoffStrategy, RetryConfig

    assert utils.RetryConfig is RetryConfig is openrouter_nb.RetryConfig
    assert utils.BackoffStrategy is BackoffStrategy is openrouter_nb.BackoffStrategy
    assert types.UNSET is openrouter_nb.UNSET
    assert EventStream[openrouter_nb.ChatResult]
    assert EventStreamAsync[openrouter_nb.ChatResult]
    assert openrouter_nb.ChatResult in operations.SendChatCompletionRequestResponse.__args__
    assert types.OptionalNullable[int]
    assert issubclass(openrouter_nb.components.ChatUserMessage, types.BaseModel)


def test_the_import_paths_are_loaded_when_they_are_used():
    code = (
        "import sys, openrouter_nb;"
        "before = set(sys.modules);"
        "openrouter_nb.utils.RetryConfig, openrouter_nb.types.UNSET, openrouter_nb.operations;"
        "print(sorted(n for n in before if n.startswith('openrouter_nb.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- arguments


def test_the_constructor_takes_the_arguments_of_the_sdk_in_its_order():
    theirs = list(inspect.signature(openrouter.OpenRouter).parameters)
    assert list(inspect.signature(OpenRouter).parameters)[: len(theirs)] == theirs


def test_chat_send_has_every_argument_of_the_sdk():
    from openrouter_nb.client.chat import ChatCall

    theirs = set(inspect.signature(Chat.send).parameters) - {"self", "stream"}
    assert theirs - set(ChatCall.__annotations__) == set()


HEADERS = {
    "http_referer": ("http-referer", "https://app.example"),
    "x_open_router_title": ("x-openrouter-title", "App"),
    "x_open_router_categories": ("x-openrouter-categories", "cli-agent,game"),
    "x_open_router_metadata": ("x-openrouter-metadata", "enabled"),
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("stream", [False, True])
def test_arguments_of_the_sdk_become_headers(simulator, name, stream):
    header, value = HEADERS[name]
    with OpenRouter(server_url=simulator.base_url, http_referer="https://other.example") as client:
        client.chat.send(**PARROT, **{name: value}, stream=stream).__exit__(None, None, None)
        assert simulator.requests[-1].headers[header] == value
        assert name not in simulator.requests[-1].body
        client.chat.send(**PARROT, **{name: value}, http_headers={header.title(): "this one"})
        assert simulator.requests[-1].headers[header] == "this one"
        client.chat.send(**PARROT, **{name: None})
        assert simulator.requests[-1].headers.get(header) != value


def test_arguments_of_the_sdk_become_headers_of_account_calls(simulator):
    with OpenRouter(KEY, server_url=simulator.base_url) as client:
        client.key(http_referer="https://app.example", x_open_router_title="App")
        client.models.list(x_open_router_categories="game")
    key, models = simulator.requests[-2:]
    assert (key.headers["http-referer"], key.headers["x-openrouter-title"]) == ("https://app.example", "App")
    assert models.headers["x-openrouter-categories"] == "game"


def test_a_server_is_named_or_has_parameters(simulator):
    port = simulator.base_url.rpartition(":")[2].partition("/")[0]
    url = "http://127.0.0.1:{port}/{path}/v1"
    with OpenRouter(server_url=url, url_params={"port": port, "path": "api"}) as client:
        assert client.chat.send(**PARROT).text
    assert OpenRouter(server="production").server() == ("https://openrouter.ai/api/v1", False)
    assert OpenRouter(server="production", server_url=simulator.base_url).server()[1]
    with pytest.raises(ValueError, match="Invalid server 'staging'"):
        OpenRouter(server="staging")


def test_a_debug_logger_receives_requests_and_responses_without_the_key(simulator):
    lines = []

    class Logger:
        def debug(self, msg, *args, **kwargs):
            assert not kwargs
            lines.append(msg % args)

    with OpenRouter(KEY, server_url=simulator.base_url, debug_logger=Logger()) as client:
        client.chat.send(**{**PARROT, "user": "the key sk-or-v1-0123456789"})
    sent, received = lines
    assert "/chat/completions" in sent
    assert '"model":"demo/parrot"' in sent
    assert "sk-or-v1-0123456789" not in sent
    assert "status 200" in received


# --- clients of the caller


def sends(client, *, stream):
    """Return the text of an answer of a blocking call."""
    if not stream:
        return client.chat.send(**PARROT).text
    with client.chat.send(**PARROT, stream=True) as events:
        return "".join(event.choices[0].delta.content or "" for event in events if event.choices)


async def sends_async(client, *, stream):
    if not stream:
        return (await client.chat.send_async(**PARROT)).text
    async with await client.chat.send_async(**PARROT, stream=True) as events:
        return "".join([e.choices[0].delta.content or "" async for e in events if e.choices])


@pytest.mark.parametrize("own", LIBRARIES)
@pytest.mark.parametrize("stream", [False, True])
def test_blocking_calls_use_client_and_awaited_calls_use_async_client(simulator, own, stream):
    library = pytest.importorskip(own)

    async def awaited(client):
        async with library.AsyncClient(headers={"x-mine": "awaited"}) as theirs:
            client = OpenRouter(KEY, server_url=simulator.base_url, client=blocking, async_client=theirs)
            assert await sends_async(client, stream=stream) == "Hi"
            await client.aclose()
            assert not theirs.is_closed

    with library.Client(headers={"x-mine": "blocking"}) as blocking:
        with OpenRouter(KEY, server_url=simulator.base_url, client=blocking) as client:
            assert sends(client, stream=stream) == "Hi"
        assert not blocking.is_closed
        asyncio.run(awaited(blocking))
    assert [request.headers["x-mine"] for request in simulator.requests] == ["blocking", "awaited"]
    assert {request.headers["authorization"] for request in simulator.requests} == {f"Bearer {KEY}"}


def test_a_blocking_client_works_for_awaited_calls_too(simulator):
    with httpx.Client(headers={"x-mine": "1"}, auth=("user", "password")) as own:
        client = OpenRouter(KEY, server_url=simulator.base_url, http_client=own)
        assert asyncio.run(sends_async(client, stream=True)) == sends(client, stream=True) == "Hi"
    assert {request.headers["x-mine"] for request in simulator.requests} == {"1"}
    assert {request.headers["authorization"] for request in simulator.requests} == {f"Bearer {KEY}"}


@pytest.mark.parametrize("own", LIBRARIES)
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
@pytest.mark.parametrize("stream", [False, True])
def test_mock_transports_answer(own, kind, stream):
    """As tests of programs that use the SDK do: `httpx.Client(transport=httpx.MockTransport(...))`."""
    library = pytest.importorskip(own)

    def answer(request):
        assert request.headers["authorization"] == f"Bearer {KEY}"
        if not json.loads(request.content)["stream"]:
            return library.Response(200, json=ANSWER)
        event = b'data: {"choices": [{"index": 0, "delta": {"content": "ok"}, "finish_reason": "stop"}]}\n\n'
        return library.Response(
            200, content=event + b"data: [DONE]\n\n", headers={"content-type": "text/event-stream"}
        )

    own_client = getattr(library, kind)(transport=library.MockTransport(answer))
    client = OpenRouter(KEY, http_client=own_client)
    if kind == "Client":
        assert sends(client, stream=stream) == "ok"
    assert asyncio.run(sends_async(client, stream=stream)) == "ok"


class AddsHeader:
    """The custom client of the SDK's README-PYPI.md, section Custom HTTP Client, blocking."""

    def __init__(self, client):
        self.client = client

    def send(
        self,
        request,
        *,
        stream=False,
        auth=httpx.USE_CLIENT_DEFAULT,
        follow_redirects=httpx.USE_CLIENT_DEFAULT,
    ):
        request.headers["Client-Level-Header"] = "added by client"
        return self.client.send(request, stream=stream, auth=auth, follow_redirects=follow_redirects)

    def build_request(self, method, url, *, content=None, headers=None, timeout=httpx.USE_CLIENT_DEFAULT):
        return self.client.build_request(method, url, content=content, headers=headers, timeout=timeout)

    def close(self):
        self.client.close()


class AddsHeaderAsync(AddsHeader):
    """The asynchronous one."""

    async def send(self, request, *, stream=False):
        request.headers["Client-Level-Header"] = "added by client"
        return await self.client.send(request, stream=stream)


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_may_wrap_another(simulator, stream):
    from openrouter_nb.httpclient import AsyncHttpClient, HttpClient

    async def talk():
        async with httpx.AsyncClient() as inner:
            own = AddsHeaderAsync(inner)
            assert isinstance(own, AsyncHttpClient)
            client = OpenRouter(KEY, server_url=simulator.base_url, async_client=own)
            assert await sends_async(client, stream=stream) == "Hi"
            with pytest.raises(errors.NoResponseError):
                await client.chat.send_async(**PARROT, server_url="http://127.0.0.1:1/api/v1", retries=None)

    with httpx.Client() as inner:
        own = AddsHeader(inner)
        assert isinstance(own, HttpClient)
        client = OpenRouter(KEY, server_url=simulator.base_url, client=own)
        assert sends(client, stream=stream) == "Hi"
        with pytest.raises(errors.NoResponseError):
            client.chat.send(**PARROT, server_url="http://127.0.0.1:1/api/v1", retries=None)
    asyncio.run(talk())
    assert [r.headers["client-level-header"] for r in simulator.requests] == ["added by client"] * 2


def test_a_clients_own_hooks_redirects_and_timeouts_apply(simulator, serve):
    seen = []
    moved = reply(
        b"",
        status="307 Temporary Redirect",
        headers=f"Location: {simulator.base_url}/chat/completions\r\n",
    )
    server = serve(moved)
    with httpx.Client(follow_redirects=True, event_hooks={"request": [seen.append]}) as own:
        client = OpenRouter(KEY, server_url=server.base_url, client=own)
        assert sends(client, stream=False) == "Hi"
    assert len(seen) == 2
    # httpx removes the key, because another server gets the second request.
    assert "authorization" not in simulator.requests[-1].headers

    slow = serve(WAIT)
    with httpx.Client(timeout=0.01) as own:
        client = OpenRouter(KEY, server_url=slow.base_url, client=own, retry_config=None)
        with pytest.raises(errors.RequestTimeoutError):
            client.chat.send(**PARROT)
        assert client.chat.send(**PARROT, server_url=simulator.base_url, timeout_ms=60_000).text == "Hi"


def test_timeout_ms_replaces_the_timeouts_of_a_client(simulator):
    seen = []

    def see(request):
        seen.append(request.extensions["timeout"]["read"])

    with httpx.Client(timeout=30, event_hooks={"request": [see]}) as own:
        client = OpenRouter(server_url=simulator.base_url, client=own)
        client.chat.send(**PARROT)
        client.chat.send(**PARROT, timeout_ms=4000)
        OpenRouter(server_url=simulator.base_url, client=own, timeout_ms=5000).chat.send(**PARROT)
    assert seen == [30, 4, 5]


HALF = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
)


@pytest.mark.parametrize("leave", ["close", "drop"])
def test_leaving_a_stream_closes_the_connection_of_a_blocking_client(serve, leave):
    server: RawServer = serve(HALF, WAIT)
    with httpx.Client() as own:
        client = OpenRouter(KEY, server_url=server.base_url, client=own)
        events = client.chat.send(**PARROT, stream=True)
        assert next(events).choices[0].delta.content == "a"
        if leave == "close":
            events.close()
        del events
        assert server.gone.acquire(timeout=20)


def test_the_response_of_a_cancelled_call_of_a_blocking_client_is_closed_when_it_comes(serve):
    cancelled, waiting = threading.Event(), threading.Event()

    def head_after_cancel(_):
        waiting.set()
        assert cancelled.wait(20)
        return HALF

    server: RawServer = serve(head_after_cancel, WAIT)

    async def cancel():
        client = OpenRouter(KEY, server_url=server.base_url, http_client=own)
        task = asyncio.create_task(client.chat.send_async(**PARROT, stream=True))
        assert await asyncio.to_thread(waiting.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        cancelled.set()

    with httpx.Client() as own:
        asyncio.run(cancel())
        assert server.gone.acquire(timeout=20)


@pytest.mark.parametrize("wrong", ["a client", object()])
def test_an_object_that_is_not_a_client_is_refused(simulator, wrong):
    with pytest.raises(errors.ConfigurationError, match=r"httpx\.Client"):
        OpenRouter(server_url=simulator.base_url, client=wrong).chat.send(**PARROT)
