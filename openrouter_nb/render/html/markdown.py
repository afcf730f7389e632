"""Render Markdown of a model as safe HTML: no tags from the model, no requests, no scripts.

JupyterLab and Notebook 7 do not sanitize the output of a cell that was just run, so the HTML must be safe by itself.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import is_right_to_left
from openrouter_nb.render.html.html_parts import protect_blank_lines
from openrouter_nb.render.html.markdown_parser import parser
from openrouter_nb.render.html.safe_urls import host, is_inline_image, is_link
from openrouter_nb.render.html.syntax_highlight import fence, with_style

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from openrouter_nb.render.answer.citation_marks import CitationMarks


def to_html(markdown: str, marks: CitationMarks | None = None) -> str:
    """Return the HTML of a text, with a style sheet if it has highlighted code.

    Args:
        markdown: The text.
        marks: The citation marks of the text.
    """
    from openrouter_nb.render.html.block_styles import style_blocks  # not needed before the first answer ends

    md = _renderer()
    bidirectional = is_right_to_left(markdown)
    env = {"marks": marks, "bidirectional": bidirectional}
    tokens = md.parse(markdown, env)
    style_blocks(tokens, bidirectional=bidirectional)
    html = str(md.renderer.render(tokens, md.options, env))
    return protect_blank_lines(with_style(html))


@cache
def _renderer() -> MarkdownIt:
    md = parser()
    md.add_render_rule("text", _text)
    md.add_render_rule("link_open", _link_open)
    md.add_render_rule("link_close", _link_close)
    md.add_render_rule("image", _image)
    md.add_render_rule("fence", _fence)
    md.add_render_rule("code_block", _fence)
    return md


def _text(_self: Any, tokens: Any, index: int, _options: Any, env: Any) -> str:
    # A lone dollar or backslash in a separate element: MathJax looks for delimiters within one text node.
    html = escape(tokens[index].content, quote=False)
    html = html.replace("\\", "<span>\\</span>").replace("$", "<span>$</span>")
    marks: CitationMarks | None = env.get("marks")
    if marks is None or not marks.urls or _is_in_link(tokens, index):
        return html
    return marks.pattern.sub(lambda match: _mark(int(match[1]), match[0], marks), html)


def _mark(number: int, written: str, marks: CitationMarks) -> str:
    """Return a citation mark in superscript, as a link if the source has an address."""
    url = marks.urls.get(number)
    if url is None:
        return written
    return f"<sup>{_opening(url)}[{number}]</a></sup>" if url else f"<sup>[{number}]</sup>"


def _is_in_link(tokens: Any, index: int) -> bool:
    nesting = [int(token.nesting) for token in tokens[:index] if token.type.startswith("link_")]
    return sum(nesting) > 0


def _opening(url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">'


def _link_open(_self: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    url = str(tokens[index].attrs.get("href", ""))
    return _opening(url) if is_link(url) else "<span>"


def _link_close(_self: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    depth = 0
    for token in reversed(tokens[:index]):
        if token.type == "link_close":
            depth += 1
        elif token.type == "link_open":
            if depth == 0:
                return "</a>" if is_link(str(token.attrs.get("href", ""))) else "</span>"
            depth -= 1
    return ""


def _image(_self: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    url = str(token.attrs.get("src", ""))
    alt = escape(token.content)
    if is_inline_image(url):
        return f'<img src="{escape(url)}" alt="{alt}">'
    where = escape(host(url)) or "unknown address"
    return f"<em>[image not loaded: {alt + ', ' if alt else ''}{where}]</em>"


def _fence(_self: Any, tokens: Any, index: int, _options: Any, env: Any) -> str:
    token = tokens[index]
    words = token.info.split()
    direction = "ltr" if env["bidirectional"] else ""
    return fence(token.content, words[0].lower() if words else "", direction=direction)
