"""Functions that the model may call, and which of the tools it must use.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatFunctionTool, ChatToolChoice and ChatToolCall;
`defer_loading`: SDK 1.3.84. Tools that OpenRouter runs itself are in `server_tools.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel
from openrouter_nb.components.messages.caching import ChatContentCacheControl
from openrouter_nb.components.tools.server_tools import ServerTool


class ChatFunctionToolFunctionFunction(RequestModel):
    """A function of the caller.

    Attributes:
        name: Up to 64 letters, digits, `_` and `-`.
        description: What it does, for the model.
        parameters: JSON Schema of its arguments, an object.
        strict: Arguments exactly after the schema.
        defer_loading: Keep it out of the prompt until the model looks for it.
    """

    name: str
    description: str | None = None
    parameters: Mapping[str, Any] | None = None
    strict: Nullable[bool] = None
    defer_loading: bool | None = None


class ChatFunctionToolFunction(RequestModel):
    """A tool that is a function of the caller. `cache_control` ends what may be cached, as on a part of a message."""

    type: Literal["function"] = "function"
    function: JSON | ChatFunctionToolFunctionFunction
    cache_control: JSON | ChatContentCacheControl | None = None
    defer_loading: bool | None = None


# As in OpenRouter's SDK, this is the name of all the tools there are; the class of functions is above.
ChatFunctionTool = ChatFunctionToolFunction | ServerTool


class ChatNamedToolChoiceFunction(RequestModel):
    """The name of a function."""

    name: str


class ChatNamedToolChoice(RequestModel):
    """The model must call this function."""

    type: Literal["function"] = "function"
    function: JSON | ChatNamedToolChoiceFunction


class ChatServerToolChoice(RequestModel):
    """The model must use the server tool of this type, such as `openrouter:web_search`."""

    type: str


ChatToolChoice = str | Literal["none", "auto", "required"] | ChatNamedToolChoice | ChatServerToolChoice
