"""The names of `openrouter_nb.components`: all there, loaded when asked for, and old ones beside the new."""

import importlib
import json
import pkgutil
import subprocess
import sys
import typing
from typing import Any

import openrouter
import pytest
from pydantic import BaseModel

from openrouter_nb import components
from openrouter_nb.components import _exports, _legacy_names
from openrouter_nb.components.base import RequestModel, ResponseModel

# Schemas of the document that are words or unions here, or that only hold a list.
NO_MODELS = {"ChatRequest", "ImageConfig", "ChatFunctionTool", "ChatAssistantImages"}
OTHER_NAMES = {
    "AdvisorServerTool_OpenRouter": "AdvisorServerToolOpenRouter",
    "FusionServerTool_OpenRouter": "FusionServerToolOpenRouter",
    "ImageGenerationServerTool_OpenRouter": "ImageGenerationServerToolOpenRouter",
    "SubagentServerTool_OpenRouter": "SubagentServerToolOpenRouter",
    "Legacy_ChatContentVideo": "LegacyChatContentVideo",
    "Legacy_ChatContentVideoInput": "LegacyChatContentVideoInput",
    "ChatFormatJsonObjectConfig": "ChatFormatJSONObjectConfig",
    "ChatFormatJsonSchemaConfig": "ChatFormatJSONSchemaConfig",
    "ChatJsonSchemaConfig": "ChatJSONSchemaConfig",
    "WebSearchUserLocation": "UserLocation",
}


def modules():
    return [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(components.__path__, "openrouter_nb.components.")
        if not module.name.endswith(".base")
    ]


def test_every_model_of_the_folder_has_its_public_name():
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, BaseModel) and not name.startswith("_"):
                assert value in {BaseModel, RequestModel, ResponseModel} or getattr(components, name) is value


def test_the_list_of_names_is_sorted_and_whole():
    assert len(set(components.__all__)) == len(components.__all__)
    assert components.__all__ == _exports.__all__ == sorted(_exports.__all__)
    assert set(dir(components)) == set(components.__all__)
    for name in components.__all__:
        assert getattr(components, name) is not None
    assert not hasattr(components, "Nothing")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SystemMessage", "ChatSystemMessage"),
        ("UserMessage", "ChatUserMessage"),
        ("AssistantMessage", "ChatAssistantMessage"),
        ("MessageDeveloper", "ChatDeveloperMessage"),
        ("ToolResponseMessage", "ChatToolMessage"),
        ("ToolDefinitionJSON", "ChatFunctionToolFunction"),
        ("ChatGenerationParams", "ChatRequest"),
        ("ChatResponse", "ChatResult"),
        ("ChatStreamingResponseChunk", "ChatStreamChunk"),
        ("ChatGenerationTokenUsage", "ChatUsage"),
        ("Reasoning", "ChatRequestReasoning"),
        ("ToolCall", "ChatToolCall"),
    ],
)
def test_names_of_the_seed_mean_the_same(old, new):
    assert getattr(components, old) is getattr(components, new)
    assert old in vars(_legacy_names)


# Boxes of the SDK for objects that it does not know, which stay dicts here.
UNKNOWN = {
    "UnknownAlignmentCallRecord",
    "UnknownChatContentItems",
    "UnknownReasoningDetailUnion",
    "UnknownToolUses",
}


def sdk_names(*roots):
    """Return all names of the SDK's modules that define the models below these roots, and whether each is a class."""
    seen = set()

    def collect(kind):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind in seen:
                return
            seen.add(kind)
            inner = [row.annotation for row in kind.model_fields.values()]
        else:
            inner = [*typing.get_args(kind), getattr(kind, "__value__", None)]
        for item in inner:
            if item is not None and not isinstance(item, str):
                collect(item)

    for root in roots:
        collect(getattr(openrouter.components, root))
    modules = {kind.__module__ for kind in seen}
    table = openrouter.components._dynamic_imports
    return {name for name, module in table.items() if f"openrouter.components{module}" in modules}


def test_every_name_of_the_sdk_for_chat_is_here():
    """All names of openrouter.components (package openrouter 1.3.84) in the modules of requests and answers."""
    names = sdk_names("ChatRequest", "ChatResult", "ChatStreamChunk")
    assert len(names) > 450
    assert {name for name in names - UNKNOWN if not hasattr(components, name)} == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ChatMessagesTypedDict", dict[str, Any]),
        ("ChatUserMessageRoleTypedDict", dict[str, Any]),
        ("ChatUserMessageRole", typing.Literal["user"]),
        ("ProviderPreferencesSort", components.ProviderPreferences.model_fields["sort"].annotation),
    ],
)
def test_names_of_field_types_are_resolved(name, expected):
    assert getattr(components, name) == expected


@pytest.mark.parametrize("name", ["Nothing", "ChatUserMessageNothing", "NothingTypedDict", "TypedDict"])
def test_other_names_are_not_there(name):
    assert not hasattr(components, name)


def test_loading_is_late():
    probe = """
import json, sys
import openrouter_nb
first = [name for name in sys.modules if name.startswith("pydantic") or name.startswith("openrouter_nb.components")]
import openrouter_nb.client
openrouter_nb.OpenRouter()
second = [name for name in sys.modules if name.startswith("pydantic")]
openrouter_nb.components.ChatUserMessage
print(json.dumps([first, second, "openrouter_nb.components._exports" in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], [], True]


def test_every_field_of_the_openapi_document_is_here(recordings):
    path = recordings.parent / "contract" / "openapi.json"
    if not path.is_file():
        pytest.skip("no OpenAPI document beside the recordings")
    schemas = json.loads(path.read_text())["components"]["schemas"]
    seen, missing = _reachable(schemas, "ChatRequest"), []
    for name in seen - NO_MODELS:
        fields = _properties(schemas, schemas[name])
        if not fields:
            continue
        model = getattr(components, OTHER_NAMES.get(name, name))
        known = set(model.model_fields) | {row.alias for row in model.model_fields.values()}
        missing += [f"{name}.{field}" for field in fields if field not in known]
    assert missing == []
    expected = set(schemas["ChatRequest"]["properties"])
    assert expected - {"stream"} <= set(components.ChatRequestTypedDict.__annotations__)
    assert expected <= set(components.ChatRequest.model_fields)


def _reachable(schemas, name):
    seen, todo = set(), [name]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        stack = [schemas[name]]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                if "$ref" in value:
                    todo.append(value["$ref"].rpartition("/")[2])
                stack += [item for key, item in value.items() if key not in {"example", "examples"}]
            elif isinstance(value, list):
                stack += value
    return seen


def _properties(schemas, schema):
    fields = set(schema.get("properties", ()))
    for part in schema.get("allOf", ()):
        whole = schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        fields |= _properties(schemas, whole)
    return fields
