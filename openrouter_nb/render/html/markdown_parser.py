"""The Markdown parser: CommonMark with tables, strikethrough, task lists, bare URLs and math, and without HTML."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from openrouter_nb.render.html.bare_urls import bare_url_rule
from openrouter_nb.render.html.math import math_plugin
from openrouter_nb.render.html.safe_urls import host, is_inline_image, is_link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ "}


def tokens(markdown: str) -> Sequence[Token]:
    """Return the block tokens of a text."""
    return parser().parse(markdown)


@cache
def parser() -> MarkdownIt:
    """Return the parser. `openrouter_nb.render.html.markdown` adds its render rules to it."""
    from markdown_it import MarkdownIt  # 70 modules, not needed before the first answer ends

    md = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Called for links and images; the render rules of each check again.
    md.validateLink = lambda url: is_link(url) or is_inline_image(url) or bool(host(url))  # type: ignore[method-assign]
    math_plugin(md)
    md.inline.ruler.after("text", "bare_url", bare_url_rule)
    md.core.ruler.push("task_list", _task_list)
    return md


def _task_list(state: StateCore) -> None:
    """Replace `[ ]` and `[x]` at the start of a list item by a box."""
    for item, inline in zip(state.tokens, state.tokens[2:], strict=False):
        if item.type != "list_item_open" or inline.type != "inline" or not inline.children:
            continue
        first = inline.children[0]
        if (box := _BOXES.get(first.content[:4].lower())) and first.type == "text":
            first.content = box + first.content[4:]
