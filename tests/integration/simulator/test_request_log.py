"""The simulator knows what it received, and when a client went."""

import threading
import time

import pytest
from support.wire import until


@pytest.mark.parametrize("model", ["demo/slow", "demo/stall", "demo/thinking-long", "demo/firehose"])
def test_a_closed_connection_is_seen(simulator, client, model):
    with client.open(model, simulator={"hold_after": 5}) as response:
        stream = response.iter_raw()
        next(stream)
        closing = time.monotonic()
    simulator.wait_for_close()
    exchange = simulator.exchanges[-1]
    assert exchange.outcome == "client gone"
    assert exchange.closed_at > closing


def test_a_client_that_gives_up_before_the_first_byte_is_seen(simulator, client):
    import httpx

    with pytest.raises(httpx.ReadTimeout):
        client.post(
            "/chat/completions",
            json=client.body(
                "demo/slow",
                {"simulator": {"wait_ms": 0, "pace_ms": 60_000, "split": "whole"}, "stream": True},
            ),
            timeout=0.1,
        )
    until(lambda: simulator.exchanges)
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


def test_a_complete_exchange_is_done(simulator, client):
    client.chat("demo/parrot", stream=True)
    simulator.wait_for_close()
    exchange = simulator.exchanges[-1]
    assert (exchange.model, exchange.outcome, exchange.status) == ("demo/parrot", "done", 200)
    assert exchange.sent_chunks == 3
    assert exchange.finish_reason == "stop"
    assert exchange.started_at <= exchange.closed_at


def test_waiting_for_what_does_not_end_fails(simulator, client):
    with client.open("demo/stall") as response:
        stream = response.iter_raw()
        next(stream)
        with pytest.raises(TimeoutError, match="demo/stall"):
            simulator.wait_for_close(0.05)


def test_requests_are_kept_as_they_came(simulator, client):
    client.chat(
        "demo/parrot", headers={"X-Title": "Test", "Authorization": "Bearer sk-or-v1-abc"}, temperature=1
    )
    request = simulator.requests[-1]
    assert (request.method, request.path) == ("POST", "/api/v1/chat/completions")
    assert request.headers["x-title"] == "Test"
    assert request.headers["authorization"] == "Bearer sk-or-v1-abc"
    assert request.body["temperature"] == 1
    client.post("/chat/completions", content=b"not json")
    assert simulator.requests[-1].body == b"not json"


def test_the_log_over_http_has_no_key(client):
    key = "sk-or-v1-0123456789abcdef"
    client.chat("demo/parrot", headers={"Authorization": f"Bearer {key}"})
    client.chat("demo/parrot")
    response = client.get("/_simulator/requests")
    assert key not in response.text
    assert key not in repr(response.json())
    first, second = response.json()["data"]
    assert (first["headers"]["authorization"], second["headers"]["authorization"]) == ("present", "absent")
    assert len(first["key_fingerprint"]) == 8
    assert second["key_fingerprint"] is None
    assert "access-control-allow-origin" not in response.headers


def test_the_exchanges_can_be_read_over_http(client):
    with client.open("demo/stall") as response:
        stream = response.iter_raw()
        next(stream)

    def outcome():
        return client.get("/_simulator/exchanges").json()["data"][-1]["outcome"]

    until(lambda: outcome() != "running")
    assert outcome() == "client gone"


def test_the_server_is_there_when_it_is_made_and_leaves_no_thread(client_of):
    from openrouter_nb.simulator import Simulator

    before = set(threading.enumerate())
    simulator = Simulator()
    visitor = client_of(simulator)
    assert visitor.get("/models").status_code == 200
    visitor.close()
    simulator.close()
    simulator.close()
    assert set(threading.enumerate()) <= before


def test_closing_breaks_what_still_runs(client_of):
    import httpx

    from openrouter_nb.simulator import Simulator

    simulator = Simulator()
    visitor = client_of(simulator)
    with visitor.open("demo/stall") as response:
        stream = response.iter_raw()
        next(stream)
        simulator.close()
        with pytest.raises(httpx.TransportError):
            list(stream)
    visitor.close()
    assert simulator.exchanges[-1].outcome == "server closed"
