"""The key goes where it should, and is seen nowhere else."""

import asyncio
import copy
import gc
import json
import logging
import pickle
import pprint
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from support.wire import ONCE, RESET, chunked, events, reply, say, until_close

from openrouter_nb import OpenRouter, errors
from openrouter_nb.live.execution import answer_metadata
from openrouter_nb.render.answer.footer import footer
from openrouter_nb.render.errors.banners import banner
from openrouter_nb.simulator import Simulator

pytestmark = pytest.mark.transport

KEY = "sk-or-v1-sentinel5f1e9ac04b7"


@pytest.fixture
def environment(monkeypatch):
    return lambda **values: [monkeypatch.setenv(name, value) for name, value in values.items()]


def sent(server):
    """The Authorization headers that arrived."""
    return [request.headers.get("authorization") for request in server.requests]


# --- on the wire


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("given", ["argument", "function", "environment"])
def test_the_key_is_sent_as_a_bearer_and_nowhere_else(simulator, environment, given, stream):
    if given == "environment":
        environment(OPENROUTER_API_KEY=KEY)
    key = {"argument": KEY, "function": lambda: KEY, "environment": None}[given]
    with OpenRouter(api_key=key, server_url=simulator.base_url) as client:
        answer = client.chat.send(**ONCE, model="demo/parrot", stream=stream)
        if stream:
            answer.close()
    (request,) = simulator.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    rest = {**request.headers, "authorization": ""}
    assert KEY not in json.dumps([request.method, request.path, rest, request.body])


def test_without_a_key_no_header_is_sent(simulator):
    with OpenRouter(server_url=simulator.base_url) as client:
        client.chat.send(**ONCE, model="demo/parrot")
    assert sent(simulator) == [None]


def test_a_function_is_asked_at_every_request(simulator):
    keys = iter(["sk-or-one", "sk-or-two"])
    with OpenRouter(api_key=lambda: next(keys), server_url=simulator.base_url) as client:
        for _ in range(2):
            client.chat.send(**ONCE, model="demo/parrot")
    assert sent(simulator) == ["Bearer sk-or-one", "Bearer sk-or-two"]


def test_the_server_of_one_call_gets_the_key_of_the_client(simulator):
    with Simulator() as other, OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        client.chat.send(**ONCE, model="demo/parrot", server_url=other.base_url)
        assert (sent(simulator), sent(other)) == ([], [f"Bearer {KEY}"])


@pytest.mark.parametrize(
    ("server_url", "kind"),
    [
        ("https://elsewhere.example/api/v1", errors.MissingAPIKeyError),
        ("http://elsewhere.example/api/v1", errors.ConfigurationError),
        (f"https://{KEY}@openrouter.ai/api/v1", errors.ConfigurationError),
        ("file:///etc/passwd", errors.ConfigurationError),
    ],
)
def test_an_address_that_must_not_have_the_key_is_refused_before_sending(environment, server_url, kind):
    environment(OPENROUTER_API_KEY=KEY)
    with OpenRouter(server_url=server_url) as client:
        assert KEY not in repr(client)
        for how in ({}, {"stream": True}):
            with pytest.raises(kind) as caught:
                client.chat.send(**ONCE, **how)
            assert KEY not in str(caught.value)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_request_to_this_machine_goes_past_any_proxy(simulator, serve, environment, name, host):
    proxy = serve(reply(b"{}", kind="application/json"))
    environment(**{name: proxy.base_url.removesuffix("/api/v1")})
    with OpenRouter(api_key=KEY, server_url=simulator.base_url.replace("127.0.0.1", host)) as client:
        assert client.chat.send(**ONCE, model="demo/parrot").text
    assert proxy.requests == []


@pytest.mark.parametrize("where", ["message", "extra_body", "key of an object", "user"])
def test_a_request_that_holds_the_key_is_refused(simulator, where):
    request = {
        "message": {"messages": [{"role": "user", "content": f"my key is {KEY}."}]},
        "extra_body": {"extra_body": {"a": [KEY]}},
        "key of an object": {"metadata": {KEY: "x"}},
        "user": {"user": KEY},
    }[where]
    with (
        OpenRouter(api_key=KEY, server_url=simulator.base_url) as client,
        pytest.raises(errors.ConfigurationError, match="holds the API key") as caught,
    ):
        client.chat.send(**({**ONCE, "model": "demo/parrot"} | request))
    assert simulator.requests == []
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("name", ["X-Key", "X-OpenRouter-Title", "Cookie"])
@pytest.mark.parametrize("value", ["{}", "Bearer {}", "a={}; b=c"])
def test_a_header_that_holds_the_key_is_refused(simulator, name, value):
    headers = {name: value.format(KEY)}
    refused = pytest.raises(errors.ConfigurationError, match="A header holds the API key")
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client, refused as caught:
        client.chat.send(**ONCE, model="demo/parrot", http_headers=headers)
    assert KEY not in str(caught.value)
    assert sent(simulator) == []


#: A key of no known format.
ODD_KEY = "a.key-of.another-form/5f1e9ac04b7"
ECHOES = [
    reply(
        b'{"error":{"code":500,"message":"x"}}',
        status="500 Oops",
        kind="application/json",
        headers=f"cf-ray: {ODD_KEY}\r\n",
    ),
    reply(b"{}", status="500 Oops", kind="application/json", headers=f"x-generation-id: {ODD_KEY}\r\n"),
    reply(
        json.dumps({"id": ODD_KEY, "error": {"code": 500, "message": "x"}}).encode(),
        status="500 Oops",
        kind="application/json",
    ),
    reply(json.dumps({"id": ODD_KEY, "provider": ODD_KEY, "choices": []}).encode(), kind="application/json"),
    reply(
        json.dumps(
            {
                "error": {
                    "code": 404,
                    "message": "x",
                    "metadata": {"provider_name": ODD_KEY, "provider_code": ODD_KEY, "error_type": ODD_KEY},
                    "availability": {
                        "fallback_models": [f"acme/{ODD_KEY}"],
                        "constraint": {"detail": ODD_KEY},
                    },
                }
            }
        ).encode(),
        status="404 Not Found",
        kind="application/json",
    ),
]


@pytest.mark.parametrize("echo", ECHOES, ids=["ray", "generation", "body id", "empty answer", "metadata"])
def test_a_key_that_is_echoed_is_hidden(serve, echo):
    server_url = serve(echo).base_url
    failure = pytest.raises(errors.OpenRouterError)
    with OpenRouter(api_key=ODD_KEY, server_url=server_url, retry_config=None) as client, failure as caught:
        client.chat.send(**ONCE, model="demo/x")
    error = caught.value
    shown = banner(error)
    said = [str(error), error.body, dict(error.headers), error.metadata, error.availability, error.provider]
    said += [error.request_id, error.generation_id, shown.plain, shown]
    assert ODD_KEY not in repr(said)


def test_a_key_that_is_echoed_in_an_answer_is_not_in_its_footer(serve):
    body = {"model": f"acme/{ODD_KEY}", "provider": ODD_KEY, "choices": [{"message": {"content": "ok"}}]}
    echo = reply(json.dumps(body).encode(), kind="application/json")
    with OpenRouter(api_key=ODD_KEY, server_url=serve(echo).base_url) as client:
        result = client.chat.send(**ONCE, model="demo/x")
    assert ODD_KEY not in footer(result)
    assert ODD_KEY not in repr(answer_metadata(result))


def test_a_placeholder_for_a_key_may_be_in_a_prompt(simulator):
    with OpenRouter(api_key="test", server_url=simulator.base_url) as client:
        answer = client.chat.send(
            model="demo/parrot", messages=[{"role": "user", "content": "This is a test."}]
        )
    assert answer.text == "This is a test."


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION", " authorization"])
def test_an_authorization_header_is_refused(simulator, name):
    with (
        OpenRouter(server_url=simulator.base_url) as client,
        pytest.raises(errors.ConfigurationError, match="api_key="),
    ):
        client.chat.send(**ONCE, http_headers={name: f"Bearer {KEY}"})
    assert simulator.requests == []


@pytest.mark.parametrize("value", ["a\nb: c", "a\r\n\r\n", "é", "\0", 7, None])
def test_a_header_that_cannot_be_is_refused(simulator, value):
    with (
        OpenRouter(server_url=simulator.base_url) as client,
        pytest.raises(errors.ConfigurationError, match="'x-mine'"),
    ):
        client.chat.send(**ONCE, http_headers={"X-Mine": value})
    assert simulator.requests == []


def test_further_headers_replace_ours_whatever_their_case(simulator, environment):
    environment(OPENROUTER_HTTP_REFERER="https://app.example", OPENROUTER_X_TITLE="App")
    with OpenRouter(server_url=simulator.base_url, x_title="Mine") as client:
        client.chat.send(
            **ONCE,
            model="demo/parrot",
            http_headers={"USER-AGENT": "me", "x-Mine": "1", "Accept-Encoding": "gzip"},
        )
    headers = simulator.requests[0].headers
    expected = {
        "user-agent": "me",
        "x-mine": "1",
        "accept": "application/json",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "http-referer": "https://app.example",
        "x-openrouter-title": "Mine",
    }
    assert {name: headers[name] for name in expected} == expected


@pytest.mark.parametrize(
    "status",
    [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ],
)
def test_a_redirect_is_not_followed(serve, simulator, status):
    server = serve(
        reply(
            b"",
            status=status,
            kind="text/html",
            headers=f"Location: {simulator.base_url}/chat/completions\r\n",
        )
    )
    with OpenRouter(api_key=KEY, server_url=server.base_url) as client:
        for stream in (True, False):
            with pytest.raises(errors.UnexpectedContentError, match="redirects"):
                client.chat.send(**ONCE, stream=stream)
    assert (len(server.requests), len(simulator.requests)) == (2, 0)


def test_a_callers_own_http_client_is_used_and_not_closed(simulator):
    import httpx

    async def talk():
        async with httpx.AsyncClient(headers={"X-Mine": "1"}, auth=("user", "password")) as own:
            async with OpenRouter(api_key=KEY, server_url=simulator.base_url, http_client=own) as client:
                await client.chat.send_async(**ONCE, model="demo/parrot")
            assert not own.is_closed

    asyncio.run(talk())
    assert simulator.requests[0].headers["x-mine"] == "1"
    assert sent(simulator) == [f"Bearer {KEY}"]


# --- in what anyone may print

ECHO = f'{{"error": {{"code": 401, "message": "Incorrect API key: {KEY}", "metadata": {{"raw": "Bearer {KEY}"}}}}}}'.encode()
FAULTS = {
    "no connection": None,
    "key echoed as status line": (f"{KEY} Authorization: Bearer {KEY}\r\n\r\n".encode(),),
    "key echoed in an error": (reply(ECHO, status="401 Unauthorized", kind="application/json"),),
    "key echoed in a page": (
        reply(f"<html><title>{KEY}</title>".encode(), status="502 Bad Gateway", kind="text/html"),
    ),
    "key echoed in a 200": (reply(f"Authorization: Bearer {KEY}".encode(), kind="text/plain"),),
    "key echoed in the stream": (until_close(events({"error": json.loads(ECHO)["error"]})),),
    "cookie": (reply(b"{}", status="500 Oops", kind="application/json", headers=f"Set-Cookie: k={KEY}\r\n"),),
    "cut": (chunked(events(say("a"), done=False), end=False),),
    "reset": (chunked(events(say("a"), done=False), end=False), RESET),
    "reset at once": (RESET,),
    "bad json": (until_close(b"data: {\n\n"),),
    "empty": (reply(b'{"choices": []}', kind="application/json"),),
    "redirect": (reply(b"", status="307 Elsewhere", headers="Location: https://elsewhere.example\r\n"),),
    "bad header": {"http_headers": {"X-Bad": "\n"}},
    "key in the body": {"user": KEY},
    "unknown parameter": {"no_such_parameter": 1},
    "value out of bounds": {"temperature": 9},
    "key as a value": {"temperature": KEY},
    "foreign server": {"server_url": "https://elsewhere.example"},
    "bad server": {"server_url": "ftp://elsewhere.example"},
}


def call(url, *, stream, overrides, from_environment):
    """Send one request that fails. The key is not a variable of this frame, so that a traceback shows only the frames of the client."""
    client = OpenRouter(api_key=None if from_environment else KEY, server_url=url)
    try:
        answer = client.chat.send(**({**ONCE, "model": "demo/parrot"} | overrides), stream=stream)
        for _ in answer:
            pass
    finally:
        client.close()


def failed(serve, fault, *, stream, from_environment):
    plan = FAULTS[fault]
    url = serve(*plan).base_url if isinstance(plan, tuple) else "http://127.0.0.1:1/api/v1"
    overrides = plan if isinstance(plan, dict) else {}
    try:
        call(url, stream=stream, overrides=overrides, from_environment=from_environment)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
        return error
    raise AssertionError("nothing failed")


def with_locals(error):
    """The traceback with all local variables of all frames, from the client's own on."""
    lines = traceback.TracebackException.from_exception(error, capture_locals=True, compact=True).format()
    return "".join(lines)


def as_ipython_shows(error):
    """What IPython shows of an error after each `%xmode`."""
    from IPython.core.ultratb import AutoFormattedTB

    formatter = AutoFormattedTB(theme_name="nocolor")
    texts = []
    for mode in XMODES:
        formatter.set_mode(mode)
        texts.append(formatter.text(type(error), error, error.__traceback__))
    assert "open" in texts[XMODES.index("Verbose")] or "build_body" in texts[XMODES.index("Verbose")]
    return texts


# Where the caller wrote the key into the call itself, the caller's frames hold it.
WRITTEN = {"key in the body", "key as a value"}


XMODES = ["Plain", "Context", "Verbose", "Minimal", "Docs"]
WAYS = [(stream, from_environment) for stream in (True, False) for from_environment in (True, False)]


@pytest.mark.parametrize(
    "way", WAYS, ids=["stream-environment", "stream-argument", "whole-environment", "whole-argument"]
)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_the_key(serve, environment, caplog, fault, way):
    stream, from_environment = way
    if from_environment:
        environment(OPENROUTER_API_KEY=KEY)
    with caplog.at_level(logging.DEBUG):
        error = failed(serve, fault, stream=stream, from_environment=from_environment)
    error.__traceback__ = error.__traceback__.tb_next.tb_next.tb_next  # without the frames of this file
    shown = [repr(error), str(error), pprint.pformat(vars(error)), pickle.dumps(error).decode("latin-1")]
    if fault not in WRITTEN:
        shown += [*as_ipython_shows(error), with_locals(error)]
    for text in shown:
        assert KEY not in text
        assert KEY[9:-1] not in text
    assert KEY not in caplog.text or fault in {"cookie", "key echoed as status line"}, (
        "httpcore logs what servers say"
    )


def test_no_public_object_shows_the_key(simulator, environment):
    environment(OPENROUTER_API_KEY=KEY)
    for key in (KEY, None):
        with OpenRouter(api_key=key, server_url=simulator.base_url) as client:
            with client.chat.send(**ONCE, model="demo/parrot", stream=True) as stream:
                (first, *_) = stream
            result = client.chat.send(**ONCE, model="demo/parrot")
            for thing in (client, client.chat, stream, first, result, stream.result):
                for show in (
                    repr,
                    str,
                    "{}".format,
                    pprint.pformat,
                    lambda x: repr(getattr(x, "__dict__", "")),
                    _attributes,
                ):
                    assert KEY not in show(thing)
                for way in (pickle.dumps, lambda x: json.dumps(x, default=vars)):
                    try:
                        written = way(thing)
                    except Exception:  # noqa: BLE001, S112 - what cannot be written shows nothing
                        continue
                    assert KEY not in (written.decode("latin-1") if isinstance(written, bytes) else written)


def _attributes(thing, depth=0):
    """Everything that can be reached by attributes, four deep."""
    if depth == 4:
        return repr(thing)
    inner = getattr(thing, "__dict__", {})
    slots = {
        name: getattr(thing, name, None)
        for kind in type(thing).__mro__
        for name in getattr(kind, "__slots__", ())
    }
    if isinstance(inner, dict) and type(thing).__module__.startswith("openrouter_nb"):
        return repr(thing) + "".join(_attributes(value, depth + 1) for value in (inner | slots).values())
    return repr(thing)


def test_a_copied_client_is_no_way_to_the_key(simulator):
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        try:
            twin = copy.copy(client)
        except TypeError:
            return
        assert KEY not in repr(vars(twin))


def test_debug_logs_of_a_request_that_works_hold_neither_key_nor_prompt(simulator, caplog):
    with caplog.at_level(logging.DEBUG), OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        client.chat.send(messages=[{"role": "user", "content": "a private prompt"}], model="demo/parrot")
    loggers = {record.name.rstrip("2") for record in caplog.records}
    assert loggers & {"httpx", "httpcore.http11", "httpcore2.http11"}, (
        "the HTTP library says nothing any more"
    )
    assert KEY not in caplog.text
    assert "private prompt" not in caplog.text


def test_no_frame_or_object_of_ours_holds_the_key_after_a_request(simulator):
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        client.chat.send(**ONCE, model="demo/parrot")
        gc.collect()
        ours = [
            thing
            for thing in gc.get_objects()
            if str(type(thing).__module__).startswith("openrouter_nb.client")
        ]
        assert ours
        assert not any(KEY in repr(thing) for thing in ours)


BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.parametrize("what", ["cold", "stream"])
@pytest.mark.parametrize("answers", [True, False])
def test_the_key_is_not_in_what_a_benchmark_says(simulator, environment, what, answers):
    environment(OPENROUTER_API_KEY=KEY)
    url = simulator.base_url if answers else "http://127.0.0.1:1/api/v1"
    for client in ("ours", "ours, blocking"):
        command = [sys.executable, str(BENCHMARKS / "client_worker.py"), client, url, what]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert bool(done.stdout) or bool(done.stderr)
        for key in (KEY, "sk-or-"):
            assert key not in done.stdout + done.stderr


def test_the_key_is_not_in_the_results_of_the_benchmarks():
    results = list((BENCHMARKS / "results").glob("*"))
    assert results
    for file in results:
        assert b"sk-or" not in file.read_bytes()
