"""The helper endpoints: typed, both ways, with a list of models that outlives the network."""

import asyncio
import json
import stat
import threading
import time
from decimal import Decimal

import pytest
from support.clock import FakeClock
from support.wire import HI, reply

from openrouter_nb import OpenRouter, RetryPolicy, errors
from openrouter_nb.client.resources.models_cache import CachedModels, load, store
from openrouter_nb.client.user_folders import cache_folder
from openrouter_nb.components.catalog import Model, PublicPricing
from openrouter_nb.simulator import Simulator

KEY = "sk-or-v1-sentinel5f1e9ac04b7"


def both(client, call, *arguments, of=None, **options):
    """Call and await, and require the same."""
    owner = of or client
    waited = getattr(owner, call)(*arguments, **options)

    async def awaited():
        try:
            return await getattr(owner, f"{call}_async")(*arguments, **options)
        finally:
            await client.aclose()

    assert asyncio.run(awaited()) == waited
    return waited


def json_reply(data):
    return reply(
        json.dumps({"data": data}).encode(), kind="application/json", headers="Connection: close\r\n"
    )


# --- typed


def test_models(client, simulator):
    models = both(client, "list", of=client.models)
    assert len(models) > 40
    tour = next(model for model in models if model.id == "demo/tour")
    assert isinstance(tour.pricing.prompt, Decimal)
    assert "text" in tour.architecture.output_modalities
    assert models.data is models
    assert (models.is_stale, models.error) == (False, None)
    assert models.age_s < 60
    assert repr(models) == f"<{len(models)} models, 0 s old>"
    assert {request.path for request in simulator.requests} == {"/api/v1/models"}


@pytest.mark.parametrize(
    ("filters", "query", "ids"),
    [
        ({"q": "REASONER"}, "q=REASONER", ["demo/reasoner"]),
        (
            {"supported_parameters": ["tools", "tool_choice"]},
            "supported_parameters=tools,tool_choice",
            ["demo/tools", "demo/structured", "demo/structured-wrong"],
        ),
        ({"output_modalities": "image", "q": None}, "output_modalities=image", ["demo/images"]),
        ({"q": "a b&c", "zdr": True}, "q=a+b%26c&zdr=true", []),
    ],
)
def test_models_are_filtered_by_the_service_and_not_kept(client, simulator, filters, query, ids):
    assert [model.id for model in both(client, "list", of=client.models, **filters)] == ids
    assert simulator.requests[0].path == f"/api/v1/models?{query}"
    assert not cache_folder().exists()


@pytest.mark.parametrize("arguments", [{"slug": "demo/reasoner"}, {"author": "demo", "slug": "reasoner"}])
def test_one_model_and_who_serves_it(client, arguments):
    model = both(client, "get", of=client.models, **arguments)
    assert (model.id, model.reasoning.supported_efforts) == ("demo/reasoner", ["high", "medium", "low"])
    found = both(client, "endpoints", of=client.models, **arguments)
    assert found.id == "demo/reasoner"
    assert found.endpoints[0].provider_name == "Simulator"
    assert found.endpoints[0].latency_last_30m.p50 == 12


@pytest.mark.parametrize("call", ["get", "endpoints"])
def test_an_unknown_model_is_not_found(client, call):
    with pytest.raises(errors.NotFoundError):
        getattr(client.models, call)("acme/nothing")


@pytest.mark.parametrize("slug", ["", "gpt", "a/b/c", "../key", "/", "a/", "a/..", "./x"])
def test_what_is_no_model_id_is_not_sent(client, simulator, slug):
    with pytest.raises(errors.ConfigurationError, match="author/model"):
        client.models.get(slug)
    assert simulator.requests == []


def test_a_slug_is_no_way_to_another_path(client, simulator):
    with pytest.raises(errors.NotFoundError):
        client.models.get("demo/tour?x=1#y")
    assert simulator.requests[0].path == "/api/v1/model/demo/tour%3Fx%3D1%23y"


def test_providers(client):
    providers = client.providers()
    assert providers == client.providers.list() == both(client, "list", of=client.providers)
    assert {"slug": "simulator", "name": "Simulator"}.items() <= providers[0].model_dump().items()


def test_the_key(simulator):
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        key = both(client, "key")
        assert (key.limit_remaining, key.is_free_tier) == (25, False)
        assert KEY not in repr(key)


def test_credits_are_for_management_keys(simulator):
    with (
        OpenRouter(api_key=KEY, server_url=simulator.base_url) as client,
        pytest.raises(errors.ForbiddenError),
    ):
        client.credits()
    with OpenRouter(api_key="sk-or-management", server_url=simulator.base_url) as client:
        assert both(client, "credits").balance == 74.75


def test_a_generation(client):
    answer = client.chat.send(messages=HI, model="demo/parrot")
    record = both(client, "generation", answer.id)
    assert (record.id, record.model, record.streamed) == (answer.id, "demo/parrot", False)
    assert record.total_cost > 0


def test_a_generation_is_waited_for(serve):
    missing = reply(
        b'{"error": {"code": 404, "message": "no"}}',
        status="404 X",
        kind="application/json",
        headers="Connection: close\r\n",
    )
    left = iter([missing, missing, missing, json_reply({"id": "gen-1"})])
    server = serve(lambda _: next(left))
    clock = FakeClock()
    with OpenRouter(
        server_url=server.base_url, retry_config=RetryPolicy(clock=clock, chance=lambda: 0.5)
    ) as client:
        assert client.generation("gen-1").id == "gen-1"
        assert clock.waits == [0.5, 1.0, 2.0]
    assert "GET /api/v1/generation?id=gen-1 " in server.requests[0].head


def test_a_generation_that_is_not_there(simulator):
    clock = FakeClock()
    with OpenRouter(server_url=simulator.base_url, retry_config=RetryPolicy(clock=clock)) as client:
        with pytest.raises(errors.NotFoundError) as caught:
            client.generation("gen-unknown")
        assert len(caught.value.attempts) == 3
        with pytest.raises(errors.NotFoundError):
            client.generation("gen-unknown", retries=None)
        with pytest.raises(errors.BadRequestError):
            client.generation("")
    assert len(clock.waits) == 3


# --- odd answers


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"models": []}', b"null", b"<html></html>", b""])
def test_what_is_no_list_is_an_error(serve, body):
    server = serve(reply(body, kind="application/json"))
    with OpenRouter(server_url=server.base_url) as client, pytest.raises(errors.UnexpectedContentError):
        client.models.list()


def test_odd_models_are_left_out_and_odd_fields_are_none(serve):
    odd = {
        "id": "a/b",
        "pricing": {"prompt": "-1", "completion": "soon", "request": None, "image": [], "discount": "x"},
        "architecture": "text",
        "context_length": "many",
        "newer": 1,
    }
    server = serve(json_reply([odd, {"name": "no id"}, None, 7, "x"]))
    with OpenRouter(server_url=server.base_url) as client:
        (model,) = client.models.list()
    assert (model.id, model.context_length, model.newer) == ("a/b", None, 1)
    assert model.pricing.model_dump(exclude_none=True) == {"overrides": []}


@pytest.mark.parametrize(
    ("sent", "price"),
    [
        ("0.000003", Decimal("0.000003")),
        ("0", Decimal(0)),
        ("1e-7", Decimal("1e-7")),
        (0.1, Decimal("0.1")),
        (3, Decimal(3)),
        ("-1", None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_prices_are_exact_decimals(sent, price):
    assert PublicPricing.model_validate({"prompt": sent}).prompt == price


def test_models_survive_json():
    model = Model.model_validate({"id": "a/b", "pricing": {"prompt": "0.000003"}, "newer": [1]})
    assert Model.model_validate_json(model.model_dump_json()) == model


# --- the list on disk


@pytest.fixture
def offline(simulator):
    """A client whose server has listed its models and is gone."""
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        client.models.list()
        simulator.close()
        yield client


def test_a_young_list_is_used_without_a_request(client, simulator):
    first = client.models.list(max_age_s=3600)
    assert client.models.list(max_age_s=3600) == first
    assert len(simulator.requests) == 1
    client.models.list(max_age_s=0)
    client.models.list()  # a server on this machine is always asked
    assert len(simulator.requests) == 3


def test_without_a_network_the_old_list_is_used_and_says_so(offline):
    models = offline.models.list(max_age_s=0)
    assert models.error.attempts == ()  # no retries without a network
    assert len(models) > 40
    assert models.is_stale
    assert isinstance(models.error, errors.NoResponseError)
    assert "stale" in repr(models)


def test_without_a_network_and_a_list_it_is_an_error(offline):
    for path in cache_folder().iterdir():
        path.unlink()
    with pytest.raises(errors.NoResponseError):
        offline.models.list(retries=None)
    with pytest.raises(errors.NoResponseError):
        offline.models.list(q="x", retries=None)


def test_a_refusal_is_not_hidden_by_the_old_list(simulator):
    with OpenRouter(api_key=KEY, server_url=simulator.base_url) as client:
        client.models.list()
        with pytest.raises(errors.ConfigurationError):
            client.models.list(http_headers={"Authorization": "x"})


def test_each_server_has_a_list_of_its_own(client):
    client.models.list()
    with Simulator() as other, OpenRouter(server_url=other.base_url) as elsewhere:
        assert elsewhere.models.nearest("demo/tour") == []
        elsewhere.models.list()
        assert client.models.list(server_url=other.base_url, max_age_s=60)
    assert len(list(cache_folder().iterdir())) == 2


@pytest.mark.usefixtures("offline")
def test_the_file_is_private_and_holds_nothing_of_the_key():
    (path,) = cache_folder().iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert KEY not in path.read_text()
    assert set(json.loads(path.read_text())) == {"version", "server", "fetched_at", "models"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"version": 1}',
        b'{"version": 99, "server": "S", "fetched_at": 0, "models": []}',
        b'{"version": 1, "server": "https://other", "fetched_at": 0, "models": []}',
        b'{"version": 1, "server": "S", "fetched_at": "x", "models": []}',
        b'{"version": 1, "server": "S", "fetched_at": 1' + b"0" * 400 + b', "models": []}',
        b'{"version": 1, "server": "S", "fetched_at": 0, "models": 7}',
        b"[" * 100_000,
    ],
    ids=range(13),
)
def test_a_broken_file_is_as_good_as_none(client, simulator, content):
    client.models.list()
    (path,) = cache_folder().iterdir()
    path.write_bytes(content.replace(b'"S"', json.dumps(simulator.base_url).encode()))
    assert load(simulator.base_url) is None
    assert client.models.nearest("demo/tour") == []
    assert len(client.models.list(max_age_s=3600)) > 40
    assert load(simulator.base_url) is not None


def test_a_folder_that_cannot_be_written_to_is_no_error(client, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "file"))
    assert len(client.models.list()) > 40


def test_a_time_in_the_future_is_now():
    store("https://x/api/v1", CachedModels([{"id": "a/b"}], time.time() + 10**6))
    assert load("https://x/api/v1").fetched_at <= time.time()


def test_old_files_are_forgotten():
    for number in range(30):
        store(f"http://127.0.0.1:{number + 1}/api/v1", CachedModels([], 0.0))
    assert len(list(cache_folder().iterdir())) <= 17
    assert load("http://127.0.0.1:30/api/v1") is not None


def test_two_writers_leave_a_whole_file():
    lists = [CachedModels([{"id": f"a/{writer}"}] * 500, 0.0) for writer in range(8)]
    threads = [threading.Thread(target=store, args=("https://x", one)) for one in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert load("https://x") in lists
    assert [path.suffix for path in cache_folder().iterdir()] == [".json"]


# --- did you mean


@pytest.mark.parametrize(
    ("slug", "nearest"),
    [
        ("demo/tuor", "demo/tour"),
        ("tour", "demo/tour"),
        ("Demo/Tour:free", "demo/tour"),
        ("demos/reasoner", "demo/reasoner"),
        ("error-429", "demo/error-429"),
    ],
)
def test_the_nearest_model_comes_from_the_disk(offline, slug, nearest):
    found = offline.models.nearest(slug)
    assert found[0] == nearest
    assert len(found) <= 3


def test_nothing_is_near_to_noise_or_to_no_list(offline, tmp_path, monkeypatch):
    assert offline.models.nearest("zzzzqqqq/xxxxwwww") == []
    assert len(offline.models.nearest("demo/error-500", n=5)) == 5
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert offline.models.nearest("demo/tour") == []
