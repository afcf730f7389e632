"""The citations of an answer for pages: the notes as in saved output, and the places of their marks in the text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.citations import read_citations

if TYPE_CHECKING:
    from openrouter_nb.render.answer.citations import Citations

_CACHED_TEXTS = 64


def citation_notes(annotations: Any, text: str) -> list[dict[str, str]]:
    """Return the notes of a text."""
    return _notes(read_citations(annotations or (), text))


def cited(message: dict[str, Any]) -> dict[str, Any]:
    """Return `citations` and `marks` of a message, as far as it has them."""
    annotations, text = message.get("annotations"), message.get("content")
    if not annotations:
        return {}
    citations = read_citations(annotations, text if isinstance(text, str) else "")
    marks: Any = "written" if citations.has_own_marks else _utf16(citations.text, tuple(citations.places))
    return {name: value for name, value in (("citations", _notes(citations)), ("marks", marks)) if value}


def _notes(citations: Citations) -> list[dict[str, str]]:
    notes = [{"title": note.title, "about": note.about, "url": note.url} for note in citations.listed]
    return [*notes, {"title": citations.unlisted, "about": "", "url": ""}] if citations.unlisted else notes


@lru_cache(maxsize=_CACHED_TEXTS)
def _utf16(text: str, places: tuple[tuple[int, int], ...]) -> list[list[int]]:
    """Return places with their offsets in UTF-16 code units, as the browser counts."""
    return [[len(text[:place].encode("utf-16-le", "surrogatepass")) // 2, number] for place, number in places]
