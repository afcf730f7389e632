"""Images and audio of an answer."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openrouter_nb.components.lazy_view import image_url
from openrouter_nb.render.answer.media import base64_bytes

# Supported by every frontend, and unlike SVG without scripts.
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
_PLAYED = ("audio/wav", "audio/mpeg", "audio/flac", "audio/ogg")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
)


@dataclass(frozen=True, slots=True)
class Media:
    """An image or audio.

    Attributes:
        media_type: Such as `image/png`, detected from the bytes if possible; `""` if unknown.
        data: The bytes; empty if the answer contains only a URL.
        url: The URL, unless it is a data URL. It is never fetched.
        transcript: Transcript of audio.
    """

    media_type: str
    data: bytes = field(repr=False)
    url: str | None = None
    transcript: str = ""

    def save(self, path: str | Path) -> Path:
        """Write the bytes to a new file and return its path.

        Raises:
            ValueError: there is only a URL.
            FileExistsError: the file already exists.
        """
        if not self.data:
            raise ValueError(f"The answer contains only a URL: {self.url}")
        path = Path(path)
        with path.open("xb") as file:
            file.write(self.data)
        return path

    def __repr__(self) -> str:
        return f"<{self.media_type or 'media'}, {self.url or f'{len(self.data):,} bytes'}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return an image or an audio player, for safe media types only."""
        bundle = {"text/plain": repr(self)}
        encoded = base64.b64encode(self.data).decode()
        if encoded and self.media_type in _SHOWN:
            bundle[self.media_type] = encoded
        elif encoded and self.media_type in _PLAYED:
            bundle["text/html"] = f'<audio controls src="data:{self.media_type};base64,{encoded}"></audio>'
        return bundle


def image(entry: Any) -> Media | None:
    """Return the image of an entry of `message.images`, or None if it has none.

    Source: OpenRouter docs, guides/overview/multimodal/image-generation, August 2026: `image_url.url`, a data URL.
    """
    url = image_url(entry)
    if not url:
        return None
    if not url.startswith("data:"):
        return Media("", b"", url)
    head, _, encoded = url.removeprefix("data:").partition(",")
    data = _bytes(encoded)
    return Media(_kind(data) or head.partition(";")[0].lower(), data) if data else None


def audio(entry: Any) -> Media | None:
    """Return the audio of `message.audio`, or None if there is none.

    Source: OpenRouter docs, guides/overview/multimodal/audio, August 2026: base64 `data`, in the format of the
    request, which the answer does not repeat; raw samples (`pcm16`) cannot be detected.
    """
    if not isinstance(entry, dict) or not isinstance(encoded := entry.get("data"), str):
        return None
    data = _bytes(encoded)
    return Media(_kind(data), data, transcript=str(entry.get("transcript") or "")) if data else None


def _bytes(encoded: str) -> bytes:
    try:
        return base64_bytes(encoded)
    except ValueError:
        return b""


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12], "")
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
