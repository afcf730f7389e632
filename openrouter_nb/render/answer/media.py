"""Pictures and sound of an answer: shown from the answer itself, and nothing of them fetched.

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
# A stream's pieces were each encoded on their own, so there may be filling in the middle.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]+={0,2})+")
_PIECE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SOUNDS = (
    (b"RIFF", "wav"),
    (b"ID3", "mpeg"),
    (b"\xff\xfb", "mpeg"),
    (b"\xff\xf3", "mpeg"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
)
# What `audio.format: "pcm16"` means at OpenAI, whose models OpenRouter passes on: 24 kHz, one channel, little endian.
_PCM_RATE = 24_000


def image_urls(message: ChatAssistantMessage) -> list[str]:
    """Return the addresses of the pictures of a message, in order: those beside the text and those in it."""
    content = message.content if isinstance(message.content, (list, tuple)) else ()
    return [url for item in (*(message.images or ()), *content) if (url := image_url(item))]


def images(urls: Sequence[str], *, what: str = "image", kept: str = "it is `_.images[{}]`") -> HtmlPart:
    """Return the pictures of an answer, or of the tools that were called for it.

    Raster pictures that are in the answer are shown, up to 4 MiB each and 16 MiB together. Nothing is fetched. SVG is
    named only: it is a program as much as a picture, and not every page that shows a notebook treats it as the latter.

    Args:
        urls: Their addresses.
        what: What each is called, before its number.
        kept: Where one is that is not shown; `{}` is its place, from 0.
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
    """Return the sound of an answer: a player where it can be played, and its words.

    Args:
        sound: `message.audio` as sent.
        asked_format: `audio.format` of the request: raw samples do not say that they are such.
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
    """Return the kind and the bytes of a sound, such as `("wav", b"RIFF…")`; None where no player would know it.

    Args:
        data: Its base64, `message.audio["data"]`.
        asked_format: `audio.format` of the request: raw samples do not say that they are such, and get a head here.

    Raises:
        ValueError: it is no base64.
    """
    sound = base64_bytes(data)
    kind = next((kind for magic, kind in _SOUNDS if sound.startswith(magic)), None)
    if kind is None and asked_format == "pcm16":
        return "wav", _wav(sound)
    return None if kind is None else (kind, sound)


def base64_bytes(text: str) -> bytes:
    """Return the bytes of base64, also of several pieces behind one another that were each filled up.

    Raises:
        ValueError: it is none.
    """
    if not _BASE64.fullmatch(text):
        raise ValueError("This is no base64.")
    return b"".join(base64.b64decode(piece) for piece in _PIECE.findall(text))


def _describe(name: str, url: str, where: str, *, shown: bool) -> str:
    if match := _TYPE.match(url):
        facts = f"{name}: {match[1].upper()}, {size(len(url) * 3 // 4)}"
        if shown:
            return facts
        if "svg" in match[1].lower():
            return f"{facts}, not shown because SVG can hold programs: {where}"
        return f"{facts}, not shown because of its size or format: {where}"
    return f"{name}: not loaded, it is at {host(url) or 'an unknown address'}"


def _player(data: str, asked_format: str) -> tuple[str, str]:
    if not data:
        return "", ""
    says = f"sound, {size(len(data) * 3 // 4)}"
    where = "it is `_.audio`"
    if len(data) > _MAX_AUDIO:
        return "", f"{says}, too large to be saved here: {where}"
    try:
        found = playable(data, asked_format)
    except ValueError:
        return "", f"{says}, which cannot be read: {where}"
    if found is None:
        return "", f"{says}, of a format that is not known here: {where}"
    kind, sound = found
    source = f"data:audio/{kind};base64,{base64.b64encode(sound).decode()}"
    return f'<audio controls src="{source}"></audio>', f"{says}, {kind}"


def _wav(samples: bytes) -> bytes:
    """Return raw samples with the head that players want."""
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
