"""What the environment may say: attribution, logging, proxies, certificates and the HTTP library."""

import asyncio
import contextlib
import logging
import subprocess
import sys

import pytest
from support.wire import HI, reply

from openrouter_nb import OpenRouter, chat_send, errors
from openrouter_nb.client.transport.headers import Attribution

pytestmark = pytest.mark.transport

KEY = "sk-or-v1-sentinel5f1e9ac04b7"
LIBRARIES = ["httpx", "httpx2"]


def ask(simulator, **options):
    with OpenRouter(server_url=simulator.base_url, **options) as client:
        client.chat.send(messages=HI, model="demo/parrot")
    return simulator.requests[-1].headers


# --- attribution


@pytest.mark.parametrize(
    ("variables", "header", "value"),
    [
        ({"OPENROUTER_HTTP_REFERER": "https://a.example"}, "http-referer", "https://a.example"),
        ({"OPENROUTER_X_TITLE": "A"}, "x-openrouter-title", "A"),
        ({"OPENROUTER_APP_TITLE": "A"}, "x-openrouter-title", "A"),
        ({"OPENROUTER_X_OPEN_ROUTER_TITLE": "A"}, "x-openrouter-title", "A"),
        (
            {
                "OPENROUTER_X_TITLE": "C",
                "OPENROUTER_APP_TITLE": "B",
                "OPENROUTER_X_OPEN_ROUTER_TITLE": "A",
            },
            "x-openrouter-title",
            "A",
        ),
        ({"OPENROUTER_X_OPEN_ROUTER_TITLE": "", "OPENROUTER_X_TITLE": "A"}, "x-openrouter-title", "A"),
        ({"OPENROUTER_X_OPEN_ROUTER_CATEGORIES": "game,legal"}, "x-openrouter-categories", "game,legal"),
        ({"OPENROUTER_APP_CATEGORIES": "game"}, "x-openrouter-categories", "game"),
    ],
)
def test_attribution_is_read_from_every_name_that_the_sdks_know(
    simulator, monkeypatch, variables, header, value
):
    for name, content in variables.items():
        monkeypatch.setenv(name, content)
    assert ask(simulator)[header] == value


@pytest.mark.parametrize("title", ["x_title", "x_open_router_title"])
def test_arguments_count_more(simulator, monkeypatch, title):
    for name in ("OPENROUTER_HTTP_REFERER", "OPENROUTER_X_TITLE", "OPENROUTER_APP_CATEGORIES"):
        monkeypatch.setenv(name, "environment")
    given = {title: "t", "http_referer": "https://r", "x_open_router_categories": "c"}
    headers = ask(simulator, **given)
    names = ("x-openrouter-title", "http-referer", "x-openrouter-categories")
    assert [headers[name] for name in names] == ["t", "https://r", "c"]


@pytest.mark.parametrize(
    ("argument", "management", "expected"),
    [
        (None, "sk-or-m", {"credits": "sk-or-m", "key": "sk-or-a"}),
        (None, "", {"credits": "sk-or-a", "key": "sk-or-a"}),
        ("sk-or-x", "sk-or-m", {"credits": "sk-or-x", "key": "sk-or-x"}),
    ],
)
def test_the_management_key_is_for_credits_alone(simulator, monkeypatch, argument, management, expected):
    monkeypatch.setenv("OPENROUTER_MANAGEMENT_KEY", management)
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-a")
    with OpenRouter(argument, server_url=simulator.base_url) as client:
        for call in (client.credits, client.key):
            with contextlib.suppress(errors.OpenRouterError):
                call()
    sent = {
        request.path.rpartition("/")[2]: request.headers["authorization"] for request in simulator.requests
    }
    assert sent == {name: f"Bearer {key}" for name, key in expected.items()}


def test_without_any_nothing_is_attributed(simulator):
    headers = ask(simulator)
    assert not {"http-referer", "x-openrouter-title", "x-openrouter-categories"} & set(headers)
    assert Attribution().headers() == {}


# --- logging


@pytest.fixture
def logger():
    """The package's logger, put back afterwards."""
    known = logging.getLogger("openrouter_nb")
    before = known.level, list(known.handlers), list(known.filters)
    known.setLevel(logging.NOTSET)
    yield known
    known.setLevel(before[0])
    known.handlers[:], known.filters[:] = before[1], before[2]


@pytest.mark.usefixtures("logger")
@pytest.mark.parametrize("value", [None, "", "0", "false", "1", "true", "body"])
def test_debug_logs_requests_and_shows_prompts_only_if_asked_and_the_key_never(
    simulator, monkeypatch, caplog, value
):
    if value is not None:
        monkeypatch.setenv("OPENROUTER_DEBUG", value)
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        client.chat.send(messages=[{"role": "user", "content": "a private prompt"}], model="demo/parrot")
        with pytest.raises(errors.InternalServerError):
            client.chat.send(
                messages=[{"role": "user", "content": "my other key: sk-or-v1-0123456789"}],
                model="demo/error-500",
                retries=None,
            )
    said = "\n".join(record.getMessage() for record in caplog.records if record.name == "openrouter_nb")
    assert ("status 200" in said) == (value in ("1", "true", "body"))
    assert ("a private prompt" in said) == (value == "body")
    assert KEY not in said
    assert "sk-or-v1-0123456789" not in said


def test_without_handlers_of_the_program_the_log_goes_to_stderr():
    code = (
        "import logging, openrouter_nb; openrouter_nb.OpenRouter();"
        "logging.getLogger('openrouter_nb').debug('key sk-or-v1-0123456789')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"OPENROUTER_DEBUG": "1", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "openrouter_nb: key [hidden]\n"


# --- the HTTP library


@pytest.fixture(params=LIBRARIES)
def library(request, monkeypatch):
    """Each of the two, chosen by the environment."""
    pytest.importorskip(request.param)
    monkeypatch.setenv("OPENROUTER_NB_HTTP", request.param)
    return request.param


def library_of(client):
    (transport,) = client._transports.values()
    return transport._library.__name__


def test_the_environment_chooses_the_library(simulator, library):
    client = OpenRouter(server_url=simulator.base_url)
    client.chat.send(messages=HI, model="demo/parrot")
    assert library_of(client) == library
    client.close()


def test_the_newer_library_is_preferred(simulator, monkeypatch):
    pytest.importorskip("httpx2")
    monkeypatch.delenv("OPENROUTER_NB_HTTP", raising=False)
    client = OpenRouter(server_url=simulator.base_url)
    client.chat.send(messages=HI, model="demo/parrot")
    assert library_of(client) == "httpx2"
    client.close()


@pytest.mark.parametrize("own", LIBRARIES)
def test_a_callers_client_may_be_of_either(simulator, library, own):
    module = pytest.importorskip(own)

    class Mine(module.AsyncClient):
        """A client of the caller's own class."""

    async def talk():
        async with (
            Mine() as http_client,
            OpenRouter(api_key=KEY, server_url=simulator.base_url, http_client=http_client) as client,
        ):
            await client.chat.send_async(messages=HI, model="demo/parrot")
            # Failures of that library are ours as well.
            with pytest.raises(errors.NoResponseError):
                await client.chat.send_async(
                    messages=HI, retries=None, server_url="http://127.0.0.1:1/api/v1"
                )
            with pytest.raises(errors.StreamInterruptedError):
                async for _ in await client.chat.send_async(messages=HI, model="demo/reset", stream=True):
                    pass
            return library_of(client)

    assert asyncio.run(talk()) == own
    assert simulator.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert library in LIBRARIES


@pytest.mark.parametrize("wrong", ["a client", object()])
def test_what_is_no_client_is_refused(simulator, wrong):
    with (
        OpenRouter(server_url=simulator.base_url, http_client=wrong) as client,
        pytest.raises(errors.ConfigurationError, match=r"httpx\.AsyncClient"),
    ):
        client.chat.send(messages=HI)


# --- proxies and certificates


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
def test_this_machine_is_reached_without_a_proxy(simulator, serve, monkeypatch, library, name):
    proxy = serve(b"")
    monkeypatch.setenv(name, proxy.base_url.removesuffix("/api/v1"))
    for host in ("127.0.0.1", "localhost"):
        url = simulator.base_url.replace("127.0.0.1", host)
        with OpenRouter(api_key=KEY, server_url=url) as client:
            assert client.chat.send(messages=HI, model="demo/parrot").text
            assert client.models.list()
    assert proxy.requests == []
    assert library


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "gopher://user:pass-word@proxy.example:1"),
        ("ALL_PROXY", "socks5://user:pass-word@proxy.example:1"),
        ("HTTPS_PROXY", "http://user:pass-word@proxy.example:port"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(simulator, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with OpenRouter(server_url=simulator.base_url) as client:
        result = chat_send(client, {"messages": HI, "model": "demo/parrot"})
    # One that is never needed may also be passed over.
    if not result.ok:
        assert isinstance(result.error, errors.ConfigurationError)
        assert "proxy" in str(result.error)
        assert "pass-word" not in str(result.error)


def ask_other_machine(host):
    """Ask a server that only a proxy can reach; return the error."""
    with OpenRouter(api_key=KEY, server_url=f"https://{host}/api/v1") as client:
        return chat_send(client, {"messages": HI, "model": "demo/parrot"}).error


@pytest.fixture
def proxy(serve, monkeypatch):
    """A proxy that the environment names, and that refuses every request."""
    server = serve(reply(b"", status="403 No"))
    monkeypatch.setenv("HTTPS_PROXY", server.base_url.removesuffix("/api/v1"))
    return server


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("host", ["other.example", "10.1.2.3", "[2001:db8::5]:8443"])
def test_other_machines_are_reached_through_the_proxy(proxy, monkeypatch, host):
    monkeypatch.setenv("NO_PROXY", "localhost,[::1],::1,10.2.0.0/16,[2001:db8::5]:443,example")
    monkeypatch.setenv("no_proxy", "localhost,[::1],::1,10.2.0.0/16,[2001:db8::5]:443,more.example")
    assert isinstance(ask_other_machine(host), errors.NoResponseError)
    name = host.removesuffix(":8443").strip("[]")
    assert proxy.requests[0].head.startswith((f"CONNECT {name}:", f"CONNECT [{name}]:"))
    assert KEY not in proxy.requests[0].head


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize(
    ("host", "entries"),
    [
        ("api.other.example", "[::1],.other.example"),
        ("10.1.2.3", "[::1],10.0.0.0/8"),
        ("[2001:db8::5]", "[::1],[2001:db8::5]"),
        ("other.example", "*"),
    ],
)
def test_hosts_of_no_proxy_are_reached_directly(proxy, monkeypatch, name, host, entries):
    monkeypatch.setenv(name, entries)
    with pytest.raises((RuntimeError, ExceptionGroup)):  # tests allow no connection to another machine
        ask_other_machine(host)
    assert proxy.requests == []
