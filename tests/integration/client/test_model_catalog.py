"""One catalog of models for both front ends, on the list that the client caches."""

import asyncio
import time

import pytest

from openrouter_nb import OpenRouter, errors
from openrouter_nb.client.resources import model_catalog
from openrouter_nb.client.resources.model_catalog import ModelCatalog
from openrouter_nb.client.resources.models_cache import CachedModels, store
from openrouter_nb.components.model_variants import ROUTING_SUFFIXES, VARIANTS, base_id, catalog_id

SERVER = "https://catalog.test/api/v1"
MODELS = [
    {"id": "a/small", "context_length": 4_000, "pricing": {"prompt": "0.1"}},
    {"id": "a/small:free", "context_length": 2_000, "pricing": {"prompt": "0"}},
    {"id": "a/large", "context_length": 8_000, "pricing": {"prompt": "0.3"}},
    {"id": "b/large", "context_length": 9_000, "pricing": {"prompt": "0.2"}},
    {"id": "b/router", "context_length": 9_000, "pricing": {"prompt": "-1"}},
]


@pytest.fixture
def listed():
    store(SERVER, CachedModels(MODELS, time.time()))
    with OpenRouter(api_key="sk-or-v1-x", server_url=SERVER) as client:
        yield ModelCatalog(client)


def run(client, function):
    async def awaited():
        try:
            return await function()
        finally:
            await client.aclose()

    return asyncio.run(awaited())


@pytest.mark.parametrize("suffix", sorted(ROUTING_SUFFIXES))
def test_a_routing_suffix_leaves_the_model_the_same(listed, suffix):
    assert listed.find(f"a/small{suffix}").id == "a/small"
    assert listed.find(f"a/small:free{suffix}").id == "a/small:free"


@pytest.mark.parametrize("variant", [each.suffix for each in VARIANTS if each.kind == "catalog"])
def test_a_catalog_variant_is_an_entry_with_its_limits_or_unknown(listed, variant):
    found = listed.find(f"a/small{variant}")
    assert (found.context_length if found else None) == (2_000 if variant == ":free" else None)
    assert listed.find(f"a/large{variant}") is None


def test_suffixes_are_split_off():
    assert catalog_id("a/b:free:online") == "a/b:free"
    assert catalog_id("a/b:nitro:floor") == "a/b"
    assert catalog_id("@preset/mine:nitro") == "@preset/mine"
    assert base_id("a/b:free:online") == "a/b"
    assert {":nitro", ":floor", ":exacto", ":online"} == ROUTING_SUFFIXES


def test_lookups_use_the_cache_on_disk(listed):
    assert listed.ids == [model["id"] for model in MODELS]
    assert listed.larger("a/small") == "b/large"
    assert listed.larger("b/large") is None
    assert listed.larger("a/unknown") is None
    assert listed.free("a/small:nitro") == "a/small:free"
    assert listed.free("a/large") is None
    assert listed.nearest("a/smal")[0] == "a/small"


def test_an_address_that_cannot_be_has_no_models():
    catalog = ModelCatalog(OpenRouter(server_url="http://somewhere.test/api/v1"))
    assert (catalog.ids, catalog.find("a/small")) == ([], None)


def test_the_file_of_another_process_is_read_again(listed, monkeypatch):
    assert listed.find("a/new") is None
    store(SERVER, CachedModels([{"id": "a/new"}], time.time()))
    assert listed.find("a/new") is None
    monkeypatch.setattr(model_catalog, "_REREAD_S", -1.0)
    assert listed.find("a/new").id == "a/new"


def test_it_asks_once_and_again_when_it_is_to(client, simulator):
    catalog = ModelCatalog(client)
    first = run(client, catalog.load)
    assert run(client, catalog.load) is first
    run(client, catalog.try_load)
    assert len(simulator.requests) == 1
    assert run(client, catalog.refresh) is not first
    assert len(simulator.requests) == 2
    assert catalog.find("demo/tour:nitro").id == "demo/tour"


def test_endpoints_are_those_of_the_listed_model(client, simulator):
    catalog = ModelCatalog(client)
    for _ in range(2):
        found = run(client, lambda: catalog.load_endpoints("demo/tour:nitro"))
    assert found.id == "demo/tour"
    assert catalog.endpoints == {"demo/tour:nitro": found}
    assert [request.path for request in simulator.requests] == ["/api/v1/models/demo/tour/endpoints"]


def test_what_was_fetched_is_used_where_the_disk_cannot_be(client, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "file"))
    monkeypatch.setattr(model_catalog, "_REREAD_S", -1.0)
    catalog = ModelCatalog(client)
    run(client, catalog.load)
    assert catalog.find("demo/tour") is not None


def test_without_a_network_the_old_list_stays(client, simulator):
    catalog = ModelCatalog(client)
    run(client, catalog.load)
    simulator.close()
    assert run(client, catalog.refresh).is_stale
    run(client, catalog.try_load)
    assert catalog.find("demo/tour") is not None
    fresh = ModelCatalog(OpenRouter(server_url="http://127.0.0.1:9/api/v1"))
    run(fresh._client, fresh.try_load)
    assert fresh.ids == []
    with pytest.raises(errors.NoResponseError):
        run(fresh._client, lambda: fresh.load(retries=None))
