"""Where an answer says that it has something from: web pages and files, as numbered notes.

Source of the shapes: OpenRouter docs, guides/features/plugins/web-search and guides/overview/multimodal/pdfs, August
2026. Titles, excerpts and places in the text may be missing, empty or zero, so the notes stand below the answer.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.links import host, is_link
from openrouter_nb.render.parts import SMALL, Part, prose
from openrouter_nb.render.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_NOTES = 50
_MAX_WORDS = 200


def sources(annotations: Iterable[Any]) -> Part:
    """Return the notes of an answer's `annotations`, each source once."""
    notes: dict[str, tuple[str, str]] = {}
    for annotation in annotations:
        if isinstance(annotation, dict):
            key, html, plain = _note(annotation)
            notes.setdefault(key, (html, plain))
    if not notes:
        return Part("", "")
    shown = list(notes.values())[:_MAX_NOTES]
    html = "".join(f"<li>{item}</li>" for item, _ in shown)
    plain = "\n".join(f"[{number}] {item}" for number, (_, item) in enumerate(shown, 1))
    if more := len(notes) - len(shown):
        html += f"<li>and {more} more</li>"
        plain += f"\nand {more} more"
    return Part(f'<div style="{SMALL}"><strong>Sources</strong><ol>{html}</ol></div>', f"Sources:\n{plain}")


def _note(annotation: Mapping[str, Any]) -> tuple[str, str, str]:
    kind = annotation.get("type")
    inner = annotation.get(str(kind))
    found = inner if isinstance(inner, dict) else annotation
    if kind == "url_citation":
        return _page(str(found.get("url") or ""), _words(found.get("title")))
    if kind in {"file", "file_annotation"}:
        name = _words(found.get("name")) or "a file"
        key = str(found.get("hash") or name)
        return (
            key,
            f"{prose(name)} (the service has read this file)",
            f"{name} (the service has read this file)",
        )
    raw = _words(json.dumps(annotation, ensure_ascii=False, default=str))
    return raw, f"<code>{prose(raw)}</code>", raw


def _page(url: str, title: str) -> tuple[str, str, str]:
    where = host(url)
    if not is_link(url):
        said = _words(f"{title} {url}".strip()) or "a source without an address"
        return url or said, prose(said), said
    link = f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">{prose(title or where or url[:_MAX_WORDS])}</a>'
    beside = f" ({prose(where)})" if title and where else ""
    return url, link + beside, f"{title}: {visible(url)}" if title else visible(url)


def _words(text: Any) -> str:
    words = " ".join(visible(str(text or "")).split())
    return words if len(words) <= _MAX_WORDS else words[: _MAX_WORDS - 1] + "…"
