"""Every fault is visible where a client meets it: in the status, in the bytes or on the socket."""

import time

import httpx
import pytest

STATUSES = [400, 401, 402, 403, 404, 408, 409, 412, 413, 422, 429, 500, 502, 503, 504, 524, 529]
PAID = "Some text that was already paid for "


def partial(client, model):
    """The text that arrived, and the exception or None."""
    received = b""
    with client.open(model) as response:
        try:
            for piece in response.iter_raw():
                received += piece
        except httpx.TransportError as error:
            return received, error
    return received, None


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", STATUSES)
def test_an_error_has_its_status_and_openrouters_json(client, status, stream):
    response = client.chat(f"demo/error-{status}", stream=stream)
    assert response.status_code == status
    assert response.json()["error"]["code"] == status
    assert response.json()["user_id"].startswith("user_sim")
    assert response.headers["x-generation-id"].startswith("gen-")
    assert ("retry-after" in response.headers) == (status in {429, 503})


def test_the_daily_limit_names_its_reset_in_milliseconds(client):
    response = client.chat("demo/error-429-daily")
    reset = int(response.headers["x-ratelimit-reset"])
    assert 4 * 3600 < reset / 1000 - time.time() < 6 * 3600
    assert response.json()["error"]["metadata"]["headers"]["X-RateLimit-Reset"] == str(reset)
    assert "retry-after" not in response.headers


@pytest.mark.parametrize(
    ("model", "status", "kind"),
    [
        ("demo/error-401-html", 401, "text/html"),
        ("demo/error-502-html", 502, "text/html"),
        ("demo/html-200", 200, "text/html"),
        ("demo/error-in-200", 200, "application/json"),
        ("demo/empty-choices", 200, "application/json"),
        ("demo/redirect", 307, "text/plain"),
    ],
)
def test_a_wrong_body_has_the_promised_type(client, model, status, kind):
    response = client.chat(model, stream=True)
    assert response.status_code == status
    assert response.headers["content-type"].startswith(kind)


def test_the_empty_error_has_no_body(client):
    response = client.chat("demo/error-500-empty")
    assert (response.status_code, response.content) == (500, b"")


def test_the_redirect_points_where_it_should(client):
    response = client.chat("demo/redirect", simulator={"location": "http://127.0.0.1:9/other"})
    assert response.headers["location"] == "http://127.0.0.1:9/other"


def test_a_midstream_error_comes_after_five_deltas(client, chunks, text_of):
    response = client.chat("demo/midstream-error", stream=True)
    received = chunks(response)
    assert len(received) == 6
    assert text_of(response) == PAID
    assert received[-1]["error"]["metadata"]["error_type"] == "provider_unavailable"
    assert received[-1]["choices"][0]["finish_reason"] == "error"
    assert b"[DONE]" not in response.content


def test_the_bare_error_has_no_choices(client, chunks):
    assert list(chunks(client.chat("demo/midstream-error-bare", stream=True))[-1]) == ["error"]


def test_the_native_finish_has_no_error_object(client, chunks):
    response = client.chat("demo/finish-error-native", stream=True)
    last = chunks(response)[-1]
    assert "error" not in last
    assert last["choices"][0]["native_finish_reason"] == "MALFORMED_FUNCTION_CALL"


def test_errors_without_streaming_sit_in_a_200(client):
    choice = client.chat("demo/midstream-error").json()["choices"][0]
    assert (choice["message"]["content"], choice["error"]["code"]) == (PAID, 502)
    assert client.chat("demo/midstream-error-bare").json()["error"]["code"] == 502


def test_a_truncated_stream_ends_cleanly_without_finish(client, chunks):
    received, error = partial(client, "demo/truncated")
    assert error is None
    assert b"[DONE]" not in received
    assert {chunk["choices"][0]["finish_reason"] for chunk in chunks(received.decode())} == {None}


def test_a_cut_leaves_half_an_event_and_an_incomplete_body(client):
    received, error = partial(client, "demo/cut")
    assert isinstance(error, httpx.RemoteProtocolError)
    assert received.rpartition(b"\n\n")[2].startswith(b"data: {")


def test_a_reset_is_a_reset(client):
    received, error = partial(client, "demo/reset")
    assert isinstance(error, httpx.ReadError)
    assert b"Some te" in received


def test_bad_json_is_followed_by_a_good_end(client):
    received, error = partial(client, "demo/bad-json")
    assert error is None
    assert received.endswith(b"data: [DONE]\n\n")
    with pytest.raises(ValueError, match="Expecting"):
        httpx.Response(200, content=received.split(b"\n\n")[6].removeprefix(b"data: ")).json()


@pytest.mark.parametrize(("model", "comments"), [("demo/stall", 1), ("demo/stall-comments", 3)])
def test_a_stall_says_nothing_but_perhaps_comments(simulator, client, model, comments):
    received = b""
    with client.open(model) as response:
        stream = response.iter_raw()
        while received.count(b"data: ") < 3 or received.count(b": OPENROUTER") < comments:
            received += next(stream)
        time.sleep(0.1)
        assert simulator.exchanges[-1].outcome == "running"
    assert received.count(b"data: ") == 3
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


@pytest.mark.parametrize(
    ("model", "reason"),
    [("demo/length", "length"), ("demo/content-filter", "content_filter"), ("demo/refusal", "stop")],
)
def test_endings_have_their_reason(client, model, reason):
    choice = client.chat(model).json()["choices"][0]
    assert choice["finish_reason"] == reason
    assert bool(choice["message"]["refusal"]) == (model == "demo/refusal")
