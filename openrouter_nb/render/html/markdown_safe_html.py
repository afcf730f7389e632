"""HTML that stays HTML where a notebook is converted to Markdown."""

from __future__ import annotations

import re

_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")
_CLOSING = re.compile(r"(</(?:pre|style)>)(?=.)")


def protect_blank_lines(html: str) -> str:
    """Return the same HTML without a place where Markdown would end it.

    A blank line ends a block of HTML, and so does the line that closes a leading `<pre>` or `<style>`; what follows on the
    next line is read as Markdown, where the text of a code block or of a formula could be a remote picture. Source:
    CommonMark 0.31, "4.6 HTML blocks".
    """
    return _CLOSING.sub(r"\1\n", _BLANK_LINE.sub("&#10;", html))
