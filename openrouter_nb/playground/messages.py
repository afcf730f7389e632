"""Messages as a request carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def drafted(text: str, role: str, attachments: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the message of a composer: plain text, or parts where something is attached."""
    if not attachments:
        return {"role": role, "content": text}
    parts = [{"type": "text", "text": text}] if text.strip() else []
    return {"role": role, "content": [*parts, *attachments]}


def content_text(content: Any, between: str = "") -> str:
    """Return the words of a message's content, without its media."""
    if isinstance(content, str):
        return content
    texts = [part.get("text") for part in content or () if isinstance(part, dict)]
    return between.join(text for text in texts if isinstance(text, str))
