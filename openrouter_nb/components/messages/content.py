"""Parts of a message: text, images, audio, video and files.

Source: OpenRouter's OpenAPI document of August 2026, schema ChatContentItems, and the guides on multimodal input. Pass a
part without a class as a dict.
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

    `cache_control` (Anthropic) and `prompt_cache_breakpoint` (OpenAI) mark the end of the part that a provider may
    cache; OpenRouter translates one into the other.
    """

    type: Literal["text"] = "text"
    text: str
    cache_control: JSON | ChatContentCacheControl | None = None
    prompt_cache_breakpoint: Nullable[JSON | PromptCacheBreakpoint] = None


class ChatContentImageImageURL(RequestModel):
    """URL or data URL of an image (png, jpeg, webp, gif).

    `detail`: `original` preserves the resolution and falls back to `high`.
    """

    url: str
    detail: ImageDetail | None = None


class ChatContentImage(RequestModel):
    """An image, for models with image input."""

    type: Literal["image_url"] = "image_url"
    image_url: JSON | ChatContentImageImageURL


class ChatContentAudioInputAudio(RequestModel):
    """Audio as plain base64, neither a data URL nor a URL.

    `format`: wav, mp3, aiff, aac, ogg, flac, m4a, pcm16 or pcm24; support depends on the provider.
    """

    data: str
    format_: str = Field(alias="format")


class ChatContentAudio(RequestModel):
    """Audio, for models with audio input."""

    type: Literal["input_audio"] = "input_audio"
    input_audio: JSON | ChatContentAudioInputAudio


class ChatContentVideoInput(RequestModel):
    """URL or data URL of a video (mp4, mpeg, mov, webm).

    Gemini accepts only YouTube URLs through AI Studio, and only data URLs through Vertex. `processing` is newer than the
    OpenAPI document (SDK 1.3.84).
    """

    url: str
    processing: VideoProcessing | None = None


class ChatContentVideo(RequestModel):
    """A video, for models with video input."""

    type: Literal["video_url"] = "video_url"
    video_url: JSON | ChatContentVideoInput


class LegacyChatContentVideoInput(ChatContentVideoInput):
    """URL or data URL of a video, in the deprecated spelling."""


class LegacyChatContentVideo(RequestModel):
    """A video in the deprecated spelling; `ChatContentVideo` is the current one."""

    type: Literal["input_video"] = "input_video"
    video_url: JSON | LegacyChatContentVideoInput | ChatContentVideoInput


class ChatContentFileFile(RequestModel):
    """A document: `file_data` is a URL or a data URL, `file_id` the id of an uploaded file."""

    filename: str | None = None
    file_data: str | None = None
    file_id: str | None = None


class ChatContentFile(RequestModel):
    """A PDF or another document. The plugin `file-parser` configures how PDF files are read."""

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

# An item of `content`. Any request model, because type checkers infer only the base class for mixed lists.
ContentPart = JSON | ChatContentItems | SerializeAsAny[RequestModel]
