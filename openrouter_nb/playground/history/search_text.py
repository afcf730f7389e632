"""Text and queries of the full-text search."""

from __future__ import annotations

import re

# Scripts without spaces between words: each character is a word, and a query of several is a phrase.
_CHARACTER = re.compile("([\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0eff])")


def indexed(text: str) -> str:
    """Return text as it is stored for the search."""
    return _CHARACTER.sub(r" \1 ", text.replace("\0", " "))


def match_expression(query: str) -> str:
    """Return the FTS5 expression of a query, `""` if it has no letter or digit, such as `{}`.

    Every word must occur, in any place; the last one may be the beginning of a word. Nothing in a query is syntax.
    """
    words = [word for word in query.split() if any(character.isalnum() for character in word)]
    phrases = ['"' + indexed(word).replace('"', '""') + '"' for word in words]
    return " ".join([*phrases[:-1], f"{phrases[-1]}*"]) if phrases else ""
