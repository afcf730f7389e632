"""The forms of plugins and server tools: help, controls and bounds come from the models of `components`."""

import inspect

import pytest

from openrouter_nb import components
from openrouter_nb.client.request_validation import validate_body
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.playground.parameters.plugin_forms import plugin_forms, server_tool_forms

PLUGINS = {form["id"]: form for form in plugin_forms()}
TOOLS = {form["id"]: form for form in server_tool_forms()}
FIELDS = {
    (form["id"], field["name"]): field
    for form in (*PLUGINS.values(), *TOOLS.values())
    for field in form["fields"]
}
# Only the service refuses these.
NOT_VALIDATED = {
    ("openrouter:advisor", "temperature"),
    ("openrouter:subagent", "temperature"),
    ("openrouter:fusion", "temperature"),
}


def test_every_field_of_every_form_has_help():
    assert (len(PLUGINS), len(TOOLS), len(FIELDS)) == (10, 9, 87)
    assert [key for key, field in FIELDS.items() if not field["help"].endswith(".")] == []
    assert all(form["help"].endswith(".") for form in (*PLUGINS.values(), *TOOLS.values()))


@pytest.mark.parametrize(
    ("form", "name", "kind", "control"),
    [
        ("web", "enabled", "boolean", "switch"),
        ("web", "engine", "string", "select"),
        ("web", "max_results", "integer", "number"),
        ("web", "search_prompt", "string", "text"),
        ("web", "include_domains", "strings", "chips"),
        ("web", "user_location", "json", "json"),
        ("fusion", "tools", "json", "json"),
        ("pareto-router", "min_coding_score", "number", "number"),
        ("context-compression", "engine", "string", "select"),
    ],
)
def test_the_type_of_a_field_chooses_its_control(form, name, kind, control):
    field = FIELDS[form, name]
    assert (field["kind"], field["control"]) == (kind, control)


def test_choices_defaults_and_examples_come_from_the_schema():
    assert FIELDS["context-compression", "engine"]["choices"] == ["middle-out"]
    assert FIELDS["openrouter:web_search", "search_context_size"]["choices"] == ["low", "medium", "high"]
    assert FIELDS["openrouter:datetime", "timezone"]["ghost"] == "UTC"
    assert FIELDS["openrouter:bash", "environment"]["ghost"] == '{"type": "container_auto"}'
    assert "ghost" not in FIELDS["web", "enabled"]


def sized(field, size):
    """A value of a field with a number, a length or a count of items."""
    if field["kind"] in ("integer", "number"):
        return size
    if field["kind"] == "string":
        return "x" * size
    return ["a/b" if field["kind"] == "strings" else {"type": "x"}] * size


def body(form, name, value):
    if form in PLUGINS:
        return {"plugins": [{"id": form, name: value}]}
    return {"tools": [{"type": form, "parameters": {name: value}}]}


@pytest.mark.parametrize(
    ("form", "name"), [key for key, field in FIELDS.items() if {"minimum", "maximum"} & field.keys()]
)
def test_the_bounds_are_those_that_the_client_validates(form, name):
    field = FIELDS[form, name]
    for bound, beyond in (("minimum", -1), ("maximum", 1)):
        if bound not in field:
            continue
        validate_body(body(form, name, sized(field, field[bound])))
        if (form, name) not in NOT_VALIDATED:
            with pytest.raises(ConfigurationError):
                validate_body(body(form, name, sized(field, field[bound] + beyond)))


def test_the_docstring_of_a_model_lists_its_fields():
    text = inspect.getdoc(components.WebSearchConfig)
    assert text.startswith("Settings of web search.\n\nAttributes:\n    engine: Search engine.")
    assert "\n    max_results: Maximum number of results per search, 1 to 25. Default: 5.\n" in text
    assert inspect.getdoc(components.SubagentReasoning) == (
        "Reasoning of the subagent: an effort, or a budget in tokens."
    )
