"""Replace large attachments of messages by a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEDIA_FIELDS = ("images", "audio", "videos")  # of an answer


def with_small_media(card: Mapping[str, Any], max_length: int) -> dict[str, Any]:
    """Return a stored card in which a text part names each attachment that is longer than `max_length` characters."""
    stored = {**card, "message": _message(card["message"], max_length)}
    if "results" in card:
        stored["results"] = [_message(message, max_length) for message in card["results"]]
    return stored


def _message(message: Mapping[str, Any], max_length: int) -> dict[str, Any]:
    content, notes = message.get("content"), []
    changed = dict(message)
    if isinstance(content, list):
        changed["content"] = [
            _note(part) if _is_media(part) and _longest(part) > max_length else part for part in content
        ]
    for name in _MEDIA_FIELDS:
        if name in message and _longest(message[name]) > max_length:
            del changed[name]
            notes.append(_note({"type": name}))
    if notes:
        parts = (
            content if isinstance(content, list) else [{"type": "text", "text": content}] if content else []
        )
        changed["content"] = [*parts, *notes]
    return changed


def _is_media(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") != "text"


def _note(part: Mapping[str, Any]) -> dict[str, str]:
    inner = part.get(str(part.get("type")))
    name = inner.get("filename") if isinstance(inner, dict) else ""
    return {"type": "text", "text": f"[Not stored, because it is too large: {name or part.get('type')}]"}


def _longest(value: Any) -> int:
    """Return the length of the longest string in JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return max(map(_longest, value.values()), default=0)
    return max(map(_longest, value), default=0) if isinstance(value, list) else 0
