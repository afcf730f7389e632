"""Images and audio of an answer, for sending it back.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatAssistantImages and ChatAudioOutput; the `type` of an image
is observed.
"""

from __future__ import annotations

from typing import Literal

from openrouter_nb.components.base import JSON, RequestModel


class ChatAudioOutput(RequestModel):
    """Audio of an answer: base64 `data` with its `transcript`, or the `id` of earlier audio, valid until `expires_at`."""

    id: str | None = None
    data: str | None = None
    transcript: str | None = None
    expires_at: int | None = None


class ChatAssistantImagesImageURL(RequestModel):
    """URL of an image; in answers a data URL."""

    url: str


class ChatAssistantImages(RequestModel):
    """An image of an answer."""

    type: Literal["image_url"] | None = None
    image_url: JSON | ChatAssistantImagesImageURL
