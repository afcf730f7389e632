"""The control specs of the panel."""

import json

import pytest

from openrouter_nb.components import ChatRequestReasoning, MaxPrice, ProviderPreferences
from openrouter_nb.notebook.options.table import BY_FLAG
from openrouter_nb.parameters import PARAMETERS, SETTINGS
from openrouter_nb.playground.parameters.request_checks import problems
from openrouter_nb.playground.parameters.specs import ELSEWHERE, param_specs, setting_specs

PARAMS = {spec["name"]: spec for spec in param_specs()}
CLIENT_SETTINGS = {spec["name"]: spec for spec in setting_specs()}


def test_every_spec_has_help():
    specs = {**PARAMS, **CLIENT_SETTINGS}
    assert [name for name, spec in specs.items() if not spec["help"].endswith(".")] == []


def test_every_parameter_has_a_spec_or_is_set_elsewhere():
    assert {name.partition(".")[0] for name in PARAMS} - {"extra_body"} == set(PARAMETERS) - set(ELSEWHERE)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("reasoning.max_tokens", ChatRequestReasoning),
        ("provider.order", ProviderPreferences),
        ("provider.max_price.prompt", MaxPrice),
    ],
)
def test_the_help_of_a_field_inside_an_object_is_its_description(name, model):
    assert PARAMS[name]["help"] == model.model_fields[name.rpartition(".")[2]].description


@pytest.mark.parametrize(
    ("spec", "setting"), [("max_retries", "retries"), ("timeout_s", "timeout"), ("repairs", "repairs")]
)
def test_a_setting_has_the_same_bounds_and_help_in_the_panel_and_in_a_cell(spec, setting):
    row, option, spec = SETTINGS[setting], BY_FLAG[f"--{setting}"], CLIENT_SETTINGS[spec]
    for key in ("minimum", "maximum", "help", "kind"):
        assert getattr(row, key) == getattr(option, key) == spec[key]


def test_the_help_of_a_number_states_its_bounds():
    specs = {**PARAMS, **CLIENT_SETTINGS}.values()
    bounded = [spec for spec in specs if spec.get("maximum") is not None]
    assert [spec["name"] for spec in bounded if f"{spec['maximum']:,}" not in spec["help"]] == []


def test_every_parameter_links_to_its_documentation_and_a_setting_of_the_client_does_not():
    pages = {name: spec.get("reference", "") for name, spec in PARAMS.items()}
    assert pages.pop("extra_body") == ""
    assert [name for name, page in pages.items() if not page.startswith("https://openrouter.ai/docs/")] == []
    assert pages["top_p"].endswith("/api/reference/parameters#top-p")
    assert pages["provider.max_price.prompt"].endswith("/guides/routing/provider-selection")
    assert [name for name, spec in CLIENT_SETTINGS.items() if "reference" in spec] == []


def json_examples():
    """Each field that is edited as JSON, with the body that its example makes."""
    for name, spec in PARAMS.items():
        if spec["control"] == "json":
            yield pytest.param(spec, name, id=name)
        for card in spec.get("cards", ()):
            for field in card["fields"]:
                if field["control"] == "json":
                    yield pytest.param(field, "", id=f"{card['id']}.{field['name']}")


@pytest.mark.parametrize(("spec", "name"), list(json_examples()))
def test_a_json_field_has_a_valid_example(spec, name):
    example = json.loads(spec["ghost"])
    if name and name != "extra_body":
        assert problems({name: example}) == []


def test_the_rows_of_a_table_say_what_they_take():
    tables = {name: spec["ghost"] for name, spec in PARAMS.items() if spec["control"] == "table"}
    assert tables == {"logit_bias": "token id: bias, such as 50256: -100", "metadata": "name: value"}
