"""Each scripted model shows what its name promises, the same in both modes."""

import base64
import json

import jsonschema
import pytest

from openrouter_nb.simulator.responses.delta_merge import merge_deltas

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "days": {"type": "integer", "minimum": 1, "maximum": 7},
            },
            "required": ["city", "days"],
        },
    },
}
CLOCK = {"type": "function", "function": {"name": "clock"}}
WHOLE = [
    ("demo/tour", {}),
    ("demo/echo", {"temperature": 0.5}),
    ("demo/parrot", {}),
    ("demo/reasoner", {}),
    ("demo/tools", {"tools": [WEATHER, CLOCK]}),
    ("demo/tools", {}),
    ("demo/structured", {}),
    ("demo/images", {}),
    ("demo/audio", {"audio": {"voice": "alloy", "format": "pcm16"}}),
    ("demo/citations", {}),
    ("demo/logprobs", {"logprobs": True, "top_logprobs": 2}),
    ("demo/firehose", {"simulator": {"chunks": 500}}),
    ("demo/huge", {}),
    ("demo/length", {}),
    ("demo/refusal", {}),
    ("demo/content-filter", {}),
    ("demo/hostile", {}),
]


@pytest.mark.parametrize(("model", "fields"), WHOLE)
def test_both_modes_say_the_same(client, chunks, model, fields):
    fields = {**fields, "simulator": {"pace_ms": 0, **fields.get("simulator", {})}}
    whole = client.chat(model, **fields).json()
    received = chunks(client.chat(model, stream=True, **fields))
    deltas = [chunk["choices"][0]["delta"] for chunk in received]
    for delta in deltas:
        assert delta.pop("role") == "assistant"
    if model == "demo/echo":
        assert whole["usage"] != received[-1]["usage"], "the echoed bodies differ in `stream`"
        return
    assert merge_deltas(deltas) == whole["choices"][0]["message"]
    assert received[-1]["usage"] == whole["usage"]
    assert received[-1]["choices"][0]["finish_reason"] == whole["choices"][0]["finish_reason"]


def test_the_tour_shows_every_kind_of_markdown(client, text_of):
    text = text_of(client.chat("demo/tour"))
    for mark in ("# ", "1. ", "- ", "| ", "```python", r"\(e^{i\pi}", "\\[\n", "> ", "](https://", "**"):
        assert mark in text


def test_echo_shows_the_body_without_the_tuning(client, text_of):
    answer = text_of(client.chat("demo/echo", top_p=0.25, simulator={"pace_ms": 0}))
    body = json.loads(answer.removeprefix("```json\n").removesuffix("\n```\n"))
    assert body == {"model": "demo/echo", "messages": [{"role": "user", "content": "Hello"}], "top_p": 0.25}


def test_reasoning_ends_with_its_signature_and_comes_before_the_answer(client):
    message = client.chat("demo/reasoner").json()["choices"][0]["message"]
    (detail,) = message["reasoning_details"]
    assert detail["type"] == "reasoning.text"
    assert detail["text"] == message["reasoning"]
    assert detail["signature"]


@pytest.mark.parametrize("wish", [{"enabled": False}, {"effort": "none"}, {"exclude": True}], ids=str)
def test_reasoning_can_be_switched_off(client, wish):
    message = client.chat("demo/reasoner", reasoning=wish).json()["choices"][0]["message"]
    assert message["reasoning"] is None
    assert "reasoning_details" not in message


def test_a_tool_call_comes_in_fragments_and_fits_its_schema(client, chunks):
    received = chunks(client.chat("demo/tools", stream=True, tools=[WEATHER, CLOCK]))
    fragments = [call for chunk in received for call in chunk["choices"][0]["delta"].get("tool_calls", [])]
    assert [set(fragment) for fragment in fragments[:2]] == [
        {"id", "type", "index", "function"},
        {"index", "function"},
    ]
    arguments = json.loads("".join(fragment["function"]["arguments"] for fragment in fragments))
    jsonschema.validate(arguments, WEATHER["function"]["parameters"])
    assert received[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_parallel_calls_interleave_and_end_with_the_results(client, text_of):
    question = {"role": "user", "content": "Call them in parallel"}
    message = client.chat("demo/tools", messages=[question], tools=[WEATHER, CLOCK]).json()["choices"][0][
        "message"
    ]
    assert [call["function"]["name"] for call in message["tool_calls"]] == ["weather", "clock"]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": f"result {number}"}
        for number, call in enumerate(message["tool_calls"])
    ]
    answer = text_of(
        client.chat("demo/tools", messages=[question, message, *results], tools=[WEATHER, CLOCK])
    )
    assert answer.index("result 0") < answer.index("result 1")


def test_the_tool_choice_is_obeyed(client):
    forced = {"type": "function", "function": {"name": "clock"}}
    message = client.chat("demo/tools", tools=[WEATHER, CLOCK], tool_choice=forced).json()["choices"][0][
        "message"
    ]
    assert [call["function"]["name"] for call in message["tool_calls"]] == ["clock"]
    silent = client.chat("demo/tools", tools=[CLOCK], tool_choice="none").json()["choices"][0]["message"]
    assert "tool_calls" not in silent


def test_structured_output_satisfies_the_schema(client, text_of):
    schema = WEATHER["function"]["parameters"]
    wish = {"type": "json_schema", "json_schema": {"name": "weather", "schema": schema}}
    jsonschema.validate(json.loads(text_of(client.chat("demo/structured", response_format=wish))), schema)


def test_the_image_is_a_png(client):
    (image,) = client.chat("demo/images").json()["choices"][0]["message"]["images"]
    kind, data = image["image_url"]["url"].split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG\r\n\x1a\n")


def test_logprobs_have_as_many_alternatives_as_wished(client):
    choice = client.chat("demo/logprobs", logprobs=True, top_logprobs=3).json()["choices"][0]
    entries = choice["logprobs"]["content"]
    assert "".join(entry["token"] for entry in entries) == choice["message"]["content"]
    assert {len(entry["top_logprobs"]) for entry in entries} == {3}
    assert client.chat("demo/logprobs").json()["choices"][0]["logprobs"] is None


def test_attacks_point_at_the_canary(client, text_of):
    text = text_of(client.chat("demo/hostile", simulator={"canary": "http://127.0.0.1:9/"}))
    assert "http://127.0.0.1:9/img" in text
    assert "CANARY" not in text
    assert "<script>" in text
    assert "\x1b]52" in text


def test_sizes_are_as_promised(client, chunks, text_of):
    received = client.chat("demo/firehose", stream=True)
    assert len(chunks(received)) == 5002
    assert len(text_of(received)) == 20_000
    assert len(text_of(client.chat("demo/huge"))) == 1_000_000
