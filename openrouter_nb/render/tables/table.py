"""A list of records as a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, bundle, prose, secondary
from openrouter_nb.user_code import message_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_CELL = 300
_MAX_PLAIN = 60
# Overrides the alignment of JupyterLab for numbers: most cells are text.
_LEFT = "text-align:left"


def table(records: Sequence[Mapping[str, Any]], *, note: str = "") -> dict[str, str]:
    """Return the mime bundle of a table with a column for each key, in order of appearance.

    Args:
        records: Rows; a missing key is an empty cell.
        note: One line below.
    """
    names = list(dict.fromkeys(name for record in records for name in record))
    head = "".join(f'<th style="{_LEFT}">{prose(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(_cell(record, name) for name in names)}</tr>" for record in records)
    html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    parts = [HtmlPart(html, _plain(records, names))] if records else []
    return bundle([*parts, secondary(note)] if note else parts)


def _cell(record: Mapping[str, Any], name: str) -> str:
    return f'<td style="{_LEFT};white-space:pre-wrap;max-width:60ch">{prose(_shortened(_text(record, name), _MAX_CELL))}</td>'


def _plain(records: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    rows = [list(names)]
    rows += [
        [" ".join(_shortened(escape_control(_text(record, name)), _MAX_PLAIN).split()) for name in names]
        for record in records
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name, "")
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, default=_said)
    except (TypeError, ValueError, RecursionError):  # keys that JSON does not have, or a value inside itself
        return _said(value)


def _said(value: Any) -> str:
    return message_of(value) or f"<{type(value).__name__}>"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
