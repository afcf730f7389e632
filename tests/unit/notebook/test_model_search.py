"""`%chat_models`: words, filters, order."""

import pytest

from openrouter_nb.components.catalog import Model
from openrouter_nb.notebook.commands.model_search import ModelSearch
from openrouter_nb.render.tables.models_table import bundle


def model(ident, price="0.000002", context=1000, **fields):
    return Model.model_validate(
        {"id": ident, "context_length": context, "pricing": {"prompt": price, "completion": price}, **fields}
    )


MODELS = [
    model("acme/large", "0.00001", 200_000, supported_parameters=["tools"]),
    model("acme/eye", architecture={"input_modalities": ["text", "image"], "output_modalities": ["text"]}),
    model("other/gift", "0", name="Other: Gift Large"),
    model("openrouter/auto", "-1", 2_000_000),
]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("", ["acme/large", "acme/eye", "other/gift", "openrouter/auto"]),
        ("LARGE", ["acme/large", "other/gift"]),
        ("large acme", ["acme/large"]),
        ("--free", ["other/gift"]),
        ("--tools", ["acme/large"]),
        ("--vision", ["acme/eye"]),
        ("--input image --output text", ["acme/eye"]),
        ("--output audio", []),
        ("--max-price 5", ["acme/eye", "other/gift"]),
        ("--sort price", ["other/gift", "acme/eye", "acme/large", "openrouter/auto"]),
        ("--sort=context", ["openrouter/auto", "acme/large", "acme/eye", "other/gift"]),
    ],
)
def test_a_search_finds(line, ids):
    assert [found.id for found in ModelSearch.parse(line).matching(MODELS)] == ids


def test_the_table_shows_prices_per_million():
    text = bundle(MODELS)["text/plain"]
    assert "| `acme/large` | 200,000 | 10 | 10 |" in text
    assert "| `other/gift` | 1,000 | free | free |" in text
    assert "| `openrouter/auto` | 2,000,000 | varies | varies |" in text
    assert "100 models" in bundle(MODELS * 25)["text/plain"]
    assert bundle([])["text/plain"] == "No model is like that."
