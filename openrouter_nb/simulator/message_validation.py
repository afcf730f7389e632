"""Validation of the request field `messages`.

Source: OpenRouter's OpenAPI document, ChatMessages and its members, August 2026.
"""

import json
from typing import Any

from openrouter_nb.simulator.api_errors import invalid

# The path of the required value of each part type.
PARTS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "image_url": ("image_url", "url"),
    "input_audio": ("input_audio", "data"),
    "video_url": ("video_url", "url"),
    "input_video": ("video_url", "url"),
    "file": ("file",),
}
TEXT_ONLY = {"system", "developer"}
ROLES = ("system", "developer", "user", "assistant", "tool")


def check_messages(messages: Any) -> None:
    """Check roles, contents and tool-call ids.

    Raises:
        ApiError: 400 for the first invalid field.
    """
    if not isinstance(messages, list):
        raise invalid("messages", "Expected array")
    if not messages:
        raise invalid("messages", "Array must contain at least 1 element(s)")
    for index, message in enumerate(messages):
        _check_message(f"messages[{index}]", message)


def _check_message(where: str, message: Any) -> None:
    if not isinstance(message, dict):
        raise invalid(where, "Expected object")
    role = message.get("role")
    if role not in ROLES:
        raise invalid(f"{where}.role", f"Invalid option: expected one of {'|'.join(ROLES)}")
    content = message.get("content")
    if content is None:
        if role != "assistant":
            raise invalid(f"{where}.content", "Required")
    elif isinstance(content, list):
        for number, part in enumerate(content):
            _check_part(f"{where}.content[{number}]", part, text_only=role in TEXT_ONLY)
    elif not isinstance(content, str):
        raise invalid(f"{where}.content", "Expected string or array of parts")
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        raise invalid(f"{where}.tool_call_id", "Required")
    if role == "assistant" and not isinstance(message.get("tool_calls") or [], list):
        raise invalid(f"{where}.tool_calls", "Expected array")


def _check_part(where: str, part: Any, *, text_only: bool) -> None:
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        raise invalid(f"{where}.type", "Required")
    kind = part["type"]
    if kind not in PARTS or (text_only and kind != "text"):
        raise invalid(f"{where}.type", f"Invalid content part type {json.dumps(kind)} here")
    value: Any = part
    path = where
    for name in PARTS[kind]:
        value = value.get(name) if isinstance(value, dict) else None
        path += f".{name}"
        if value is None:
            raise invalid(path, "Required")
    if kind == "input_audio" and str(value).startswith(("data:", "http:", "https:")):
        raise invalid(path, "Expected bare base64, not a URL")


def text_of(content: Any) -> str:
    """Return the text of a message's content; each non-text part becomes a line `[type]`."""
    if isinstance(content, list):
        return "\n".join(part["text"] if part["type"] == "text" else f"[{part['type']}]" for part in content)
    return content or ""
