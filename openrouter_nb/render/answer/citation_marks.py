"""Citation marks such as [1] in the text of an answer.

The service gives their places as offsets in the Markdown of the model, and not always the right ones. So a mark is inserted
only where it changes nothing else: not into code, a formula or the syntax of a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from openrouter_nb.render.html.markdown_parser import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.token import Token

#: A mark that the model wrote.
OWN_MARK = re.compile(r"\[(\d{1,2})\]")
# Punctuation, so that emphasis can still end before it. A text that contains these characters gets no marks.
_OPEN, _CLOSE = "⸨", "⸩"
_MARK = re.compile(rf"{_OPEN}(\d+){_CLOSE}")
# A web or mail address, without the punctuation after it.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<]*[^\s<?!.,:;*_'\"~()]|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_MAX_MARKS = 200
_MAX_TEXT = 100_000
# Characters of all texts that are parsed to find the marks that do harm.
_MAX_PARSED = 1_000_000
# Texts with known places: finding them parses the text several times, and the panel asks again at every change.
_CACHED_TEXTS = 64


@dataclass(frozen=True, slots=True)
class CitationMarks:
    """A text with its marks.

    Attributes:
        text: Markdown with the marks.
        urls: Address of each source by its number, `""` for one that may not become a link; `{}` without marks.
        pattern: Matches a mark; its group is the number.
    """

    text: str
    urls: Mapping[int, str] = field(default_factory=dict)
    pattern: re.Pattern[str] = _MARK

    @property
    def plain(self) -> str:
        """The text with its marks as plain text."""
        return self.pattern.sub(r"[\1]", self.text) if self.urls else self.text


@lru_cache(maxsize=_CACHED_TEXTS)
def mark_places(text: str, ends: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Return where marks can be inserted without changing anything else.

    Args:
        text: Markdown.
        ends: Offset after each cited passage and the number of its source, in order.

    Returns:
        Offset and number of each mark, in order.
    """
    if not ends or len(text) > _MAX_TEXT or _OPEN in text or _CLOSE in text:
        return ()
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    wanted = sorted({(_word_end(text, end, addresses), number) for end, number in ends[:_MAX_MARKS]})
    shape = _shape(text)
    if _is_harmless(text, wanted, shape):
        return tuple(wanted)
    tried = wanted if len(wanted) * len(text) <= _MAX_PARSED else []
    harmless = [place for place in tried if _is_harmless(text, [place], shape)]
    return tuple(harmless) if _is_harmless(text, harmless, shape) else ()


def insert_marks(text: str, places: Sequence[tuple[int, int]]) -> str:
    """Return the text with a mark at each place."""
    pieces, last = [], 0
    for place, number in places:
        pieces += [text[last:place], f"{_OPEN}{number}{_CLOSE}"]
        last = place
    return "".join([*pieces, text[last:]])


def _word_end(text: str, place: int, addresses: Sequence[tuple[int, int]]) -> int:
    """Return the end of the word or the address around an offset: services count in different units."""
    for start, end in addresses:
        if start < place < end:
            return end
    while 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum():
        place += 1
    return place


def _is_harmless(
    text: str, places: Sequence[tuple[int, int]], shape: list[tuple[str, str, str, str]]
) -> bool:
    return _shape(insert_marks(text, places)) == shape


def _shape(text: str) -> list[tuple[str, str, str, str]]:
    """Return the tokens of a text without the marks between words."""
    shape: list[tuple[str, str, str, str]] = []
    for token in tokens(text):
        if token.type != "inline":
            shape.append(_fields(token))
            continue
        depth = 0
        for child in token.children or ():
            depth += child.nesting if child.type.startswith("link_") else 0
            kind, tag, attributes, content = _fields(child)
            if kind == "text" and not depth:
                content = _MARK.sub("", content)
                if shape and shape[-1][0] == "text":
                    content = shape.pop()[3] + content
                if not content:
                    continue
            shape.append((kind, tag, attributes, content))
    return shape


def _fields(token: Token) -> tuple[str, str, str, str]:
    return token.type, token.tag, f"{token.attrs} {token.info}", token.content
