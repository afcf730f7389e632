"""The tests of OpenRouter's Python SDK for chat, retries and keys, against this client.

Source: github.com/OpenRouterTeam/python-sdk, tests/test_web_search_tools.py, test_retries.py, test_api_key_resolution.py and
test_logger.py, of the releases up to 1.3.84 (Apache-2.0). The import is changed. Where a test calls an internal function of the
SDK or an endpoint that this client does not have, a request is sent instead.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from openrouter_nb import OpenRouter, components, errors
from openrouter_nb.utils.retries import BackoffStrategy, RetryConfig

HI = [{"role": "user", "content": "Hi"}]
ANSWER = {"id": "gen-1", "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok"}}]}

# --- tests/test_web_search_tools.py


def test_chat_request_supports_openrouter_web_search_server_tool():
    request = components.ChatRequest(
        messages=[{"role": "user", "content": "What changed in AI today?"}],
        tools=[
            components.OpenRouterWebSearchServerTool(
                type="openrouter:web_search",
                parameters=components.WebSearchConfig(
                    max_results=5,
                    search_context_size="medium",
                ),
            )
        ],
    )

    assert request.model_dump(mode="json", exclude_unset=True)["tools"] == [
        {
            "type": "openrouter:web_search",
            "parameters": {"max_results": 5, "search_context_size": "medium"},
        }
    ]


def test_request_plugins_support_web_search_plugin():
    request = components.ChatRequest(
        messages=[{"role": "user", "content": "What changed in AI today?"}],
        plugins=[components.WebSearchPlugin(id="web", max_results=5)],
    )

    assert request.model_dump(mode="json", exclude_unset=True)["plugins"] == [{"id": "web", "max_results": 5}]


def test_a_chat_request_is_sent_as_it_is_dumped(simulator):
    """Not in the SDK's suite."""
    request = components.ChatRequest(
        messages=[components.ChatUserMessage(content="Hi")], model="demo/parrot", temperature=None, seed=1
    )
    dumped = {"messages": HI, "model": "demo/parrot", "temperature": None, "seed": 1}
    assert request.model_dump() == request.model_dump(exclude_unset=True) == dumped
    with OpenRouter(server_url=simulator.base_url) as client:
        client.chat.send(**request.model_dump())
    assert simulator.requests[-1].body == {**dumped, "stream": False}
    assert request.top_p is None
    with pytest.raises(ValueError, match="messages"):
        components.ChatRequest(model="demo/parrot")


# --- tests/test_retries.py


def fast_retries():
    # Jitter-free, 1ms intervals. Budget is generous so these tests terminate on
    # success / non-retryable status rather than on the elapsed-time timeout, which
    # keeps `calls` counts deterministic regardless of CI scheduling overhead.
    backoff = BackoffStrategy(
        initial_interval=1, max_interval=1, exponent=1.0, max_elapsed_time=10000, jitter_ms=0
    )
    return RetryConfig("backoff", backoff, retry_connection_errors=True)


class Responder:
    """Answers the first requests with a response, and all that follow with an answer."""

    def __init__(self, status, body, times=2):
        self.status, self.body, self.times, self.calls = status, body, times, 0

    def __call__(self, _):
        self.calls += 1
        if self.calls <= self.times:
            return httpx.Response(self.status, json=self.body)
        return httpx.Response(200, json=ANSWER)

    def client(self):
        transport = httpx.MockTransport(self)
        return OpenRouter(
            "key",
            client=httpx.Client(transport=transport),
            async_client=httpx.AsyncClient(transport=transport),
            retry_config=fast_retries(),
        )


def test_retries_400_wrapping_transient_code_then_succeeds():
    responder = Responder(400, {"error": {"message": "Provider returned error", "code": 502}})
    assert responder.client().chat.send(messages=HI).choices[0].message.content == "ok"
    assert responder.calls == 3  # retried twice, then succeeded


@pytest.mark.parametrize("code", [502, "529"])
def test_400_with_transient_inner_code(code):
    responder = Responder(400, {"error": {"code": code}})
    assert responder.client().chat.send(messages=HI)
    assert responder.calls == 3


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "logprobs must be 0-5", "code": 400}},
        {"error": {"message": "bad"}},
        [],
    ],
)
def test_does_not_retry_plain_400(body):
    responder = Responder(400, body)
    with pytest.raises(errors.OpenRouterError) as caught:
        responder.client().chat.send(messages=HI)
    assert caught.value.status_code == 400
    assert responder.calls == 1  # not retried


def test_async_retries_400_wrapping_transient_code_then_succeeds():
    responder = Responder(400, {"error": {"code": 503}})
    result = asyncio.run(responder.client().chat.send_async(messages=HI))
    assert result.choices[0].message.content == "ok"
    assert responder.calls == 3


# --- tests/test_api_key_resolution.py


@pytest.fixture(name="server")
def _server():
    """A stub API that records the Authorization header it was sent."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(self.headers.get("authorization"))
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(ANSWER).encode())

        def log_message(self, *args):
            pass

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{httpd.server_address[1]}", received
    finally:
        httpd.shutdown()
        httpd.server_close()


def _authorization(url, received, **kwargs):
    with OpenRouter(server_url=url, **kwargs) as client:
        client.chat.send(messages=HI)
    assert received, "no request reached the server"
    return received.pop()


def test_env_var_is_used_when_no_api_key_is_passed(server, monkeypatch):
    url, received = server
    monkeypatch.setenv("OPENROUTER_API_KEY", "from-env")

    assert _authorization(url, received) == "Bearer from-env"


def test_explicit_api_key_wins_over_the_env_var(server, monkeypatch):
    url, received = server
    monkeypatch.setenv("OPENROUTER_API_KEY", "from-env")

    assert _authorization(url, received, api_key="explicit") == "Bearer explicit"


def test_blank_api_key_falls_back_to_the_env_var(server, monkeypatch):
    # The documented pattern api_key=os.getenv("OPENROUTER_API_KEY", "") produces
    # "" when the variable is unset. It used to short-circuit the fallback and
    # fail in httpx with LocalProtocolError: Illegal header value b'Bearer '.
    url, received = server
    monkeypatch.setenv("OPENROUTER_API_KEY", "from-env")

    assert _authorization(url, received, api_key="") == "Bearer from-env"
    assert _authorization(url, received, api_key="   ") == "Bearer from-env"


def test_no_credentials_anywhere_sends_no_authorization_header(server, monkeypatch):
    url, received = server
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)

    assert _authorization(url, received) is None
    assert _authorization(url, received, api_key="") is None


def test_callable_api_key_is_still_resolved_per_request(server, monkeypatch):
    url, received = server
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)
    keys = iter(["first", "second"])

    with OpenRouter(server_url=url, api_key=lambda: next(keys)) as client:
        for expected in ["Bearer first", "Bearer second"]:
            client.chat.send(messages=HI)
            assert received.pop() == expected


# --- tests/test_logger.py

PROBE = """
import json, logging, sys
{setup}
root = logging.getLogger()
before = (root.level, len(root.handlers))

from openrouter_nb import OpenRouter
OpenRouter(api_key="x")
OpenRouter(api_key="x")  # twice: handlers must not stack

sdk = logging.getLogger("openrouter_nb")
print(json.dumps({{
    "root_before": before,
    "root_after": (root.level, len(root.handlers)),
    "sdk_level": sdk.level,
    "sdk_handlers": len(sdk.handlers),
}}))
"""


def _probe(setup="", **env):
    """Run a fresh interpreter: logging config is process-global."""
    out = subprocess.run(
        [sys.executable, "-c", PROBE.format(setup=setup)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **env},
    ).stdout
    return json.loads(out.strip().splitlines()[-1])


def test_debug_mode_leaves_the_root_logger_alone():
    r = _probe(OPENROUTER_DEBUG="1")

    assert r["root_after"] == r["root_before"]
    assert r["root_after"] == [30, 0]  # WARNING, no handlers

    # The SDK's own logger is what gets configured.
    assert r["sdk_level"] == 10  # DEBUG
    assert r["sdk_handlers"] == 1  # not 2 — repeated construction must not stack


def test_no_logging_is_touched_without_the_env_var():
    r = _probe()

    assert r["root_after"] == r["root_before"]
    assert r["sdk_level"] == 0  # NOTSET
    assert r["sdk_handlers"] == 0


def test_an_application_handler_is_not_duplicated():
    r = _probe(
        setup="logging.basicConfig(level=logging.INFO)",
        OPENROUTER_DEBUG="1",
    )

    # The app configured root itself; we must not add a competing handler,
    # which would print every record twice.
    assert r["sdk_handlers"] == 0
    assert r["sdk_level"] == 10
    assert r["root_after"] == r["root_before"]
