"""The sources of an answer as the panel gets them: numbered as in saved output, and where in the text their marks stand."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.citation_marks import are_written, places
from openrouter_nb.render.answer.citations import noted, read_citations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.render.answer.citations import Citation

# Answers whose marks are known: finding them reads the text several times, and every change of the panel asks again.
_KEPT = 64


def citation_notes(annotations: Any, text: str) -> list[dict[str, str]]:
    """Return the notes of a text."""
    return _notes(read_citations(annotations or (), text))


def cited(message: dict[str, Any]) -> dict[str, Any]:
    """Return `citations` and `marks` of a message, without what it has none of."""
    annotations, text = message.get("annotations"), message.get("content")
    if not annotations:
        return {}
    text = text if isinstance(text, str) else ""
    found, marks = _found(json.dumps(annotations, sort_keys=True, default=str), text)
    return {name: value for name, value in (("citations", found), ("marks", marks)) if value}


@lru_cache(maxsize=_KEPT)
def _found(annotations: str, text: str) -> tuple[list[dict[str, str]], Any]:
    found = read_citations(json.loads(annotations), text)
    if are_written(text, found):
        return _notes(found), "written"
    return _notes(found), [[_units(text[:place]), number] for place, number in places(text, found)]


def _notes(found: Sequence[Citation]) -> list[dict[str, str]]:
    shown, more = noted(found)
    notes = [{"title": source.title, "about": source.about, "url": source.url} for source in shown]
    return [*notes, {"title": more, "about": "", "url": ""}] if more else notes


def _units(text: str) -> int:
    """Return the length of a text as the browser counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
