"""Change the content parts of all messages: remove attachments, downscale images."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.state.state import PlaygroundState
    from openrouter_nb.playground.state.thread_items import MessageCard

    Change = Callable[[dict[str, Any]], dict[str, Any] | None]

_MAX_SIDE_PIXELS = 1024


def has_attachments(state: PlaygroundState) -> bool:
    """Return whether a message has a content part that is not text."""
    return bool(_part_types(state) - {"text"})


def remove_attachments(state: PlaygroundState) -> None:
    """Remove all content parts but text."""
    _change_parts(state, "remove attachments", lambda part: part if part.get("type") == "text" else None)


def can_downscale_images(state: PlaygroundState) -> bool:
    """Return whether a message has an image, and Pillow is installed."""
    return "image_url" in _part_types(state) and find_spec("PIL") is not None


def downscale_images(state: PlaygroundState) -> None:
    """Reduce embedded images to at most 1,024 pixels per side."""
    _change_parts(state, "downscale images", _downscaled)


def _part_types(state: PlaygroundState) -> set[Any]:
    contents = (card.message.get("content") for item in state.thread for card in item.cards)
    return {part.get("type") for content in contents if isinstance(content, list) for part in content}


def _change_parts(state: PlaygroundState, label: str, change: Change) -> None:
    """Replace each content part by the result of `change`; None removes it. `label` is for undo."""
    state.thread.checkpoint(label)
    for item in state.thread:
        item.branches[item.chosen].cards = [_changed(card, change) for card in item.cards]


def _changed(card: MessageCard, change: Change) -> MessageCard:
    content = card.message.get("content")
    if not isinstance(content, list):
        return card
    parts = [new for part in content if (new := change(part)) is not None]
    return replace(card, message={**card.message, "content": parts or ""})


def _downscaled(part: dict[str, Any]) -> dict[str, Any]:
    """Return an embedded image as PNG or JPEG; any other part unchanged."""
    url = str((part.get("image_url") or {}).get("url") or "") if part.get("type") == "image_url" else ""
    if not url.startswith("data:"):
        return part
    from PIL import Image, UnidentifiedImageError

    try:
        image: Any = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
        image.thumbnail((_MAX_SIDE_PIXELS, _MAX_SIDE_PIXELS))
        kind = "PNG" if image.mode in ("P", "RGBA", "LA") else "JPEG"
        buffer = io.BytesIO()
        image.save(buffer, kind)
    except (UnidentifiedImageError, OSError, ValueError):
        return part
    encoded = base64.b64encode(buffer.getvalue()).decode()
    new = {**part["image_url"], "url": f"data:image/{kind.lower()};base64,{encoded}"}
    return {**part, "image_url": new}
