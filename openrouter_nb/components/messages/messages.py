"""The messages of a conversation, one model for each role.

Source: OpenRouter's OpenAPI document of August 2026, schema ChatMessages. The answer's own message, which goes back with
the next request, is `ChatAssistantMessage` in `components/result.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel
from openrouter_nb.components.messages.content import ChatContentText, ContentPart
from openrouter_nb.components.reasoning import ConfigurationUpdateReasoning
from openrouter_nb.components.responses.result import ChatAssistantMessage


class ChatSystemMessageConfigurationUpdate(RequestModel):
    """What changes from this message on (SDK 1.3.84)."""

    reasoning: JSON | ConfigurationUpdateReasoning


class ChatDeveloperMessageConfigurationUpdate(RequestModel):
    """What changes from this message on (SDK 1.3.84)."""

    reasoning: JSON | ConfigurationUpdateReasoning


class ChatSystemMessage(RequestModel):
    """Instructions for the whole conversation. `name` goes in front of the text for models without names."""

    role: Literal["system"] = "system"
    content: str | Sequence[JSON | ChatContentText]
    name: str | None = None
    configuration_update: Nullable[JSON | ChatSystemMessageConfigurationUpdate] = None


class ChatDeveloperMessage(RequestModel):
    """Instructions of the developer, which newer OpenAI models keep apart from the system's."""

    role: Literal["developer"] = "developer"
    content: str | Sequence[JSON | ChatContentText]
    name: str | None = None
    configuration_update: Nullable[JSON | ChatDeveloperMessageConfigurationUpdate] = None


class ChatUserMessage(RequestModel):
    """What a person says, with pictures, sound, video and files where the model takes them."""

    role: Literal["user"] = "user"
    content: str | Sequence[ContentPart]
    name: str | None = None


class ChatToolMessage(RequestModel):
    """What a function returned, for the call with the id `tool_call_id`."""

    role: Literal["tool"] = "tool"
    content: str | Sequence[ContentPart]
    tool_call_id: str
    name: str | None = None


ChatMessages = (
    ChatSystemMessage | ChatDeveloperMessage | ChatUserMessage | ChatAssistantMessage | ChatToolMessage
)
