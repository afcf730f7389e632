"""Attach files and images to a prompt (`-i`, `--file`).

Only paths named in the cell are read, never paths from a prompt or a model. An untrusted notebook must not be able to send
the user's files: paths must be below the working directory, hidden and secret-looking files are rejected, and the footer
lists the attachments.
"""

from __future__ import annotations

import base64
import contextlib
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openrouter_nb.bounded_files import UnreadableFileError, read_file
from openrouter_nb.parameters import nearest, shown
from openrouter_nb.prompt.template import PromptError
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_BYTES = 20 * 1024 * 1024
_SECRET = re.compile(
    r"^(?:id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:pem|key|p12|pfx|kdbx)|credentials.*|secrets?\..*)$",
    re.IGNORECASE,
)
_IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_AUDIO = {
    b"ID3": "mp3",
    b"\xff\xfb": "mp3",
    b"\xff\xf3": "mp3",
    b"\xff\xf2": "mp3",
    b"\xff\xf1": "aac",
    b"\xff\xf9": "aac",
    b"fLaC": "flac",
    b"OggS": "ogg",
}
_VIDEO = {b"\x1aE\xdf\xa3": "video/webm", b"\x00\x00\x01\xba": "video/mpeg"}
# By file extension of a URL, which is not fetched.
_IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_AUDIO_ENDINGS = (".mp3", ".wav", ".flac", ".ogg", ".m4a", ".aac", ".aiff")
_VIDEO_ENDINGS = (".mp4", ".mpeg", ".mov", ".webm")
_ACCEPTED = "An image is a figure, a PIL image, the bytes of a PNG, a path or a URL."
# A text file as a content part.
_TEXT_FILE = re.compile(r'\n\n<file name="(.*)">\n')
_TEXT_FILE_END = "\n</file>\n"

Part = dict[str, Any]


def attach(spec: str, namespace: Mapping[str, Any], *, image: bool) -> tuple[Part, str]:
    """Return the content part for a URL, a notebook variable or a path, and a note for the footer.

    Args:
        spec: `https://…`, a variable (figure, PIL image, bytes, path), or a path below the working directory.
        namespace: The notebook's variables.
        image: Whether it must be an image.

    Raises:
        PromptError: it cannot be attached; the message says why.
    """
    if re.match(r"https?://", spec):
        if not urlsplit(spec).hostname:
            raise PromptError(f"{spec} is not a valid URL: the host is missing.")
        return _url_part(spec, image=image), spec
    value = namespace.get(spec) if spec.isidentifier() else None
    if value is None:
        path = _inside(spec)
        if spec.isidentifier() and not path.exists():
            if spec in namespace:
                raise PromptError(f"{spec} is None.{f' {_ACCEPTED}' if image else ''}")
            names = [name for name in namespace if not name.startswith("_")]
            raise PromptError(f"No variable or file named {spec}.{nearest(spec, names)}")
        return _file(path, image=image)
    return attach_value(value, spec, image=image)


def attach_value(value: Any, name: str, *, image: bool) -> tuple[Part, str]:
    """Return the content part for a Python value, and a note for the footer.

    Args:
        value: Bytes, a figure, an image, a `pathlib.Path`, which may be anywhere because the user's code created it, or
            any value that can be converted to a prompt. A string is text, never a path: a model may have written it.
        name: Name for messages and the note.
        image: Whether it must be an image.

    Raises:
        PromptError: it cannot be attached; the message says why.
    """
    if isinstance(value, (bytes, bytearray)):
        return _content(bytes(value), name, image=image)
    if isinstance(value, PurePath):
        return _file(Path(value), image=image)
    try:
        inserted = to_prompt_value(value)
    except NotPromptableError as error:
        raise PromptError(f"{name}: {error}") from None
    part = inserted.part
    if image and part["type"] != "image_url":
        raise PromptError(f"{name} is of type {type(value).__name__}, not an image. {_ACCEPTED}")
    if part["type"] == "text":
        part = part | {"text": f"\n\n{part['text']}\n\n"}
    return part, f"{name}, {inserted.note}" if inserted.note else name


def read_text(spec: str) -> str:
    """Return the text of a file below the working directory.

    Raises:
        PromptError: it cannot be read, or is not UTF-8 text.
    """
    data, name = _read(_inside(spec))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise PromptError(f"{name} is not a text file.") from None


def _url_part(url: str, *, image: bool) -> Part:
    path = urlsplit(url).path
    ending = PurePath(path).suffix.lower()
    if image or ending in _IMAGE_ENDINGS:
        return {"type": "image_url", "image_url": {"url": url}}
    if ending in _AUDIO_ENDINGS:
        # Source: OpenRouter docs, guides/overview/multimodal/audio, August 2026: base64 only, no URLs.
        raise PromptError(f"{url}: audio cannot be sent as a URL. Save the file and use its path.")
    if ending in _VIDEO_ENDINGS:
        return {"type": "video_url", "video_url": {"url": url}}
    return {"type": "file", "file": {"filename": path.rpartition("/")[2] or "file", "file_data": url}}


def _inside(spec: str) -> Path:
    here = Path.cwd().resolve()
    try:
        path = Path(spec).expanduser().resolve()
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.stat()  # since Python 3.14, `exists` does not raise
    except (OSError, ValueError, RuntimeError):  # too long, a null byte, an unknown user after `~`
        raise PromptError(f"{shown(spec)} is not a path.") from None
    if not path.is_relative_to(here):
        raise PromptError(
            f"{spec} is outside {here}. To send it anyway, assign a pathlib.Path to a variable and use its name."
        )
    if any(part.startswith(".") for part in path.relative_to(here).parts):
        raise PromptError(f"{spec} is a hidden file and is not sent.")
    return path


def _file(path: Path, *, image: bool) -> tuple[Part, str]:
    data, name = _read(path)
    return _content(data, name, image=image)


def _read(path: Path) -> tuple[bytes, str]:
    # `key.pem::$DATA` and `key.pem.` are other names of `key.pem` on Windows.
    if _SECRET.match(path.name.partition(":")[0].rstrip(". ")):
        raise PromptError(f"{path.name} looks like a key and is not sent.")
    try:
        return read_file(path, _MAX_BYTES), path.name
    except UnreadableFileError as error:
        raise PromptError(f"{path.name} {error}.") from None
    except OSError as error:
        raise PromptError(f"{path.name} cannot be read: {error.strerror}.") from None


def _content(data: bytes, name: str, *, image: bool) -> tuple[Part, str]:
    note = f"{name}, {_size(len(data))}"
    if kind := _image_type(data):
        return {"type": "image_url", "image_url": {"url": _data_url(kind, data)}}, note
    if image:
        raise PromptError(f"{name} is not a supported image: use PNG, JPEG, WebP or GIF.")
    if data.startswith(b"%PDF-"):
        url = _data_url("application/pdf", data)
        return {"type": "file", "file": {"filename": name, "file_data": url}}, note
    if video := _video_type(data):
        return {"type": "video_url", "video_url": {"url": _data_url(video, data)}}, note
    if audio := _audio_format(data):
        input_audio = {"data": base64.b64encode(data).decode(), "format": audio}
        return {"type": "input_audio", "input_audio": input_audio}, note
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise PromptError(f"{name} has an unsupported type: use text, PDF, images, audio or video.") from None
    return {"type": "text", "text": f'\n\n<file name="{name}">\n{text}{_TEXT_FILE_END}'}, note


def attached_name(text: str) -> str | None:
    """Return the name of the file if a text is the content part of an attached text file, else None."""
    found = _TEXT_FILE.match(text)
    return found[1] if found and text.endswith(_TEXT_FILE_END) else None


def _image_type(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _IMAGES.items() if data.startswith(magic)), None)


def _video_type(data: bytes) -> str | None:
    if data[4:8] == b"ftyp" and data[8:11] != b"M4A":
        return "video/quicktime" if data[8:10] == b"qt" else "video/mp4"
    return next((kind for magic, kind in _VIDEO.items() if data.startswith(magic)), None)


def _audio_format(data: bytes) -> str | None:
    if data[:4] == b"FORM" and data[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp" and data[8:11] == b"M4A":
        return "m4a"
    return next((kind for magic, kind in _AUDIO.items() if data.startswith(magic)), None)


def _data_url(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} kB"
