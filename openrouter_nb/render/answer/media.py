"""Media of an answer: shown from its data, without requests."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import MUTED, HtmlPart, prose, size
from openrouter_nb.render.html.safe_urls import host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openrouter_nb.components.responses.media_parts import MediaPart

_MAX_BYTES = 16 * 1024 * 1024
_MAX_IMAGE = 4 * 1024 * 1024
# Media types that every frontend shows. Not SVG: it can contain scripts, and not every page that shows a notebook blocks them.
_ELEMENTS = {
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/gif", "image/webp"),
        '<p><img src="{source}" alt="{alt}" style="max-width:100%"></p>',
    ),
    **dict.fromkeys(
        ("audio/wav", "audio/mpeg", "audio/flac", "audio/ogg"), '<audio controls src="{source}"></audio>'
    ),
}


def element(media_type: str, data: bytes, alt: str = "") -> str:
    """Return the HTML element that shows media; `""` without data, and for a type that is not shown."""
    template = _ELEMENTS.get(media_type) if data else None
    if template is None:
        return ""
    source = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    return template.format(source=source, alt=prose(alt))


def media(
    parts: Iterable[MediaPart], *, asked_format: str = "", what: str = "", kept: str = "it is `_.media[{}]`"
) -> HtmlPart:
    """Return the media of an answer or of its tool calls, and the transcripts.

    Media in the answer is shown up to 16 MiB together, images up to 4 MiB each. Nothing is fetched.

    Args:
        parts: The media.
        asked_format: `audio.format` of the request: raw samples have no header that names it.
        what: Words before the kind of each.
        kept: Where media is available that is not shown; `{}` is its index, from 0.
    """
    html, plain = [], []
    numbers: Counter[str] = Counter()
    index, room = 0, _MAX_BYTES
    for part in parts:
        words = escape_control(part.transcript).strip()
        if part.url or part.encoded:
            numbers[part.kind] += 1
            name = f"{what}{part.kind} {numbers[part.kind]}: "
            media_type, data = part.decode(asked_format)
            problem = _problem(part, media_type, data, room)
            says = name + ", ".join(filter(None, (_type_and_size(media_type, data), problem)))
            if problem and data:
                says += f": {kept.format(index)}"
            shown = "" if problem else element(media_type, data, says)
            index += bool(data or part.is_remote)  # others are not in `Answer.media`
            room -= len(shown)
            html.append(f'{shown}<div style="{MUTED}">{prose(says)}</div>')
            plain.append(f"{words}\n\n[{says}]" if words else f"[{says}]")
        elif words:
            plain.append(words)
        html += [f"<p>{prose(line)}</p>" for line in words.splitlines() if line.strip()]
    return HtmlPart("".join(html), "\n".join(plain))


def _type_and_size(media_type: str, data: bytes) -> str:
    type_name = media_type.partition("/")[2].upper()
    return ", ".join(filter(None, (type_name, size(len(data)) if data else "")))


def _problem(part: MediaPart, media_type: str, data: bytes, room: int) -> str:
    if part.is_remote:
        return f"not loaded, it is at {host(part.url) or 'an unknown address'}"
    if not data:
        return "cannot be read"
    if media_type not in _ELEMENTS:
        return f"not shown because {'SVG can contain scripts' if 'svg' in media_type else 'of its unknown format'}"
    most = min(room, _MAX_IMAGE) if part.kind == "image" else room
    return "not shown because of its size" if len(data) * 4 // 3 > most else ""
