"""Store images, sound and files of messages, and pass references to the panel.

A changed trait is sent as a whole, so traits contain references only: the panel requests the bytes to display them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openrouter_nb.prompt import attached_name

if TYPE_CHECKING:
    from openrouter_nb.components.responses.media_parts import MediaPart

_KINDS = {
    "image_url": "image",
    "input_audio": "audio",
    "video_url": "video",
    "input_video": "video",
    "file": "file",
}
_BEGINNING = 60
_AUDIO = {"mp3": "audio/mpeg", "pcm16": "audio/wav"}


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One image, sound or file, encoded as base64."""

    kind: str
    media_type: str
    name: str
    encoded: str

    @property
    def data(self) -> bytes:
        """The bytes, empty if the text is not valid base64."""
        try:
            return base64.b64decode(self.encoded, validate=False)
        except (binascii.Error, ValueError):
            return b""


class MediaStore:
    """Media of one playground by reference. A reference is a hash prefix, so it is still valid after a reload."""

    def __init__(self) -> None:
        self._items: dict[str, MediaItem] = {}

    def find(self, ref: str) -> MediaItem | None:
        """Return the item of a reference, or None."""
        return self._items.get(ref)

    def part(self, part: Any) -> dict[str, Any]:
        """Return a content part for the panel."""
        if not isinstance(part, dict):
            return {"type": "text", "text": str(part)}
        kind = str(part.get("type"))
        if kind == "text":
            text = str(part.get("text") or "")
            if (name := attached_name(text)) is not None:
                return _text_file(name, text)
            cached = {"cached": True} if part.get("cache_control") else {}
            return {"type": "text", "text": text, **cached}
        inner = part.get("video_url" if kind == "input_video" else kind)
        inner = inner if isinstance(inner, dict) else {"url": inner}
        name = str(inner.get("filename") or "")
        if kind == "input_audio":
            media_type = _AUDIO.get(str(inner.get("format")), f"audio/{inner.get('format') or 'wav'}")
            return self._stored(
                "audio", media_type, name or f"sound.{inner.get('format')}", inner.get("data")
            )
        url = inner.get("file_data") or inner.get("url")
        return self._by_url(_KINDS.get(kind, "file"), str(url or ""), name)

    def attachment(self, part: dict[str, Any]) -> dict[str, Any]:
        """Return an attachment of the draft for the panel. Text, such as a table, is named by its beginning."""
        shown = self.part(part)
        if shown["type"] != "text":
            return shown
        beginning = " ".join(shown["text"][:_BEGINNING].split())
        return _text_file(beginning, shown["text"])

    def answer_part(self, part: MediaPart, asked_format: str = "") -> dict[str, Any]:
        """Return media of an answer for the panel, audio converted to a format that browsers play.

        Args:
            part: The media, complete.
            asked_format: `audio.format` of the request.
        """
        if part.url:
            return self._by_url(part.kind, part.url, part.kind)
        ref = _reference(f"{asked_format} {part.encoded}")
        if ref not in self._items:
            media_type, data = part.decode(asked_format)
            self._items[ref] = MediaItem(part.kind, media_type, part.kind, base64.b64encode(data).decode())
        item = self._items[ref]
        return _panel_part(item.kind, ref, item.name, item.media_type, item.encoded)

    def _by_url(self, kind: str, url: str, name: str) -> dict[str, Any]:
        if url.startswith("data:"):
            head, _, encoded = url.removeprefix("data:").partition(",")
            return self._stored(kind, head.partition(";")[0].lower(), name, encoded)
        label = name or url.rpartition("/")[2] or kind
        return {"type": kind, "ref": "", "name": label, "media_type": "", "bytes": 0, "url": url}

    def _stored(self, kind: str, media_type: str, name: str, encoded: Any) -> dict[str, Any]:
        encoded = encoded if isinstance(encoded, str) else ""
        ref = _reference(encoded)
        self._items[ref] = MediaItem(kind, media_type, name, encoded)
        return _panel_part(kind, ref, name or kind, media_type, encoded)


def _text_file(name: str, text: str) -> dict[str, Any]:
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return {"type": "file", "ref": "", "name": name, "media_type": "text/plain", "bytes": size}


def _panel_part(kind: str, ref: str, name: str, media_type: str, encoded: str) -> dict[str, Any]:
    size = len(encoded) * 3 // 4 - encoded[-2:].count("=")
    return {"type": kind, "ref": ref, "name": name, "media_type": media_type, "bytes": size}


@lru_cache(maxsize=512)
def _reference(encoded: str) -> str:
    return hashlib.sha256(encoded.encode("utf-8", "replace")).hexdigest()[:16]
