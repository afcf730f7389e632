"""Files and pictures that go with a prompt, by `-i` and `--file`.

Only what the cell names is read, never a path from prose or from a model. A notebook that somebody else wrote must not carry
off the reader's files: a path stays inside the working directory, hidden and secret-looking files are refused, and what
was attached is said in the footer.
"""

from __future__ import annotations

import base64
import os
import re
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openrouter_nb.parameters import nearest
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
# By the ending of an address, which is not fetched.
_IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_AUDIO_ENDINGS = (".mp3", ".wav", ".flac", ".ogg", ".m4a", ".aac", ".aiff")
_VIDEO_ENDINGS = (".mp4", ".mpeg", ".mov", ".webm")
_PICTURES = "A picture is a figure, a PIL image, the bytes of a PNG, a path or an address."

Part = dict[str, Any]


def attach(spec: str, namespace: Mapping[str, Any], *, image: bool) -> tuple[Part, str]:
    """Return the content part for an address, a name of the notebook or a path, and a note about it.

    Args:
        spec: `https://…`, a variable (figure, PIL image, bytes, path), or a path below the working directory.
        namespace: The notebook's variables.
        image: Whether it must be a picture.

    Raises:
        PromptError: it cannot be attached, and why.
    """
    if re.match(r"https?://", spec):
        if not urlsplit(spec).hostname:
            raise PromptError(f"{spec} is no address: it names no host.")
        return _address(spec, image=image), spec
    value = namespace.get(spec) if spec.isidentifier() else None
    if value is None:
        path = _inside(spec)
        if spec.isidentifier() and not path.exists():
            if spec in namespace:
                raise PromptError(f"{spec} is None.{f' {_PICTURES}' if image else ''}")
            names = [name for name in namespace if not name.startswith("_")]
            raise PromptError(f"There is neither a variable nor a file {spec}.{nearest(spec, names)}")
        return _file(path, image=image)
    return attach_value(value, spec, image=image)


def attach_value(value: Any, name: str, *, image: bool) -> tuple[Part, str]:
    """Return the content part for a value that Python code hands over, and a note about it.

    Args:
        value: Bytes, a figure, a picture, a `pathlib.Path`, which may lead anywhere because the user's own code built
            it, or anything that has a form for a prompt. Text is text, never a path: it may be a model's.
        name: What it is called.
        image: Whether it must be a picture.

    Raises:
        PromptError: it cannot be attached, and why.
    """
    if isinstance(value, (bytes, bytearray)):
        return _content(bytes(value), name, image=image)
    if isinstance(value, PurePath):
        return _file(Path(value), image=image)
    try:
        part = to_prompt_value(value).part
    except NotPromptableError as error:
        raise PromptError(f"{name}: {error}") from None
    if image and part["type"] != "image_url":
        raise PromptError(f"{name} is of type {type(value).__name__} and no picture. {_PICTURES}")
    return part, name


def read_text(spec: str) -> str:
    """Return the text of a file below the working directory.

    Raises:
        PromptError: it may not be read, or holds something else.
    """
    data, name = _read(_inside(spec))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise PromptError(f"{name} is no text.") from None


def _address(url: str, *, image: bool) -> Part:
    path = urlsplit(url).path
    ending = PurePath(path).suffix.lower()
    if image or ending in _IMAGE_ENDINGS:
        return {"type": "image_url", "image_url": {"url": url}}
    if ending in _AUDIO_ENDINGS:
        # Source: OpenRouter docs, guides/overview/multimodal/audio, August 2026: base64 only, no addresses.
        raise PromptError(
            f"{url}: sound is sent as data, not as an address. Save the file and name its path."
        )
    if ending in _VIDEO_ENDINGS:
        return {"type": "video_url", "video_url": {"url": url}}
    return {"type": "file", "file": {"filename": path.rpartition("/")[2] or "file", "file_data": url}}


def _inside(spec: str) -> Path:
    here = Path.cwd().resolve()
    path = Path(spec).expanduser().resolve()
    if not path.is_relative_to(here):
        raise PromptError(
            f"{spec} is outside of {here}. To send it all the same, put a pathlib.Path into a variable and name that."
        )
    if any(part.startswith(".") for part in path.relative_to(here).parts):
        raise PromptError(f"{spec} is hidden and is not sent.")
    return path


def _file(path: Path, *, image: bool) -> tuple[Part, str]:
    data, name = _read(path)
    return _content(data, name, image=image)


def _read(path: Path) -> tuple[bytes, str]:
    if _SECRET.match(path.name):
        raise PromptError(f"{path.name} looks like a key and is not sent.")
    try:
        # Opened once and judged by what was opened; without blocking, or a pipe would wait for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise PromptError(f"{path.name} is not a file.")
            if facts.st_size > _MAX_BYTES:
                raise PromptError(
                    f"{path.name} has {facts.st_size / 1e6:,.0f} MB; {_MAX_BYTES // 1024**2} are allowed."
                )
            return file.read(_MAX_BYTES + 1), path.name
    except OSError as error:
        raise PromptError(f"{path.name} cannot be read: {error.strerror}.") from None


def _content(data: bytes, name: str, *, image: bool) -> tuple[Part, str]:
    note = f"{name}, {_size(len(data))}"
    if kind := _image_type(data):
        return {"type": "image_url", "image_url": {"url": _data_url(kind, data)}}, note
    if image:
        raise PromptError(f"{name} is no picture: PNG, JPEG, WebP and GIF are.")
    if data.startswith(b"%PDF-"):
        url = _data_url("application/pdf", data)
        return {"type": "file", "file": {"filename": name, "file_data": url}}, note
    if video := _video_type(data):
        return {"type": "video_url", "video_url": {"url": _data_url(video, data)}}, note
    if audio := _audio_format(data):
        sound = {"data": base64.b64encode(data).decode(), "format": audio}
        return {"type": "input_audio", "input_audio": sound}, note
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise PromptError(
            f"{name} is of a kind that no model reads: text, PDF, pictures, sound and video are."
        ) from None
    return {"type": "text", "text": f'\n\n<file name="{name}">\n{text}\n</file>\n'}, note


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
