"""Media of an answer: the images and the audio of a message or a delta, as the service sends them.

Sources: OpenRouter docs, guides/overview/multimodal/image-generation and audio, August 2026. An image is a data URL. Audio is
base64 in the format of the request, which the answer does not repeat; streamed in fragments, each encoded separately.
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

MediaKind = Literal["image", "audio"]

#: Fields of a message or a delta that are lists of complete media.
_LISTS = ("images",)
#: The kind of an entry of these lists, or of a content part, by the key that holds its URL.
_URL_KEYS: dict[str, MediaKind] = {"image_url": "image"}

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_DECLARED = re.compile(r"data:([a-z]{1,20}/[a-z0-9.+-]{1,40})[;,]", re.IGNORECASE)
# Padding may occur in the middle, between fragments.
_PIECE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
# `audio.format: "pcm16"` of OpenAI models: 24 kHz, one channel, little endian.
_PCM_RATE = 24_000


@dataclass(frozen=True, slots=True)
class MediaPart:
    """An image or audio of a message, or a fragment of it.

    Attributes:
        kind: What it is.
        url: A data URL, or an address; `""` for audio.
        encoded: Base64 text of audio.
        transcript: Transcript of audio.
    """

    kind: MediaKind
    url: str = ""
    encoded: str = ""
    transcript: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether the answer contains only an address."""
        return bool(self.url) and not self.url.startswith("data:")

    def decode(self, asked_format: str = "") -> tuple[str, bytes]:
        """Return the media type and the bytes.

        The type is detected from the bytes if possible, else it is that of the data URL; `""` if unknown. There are no
        bytes if the text is not base64, or if there is only an address.

        Args:
            asked_format: `audio.format` of the request: raw samples have no header, and get that of a WAV file here.
        """
        data = b"" if self.is_remote else _base64_bytes(self.url.partition(",")[2] or self.encoded)
        media_type = _media_type(data)
        if media_type or not data:
            return media_type, data
        if asked_format == "pcm16":
            return "audio/wav", _wav(data)
        declared = _DECLARED.match(self.url)
        return (declared[1].lower() if declared else ""), data


def audio_format(request: Mapping[str, Any]) -> str:
    """Return `audio.format` of a request, `""` if there is none."""
    audio = request.get("audio")
    return str(audio.get("format") or "") if isinstance(audio, dict) else ""


def message_media(message: Mapping[str, Any]) -> list[MediaPart]:
    """Return the media of a message: those of its fields, then those in its content."""
    content = message.get("content")
    return [*field_media(message), *_entries(content)]


def field_media(fields: Mapping[str, Any]) -> list[MediaPart]:
    """Return the media that a message or a delta has in its own fields, outside of the content."""
    parts: list[MediaPart] = []
    # Most deltas have none of these fields: this runs for every token.
    for name in _LISTS:
        if entries := fields.get(name):
            parts += _entries(entries)
    if (audio := fields.get("audio")) and isinstance(audio, dict):
        encoded, transcript = (
            piece if isinstance(piece := audio.get(name), str) else "" for name in ("data", "transcript")
        )
        if encoded or transcript:
            parts.append(MediaPart("audio", encoded=encoded, transcript=transcript))
    return parts


def entry_media(entry: Any) -> MediaPart | None:
    """Return the media of an entry of `images` or of a content part; None for anything else."""
    for key, kind in _URL_KEYS.items() if isinstance(entry, dict) else ():
        url = entry.get(key)
        url = url.get("url") if isinstance(url, dict) else url
        if url and isinstance(url, str):
            return MediaPart(kind, url)
    return None


def _entries(entries: Any) -> list[MediaPart]:
    if not isinstance(entries, (list, tuple)):
        return []
    return [part for entry in entries if (part := entry_media(entry))]


def _base64_bytes(text: str) -> bytes:
    """Return the bytes of base64 text, also wrapped in lines, and of several concatenated fragments with padding.

    There are none for any other text.
    """
    text = "".join(text.split())
    pieces = _PIECE.findall(text)
    if sum(map(len, pieces)) < len(text):
        return b""
    try:
        return b"".join(map(base64.b64decode, pieces))
    except ValueError:
        return b""


def _media_type(data: bytes) -> str:
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], "")
    return next((media_type for magic, media_type in _MAGIC if data.startswith(magic)), "")


def _wav(samples: bytes) -> bytes:
    """Return raw samples with a WAV header."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _PCM_RATE, _PCM_RATE * 2, 2, 16)
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(samples), b"WAVE")
    return head + form + struct.pack("<4sI", b"data", len(samples)) + samples
