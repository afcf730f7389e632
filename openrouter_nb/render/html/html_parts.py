"""Parts of saved outputs: safe HTML and the same as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.syntax_highlight import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SMALL = "font-size:var(--jp-ui-font-size1,13px)"
MUTED = f"color:var(--jp-ui-font-color2,#757575);{SMALL}"  # too faint for anything but the page itself
_BOX = (
    "border-left:4px solid var(--jp-{role}-color1,{colour});padding:6px 12px;margin:8px 0;"
    "background:var(--jp-layout-color2,rgba(127,127,127,.12))"
)
_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,260px),1fr));gap:8px 24px;align-items:start"
_CELL = "min-width:0;overflow-wrap:anywhere"
_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")
_CLOSING = re.compile(r"(</(?:pre|style)>)(?=.)")
_COLOURS = {"error": "#d32f2f", "warn": "#f57c00", "info": "#0097a7"}


@dataclass(frozen=True, slots=True)
class HtmlPart:
    """One part of an output.

    Attributes:
        html: Safe HTML, or `""`.
        plain: Plain text, or `""`.
    """

    html: str
    plain: str


def bundle(parts: Iterable[HtmlPart]) -> dict[str, str]:
    """Return the mime bundle of parts, one below the other.

    There is no element around them: JupyterLab sets the space between the direct children of an output.
    """
    shown = list(parts)
    html = "".join(part.html for part in shown)
    if STYLE in html:
        html = STYLE + html.replace(STYLE, "")
    return {
        "text/html": protect_blank_lines(html),
        "text/plain": "\n\n".join(part.plain for part in shown if part.plain),
    }


def side_by_side(
    bundles: Sequence[Mapping[str, str]], titles: Sequence[str], *, note: str = ""
) -> dict[str, str]:
    """Return the mime bundle of several outputs side by side, each under its title.

    Args:
        bundles: Bundles with `text/html` and `text/plain`, such as those of `result_bundle`.
        titles: One title per bundle, such as the model.
        note: One line below all of them.
    """
    columns = [
        HtmlPart(
            f'<div style="{_CELL}"><h4>{prose(title)}</h4>{each["text/html"]}</div>',
            f"── {escape_control(title)} ──\n\n{each['text/plain']}",
        )
        for title, each in zip(titles, bundles, strict=True)
    ]
    html = "".join(column.html for column in columns)
    plain = "\n\n".join(column.plain for column in columns)
    grid = HtmlPart(f'<div style="{_GRID}">{html}</div>', plain)
    return bundle([grid, secondary(note)] if note else [grid])


def protect_blank_lines(html: str) -> str:
    """Return HTML without the blank lines that would end an HTML block in Markdown (nbconvert).

    A blank line ends an HTML block, and so does the line that closes a leading `<pre>` or `<style>`; the next line is parsed
    as Markdown, where the text of a code block or of a formula could be a remote image. Source:
    CommonMark 0.31, "4.6 HTML blocks".
    """
    return _CLOSING.sub(r"\1\n", _BLANK_LINE.sub("&#10;", html))


def prose(text: str) -> str:
    """Return text as HTML that neither a browser nor MathJax interprets."""
    # MathJax would typeset the text between two dollar signs.
    return escape(escape_control(text)).replace("\\", "<span>\\</span>").replace("$", "<span>$</span>")


def box(role: str) -> str:
    """Return the style of a box: `error`, `warn` or `info`."""
    return _BOX.format(role=role, colour=_COLOURS[role])


def boxed(text: str, role: str = "warn") -> HtmlPart:
    """Return one sentence in a box."""
    return HtmlPart(f'<div style="{box(role)}">{prose(text)}</div>', f"[{escape_control(text)}]")


def secondary(text: str) -> HtmlPart:
    """Return a line in the secondary color."""
    return HtmlPart(f'<div style="{MUTED};margin-top:6px">{prose(text)}</div>', f"[{escape_control(text)}]")


def details(title: str, html: str, *, is_open: bool = False) -> str:
    """Return collapsed HTML with a title."""
    return f'<details{" open" if is_open else ""}><summary style="{MUTED}">{prose(title)}</summary>{html}</details>'


def size(count: int) -> str:
    """Return a number of bytes in words: `812 B`, `12 kB`, `3.4 MB`."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
