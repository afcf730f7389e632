"""The citations of an answer: the web pages and files that its annotations name, as numbered notes.

This module alone reads `url_citation` annotations. Source of their form: OpenRouter docs,
guides/features/plugins/web-search and guides/overview/multimodal/pdfs, August 2026. Titles, excerpts and offsets may be
missing, empty, zero or wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.citation_marks import OWN_MARK, CitationMarks, insert_marks, mark_places
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import SMALL, HtmlPart, prose
from openrouter_nb.render.html.safe_urls import host, is_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Citations with a note; the others are counted.
MAX_NOTES = 50
_MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class CitationNote:
    """One source of an answer.

    Attributes:
        title: Its title, `""` for a page without one.
        about: The host of a page, the status of a file, or `""`.
        url: Its address if it may become a link, otherwise `""`.
        ends: Offsets in the text, in characters, after the passages that cite it.
    """

    title: str
    about: str = ""
    url: str = ""
    ends: list[int] = field(default_factory=list)

    @property
    def html(self) -> str:
        """The note as HTML."""
        shown = prose(self.title or self.about or self.url[:_MAX_CHARACTERS])
        if self.url:
            shown = (
                f'<a href="{escape(self.url)}" target="_blank" rel="noopener noreferrer nofollow">{shown}</a>'
            )
        return f"{shown} ({prose(self.about)})" if self.title and self.about else shown

    @property
    def plain(self) -> str:
        """The note as plain text."""
        if self.url:
            return f"{self.title}: {escape_control(self.url)}" if self.title else escape_control(self.url)
        return f"{self.title} ({self.about})" if self.about else self.title


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of one text.

    Attributes:
        text: The text, Markdown as the model wrote it.
        sources: Each source once, in the order of their numbers.
    """

    text: str
    sources: Sequence[CitationNote] = ()

    @property
    def has_own_marks(self) -> bool:
        """Whether the model wrote the marks itself, as those of Perplexity do: the marks then become links."""
        return (
            bool(self.sources)
            and not any(source.ends for source in self.sources)
            and bool(OWN_MARK.search(self.text))
        )

    @property
    def places(self) -> Sequence[tuple[int, int]]:
        """Where a mark can be inserted, and its number, in order; offsets in characters."""
        if not self.sources or self.has_own_marks:
            return ()
        return mark_places(
            self.text,
            tuple(
                sorted(
                    {
                        (end, number)
                        for number, source in enumerate(self.sources[:MAX_NOTES], 1)
                        for end in source.ends
                    }
                )
            ),
        )

    @property
    def marks(self) -> CitationMarks:
        """The text with its marks."""
        urls = {number: source.url for number, source in enumerate(self.sources, 1)}
        if self.has_own_marks:
            return CitationMarks(self.text, urls, OWN_MARK)
        places = self.places
        return CitationMarks(insert_marks(self.text, places), urls) if places else CitationMarks(self.text)

    @property
    def listed(self) -> Sequence[CitationNote]:
        """The sources with a note."""
        return self.sources[:MAX_NOTES]

    @property
    def unlisted(self) -> str:
        """The number of the other sources in words, `""` without any."""
        more = len(self.sources) - MAX_NOTES
        return f"and {more:,} more" if more > 0 else ""

    @property
    def notes(self) -> HtmlPart:
        """The numbered notes."""
        if not self.sources:
            return HtmlPart("", "")
        html = "".join(f"<li>{source.html}</li>" for source in self.listed)
        plain = "\n".join(f"[{number}] {source.plain}" for number, source in enumerate(self.listed, 1))
        if self.unlisted:
            html += f"<li>{self.unlisted}</li>"
            plain += f"\n{self.unlisted}"
        return HtmlPart(
            f'<div style="{SMALL}"><strong>Sources</strong><ol>{html}</ol></div>', f"Sources:\n{plain}"
        )


def read_citations(annotations: Iterable[Any], text: str) -> Citations:
    """Return the citations that the annotations of a text name."""
    found = [(*_source(each), _end(each, text)) for each in annotations if isinstance(each, dict)]
    # Perplexity's models write [1] themselves and send no offsets: the number is the annotation's (observed).
    is_numbered = bool(OWN_MARK.search(text)) and not any(end for _, _, end in found)
    sources: dict[str, CitationNote] = {}
    for number, (key, source, end) in enumerate(found):
        known = sources.setdefault(f"{number} {key}" if is_numbered else key, source)
        if end and end not in known.ends:
            known.ends.append(end)
    return Citations(text, list(sources.values()))


def cited_page(annotation: Any) -> Mapping[str, Any] | None:
    """Return the fields of a `url_citation` annotation, None for any other annotation."""
    if not isinstance(annotation, dict) or annotation.get("type") != "url_citation":
        return None
    page = annotation.get("url_citation")
    return page if isinstance(page, dict) else None


def without_offsets(annotation: Any) -> Any:
    """Return an annotation without its offsets, which are wrong after an edit of the text."""
    page = cited_page(annotation)
    if page is None:
        return annotation
    fields = {key: value for key, value in page.items() if key not in ("start_index", "end_index")}
    return {**annotation, "url_citation": fields}


def _end(annotation: Any, text: str) -> int:
    """Return the offset after the passage that an annotation is about; 0 where it is missing or wrong."""
    page = cited_page(annotation)
    if page is None:
        return 0
    start, end = page.get("start_index"), page.get("end_index")
    if not isinstance(end, int) or isinstance(end, bool) or not 0 < end <= len(text):
        return 0
    return end if not isinstance(start, int) or start < end else 0


def _source(annotation: Mapping[str, Any]) -> tuple[str, CitationNote]:
    kind = annotation.get("type")
    inner = annotation.get(str(kind))
    found = inner if isinstance(inner, dict) else annotation
    if kind == "url_citation":
        return _page(str(found.get("url") or ""), _shortened(found.get("title")))
    if kind in {"file", "file_annotation"}:
        name = _shortened(found.get("name")) or "a file"
        return str(found.get("hash") or name), CitationNote(name, "the service has read this file")
    raw = _shortened(json.dumps(annotation, ensure_ascii=False, default=str))
    return raw, CitationNote(raw)


def _page(url: str, title: str) -> tuple[str, CitationNote]:
    if is_page(url):
        return url, CitationNote(title, host(url), url)
    shown = _shortened(f"{title} {url}".strip()) or "a source without an address"
    return url or shown, CitationNote(shown)


def _shortened(text: Any) -> str:
    line = " ".join(escape_control(str(text or "")).split())
    return line if len(line) <= _MAX_CHARACTERS else line[: _MAX_CHARACTERS - 1] + "…"
