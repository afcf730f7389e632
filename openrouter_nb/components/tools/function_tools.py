"""Function tools, and tool choice.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatFunctionTool, ChatToolChoice and ChatToolCall;
`defer_loading`: SDK 1.3.84. Server tools, which OpenRouter runs, are in `server_tools.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from openrouter_nb.components.base import JSON, Nullable, RequestModel, optional
from openrouter_nb.components.messages.caching import ChatContentCacheControl
from openrouter_nb.components.tools.server_tools import ServerTool


class ChatFunctionToolFunctionFunction(RequestModel):
    """A function of the caller."""

    name: str = Field(description="Up to 64 letters, digits, `_` and `-`.")
    description: str | None = optional("Description of the function, for the model.")
    parameters: Mapping[str, Any] | None = optional("JSON Schema of the arguments, an object.")
    strict: Nullable[bool] = optional("Arguments must match the schema exactly.")
    defer_loading: bool | None = optional("Load it into the prompt only when the model searches for it.")


class ChatFunctionToolFunction(RequestModel):
    """A function tool. `cache_control` is a cache breakpoint, as in a part of a message."""

    type: Literal["function"] = "function"
    function: JSON | ChatFunctionToolFunctionFunction
    cache_control: JSON | ChatContentCacheControl | None = None
    defer_loading: bool | None = None


# As in OpenRouter's SDK, this name covers all tools; the class of function tools is above.
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
