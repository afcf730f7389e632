"""Parts of a message: text, images, audio, video and files.

Source: OpenRouter's OpenAPI document of August 2026, schema ChatContentItems, and the guides on multimodal input. A part
of a type that is not here is given as a dict.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SerializeAsAny

from openrouter_nb.components.base import JSON, Nullable, RequestModel
from openrouter_nb.components.messages.caching import ChatContentCacheControl, PromptCacheBreakpoint

ImageDetail = str | Literal["auto", "low", "high", "original"]
VideoProcessing = str | Literal["agentic", "static"]


class ChatContentText(RequestModel):
    """Text.

    `cache_control` and `prompt_cache_breakpoint` mark the end of what a provider may cache, in Anthropic's and in
    OpenAI's manner; OpenRouter translates one into the other.
    """

    type: Literal["text"] = "text"
    text: str
    cache_control: JSON | ChatContentCacheControl | None = None
    prompt_cache_breakpoint: Nullable[JSON | PromptCacheBreakpoint] = None


class ChatContentImageImageURL(RequestModel):
    """Where an image is: an address or a data URL (png, jpeg, webp, gif).

    `detail`: `original` keeps the resolution and falls back to `high`.
    """

    url: str
    detail: ImageDetail | None = None


class ChatContentImage(RequestModel):
    """An image for a model that sees."""

    type: Literal["image_url"] = "image_url"
    image_url: JSON | ChatContentImageImageURL


class ChatContentAudioInputAudio(RequestModel):
    """Sound as bare base64, neither a data URL nor an address.

    `format`: wav, mp3, aiff, aac, ogg, flac, m4a, pcm16 or pcm24; what is taken depends on the provider.
    """

    data: str
    format_: str = Field(alias="format")


class ChatContentAudio(RequestModel):
    """Sound for a model that hears."""

    type: Literal["input_audio"] = "input_audio"
    input_audio: JSON | ChatContentAudioInputAudio


class ChatContentVideoInput(RequestModel):
    """Where a video is: an address or a data URL (mp4, mpeg, mov, webm).

    Gemini takes only YouTube addresses by AI Studio and only data URLs by Vertex. `processing` is newer than the
    OpenAPI document (SDK 1.3.84).
    """

    url: str
    processing: VideoProcessing | None = None


class ChatContentVideo(RequestModel):
    """A video for a model that sees."""

    type: Literal["video_url"] = "video_url"
    video_url: JSON | ChatContentVideoInput


class LegacyChatContentVideoInput(ChatContentVideoInput):
    """Where a video is, in the deprecated spelling."""


class LegacyChatContentVideo(RequestModel):
    """A video in the deprecated spelling; `ChatContentVideo` is the current one."""

    type: Literal["input_video"] = "input_video"
    video_url: JSON | LegacyChatContentVideoInput | ChatContentVideoInput


class ChatContentFileFile(RequestModel):
    """A document: `file_data` is an address or a data URL, `file_id` the id of an uploaded file."""

    filename: str | None = None
    file_data: str | None = None
    file_id: str | None = None


class ChatContentFile(RequestModel):
    """A PDF or another document. The plugin `file-parser` says how a PDF is read."""

    type: Literal["file"] = "file"
    file: JSON | ChatContentFileFile


ChatContentItems = (
    ChatContentText
    | ChatContentImage
    | ChatContentAudio
    | ChatContentVideo
    | LegacyChatContentVideo
    | ChatContentFile
)

# What `content` may hold. An editor knows of a list of several kinds no more than that they are models.
ContentPart = JSON | ChatContentItems | SerializeAsAny[RequestModel]
