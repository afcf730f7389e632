"""Mime bundles of texts, notes, banners and dry runs, as saved in the notebook."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.redaction import redact
from openrouter_nb.render.html.control_characters import escape_control, is_right_to_left
from openrouter_nb.render.html.html_parts import SMALL, HtmlPart, box, boxed, bundle, prose
from openrouter_nb.render.html.markdown import to_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.render.answer.citation_marks import CitationMarks
    from openrouter_nb.render.errors.banners import Banner

_MAX_SHOWN = 1_000_000
_MAX_STRING = 2_000
_SHOWN_OF_STRING = 200
# Hostile Markdown of a million characters took 17 s to render and became 5 MB of HTML (measured, November 2026).
_MAX_MARKDOWN = 250_000


def answer_bundle(text: str, *, note: str = "", banner: Banner | None = None) -> dict[str, str]:
    """Return the mime bundle of a text that is not an answer of a model, or of an error.

    Args:
        text: Markdown.
        note: One sentence in a box.
        banner: The banner of an error, shown below the text.
    """
    parts = [text_part(text)]
    if note:
        parts.append(boxed(note))
    if banner is not None:
        parts.append(banner_part(banner))
    return bundle(parts)


def dry_run_bundle(body: Mapping[str, Any], *, estimate: str) -> dict[str, str]:
    """Return the mime bundle of a request that is only shown: its JSON, with long strings cut and secrets removed.

    Args:
        body: The request body.
        estimate: One sentence about its tokens and its price.
    """
    text = json.dumps(_cut(body), ensure_ascii=False, indent=2)
    return answer_bundle(f"```json\n{text}\n```", note=f"Nothing was sent. {estimate}")


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        shown = redact(value)
        if len(shown) > _MAX_STRING:
            shown = f"{shown[:_SHOWN_OF_STRING]}… [{len(shown):,} characters]"
        return shown
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value] if isinstance(value, list) else value


def raw_bundle(text: str, banner: Banner) -> dict[str, str]:
    """Return the mime bundle of an error while rendering a text: the text without rendering, and the banner."""
    shown = escape_control(text)[:_MAX_SHOWN]
    return bundle([HtmlPart(_verbatim(shown), shown), banner_part(banner)])


def marked_part(marks: CitationMarks) -> HtmlPart:
    """Return Markdown of a model with its citation marks."""
    if not marks.urls:
        return text_part(marks.text)
    text = _trimmed(marks.text)
    if len(text) > _MAX_MARKDOWN:
        return text_part(marks.plain)
    return HtmlPart(to_html(text, marks), _trimmed(marks.plain))


def text_part(text: str) -> HtmlPart:
    """Return Markdown of a model.

    After 250,000 characters the text is not rendered as Markdown; after 1,000,000 it is not shown, and the answer still has
    it.
    """
    text = _trimmed(text)
    if len(text) > _MAX_SHOWN:
        more = f"[{len(text) - _MAX_SHOWN:,} more characters: the whole text is in `_.text`]"
        text = f"{text[:_MAX_SHOWN]}\n\n{more}"
    if not text:
        return HtmlPart("", "")
    if len(text) <= _MAX_MARKDOWN:
        return HtmlPart(to_html(text), text)
    cut = text.rfind("\n\n", _MAX_MARKDOWN // 2, _MAX_MARKDOWN)
    cut = _MAX_MARKDOWN if cut < 0 else cut
    return HtmlPart(to_html(text[:cut]) + _verbatim(_trimmed(text[cut:])), text)


def plain_part(text: str) -> HtmlPart:
    """Return a text without Markdown and without formulas: MathJax ignores this class."""
    text = _trimmed(text)
    shown = text[:_MAX_SHOWN]
    if len(text) > _MAX_SHOWN:
        shown += f"\n\n[{len(text) - _MAX_SHOWN:,} more characters: the whole text is in `_.text`]"
    return HtmlPart(_verbatim(shown, css_class="tex2jax_ignore"), shown)


def _trimmed(text: str) -> str:
    """Return a text without blank lines around it. The indentation of its first line can make a code block: it stays."""
    text = escape_control(text).rstrip()
    blank = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, blank) + 1 :]


def _verbatim(text: str, *, css_class: str = "") -> str:
    """Return a text as HTML that keeps its lines, each in its own direction; `""` without text."""
    if not text:
        return ""
    attributes = f' class="{css_class}"' if css_class else ""
    style = "white-space:pre-wrap;overflow-wrap:anywhere"
    if is_right_to_left(text):
        attributes += ' dir="auto"'
        style += ";text-align:start"
    return f'<pre{attributes} style="{style}">{escape(text)}</pre>'


def banner_part(banner: Banner) -> HtmlPart:
    """Return the box of a banner."""
    parts = [f"<strong>{prose(banner.title)}</strong>"]
    for text, is_code in (
        (banner.message, False),
        (banner.listing, True),
        (banner.meaning, False),
        (banner.remedy, True),
    ):
        if text and is_code:
            parts.append(f'<pre style="padding:6px 8px;margin:6px 0">{escape(escape_control(text))}</pre>')
        elif text:
            parts.append(f'<div style="margin:4px 0">{prose(text)}</div>')
    if banner.details:
        parts.append(f'<div style="{SMALL}">{prose(banner.details)}</div>')
    html = f'<div role="alert" style="{box("error")}">{"".join(parts)}</div>'
    return HtmlPart(html, escape_control(banner.plain))
