"""Pieces of saved output: each is HTML that is harmless as it stands, and the same as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.markdown_safe_html import protect_blank_lines
from openrouter_nb.render.html.syntax_highlight import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable

SMALL = "font-size:var(--jp-ui-font-size1,13px)"
MUTED = f"color:var(--jp-ui-font-color2,#757575);{SMALL}"  # too faint for anything but the page itself
_BOX = (
    "border-left:4px solid var(--jp-{role}-color1,{colour});padding:6px 12px;margin:8px 0;"
    "background:var(--jp-layout-color2,rgba(127,127,127,.12))"
)
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
