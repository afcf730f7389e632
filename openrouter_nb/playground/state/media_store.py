"""Pictures, sound and files of messages: kept here, and shown to the panel by reference.

A trait is sent whole whenever it changes, so no trait holds a medium: the panel asks for the bytes when it shows one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openrouter_nb.components.lazy_view import image_url
from openrouter_nb.render.answer.media import playable

_PLURAL = {
    "image_url": "image",
    "input_audio": "audio",
    "video_url": "video",
    "input_video": "video",
    "file": "file",
}
_AUDIO = {"mp3": "audio/mpeg", "pcm16": "audio/wav"}


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One picture, sound or file, as text of base64."""

    kind: str
    media_type: str
    name: str
    encoded: str

    @property
    def data(self) -> bytes:
        """The bytes, empty where the text is no base64."""
        try:
            return base64.b64decode(self.encoded, validate=False)
        except (binascii.Error, ValueError):
            return b""


class MediaStore:
    """The media of one playground, by reference: the beginning of a hash, so that a reload finds them again."""

    def __init__(self) -> None:
        self._kept: dict[str, MediaItem] = {}

    def find(self, ref: str) -> MediaItem | None:
        """Return the medium of a reference, or None."""
        return self._kept.get(ref)

    def part(self, part: Any) -> dict[str, Any]:
        """Return a content part as the panel gets it."""
        if not isinstance(part, dict):
            return {"type": "text", "text": str(part)}
        kind = str(part.get("type"))
        if kind == "text":
            cached = {"cached": True} if part.get("cache_control") else {}
            return {"type": "text", "text": str(part.get("text") or ""), **cached}
        inner = part.get("video_url" if kind == "input_video" else kind)
        inner = inner if isinstance(inner, dict) else {"url": inner}
        name = str(inner.get("filename") or "")
        if kind == "input_audio":
            media_type = _AUDIO.get(str(inner.get("format")), f"audio/{inner.get('format') or 'wav'}")
            return self._seen("audio", media_type, name or f"sound.{inner.get('format')}", inner.get("data"))
        address = inner.get("file_data") or inner.get("url")
        return self._addressed(_PLURAL.get(kind, "file"), str(address or ""), name)

    def picture(self, entry: Any) -> dict[str, Any]:
        """Return an entry of an answer's `images` as the panel gets it."""
        return self.image(image_url(entry))

    def image(self, url: str) -> dict[str, Any]:
        """Return an image of an answer as the panel gets it."""
        return self._addressed("image", url, "picture")

    def sound(self, entry: dict[str, Any], asked_format: str) -> dict[str, Any]:
        """Return an answer's `audio` as the panel gets it: what can be played, in a form that can.

        Args:
            entry: `message.audio`, with data.
            asked_format: `audio.format` of the request.
        """
        data = str(entry["data"])
        ref = _reference(f"{asked_format} {data}")
        if ref not in self._kept:
            try:
                kind, sound = playable(data, asked_format) or ("", b"")
            except ValueError:
                kind, sound = "", b""
            encoded = base64.b64encode(sound).decode()
            self._kept[ref] = MediaItem("audio", f"audio/{kind}", "sound", encoded)
        medium = self._kept[ref]
        return _shown("audio", ref, medium.name, medium.media_type, medium.encoded)

    def _addressed(self, kind: str, address: str, name: str) -> dict[str, Any]:
        if address.startswith("data:"):
            head, _, encoded = address.removeprefix("data:").partition(",")
            return self._seen(kind, head.partition(";")[0].lower(), name, encoded)
        shown = name or address.rpartition("/")[2] or kind
        return {"type": kind, "ref": "", "name": shown, "media_type": "", "bytes": 0, "url": address}

    def _seen(self, kind: str, media_type: str, name: str, encoded: Any) -> dict[str, Any]:
        encoded = encoded if isinstance(encoded, str) else ""
        ref = _reference(encoded)
        self._kept[ref] = MediaItem(kind, media_type, name, encoded)
        return _shown(kind, ref, name or kind, media_type, encoded)


def _shown(kind: str, ref: str, name: str, media_type: str, encoded: str) -> dict[str, Any]:
    size = len(encoded) * 3 // 4 - encoded[-2:].count("=")
    return {"type": kind, "ref": ref, "name": name, "media_type": media_type, "bytes": size}


@lru_cache(maxsize=512)
def _reference(encoded: str) -> str:
    return hashlib.sha256(encoded.encode("utf-8", "replace")).hexdigest()[:16]
