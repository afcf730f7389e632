"""Where an answer says that it has something from: web pages and files, as numbered notes.

Source of the shapes: OpenRouter docs, guides/features/plugins/web-search and guides/overview/multimodal/pdfs, August
2026. Titles, excerpts and places in the text may be missing, empty, zero or wrong.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import SMALL, HtmlPart, prose
from openrouter_nb.render.html.safe_urls import host, is_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Sources with a note of their own.
MAX_NOTES = 50
_MAX_WORDS = 200
_OWN_MARK = re.compile(r"\[\d{1,2}\]")


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of an answer.

    Attributes:
        title: What it is called, `""` for a page without a title.
        about: What else is known of it: the host of a page, what became of a file, `""` for nothing.
        url: Its address where that may be clicked, else `""`.
        ends: Where in the text a passage ends that is from it, in characters.
    """

    title: str
    about: str = ""
    url: str = ""
    ends: list[int] = field(default_factory=list)

    @property
    def html(self) -> str:
        """The note."""
        said = prose(self.title or self.about or self.url[:_MAX_WORDS])
        if self.url:
            said = (
                f'<a href="{escape(self.url)}" target="_blank" rel="noopener noreferrer nofollow">{said}</a>'
            )
        return f"{said} ({prose(self.about)})" if self.title and self.about else said

    @property
    def plain(self) -> str:
        """The note as plain text."""
        if self.url:
            return f"{self.title}: {escape_control(self.url)}" if self.title else escape_control(self.url)
        return f"{self.title} ({self.about})" if self.about else self.title


def read_citations(annotations: Iterable[Any], text: str) -> list[Citation]:
    """Return the sources that the `annotations` of a text name, each once, in the order of their numbers."""
    found = [(*_source(each), _end(each, text)) for each in annotations if isinstance(each, dict)]
    # Perplexity's models write [1] themselves and give no places: their number is that of the annotation (observed).
    by_place = has_own_marks(text) and not any(end for _, _, end in found)
    sources: dict[str, Citation] = {}
    for number, (key, source, end) in enumerate(found):
        known = sources.setdefault(f"{number} {key}" if by_place else key, source)
        if end and end not in known.ends:
            known.ends.append(end)
    return list(sources.values())


def has_own_marks(text: str) -> bool:
    """Whether a text has marks such as [1] already."""
    return bool(_OWN_MARK.search(text))


def noted(sources: Sequence[Citation]) -> tuple[Sequence[Citation], str]:
    """Return the sources that have a note of their own, and what is said of the others, `""` where there are none."""
    more = len(sources) - MAX_NOTES
    return sources[:MAX_NOTES], f"and {more:,} more" if more > 0 else ""


def notes(sources: Sequence[Citation]) -> HtmlPart:
    """Return the sources as numbered notes."""
    if not sources:
        return HtmlPart("", "")
    shown, more = noted(sources)
    html = "".join(f"<li>{source.html}</li>" for source in shown)
    plain = "\n".join(f"[{number}] {source.plain}" for number, source in enumerate(shown, 1))
    if more:
        html += f"<li>{more}</li>"
        plain += f"\n{more}"
    return HtmlPart(
        f'<div style="{SMALL}"><strong>Sources</strong><ol>{html}</ol></div>', f"Sources:\n{plain}"
    )


def _end(annotation: Mapping[str, Any], text: str) -> int:
    """Return where the passage ends that an annotation is about, 0 where it does not say, or what cannot be."""
    cited = annotation.get("url_citation")
    if annotation.get("type") != "url_citation" or not isinstance(cited, dict):
        return 0
    start, end = cited.get("start_index"), cited.get("end_index")
    if not isinstance(end, int) or isinstance(end, bool) or not 0 < end <= len(text):
        return 0
    return end if not isinstance(start, int) or start < end else 0


def _source(annotation: Mapping[str, Any]) -> tuple[str, Citation]:
    kind = annotation.get("type")
    inner = annotation.get(str(kind))
    found = inner if isinstance(inner, dict) else annotation
    if kind == "url_citation":
        return _page(str(found.get("url") or ""), _words(found.get("title")))
    if kind in {"file", "file_annotation"}:
        name = _words(found.get("name")) or "a file"
        return str(found.get("hash") or name), Citation(name, "the service has read this file")
    raw = _words(json.dumps(annotation, ensure_ascii=False, default=str))
    return raw, Citation(raw)


def _page(url: str, title: str) -> tuple[str, Citation]:
    if is_page(url):
        return url, Citation(title, host(url), url)
    said = _words(f"{title} {url}".strip()) or "a source without an address"
    return url or said, Citation(said)


def _words(text: Any) -> str:
    words = " ".join(escape_control(str(text or "")).split())
    return words if len(words) <= _MAX_WORDS else words[: _MAX_WORDS - 1] + "…"
