"""Images and audio of an answer: shown from its data, without requests.

Source of the shapes: OpenRouter docs, guides/overview/multimodal/image-generation and audio, August 2026.
"""

from __future__ import annotations

import base64
import re
import struct
from typing import TYPE_CHECKING, Any

from openrouter_nb.components.lazy_view import image_url
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import MUTED, HtmlPart, prose, size
from openrouter_nb.render.html.safe_urls import host, is_inline_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatAssistantMessage

_MAX_IMAGES = 16 * 1024 * 1024
_MAX_AUDIO = 16 * 1024 * 1024
_TYPE = re.compile(r"data:image/([a-z0-9.+-]{1,20})[;,]", re.IGNORECASE)
# Streamed fragments are encoded separately, so padding may occur in the middle.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]+={0,2})+")
_PIECE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_AUDIO_TYPES = (
    (b"RIFF", "wav"),
    (b"ID3", "mpeg"),
    (b"\xff\xfb", "mpeg"),
    (b"\xff\xf3", "mpeg"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
)
# `audio.format: "pcm16"` of OpenAI models: 24 kHz, one channel, little endian.
_PCM_RATE = 24_000


def image_urls(message: ChatAssistantMessage) -> list[str]:
    """Return the URLs of the images of a message, in order: those in `images`, then those in the content."""
    content = message.content if isinstance(message.content, (list, tuple)) else ()
    return [url for item in (*(message.images or ()), *content) if (url := image_url(item))]


def images(urls: Sequence[str], *, what: str = "image", kept: str = "it is `_.images[{}]`") -> HtmlPart:
    """Return the images of an answer or of its tool calls.

    Raster images in the answer are shown, up to 4 MiB each and 16 MiB together. Nothing is fetched. SVG is only named: it
    can contain scripts, and not every page that shows a notebook blocks them.

    Args:
        urls: Their URLs.
        what: Name of each image, before its number.
        kept: Where an image is available that is not shown; `{}` is its index, from 0.
    """
    html, plain = [], []
    room = _MAX_IMAGES
    for number, url in enumerate(urls, 1):
        shown = is_inline_image(url) and len(url) <= room
        says = _describe(f"{what} {number}", url, kept.format(number - 1), shown=shown)
        if shown:
            room -= len(url)
            html.append(f'<p><img src="{url}" alt="{prose(says)}" style="max-width:100%"></p>')
        html.append(f'<div style="{MUTED}">{prose(says)}</div>')
        plain.append(f"[{says}]")
    return HtmlPart("".join(html), "\n".join(plain))


def audio(sound: Any, *, asked_format: str = "") -> HtmlPart:
    """Return the audio of an answer: a player if its format is known, and the transcript.

    Args:
        sound: `message.audio` as sent.
        asked_format: `audio.format` of the request: raw samples have no header that names it.
    """
    if not isinstance(sound, dict):
        return HtmlPart("", "")
    words = escape_control(str(sound.get("transcript") or "")).strip()
    data = str(sound.get("data") or "")
    player, says = _player(data, asked_format)
    html = player + f'<div style="{MUTED}">{prose(says)}</div>' if says else ""
    if words:
        html += "".join(f"<p>{prose(line)}</p>" for line in words.splitlines() if line.strip())
    return HtmlPart(html, "\n\n".join(part for part in (words, says and f"[{says}]") if part))


def playable(data: str, asked_format: str = "") -> tuple[str, bytes] | None:
    """Return the type and the bytes of audio data, such as `("wav", b"RIFF…")`; None for an unknown type.

    Args:
        data: Base64, `message.audio["data"]`.
        asked_format: `audio.format` of the request: raw samples have no header and get one here.

    Raises:
        ValueError: the data is not base64.
    """
    sound = base64_bytes(data)
    kind = next((kind for magic, kind in _AUDIO_TYPES if sound.startswith(magic)), None)
    if kind is None and asked_format == "pcm16":
        return "wav", _wav(sound)
    return None if kind is None else (kind, sound)


def base64_bytes(text: str) -> bytes:
    """Return the bytes of base64 text, also of several concatenated fragments with padding.

    Raises:
        ValueError: the text is not base64.
    """
    if not _BASE64.fullmatch(text):
        raise ValueError("not base64")
    return b"".join(base64.b64decode(piece) for piece in _PIECE.findall(text))


def _describe(name: str, url: str, where: str, *, shown: bool) -> str:
    if match := _TYPE.match(url):
        facts = f"{name}: {match[1].upper()}, {size(len(url) * 3 // 4)}"
        if shown:
            return facts
        if "svg" in match[1].lower():
            return f"{facts}, not shown because SVG can contain scripts: {where}"
        return f"{facts}, not shown because of its size or format: {where}"
    return f"{name}: not loaded, it is at {host(url) or 'an unknown address'}"


def _player(data: str, asked_format: str) -> tuple[str, str]:
    if not data:
        return "", ""
    says = f"audio, {size(len(data) * 3 // 4)}"
    where = "it is `_.audio`"
    if len(data) > _MAX_AUDIO:
        return "", f"{says}, too large to be saved here: {where}"
    try:
        found = playable(data, asked_format)
    except ValueError:
        return "", f"{says}, which cannot be read: {where}"
    if found is None:
        return "", f"{says}, of an unknown format: {where}"
    kind, sound = found
    source = f"data:audio/{kind};base64,{base64.b64encode(sound).decode()}"
    return f'<audio controls src="{source}"></audio>', f"{says}, {kind}"


def _wav(samples: bytes) -> bytes:
    """Return raw samples with a WAV header."""
    head = struct.pack(
        "<4sI4s4sIHHIIHH",
        b"RIFF",
        36 + len(samples),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        _PCM_RATE,
        _PCM_RATE * 2,
        2,
        16,
    )
    return head + struct.pack("<4sI", b"data", len(samples)) + samples
