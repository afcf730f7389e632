"""Pictures and sound of an answer, to send back with it.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatAssistantImages and ChatAudioOutput; the `type` of a picture
is observed.
"""

from __future__ import annotations

from typing import Literal

from openrouter_nb.components.base import JSON, RequestModel


class ChatAudioOutput(RequestModel):
    """Sound of an answer: base64 `data` with its `transcript`, or the `id` of an earlier one until `expires_at`."""

    id: str | None = None
    data: str | None = None
    transcript: str | None = None
    expires_at: int | None = None


class ChatAssistantImagesImageURL(RequestModel):
    """Where a picture is; in answers a data URL."""

    url: str


class ChatAssistantImages(RequestModel):
    """A picture of an answer."""

    type: Literal["image_url"] | None = None
    image_url: JSON | ChatAssistantImagesImageURL
