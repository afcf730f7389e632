"""Which endpoints are left, and what a model takes."""

import pytest

from openrouter_nb.components.catalog import Model, PublicEndpoint
from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.parameters import model_capabilities, routing
from openrouter_nb.playground.parameters.specs import param_specs, setting_specs

CHEAP = PublicEndpoint.model_validate(
    {
        "tag": "azure/eu",
        "provider_name": "Azure",
        "quantization": "fp8",
        "pricing": {"prompt": "0.000001", "completion": "0.000002"},
        "supported_parameters": ["max_tokens", "tools"],
    }
)
DEAR = PublicEndpoint.model_validate(
    {
        "tag": "openai",
        "provider_name": "OpenAI",
        "pricing": {"prompt": "0.000010", "completion": "0.000020"},
        "supported_parameters": ["max_tokens", "temperature", "tools"],
    }
)


@pytest.mark.parametrize(
    ("provider", "sent", "left"),
    [
        ({}, [], "both"),
        ({"only": ["azure"]}, [], "cheap"),
        ({"only": ["Azure/EU"]}, [], "cheap"),
        ({"ignore": ["openai"]}, [], "cheap"),
        ({"order": ["openai"]}, [], "both"),
        ({"order": ["openai"], "allow_fallbacks": False}, [], "dear"),
        ({"quantizations": ["fp8"]}, [], "cheap"),
        ({"quantizations": ["unknown"]}, [], "dear"),
        ({"max_price": {"prompt": "5"}}, [], "cheap"),
        ({"max_price": {"prompt": 0.5}}, [], "none"),
        ({"max_price": {"prompt": "a lot"}}, [], "both"),
        ({"require_parameters": True}, ["temperature", "user"], "dear"),
        ({"require_parameters": True}, ["max_completion_tokens"], "both"),
        ({"zdr": True, "data_collection": "deny"}, [], "both"),
    ],
)
def test_preferences_rule_endpoints_out(provider, sent, left):
    expected = {"both": [CHEAP, DEAR], "cheap": [CHEAP], "dear": [DEAR], "none": []}[left]
    assert routing.remaining([CHEAP, DEAR], provider, sent) == expected


def test_an_excluded_endpoint_says_by_what():
    assert routing.excluded_by(DEAR, {"max_price": {"completion": 1}}, []) == "max_price.completion"
    assert routing.excluded_by(CHEAP, {"require_parameters": True}, ["seed"]) == "require_parameters: seed"
    assert routing.row(CHEAP, "")["price_in"] == 1.0


def test_a_model_says_what_its_rows_are_like():
    model = Model.model_validate(
        {
            "id": "a/b",
            "default_parameters": {"temperature": 0.7, "top_p": None},
            "top_provider": {"max_completion_tokens": 4096},
            "architecture": {"output_modalities": ["text"]},
            "reasoning": {
                "mandatory": True,
                "supported_efforts": ["high", "low", "none"],
                "default_effort": "low",
                "supports_max_tokens": False,
            },
        }
    )
    hints = model_capabilities.hints(model, tools=["f"], providers=["azure"])
    assert hints["temperature"] == {"default": 0.7, "ghost": "model default 0.7"}
    assert "top_p" not in hints
    assert hints["max_completion_tokens"]["maximum"] == 4096
    assert hints["reasoning.effort"]["choices"] == ["low", "high"]
    assert hints["reasoning.max_tokens"] == {"hidden": True}
    assert hints["image_config.quality"] == {"hidden": True}
    assert hints["tool_choice"]["choices"] == ["auto", "none", "required", "f"]
    assert model_capabilities.hints(None, tools=[], providers=["x"])["provider.only"] == {"choices": ["x"]}


def test_every_parameter_has_a_row_and_every_row_a_parameter():
    names = [row["name"] for row in param_specs()]
    assert len(set(names)) == len(names)
    assert {name.partition(".")[0] for name in names} == set(PARAMETERS) - {"model", "messages"} | {
        "extra_body"
    }
    for row in (*param_specs(), *setting_specs()):
        assert row["help"]
        if row["control"] == "slider":
            assert row["step"] > 0
            assert "minimum" in row
