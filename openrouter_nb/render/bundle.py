"""The bundle that stays in the notebook: `text/html` that is harmless everywhere, and `text/plain` with the raw text.

No widget (it would read "model not found" tomorrow) and no Markdown or HTML of the model's own.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from openrouter_nb.render.markdown import to_html
from openrouter_nb.render.text import visible

if TYPE_CHECKING:
    from openrouter_nb.render.banners import Banner

_MAX_SHOWN = 1_000_000
_SMALL = "font-size:var(--jp-ui-font-size1,13px)"
_MUTED = f"color:var(--jp-ui-font-color2,#757575);{_SMALL}"  # too faint for anything but the page itself
_BOX = (
    "border-left:4px solid var(--jp-{role}-color1,{colour});padding:6px 12px;margin:8px 0;"
    "background:var(--jp-layout-color2,rgba(127,127,127,.12))"
)


def answer_bundle(
    text: str,
    *,
    reasoning: str = "",
    reasoning_label: str = "Reasoning",
    reasoning_open: bool = False,
    is_plain: bool = False,
    footer: str = "",
    note: str = "",
    banner: Banner | None = None,
) -> dict[str, str]:
    """Return the mime bundle of an answer, of what arrived of one, or of a failure.

    Args:
        text: The answer as the model wrote it.
        reasoning: Its reasoning, shown folded.
        reasoning_label: The fold's title.
        reasoning_open: Whether the fold is open.
        is_plain: Whether the text is shown as it stands, not as Markdown.
        footer: One line under the answer.
        note: One sentence in a box: stopped, interrupted.
        banner: A failure to show under what arrived.
    """
    html: list[str] = []
    plain: list[str] = []
    if reasoning := visible(reasoning).strip():
        inside = to_html(_shown(reasoning))
        html.append(
            f'<details{" open" if reasoning_open else ""}><summary style="{_MUTED}">{escape(reasoning_label)}</summary>{inside}</details>'
        )
    if text := visible(text).strip():
        html.append(_as_it_stands(_shown(text)) if is_plain else to_html(_shown(text)))
        plain.append(_shown(text))
    if note:
        html.append(f'<div style="{_box("warn", "#f57c00")}">{escape(note)}</div>')
        plain.append(f"[{note}]")
    if banner is not None:
        html.append(_banner_html(banner))
        plain.append(visible(banner.plain))
    if footer:
        html.append(f'<div style="{_MUTED};margin-top:6px">{escape(footer)}</div>')
        plain.append(f"[{footer}]")
    # Without an element around it all: JupyterLab sets the space between the direct children of an output.
    return {"text/html": "".join(html), "text/plain": "\n\n".join(plain)}


def _as_it_stands(text: str) -> str:
    # MathJax leaves alone what has this class.
    return f'<pre class="tex2jax_ignore" style="white-space:pre-wrap">{escape(text)}</pre>'


def _banner_html(banner: Banner) -> str:
    parts = [f"<strong>{_prose(banner.title)}</strong>"]
    parts += [
        f'<div style="margin:4px 0">{_prose(text)}</div>' for text in (banner.message, banner.meaning) if text
    ]
    if banner.remedy:
        parts.append(f'<pre style="padding:6px 8px;margin:6px 0">{escape(banner.remedy)}</pre>')
    if banner.details:
        parts.append(f'<div style="{_SMALL}">{_prose(banner.details)}</div>')
    return f'<div role="alert" style="{_box("error", "#d32f2f")}">{"".join(parts)}</div>'


def _prose(text: str) -> str:
    # MathJax would take what stands between two dollars for a formula.
    return escape(visible(text)).replace("\\", "<span>\\</span>").replace("$", "<span>$</span>")


def _box(role: str, colour: str) -> str:
    return _BOX.format(role=role, colour=colour)


def _shown(text: str) -> str:
    if len(text) <= _MAX_SHOWN:
        return text
    return f"{text[:_MAX_SHOWN]}\n\n*[{len(text) - _MAX_SHOWN:,} more characters: the whole text is in `_.text`]*"
