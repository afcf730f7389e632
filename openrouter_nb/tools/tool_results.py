"""Convert return values of tools to message content: text, JSON, a truncated table, an image."""

from __future__ import annotations

import base64
import re
from typing import Any

from openrouter_nb.output.type_adapter import to_text
from openrouter_nb.prompt.table_sources import table_source
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value
from openrouter_nb.redaction import redact
from openrouter_nb.user_code import described

MAX_CHARACTERS = 50_000
_MAX_ERROR = 1_000
_MAX_IMAGE_BYTES = 10_000_000
_PICTURE = "The result is this picture."
_IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_IMAGE_TYPES = frozenset((*_IMAGES.values(), "image/webp"))
# A path reveals details of the machine and its user; the file name is enough to understand an error.
_PATHS = re.compile(r"""(?<![\w./:\\])(?:[A-Za-z]:)?(?:[\\/][^\s\\/:'"<>|]+){2,}""")
_PICTURES = re.compile(r"data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+")

Content = str | list[dict[str, Any]]


class ToolReportedError(RuntimeError):
    """A failure with a result for the model, which is sent instead of the text of the exception.

    Args:
        content: The result.
    """

    def __init__(self, content: Content) -> None:
        super().__init__(text_of(content))
        self.content = content


def content_of(value: Any) -> Content:
    """Return a result as the content of a tool message: a string, or parts if it is an image.

    Source: OpenAPI document of August 2026, ChatToolMessage: `content` is text or parts of any kind.
    """
    if isinstance(value, str):
        return _bounded(value)
    if isinstance(value, list) and value and all(map(_is_part, value)):
        return [
            {**part, "text": _bounded(str(part.get("text")))} if part["type"] == "text" else part
            for part in value
        ]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _of_bytes(bytes(value))
    if isinstance(value, BaseException):
        return error_text(value)
    if callable(picture := getattr(value, "_repr_png_", None)) and isinstance(data := picture(), bytes):
        return _of_bytes(data)
    if type(value).__name__ == "Image" and isinstance(data := getattr(value, "data", None), bytes):
        return _of_bytes(data)  # IPython.display.Image
    if type(value).__name__.startswith("Axes") and hasattr(value, "figure"):
        value = value.figure
    if _is_shown_specially(value):
        try:
            part = to_prompt_value(value).part
        except NotPromptableError as error:
            return f"[{error}]"
        if part["type"] == "text":
            return _bounded(str(part["text"]))
        return [{"type": "text", "text": _PICTURE}, part]
    return _bounded(to_text(value))


def _of_bytes(data: bytes) -> Content:
    if part := image_part(data):
        return [{"type": "text", "text": _PICTURE}, part]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    return f"[{len(data):,} bytes of binary data]" if "\0" in text else _bounded(text)


def image_part(data: bytes, media_type: str = "") -> dict[str, Any] | None:
    """Return data as an image part; None if it is not an image, of another type than models accept, or larger than 10 MB.

    Args:
        data: The file.
        media_type: Its declared type. The first bytes of the file have precedence.
    """
    kind = next((kind for start, kind in _IMAGES.items() if data.startswith(start)), media_type)
    if kind not in _IMAGE_TYPES or len(data) > _MAX_IMAGE_BYTES:
        return None
    url = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}


def error_text(error: BaseException) -> str:
    """Return the text of an exception for a model: class and message, without paths, keys and traceback."""
    text = " ".join(redact(described(error)[:10_000]).split())
    text = _PATHS.sub(lambda match: re.split(r"[\\/]", match[0])[-1], text)
    return text if len(text) <= _MAX_ERROR else f"{text[:_MAX_ERROR]}…"


def text_of(content: Content) -> str:
    """Return a content as text, with placeholders for other parts."""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text") or f"[{part.get('type')}]") for part in content)


def pictures(content: Content) -> list[str]:
    """Return the embedded images of a content, as `data:` URLs."""
    return [] if isinstance(content, str) else [url for part in content if (url := _picture(part))]


def without_pictures(content: Content) -> Content:
    """Return a content without its embedded images."""
    return content if isinstance(content, str) else [part for part in content if not _picture(part)]


def _picture(part: dict[str, Any]) -> str:
    image = part.get("image_url") if part.get("type") == "image_url" else None
    url = str(image.get("url")) if isinstance(image, dict) else ""
    return url if _PICTURES.fullmatch(url) else ""


def _is_part(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in ("text", "image_url", "input_audio", "file")


def _is_shown_specially(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return False
    is_figure = type(value).__name__ == "Figure" and hasattr(value, "savefig")
    is_array_or_image = type(value).__module__.partition(".")[0] in ("numpy", "PIL")
    return is_figure or is_array_or_image or table_source(value) is not None


def _bounded(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    return f"{text[:MAX_CHARACTERS]}\n[{MAX_CHARACTERS:,} of {len(text):,} characters]"
