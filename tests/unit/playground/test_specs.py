"""The control specs of the panel."""

import pytest

from openrouter_nb.components import ChatRequestReasoning, MaxPrice, ProviderPreferences
from openrouter_nb.notebook.options.table import BY_FLAG
from openrouter_nb.parameters import PARAMETERS, SETTINGS
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
