"""Attributes of Markdown blocks: the direction of their text, and styles that make the saved answer look like the live one.

The direction is decided block by block, as a browser does for `dir="auto"`: by the first letter outside of code and formulas.
Nested blocks have the direction of the outermost one; the order of words in each of their paragraphs is their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

# A phone shows about 40 characters in a line.
_LONG_WORD = re.compile(r"\S{40}")
# JupyterLab indents quotations on both sides and aligns the cells of tables to the right.
_QUOTE = (
    "margin:0 0 1em;padding:0;padding-inline-start:12px;border:0;"
    "border-inline-start:4px solid var(--jp-border-color2,#8884);color:var(--jp-ui-font-color2,inherit)"
)
_START = "text-align:start"
_TABLE = "margin-inline:0 auto"
# Chromium has only the prefixed value, Firefox only the other one.
_OWN_ORDER = "unicode-bidi:plaintext;text-align:-webkit-match-parent;text-align:match-parent"
_LIST = "padding:0;padding-inline-start:2em"
_CELLS = ("th_open", "td_open")
_LISTS = ("bullet_list_open", "ordered_list_open")


def style_blocks(tokens: Sequence[Token], *, bidirectional: bool) -> None:
    """Set the attributes of block tokens.

    Args:
        tokens: The tokens of a text.
        bidirectional: Whether the text has letters that are written from right to left. Without them the browser's default,
            left to right, is right, and the saved output stays small.
    """
    holder = None  # of inline tokens: those of a tight list have no visible paragraph
    for token in tokens:
        if token.nesting == 1 and not token.hidden:
            holder = token
        if token.type == "blockquote_open":
            _style(token, _QUOTE)
        elif token.type in _CELLS and "style" not in token.attrs:
            _style(token, _START)
        elif token.type == "inline" and holder is not None and _LONG_WORD.search(token.content):
            _style(holder, "overflow-wrap:anywhere")
        if bidirectional:
            _set_direction(token)


def _set_direction(token: Token) -> None:
    if token.type == "inline":
        for child in token.children or ():
            if child.type == "code_inline":
                child.attrSet("dir", "ltr")
        return
    if token.nesting != 1 or token.hidden:
        return
    if token.level == 0:
        token.attrSet("dir", "auto")
    if token.type in _LISTS:
        _style(token, _LIST)
    elif token.type == "table_open":
        _style(token, _TABLE)
    elif token.type in _CELLS:
        _style(token, "unicode-bidi:plaintext")
    elif token.type == "list_item_open" or (token.type == "paragraph_open" and token.level > 0):
        _style(token, _OWN_ORDER)
    elif token.type in {"paragraph_open", "heading_open"}:
        _style(token, _START)


def _style(token: Token, declarations: str) -> None:
    present = str(token.attrs.get("style", ""))
    token.attrSet("style", f"{present};{declarations}" if present else declarations)
