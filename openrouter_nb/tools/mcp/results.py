"""Convert the result of an MCP tool to the content of a tool message.

Text, JSON and images are sent. Everything else is described by its kind, address, media type and size: a tool
message carries text and images. No item is dropped silently.

Source: Model Context Protocol, revision 2025-06-18, server/tools, "Tool Result".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from openrouter_nb.tools.tool_results import Content, image_part

_MAX_DESCRIPTION = 2_000
_CONTENT = frozenset({"content", "structuredContent", "toolResult"})
_TEXT_TYPES = re.compile(r"^text/|[/+](?:json|xml|yaml|toml|javascript|sql|csv)\b")


def result_content(result: dict[str, Any]) -> Content:
    """Return the content of a result: text, or parts if there is an image.

    Args:
        result: The result as sent by the server. It may deviate from the protocol.
    """
    items = result.get("content")
    if _CONTENT.isdisjoint(result):  # deviates from the protocol
        rest = {key: value for key, value in result.items() if key not in ("_meta", "isError")}
        items = json.dumps(rest, ensure_ascii=False) if rest else None
    if not isinstance(items, list):
        items = [] if items is None else [items]
    parts = [part for item in items for part in _parts(item)]
    structured = result.get("structuredContent", result.get("toolResult"))
    if structured is not None and not _is_stated(structured, [part.get("text") for part in parts]):
        parts.append(_text(json.dumps(structured, ensure_ascii=False)))
    if not parts:
        return "The tool returned no content."
    if all(part["type"] == "text" for part in parts):
        return "\n".join(part["text"] for part in parts)
    return parts


def _parts(item: Any) -> list[dict[str, Any]]:
    if isinstance(item, str):
        return [_text(item)]
    if not isinstance(item, dict):
        return [_text(json.dumps(item, ensure_ascii=False))]
    kind, resource = item.get("type"), item.get("resource")
    if kind == "text" and isinstance(item.get("text"), str):
        return [_text(item["text"])]
    if kind in ("image", "audio"):
        return [_media(str(kind), item, item.get("data"))]
    if kind == "resource" and isinstance(resource, dict):
        return _resource(resource)
    if kind == "resource_link":
        return [_text(_label("resource link", item))]
    return [_text(f"[{kind}: not a known kind of content] {_shortened(item)}")]


def _resource(resource: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(resource.get("text"), str):
        return [_text(f"{_label('resource', resource)}\n{resource['text']}")]
    part = _media("resource", resource, resource.get("blob"))
    return [part] if part["type"] == "text" else [_text(_label("resource", resource)), part]


def _media(kind: str, item: dict[str, Any], encoded: Any) -> dict[str, Any]:
    """Return an image as an image part, a text file as its text, and other data as its description."""
    try:
        data = base64.b64decode("".join(str(encoded or "").rpartition("base64,")[2].split()), validate=True)
    except (binascii.Error, ValueError):
        return _text(_label(kind, item, "its data is not base64"))
    media_type = str(item.get("mimeType") or "")
    if part := image_part(data, media_type):
        return part
    size = f"{len(data):,} bytes"
    if _TEXT_TYPES.search(media_type):
        return _text(f"{_label(kind, item, size)}\n{data.decode(errors='replace')}")
    return _text(_label(kind, item, size, "not sent"))


def _label(kind: str, item: dict[str, Any], *more: str) -> str:
    """Return a description of an item in one line: `[resource link: a.csv, file:///a.csv, text/csv]`."""
    names = [item[key] for key in ("name", "title", "uri", "mimeType", "description") if item.get(key)]
    if isinstance(item.get("size"), int):
        names.append(f"{item['size']:,} bytes")
    words = [" ".join(str(name).split())[:_MAX_DESCRIPTION] for name in names]
    return f"[{kind}: {', '.join([*words, *more]) or 'empty'}]"


def _is_stated(structured: Any, texts: list[str | None]) -> bool:
    """Whether the texts contain the structured content already, as the protocol recommends for older clients.

    Servers of the package mcp wrap a value that is not an object in `{"result": …}`, and send a list as one text for each item.
    """
    values = [_value(text) for text in texts if text is not None]
    wrapped = structured["result"] if isinstance(structured, dict) and list(structured) == ["result"] else ...
    return any(value in (structured, wrapped) for value in values) or values == wrapped or wrapped in texts


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _shortened(item: dict[str, Any]) -> str:
    text = json.dumps(item, ensure_ascii=False)
    return text if len(text) <= _MAX_DESCRIPTION else f"{text[:_MAX_DESCRIPTION]}…"


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
