"""The messages of a conversation, one model for each role.

Source: OpenRouter's OpenAPI document of August 2026, schema ChatMessages. The assistant message, which is
sent back with the next request, is `ChatAssistantMessage` in `responses/result.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel
from openrouter_nb.components.messages.content import ChatContentText, ContentPart
from openrouter_nb.components.reasoning import ConfigurationUpdateReasoning
from openrouter_nb.components.responses.result import ChatAssistantMessage


class ChatSystemMessageConfigurationUpdate(RequestModel):
    """A change of settings, starting with this message (SDK 1.3.84)."""

    reasoning: JSON | ConfigurationUpdateReasoning


class ChatDeveloperMessageConfigurationUpdate(RequestModel):
    """A change of settings, starting with this message (SDK 1.3.84)."""

    reasoning: JSON | ConfigurationUpdateReasoning


class ChatSystemMessage(RequestModel):
    """Instructions for the whole conversation. For models without names, `name` is prepended to the text."""

    role: Literal["system"] = "system"
    content: str | Sequence[JSON | ChatContentText]
    name: str | None = None
    configuration_update: Nullable[JSON | ChatSystemMessageConfigurationUpdate] = None


class ChatDeveloperMessage(RequestModel):
    """Instructions of the developer, which newer OpenAI models distinguish from those of the system."""

    role: Literal["developer"] = "developer"
    content: str | Sequence[JSON | ChatContentText]
    name: str | None = None
    configuration_update: Nullable[JSON | ChatDeveloperMessageConfigurationUpdate] = None


class ChatUserMessage(RequestModel):
    """A message of the user, with images, audio, video and files if the model supports them."""

    role: Literal["user"] = "user"
    content: str | Sequence[ContentPart]
    name: str | None = None


class ChatToolMessage(RequestModel):
    """The result of the tool call with the id `tool_call_id`."""

    role: Literal["tool"] = "tool"
    content: str | Sequence[ContentPart]
    tool_call_id: str
    name: str | None = None


ChatMessages = (
    ChatSystemMessage | ChatDeveloperMessage | ChatUserMessage | ChatAssistantMessage | ChatToolMessage
)
