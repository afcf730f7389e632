"""`except` clauses and attributes of errors of OpenRouter's Python SDK (package openrouter 1.3.84) apply to our errors.

Both clients send to the same transport in memory and raise their error for each of its responses.
"""

import copy
import inspect
import json
import pickle

import httpx
import openrouter
import pytest
from openrouter.utils import RetryConfig
from support.wire import HI, WAIT

from openrouter_nb import OpenRouter, errors

KEY = "sk-or-v1-sentinel5f1e9ac04b7"
BODY = {
    "error": {"code": 400, "message": "It failed.", "metadata": {"provider_name": "P", "raw": "broken"}},
    "user_id": "u1",
}
STATUSES = [
    400,
    401,
    402,
    403,
    404,
    408,
    409,
    410,
    413,
    418,
    422,
    429,
    499,
    500,
    502,
    503,
    504,
    507,
    524,
    529,
]
# By names of early 2026, a status has other classes as well.
NAMES = {
    name
    for name in openrouter.errors.__all__
    if inspect.isclass(kind := getattr(openrouter.errors, name)) and issubclass(kind, Exception)
} - {"OpenRouterDefaultError"}

# The SDK has classes for these statuses and raises its default for chat. 500 has two names here, and 529 is a kind of 503.
SURPLUS = {
    409: {"ConflictResponseError"},
    410: {"GoneResponseError"},
    499: {"ClientClosedRequestResponseError"},
    500: {"InternalServerError"},
    504: {"GatewayTimeoutResponseError"},
    529: {"ServiceUnavailableResponseError"},
}


def raised(send):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - compared by the caller
        send(model="m", messages=HI)
    return caught.value


def both(status, body, kind="application/json"):
    """Return the SDK's error and ours for a response."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": kind, "X-Generation-Id": "gen-1", "Set-Cookie": "a=b"}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers=headers))
    with httpx.Client(transport=transport) as client:
        theirs = openrouter.OpenRouter(KEY, client=client, retry_config=RetryConfig("none", None, False))
        ours = OpenRouter(KEY, client=client, retry_config=None)
        return raised(theirs.chat.send), raised(ours.chat.send)


def classes(module, error):
    return {name for name in NAMES if isinstance(error, getattr(module, name))}


def test_every_error_of_the_sdk_has_its_name_here():
    assert {name for name in openrouter.errors.__all__ if not hasattr(errors, name)} == set()


@pytest.mark.parametrize("status", STATUSES)
def test_except_clauses_of_the_sdk_catch_our_errors(status):
    theirs, ours = both(status, {**BODY, "error": {**BODY["error"], "code": status}})
    expected = classes(openrouter.errors, theirs)
    assert classes(errors, ours) - expected == SURPLUS.get(status, set())
    assert expected - classes(errors, ours) == set()
    assert isinstance(
        ours, errors.ChatError if status in {400, 401, 429, 500} else errors.OpenRouterDefaultError
    )


@pytest.mark.parametrize("status", STATUSES)
def test_errors_have_the_attributes_of_the_sdk(status):
    theirs, ours = both(status, {**BODY, "error": {**BODY["error"], "code": status}})
    assert ours.status_code == theirs.status_code == status
    assert ours.body == theirs.body
    assert isinstance(ours.headers, httpx.Headers)
    assert ours.headers["X-Generation-ID"] == theirs.headers["X-Generation-ID"] == "gen-1"
    assert "set-cookie" not in ours.headers
    assert isinstance(ours.raw_response, httpx.Response)
    assert ours.raw_response.status_code == status
    assert ours.raw_response.json() == theirs.raw_response.json()
    assert ours.raw_response.request.method == theirs.raw_response.request.method == "POST"
    assert ours.raw_response.url.path == theirs.raw_response.url.path
    assert ours.raw_response.headers.get("Content-Type") == "application/json"
    data = getattr(theirs, "data", None) or ours.data
    assert (ours.data.error.code, ours.data.error.message) == (data.error.code, data.error.message)
    assert ours.message == "It failed."
    assert ours.data.error.metadata["provider_name"] == "P"
    assert ours.data.openrouter_metadata is None
    assert isinstance(ours.data, errors.GatewayTimeoutResponseErrorData)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>login", "text/html"),
        (200, b"{", "application/json"),
        (200, {"choices": []}, "application/json"),
        (200, {}, "application/json"),
        (500, b"<html>oops", "text/html"),
        (418, b"", "text/plain"),
    ],
)
def test_bodies_that_are_not_answers(status, body, kind):
    theirs, ours = both(status, body, kind)
    assert classes(openrouter.errors, theirs) <= classes(errors, ours)
    assert isinstance(ours, errors.OpenRouterDefaultError)
    assert isinstance(ours, errors.ResponseValidationError) == (status == 200)
    assert isinstance(ours, errors.EmptyAnswerError) == isinstance(body, dict)
    assert ours.body == theirs.body
    assert ours.raw_response.status_code == status
    assert ours.raw_response.url.path == theirs.raw_response.url.path
    assert ours.data.error.message == ours.message


def test_an_error_may_be_made_of_a_response():
    response = httpx.Response(418, text="teapot", headers={"X-A": "b"})
    for module in (openrouter.errors, errors):
        error = module.OpenRouterError("short and stout", response)
        assert (error.message, error.status_code, error.body) == ("short and stout", 418, "teapot")
        assert error.headers["x-a"] == "b"
        assert error.raw_response is response
        assert module.OpenRouterError("x", response, "other").body == "other"


def test_errors_of_endpoints_that_are_not_here_are_never_raised():
    assert errors.OAuthErrorResponse is errors.OtherEndpointError
    assert not issubclass(errors.BadRequestError, errors.OtherEndpointError)


def test_errors_without_a_response_have_none():
    error = raised(OpenRouter(server_url="http://127.0.0.1:1/api/v1", retry_config=None).chat.send)
    assert isinstance(error, errors.NoResponseError)
    assert error.raw_response is None
    assert error.headers == {}
    assert error.data.error.message == error.message


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_except_clauses_for_httpx_catch_errors_of_the_network(serve, monkeypatch, library):
    """As the SDK's README-PYPI.md lists them, Network errors."""
    monkeypatch.setenv("OPENROUTER_NB_HTTP", library)
    client = OpenRouter(server_url="http://127.0.0.1:1/api/v1", retry_config=None)
    with pytest.raises(httpx.ConnectError) as refused:
        client.chat.send(model="m", messages=HI)
    assert isinstance(refused.value, errors.NoResponseError)
    assert type(refused.value).__name__ == "NoResponseError"
    for twin in (pickle.loads(pickle.dumps(refused.value)), copy.deepcopy(refused.value)):  # noqa: S301 - made here
        assert type(twin) is errors.NoResponseError
        assert twin.message == refused.value.message
    silent = OpenRouter(server_url=serve(WAIT).base_url, timeout_ms=50, retry_config=None)
    for stream in (False, True):
        with pytest.raises(httpx.TimeoutException) as late:
            silent.chat.send(model="m", messages=HI, stream=stream)
        assert isinstance(late.value, errors.RequestTimeoutError)


# --- requests that are not sent

# The example of the SDK's documentation of early 2026, docs/sdks/chat/README.md, with the import changed.
SEED_EXAMPLE = """
from openrouter_nb import OpenRouter
import os


with OpenRouter(
    api_key=os.getenv("OPENROUTER_API_KEY", ""),
) as open_router:

    res = open_router.chat.send(messages=[], stream=False)

    with res as event_stream:
        for event in event_stream:
            # handle event
            print(event, flush=True)
"""


@pytest.mark.parametrize("name", ["ChatError", "OpenRouterError", "BadRequestResponseError"])
def test_the_example_without_messages_is_caught_as_the_services_error(monkeypatch, name):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    with pytest.raises(getattr(errors, name)) as caught:
        exec(SEED_EXAMPLE, {})
    error = caught.value
    assert isinstance(error, errors.InvalidRequestError)
    assert str(error) == "messages needs a list of at least one message. Nothing was sent."
    assert error.data.error.code == error.status_code == 400
    assert error.data.error.message == error.message
    assert (error.body, error.raw_response) == ("", None)


@pytest.mark.parametrize(
    "call",
    [
        {"messages": []},
        {"messages": [{"role": "robot", "content": "x"}]},
        {"temperature": 3},
        {"models": ["a", "b", "c", "d"]},
        {"provider": {"sorting": "price"}},
        {"tools": [{"type": "function", "function": {"name": "a b"}}]},
        {"reasoning": {"effort": "low", "max_tokens": 1}},
        {"metadata": {"a": object()}},
    ],
)
def test_a_refused_value_is_a_bad_request(call):
    with pytest.raises(errors.BadRequestResponseError, match="Nothing was sent") as caught:
        OpenRouter(KEY).chat.send(**{"model": "m", "messages": HI, **call})
    assert isinstance(caught.value, errors.ConfigurationError)


def test_a_missing_key_is_unauthorized():
    with pytest.raises(errors.UnauthorizedResponseError, match="Nothing was sent") as caught:
        OpenRouter(retry_config=None).chat.send(model="m", messages=HI)
    assert isinstance(caught.value, errors.MissingAPIKeyError)
    assert caught.value.status_code == 401
    with pytest.raises(errors.BadRequestResponseError):
        OpenRouter(KEY).models.get("no-slash")


def test_a_request_that_was_not_sent_is_not_retried():
    config = openrouter.utils.RetryConfig("backoff", None, True, ["4XX", "5XX"])
    attempts = []
    with pytest.raises(errors.MissingAPIKeyError):
        OpenRouter(retry_config=config).chat.send(model="m", messages=HI, on_retry=attempts.append)
    assert attempts == []
