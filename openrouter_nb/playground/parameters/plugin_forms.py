"""Plugins and server tools as cards with fields, read off their models in `openrouter_nb.components`."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from openrouter_nb import components

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
_ATTRIBUTE = re.compile(r"^        (\w+): (.+?)(?=^        \w+: |^    \S|\Z)", re.MULTILINE | re.DOTALL)


def plugin_cards() -> list[dict[str, Any]]:
    """Return what the add-menu of plugins offers."""
    return [_card(id_, getattr(components, name), skip=("id",)) for id_, name in _PLUGINS]


def tool_cards() -> list[dict[str, Any]]:
    """Return what the add-menu of server tools offers; the fields are those of `parameters`."""
    cards = []
    for id_, tool, config in _TOOLS:
        card = _card(id_, getattr(components, tool), skip=("type", "parameters"))
        inner = _card(id_, getattr(components, config)) if hasattr(components, config) else {"fields": []}
        cards.append({**card, "fields": inner["fields"]})
    return cards


def _card(id_: str, model: Any, *, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    text = model.__doc__ or ""
    helps = {name: " ".join(about.split()) for name, about in _ATTRIBUTE.findall(text)}
    fields = [
        _field(name, field.annotation, helps.get(name, ""))
        for name, field in model.model_fields.items()
        if name not in skip
    ]
    return {
        "id": id_,
        "label": id_.removeprefix("openrouter:"),
        "help": text.split("\n")[0],
        "fields": fields,
    }


def _field(name: str, annotation: Any, about: str) -> dict[str, Any]:
    kind, control, choices = _shape(annotation)
    field: dict[str, Any] = {
        "name": name,
        "label": name,
        "group": "",
        "control": control,
        "kind": kind,
        "help": about,
        "nullable": False,
        "advanced": False,
    }
    return field | ({"choices": choices, "open": True} if choices else {})


def _shape(annotation: Any) -> tuple[str, str, list[str]]:
    """Return kind, control and known words of an annotation."""
    members = _members(annotation)
    words = [word for member in members if get_origin(member) is Literal for word in get_args(member)]
    kinds = [member for member in members if get_origin(member) is not Literal and member is not type(None)]
    plain = {get_origin(kind) or kind for kind in kinds}
    if words:
        return "string", "select", [str(word) for word in words]
    if plain == {bool}:
        return "boolean", "switch", []
    if plain == {int}:
        return "integer", "number", []
    if plain and plain <= {int, float}:
        return "number", "number", []
    if plain == {str}:
        return "string", "text", []
    if plain == {Sequence} and all(get_args(kind) == (str,) for kind in kinds):
        return "strings", "chips", []
    return "json", "json", []


def _members(annotation: Any) -> list[Any]:
    """The members of a union, however nested; an annotated type as the type."""
    if hasattr(annotation, "__metadata__"):
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [inner for member in get_args(annotation) for inner in _members(member)]
    return [Mapping] if get_origin(annotation) is Mapping else [annotation]
