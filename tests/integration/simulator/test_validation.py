"""The simulator refuses what the service refuses, and names the field."""

import pytest

USER = {"role": "user", "content": "Hello"}
CALL_RESULT = {"role": "tool", "content": "42", "tool_call_id": "call_1"}

WRONG = [
    ("messages", []),
    ("messages", "Hello"),
    ("messages", None),
    ("messages[0]", ["Hello"]),
    ("messages[0].role", [{"role": "robot", "content": "x"}]),
    ("messages[0].content", [{"role": "user"}]),
    ("messages[0].content", [{"role": "user", "content": 1}]),
    ("messages[1].tool_call_id", [USER, {"role": "tool", "content": "42"}]),
    ("messages[0].content[0].type", [{"role": "user", "content": [{"text": "x"}]}]),
    ("messages[0].content[0].type", [{"role": "system", "content": [{"type": "image_url"}]}]),
    (
        "messages[0].content[0].image_url.url",
        [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}],
    ),
    ("temperature", 2.1),
    ("temperature", -0.1),
    ("temperature", "warm"),
    ("temperature", True),
    ("top_p", 1.5),
    ("top_k", -1),
    ("top_k", 1.5),
    ("min_p", 2),
    ("frequency_penalty", 2.5),
    ("presence_penalty", -2.5),
    ("repetition_penalty", 3),
    ("logit_bias", {"hello": 5}),
    ("logit_bias.50256", {"50256": 101}),
    ("top_logprobs", 21),
    ("top_logprobs", 3),
    ("max_tokens", 0),
    ("max_completion_tokens", 0),
    ("max_completion_tokens", 1.5),
    ("stop", ["a", "b", "c", "d", "e"]),
    ("stop[0]", [1]),
    ("seed", "lucky"),
    ("models", ["demo/tour"] * 4),
    ("session_id", "x" * 257),
    ("metadata", {str(number): "x" for number in range(17)}),
    ("metadata.a", {"a": "x" * 513}),
    ("stream", "yes"),
    ("stream", None),
    ("provider", []),
    ("reasoning", "high"),
    ("reasoning.effort", {"effort": "enormous"}),
    ("reasoning_effort", "enormous"),
    ("response_format.type", {"type": "yaml"}),
    ("response_format.json_schema", {"type": "json_schema"}),
    ("tools[0].function.name", [{"type": "function", "function": {}}]),
    ("simulator.pace", {"pace": 3}),
    ("simulator.split", {"split": 0}),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: str(value)[:30])
def test_a_wrong_field_is_named_in_a_400(client, field, value):
    response = client.chat("demo/tour", **{field.partition(".")[0].partition("[")[0]: value})
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == 400
    assert error["message"].startswith(field + ":")
    assert error["metadata"]["error_type"] == "invalid_request"
    assert response.json()["user_id"].startswith("user_sim")


@pytest.mark.parametrize(
    "fields",
    [
        {"temperature": None, "top_p": None, "stop": None, "seed": None, "max_tokens": None},
        {"temperature": 0, "top_p": 1, "frequency_penalty": -2, "presence_penalty": 2, "top_k": 0},
        {"logprobs": True, "top_logprobs": 20},
        {"stop": ["a", "b", "c", "d"], "seed": -1},
        {"safe_prompt": True, "unheard_of": {"deep": [1]}},
        {"messages": [USER, {"role": "assistant", "content": None, "tool_calls": []}, CALL_RESULT]},
        {"messages": [{"role": "developer", "content": "Be brief."}, USER]},
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_data": "data:,x"}}]}]},
        {"reasoning": {"effort": "low"}, "reasoning_effort": "low"},
    ],
    ids=str,
)
def test_what_the_service_takes_is_taken(client, fields):
    assert client.chat("demo/parrot", **fields).status_code == 200


def test_contradicting_efforts_are_refused(client):
    response = client.chat("demo/tour", reasoning={"effort": "low"}, reasoning_effort="high")
    assert response.json()["error"]["message"].startswith("reasoning_effort: contradicts")


def test_an_unknown_model_is_a_400_with_its_name(client):
    response = client.chat("acme/nothing")
    assert response.status_code == 400
    assert response.json()["error"]["message"] == "acme/nothing is not a valid model ID"


def test_a_request_without_any_model_is_a_400(client):
    response = client.post("/chat/completions", json={"messages": [USER]})
    assert (response.status_code, response.json()["error"]["message"]) == (400, "No models provided")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"[" * 100_000], ids=len)
def test_a_body_that_is_no_object_is_a_400(client, body):
    response = client.post("/chat/completions", content=body)
    assert response.status_code == 400
    assert "JSON object" in response.json()["error"]["message"]


def test_a_key_is_demanded_only_where_it_was_asked_for(client, client_of):
    from openrouter_nb.simulator import Simulator

    assert client.chat("demo/parrot").status_code == 200
    with Simulator(require_key=True) as strict:
        visitor = client_of(strict)
        missing = visitor.chat("demo/parrot")
        wrong = visitor.chat("demo/parrot", headers={"Authorization": "Bearer sk-other"})
        right = visitor.chat("demo/parrot", headers={"Authorization": "Bearer sk-or-v1-test"})
        visitor.close()
    assert (missing.status_code, missing.json()["error"]["message"]) == (401, "Missing Authentication header")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, 401)
    assert right.status_code == 200


def test_the_next_of_the_models_answers_when_the_first_refuses(client):
    response = client.chat("demo/error-503", models=["demo/error-429", "demo/parrot", "demo/tour"])
    assert response.json()["model"] == "demo/parrot"


def test_the_last_of_the_models_refuses_when_all_do(client):
    assert client.chat("demo/error-503", models=["demo/error-429"]).status_code == 429
