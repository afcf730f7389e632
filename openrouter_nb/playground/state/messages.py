"""Build, read and validate messages in the format of a request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.request_validation import validate_body
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.prompt import attached_name

if TYPE_CHECKING:
    from collections.abc import Sequence


def drafted(text: str, role: str, attachments: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the message of a draft: a text, or content parts if there are attachments."""
    if not attachments:
        return {"role": role, "content": text}
    parts = [{"type": "text", "text": text}] if text.strip() else []
    return {"role": role, "content": [*parts, *attachments]}


def content_text(content: Any, between: str = "") -> str:
    """Return the text of a message's content, without media and attached files."""
    if isinstance(content, str):
        return content
    return between.join(part["text"] for part in content or () if is_text(part))


def is_text(part: Any) -> bool:
    """Return whether a content part is text that is not an attached file."""
    text = part.get("text") if isinstance(part, dict) else None
    return isinstance(text, str) and attached_name(text) is None


def last_question(messages: Sequence[dict[str, Any]]) -> str:
    """Return the text of the last user message."""
    for message in reversed(messages):
        if message.get("role") == "user":
            return content_text(message.get("content"), " ")
    return ""


def read_messages(text: str) -> list[dict[str, Any]]:
    """Parse messages from JSON.

    Raises:
        PlaygroundError: the text is not JSON, or not a list of valid messages.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise PlaygroundError(f"This is not JSON: {error}.") from None
    checked_messages(found)
    return list(found)


def checked_messages(messages: Any) -> None:
    """Validate a list of messages.

    Raises:
        PlaygroundError: the value is not a list, or a message is invalid.
    """
    if not isinstance(messages, list):
        raise PlaygroundError("Messages are a list, each an object with role and content.")
    try:
        if messages:
            validate_body({"messages": messages})
    except ConfigurationError as error:
        raise PlaygroundError(error.message.removesuffix(" Nothing was sent.")) from None
