"""The bytes of a stream are framed as by the service, or as requested."""

import json
import time

import pytest

ROLE = {"role": "assistant"}


def test_a_stream_has_comment_deltas_finish_usage_and_done(client, chunks):
    response = client.chat("demo/parrot", stream=True)
    assert response.headers["content-type"] == "text/event-stream"
    events = response.content.split(b"\n\n")
    assert events[0] == b": OPENROUTER PROCESSING"
    assert events[-2:] == [b"data: [DONE]", b""]
    delta, finish, usage = chunks(response)
    assert delta["choices"][0]["delta"] == {"role": "assistant", "content": "Hello"}
    assert delta["choices"][0]["finish_reason"] is None
    assert finish["choices"][0] | {"delta": None} == usage["choices"][0] | {"delta": None}
    assert finish["choices"][0]["finish_reason"] == "stop"
    assert (
        usage["usage"]["total_tokens"]
        == usage["usage"]["prompt_tokens"] + usage["usage"]["completion_tokens"]
    )
    assert usage["usage"]["cost"] > 0


def test_every_chunk_carries_id_model_provider_and_role(client, chunks):
    response = client.chat("demo/tour", stream=True, simulator={"pace_ms": 0})
    received = chunks(response)
    assert {chunk["id"] for chunk in received} == {response.headers["x-generation-id"]}
    assert {chunk["provider"] for chunk in received} == {"Simulator"}
    assert {chunk["model"] for chunk in received} == {"demo/tour"}
    assert all(chunk["choices"][0]["delta"]["role"] == "assistant" for chunk in received)


def test_an_answer_without_streaming_has_the_documented_shape(client):
    body = client.chat("demo/parrot").json()
    assert body["object"] == "chat.completion"
    assert body["id"].startswith("gen-")
    choice = body["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": "Hello", "refusal": None, "reasoning": None}
    assert (choice["finish_reason"], choice["native_finish_reason"]) == ("stop", "stop")


def test_the_debug_chunk_comes_first_and_repeats_the_body(client, chunks):
    first = chunks(client.chat("demo/parrot", stream=True, debug={"echo_upstream_body": True}))[0]
    assert first["choices"] == []
    assert first["debug"]["echo_upstream_body"]["messages"] == [{"role": "user", "content": "Hello"}]


def test_router_metadata_comes_when_the_header_asks(client, chunks):
    asked = {"X-OpenRouter-Metadata": "enabled"}
    last = chunks(client.chat("demo/parrot", stream=True, headers=asked))[-1]
    assert last["openrouter_metadata"]["requested"] == "demo/parrot"
    assert "openrouter_metadata" not in client.chat("demo/parrot").json()


@pytest.mark.parametrize("split", [1, 7, 64])
def test_writes_are_split_where_the_request_wishes(client, split):
    plain = client.chat("demo/parrot", stream=True).content
    with client.open("demo/parrot", simulator={"split": split}) as response:
        pieces = list(response.iter_raw())
    assert max(map(len, pieces)) == split
    assert len(b"".join(pieces)) == len(plain)


def test_whole_arrives_in_one_write(client):
    with client.open("demo/parrot", simulator={"split": "whole"}) as response:
        assert len(list(response.iter_raw())) == 1


@pytest.mark.parametrize(("name", "newline"), [("cr", b"\r"), ("crlf", b"\r\n")])
def test_line_ends_and_byte_order_mark_are_as_wished(client, name, newline):
    headers = {"X-Simulator-Newline": name, "X-Simulator-BOM": "1"}
    body = client.chat("demo/parrot", stream=True, headers=headers).content
    assert body.startswith(b"\xef\xbb\xbf: OPENROUTER PROCESSING" + newline * 2)
    assert body.endswith(b"data: [DONE]" + newline * 2)
    assert body.replace(newline, b"").find(b"\n") == -1


def test_pace_and_count_of_deltas_are_as_wished(client, chunks):
    began = time.monotonic()
    response = client.chat("demo/tour", stream=True, simulator={"pace_ms": 20, "chunks": 10})
    assert time.monotonic() - began > 0.18
    assert len(chunks(response)) == 12


def test_keep_alives_fill_a_wait_in_both_modes(client):
    stream = client.chat("demo/parrot", stream=True, simulator={"wait_ms": 1400})
    assert stream.text.count(": OPENROUTER PROCESSING\n\n") >= 2
    whole = client.chat("demo/parrot", simulator={"wait_ms": 600})
    assert whole.content.startswith(b"\n         \n")
    assert whole.json()["choices"]


def test_many_streams_at_once_do_not_mix(simulator, text_of):
    from concurrent.futures import ThreadPoolExecutor

    import httpx

    def ask(number):
        body = {
            "model": "demo/parrot",
            "messages": [{"role": "user", "content": f"{number} " * 50}],
            "stream": True,
        }
        return httpx.post(f"{simulator.base_url}/chat/completions", json=body, trust_env=False)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(32)))
    assert [text_of(answer) for answer in answers] == [f"{number} " * 50 for number in range(32)]


def test_a_held_answer_waits_for_each_release(client, simulator):
    wishes = {"pace_ms": 0, "hold_after": [2, 5]}
    with client.open("demo/slow", simulator={**wishes, "wait_ms": 0, "chunks": 7}) as response:
        lines = response.iter_lines()

        def words(count):
            read = []
            while len(read) < count:
                line = next(lines)
                if line.startswith("data: {"):
                    read.append(json.loads(line.removeprefix("data: "))["choices"][0]["delta"]["content"])
            return "".join(read)

        assert words(2) == "This is"
        assert simulator.exchanges[-1].outcome == "running"
        simulator.release()
        assert words(3) == " a simulated answer"
        assert simulator.exchanges[-1].outcome == "running"
        simulator.release()
        assert words(2) == " that goes"
        assert list(lines)[-2:] == ["data: [DONE]", ""]
    assert simulator.exchanges[-1].outcome == "done"


def test_a_release_may_come_before_the_answer_is_held_and_a_client_may_go_while_it_is(
    client, simulator, text_of
):
    simulator.release()
    held = {"hold_after": 1}
    assert text_of(client.chat("demo/parrot", stream=True, simulator=held)) == "Hello"
    with client.open("demo/parrot", simulator=held) as response:
        next(response.iter_lines())
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    assert client.chat("demo/parrot", simulator={"hold_after": 0}).status_code == 400
