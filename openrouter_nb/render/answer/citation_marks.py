"""Marks such as [1] in the text of an answer, where it has something from a source.

The service says where by counting characters of the text as the model wrote it, which is Markdown, and not always right. So
a mark goes in only where it changes nothing else: not into code, a formula or the syntax of a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openrouter_nb.render.answer.citations import MAX_NOTES, has_own_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.token import Token

    from openrouter_nb.render.answer.citations import Citation

# Punctuation, so that what stands before it can still end emphasis. A text that has these itself gets no marks.
_OPEN, _CLOSE = "⸨", "⸩"
_MARK = re.compile(rf"{_OPEN}(\d+){_CLOSE}")
_OWN = re.compile(r"\[(\d{1,2})\]")
# What the browser makes a link of, without the punctuation behind it.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<]*[^\s<?!.,:;*_'\"~()]|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_MAX_MARKS = 200
_MAX_TEXT = 100_000
# Of all texts that are parsed to find the marks that do harm.
_MAX_TRIED = 1_000_000


@dataclass(frozen=True, slots=True)
class CitationMarks:
    """A text with its marks.

    Attributes:
        text: Markdown, with a place for each mark.
        urls: Address of each source by its number, `""` for one that may not be clicked; `{}` where there are no marks.
        pattern: Where the marks are; its group is the number.
    """

    text: str
    urls: Mapping[int, str] = field(default_factory=dict)
    pattern: re.Pattern[str] = _MARK

    @property
    def plain(self) -> str:
        """The text with its marks as plain text."""
        return self.pattern.sub(r"[\1]", self.text) if self.urls else self.text


def marked(text: str, sources: Sequence[Citation]) -> CitationMarks:
    """Return a text with the marks of its sources, as far as they have a place."""
    urls = {number: source.url for number, source in enumerate(sources, 1)}
    if are_written(text, sources):
        return CitationMarks(text, urls, _OWN)
    found = places(text, sources)
    return CitationMarks(_inserted(text, found), urls) if found else CitationMarks(text)


def are_written(text: str, sources: Sequence[Citation]) -> bool:
    """Whether the model has written the marks itself, as Perplexity's do: then they become links."""
    return bool(sources) and not any(source.ends for source in sources) and has_own_marks(text)


def places(text: str, sources: Sequence[Citation]) -> Sequence[tuple[int, int]]:
    """Return where a mark may stand and its number, in order: after so many characters, changing nothing but itself."""
    if len(text) > _MAX_TEXT or _OPEN in text or _CLOSE in text:
        return []
    ends = sorted(
        {(end, number) for number, source in enumerate(sources[:MAX_NOTES], 1) for end in source.ends}
    )
    if not ends:
        return []
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    wanted = sorted({(_word_end(text, end, addresses), number) for end, number in ends[:_MAX_MARKS]})
    there = _shape(text)
    if _is_harmless(text, wanted, there):
        return wanted
    tried = wanted if len(wanted) * len(text) <= _MAX_TRIED else []
    kept = [place for place in tried if _is_harmless(text, [place], there)]
    return kept if _is_harmless(text, kept, there) else []


def _word_end(text: str, place: int, addresses: Sequence[tuple[int, int]]) -> int:
    """Return the end of the word or the address that a place is in: services count in different units."""
    for start, end in addresses:
        if start < place < end:
            return end
    while 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum():
        place += 1
    return place


def _inserted(text: str, places: Sequence[tuple[int, int]]) -> str:
    pieces, last = [], 0
    for place, number in places:
        pieces += [text[last:place], f"{_OPEN}{number}{_CLOSE}"]
        last = place
    return "".join([*pieces, text[last:]])


def _is_harmless(
    text: str, places: Sequence[tuple[int, int]], there: list[tuple[str, str, str, str]]
) -> bool:
    return _shape(_inserted(text, places)) == there


def _shape(text: str) -> list[tuple[str, str, str, str]]:
    """Return what a text is to the parser, but for marks that stand between words."""
    from openrouter_nb.render.html.markdown import tokens

    shape: list[tuple[str, str, str, str]] = []
    for token in tokens(text):
        if token.type != "inline":
            shape.append(_facts(token))
            continue
        depth = 0
        for child in token.children or ():
            depth += child.nesting if child.type.startswith("link_") else 0
            kind, tag, attributes, content = _facts(child)
            if kind == "text" and not depth:
                content = _MARK.sub("", content)
                if shape and shape[-1][0] == "text":
                    content = shape.pop()[3] + content
                if not content:
                    continue
            shape.append((kind, tag, attributes, content))
    return shape


def _facts(token: Token) -> tuple[str, str, str, str]:
    return token.type, token.tag, f"{token.attrs} {token.info}", token.content
