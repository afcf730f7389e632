"""Forms of plugins and server tools, built from the JSON Schemas of their models in `openrouter_nb.components`."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from openrouter_nb import components

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLUGINS = (
    ("web", "WebSearchPlugin"),
    ("file-parser", "FileParserPlugin"),
    ("response-healing", "ResponseHealingPlugin"),
    ("context-compression", "ContextCompressionPlugin"),
    ("web-fetch", "WebFetchPlugin"),
    ("moderation", "ModerationPlugin"),
    ("auto-router", "AutoRouterPlugin"),
    ("auto-beta-router", "AutoBetaRouterPlugin"),
    ("pareto-router", "ParetoRouterPlugin"),
    ("fusion", "FusionPlugin"),
)
# Type of the tool, its model, and the model of its `parameters`.
_TOOLS = (
    ("openrouter:web_search", "OpenRouterWebSearchServerTool", "WebSearchConfig"),
    ("openrouter:web_fetch", "WebFetchServerTool", "WebFetchServerToolConfig"),
    ("openrouter:datetime", "DatetimeServerTool", "DatetimeServerToolConfig"),
    ("openrouter:image_generation", "ImageGenerationServerToolOpenRouter", "ImageGenerationServerToolConfig"),
    ("openrouter:bash", "BashServerTool", "BashServerToolConfig"),
    ("openrouter:files", "FilesServerTool", "FilesServerToolConfig"),
    ("openrouter:advisor", "AdvisorServerToolOpenRouter", "AdvisorServerToolConfig"),
    ("openrouter:subagent", "SubagentServerToolOpenRouter", "SubagentServerToolConfig"),
    ("openrouter:fusion", "FusionServerToolOpenRouter", "FusionServerToolConfig"),
)
# Keywords of JSON Schema for the bounds of a number, of a list and of text, as `Spec` names them.
_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "minItems": "minimum",
    "maxItems": "maximum",
    "minLength": "minimum",
    "maxLength": "maximum",
}
_CONTROLS = {
    ("boolean",): ("boolean", "switch"),
    ("integer",): ("integer", "number"),
    ("number",): ("number", "number"),
    ("integer", "number"): ("number", "number"),
    ("string",): ("string", "text"),
}


def plugin_forms() -> list[dict[str, Any]]:
    """Return the plugins that the panel offers, each with a form for its fields."""
    return [_form(id_, getattr(components, name), getattr(components, name)) for id_, name in _PLUGINS]


def server_tool_forms() -> list[dict[str, Any]]:
    """Return the server tools that the panel offers, each with a form for its `parameters`."""
    return [
        _form(id_, getattr(components, tool), getattr(components, config)) for id_, tool, config in _TOOLS
    ]


def _form(id_: str, model: Any, fields: Any) -> dict[str, Any]:
    """Return the form of a model, with the fields of another one."""
    properties = fields.model_json_schema().get("properties", {})
    return {
        "id": id_,
        "label": id_.removeprefix("openrouter:"),
        "help": (inspect.getdoc(model) or "").split("\n")[0],
        "fields": [_field(name, schema) for name, schema in properties.items() if name != "id"],
    }


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    variants = list(_variants(schema))
    choices = [word for variant in variants for word in _words(variant)]
    kind, control = _control(variants, choices)
    field: dict[str, Any] = {
        "name": name,
        "label": name,
        "group": "",
        "control": control,
        "kind": kind,
        "help": schema.get("description", ""),
        "nullable": False,
        "advanced": False,
    }
    field |= {bound: schema[keyword] for keyword, bound in _BOUNDS.items() if keyword in schema}
    if choices:
        field |= {"choices": choices, "open": True}
    if placeholder := _placeholder(kind, schema):
        field["ghost"] = placeholder
    return field


def _variants(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the members of a union, however nested, without null."""
    if "anyOf" in schema:
        for variant in schema["anyOf"]:
            yield from _variants(variant)
    elif schema.get("type") != "null":
        yield schema


def _words(schema: dict[str, Any]) -> list[str]:
    return [schema["const"]] if "const" in schema else schema.get("enum", [])


def _control(variants: list[dict[str, Any]], choices: list[str]) -> tuple[str, str]:
    """Return the kind of the value and the control that edits it."""
    if choices:
        return "string", "select"
    if all(variant.get("items", {}).get("type") == "string" for variant in variants):
        return "strings", "chips"
    types = tuple(sorted({variant.get("type", "") for variant in variants}))
    return _CONTROLS.get(types, ("json", "json"))


def _placeholder(kind: str, schema: dict[str, Any]) -> str:
    """Return the service's default, or an example of a JSON value; `""` if there is neither."""
    default = schema.get("default")
    if default is not None:
        return str(default)
    examples = schema.get("examples") if kind == "json" else None
    return json.dumps(examples[0]) if examples else ""
