"""Pieces of saved output: each is HTML that is harmless as it stands, and the same as plain text."""

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
    """One piece of an output.

    Attributes:
        html: Safe HTML, `""` for none.
        plain: Plain text, `""` for none.
    """

    html: str
    plain: str


def bundle(parts: Iterable[HtmlPart]) -> dict[str, str]:
    """Return the mime bundle of some pieces, one below the other.

    Without an element around it all: JupyterLab sets the space between the direct children of an output.
    """
    kept = list(parts)
    html = "".join(part.html for part in kept)
    if STYLE in html:
        html = STYLE + html.replace(STYLE, "")
    return {
        "text/html": protect_blank_lines(html),
        "text/plain": "\n\n".join(part.plain for part in kept if part.plain),
    }


def side_by_side(
    bundles: Sequence[Mapping[str, str]], titles: Sequence[str], *, note: str = ""
) -> dict[str, str]:
    """Return the mime bundle of several, each under its title.

    Args:
        bundles: With `text/html` and `text/plain`, as `result_bundle` makes them.
        titles: One for each, such as the model.
        note: One line below them all.
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
    """Return the same HTML without a place where Markdown would end it.

    A blank line ends a block of HTML, and so does the line that closes a leading `<pre>` or `<style>`; what follows on the
    next line is read as Markdown, where the text of a code block or of a formula could be a remote picture. Source:
    CommonMark 0.31, "4.6 HTML blocks".
    """
    return _CLOSING.sub(r"\1\n", _BLANK_LINE.sub("&#10;", html))


def prose(text: str) -> str:
    """Return text as HTML that neither a browser nor MathJax takes for anything else."""
    # MathJax would take what stands between two dollars for a formula.
    return escape(escape_control(text)).replace("\\", "<span>\\</span>").replace("$", "<span>$</span>")


def box(role: str) -> str:
    """Return the style of a box: `error`, `warn` or `info`."""
    return _BOX.format(role=role, colour=_COLOURS[role])


def boxed(text: str, role: str = "warn") -> HtmlPart:
    """Return one sentence in a box."""
    return HtmlPart(f'<div style="{box(role)}">{prose(text)}</div>', f"[{escape_control(text)}]")


def secondary(text: str) -> HtmlPart:
    """Return one line below everything else."""
    return HtmlPart(f'<div style="{MUTED};margin-top:6px">{prose(text)}</div>', f"[{escape_control(text)}]")


def details(title: str, html: str, *, is_open: bool = False) -> str:
    """Return HTML behind a title that opens it."""
    return f'<details{" open" if is_open else ""}><summary style="{MUTED}">{prose(title)}</summary>{html}</details>'


def size(count: int) -> str:
    """Return a number of bytes for a person: `812 B`, `12 kB`, `3.4 MB`."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
