"""A structured answer as JSON, and as a table if it has rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, box, details, prose
from openrouter_nb.render.html.syntax_highlight import code_block

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_ROWS = 100
_MAX_COLUMNS = 30
_MAX_JSON = 200_000
_MAX_ERRORS = 10
_MAX_CELL = 500


def structured(value: Any, errors: Sequence[str] = (), *, parsed: Any = None) -> HtmlPart:
    """Return the HTML and the text of a structured answer.

    Args:
        value: The parsed JSON.
        errors: Its validation errors, one sentence each.
        parsed: The validated value, None if it is not valid.
    """
    value = _unwrapped(value, parsed)
    text = escape_control(json.dumps(value, ensure_ascii=False, indent=2, default=str))
    if len(text) > _MAX_JSON:
        text = f"{text[:_MAX_JSON]}\n[{len(text) - _MAX_JSON:,} more characters]"
    code = code_block(text, "json")
    table = _table(value)
    html = table + details("as JSON", code) if table else code
    wrong = "\n".join(f"✗ {escape_control(error)}" for error in errors[:_MAX_ERRORS])
    return HtmlPart(html + _errors(errors), "\n\n".join(part for part in (text, wrong) if part))


def structured_html(value: Any, errors: Sequence[str] = ()) -> str:
    """Return the HTML of `structured`."""
    return structured(value, errors).html


def _unwrapped(value: Any, parsed: Any) -> Any:
    """Return the JSON without the object around a list or a scalar, which providers require and the user's type does not have."""
    if not isinstance(value, dict) or list(value) != ["value"]:
        return value
    if parsed is None:
        is_wrapper = isinstance(value["value"], list)
    else:
        is_wrapper = not (isinstance(parsed, Mapping) or hasattr(parsed, "value"))
    return value["value"] if is_wrapper else value


def _errors(errors: Sequence[str]) -> str:
    if not errors:
        return ""
    shown = [f"<li>{prose(error)}</li>" for error in errors[:_MAX_ERRORS]]
    if more := len(errors) - len(shown):
        shown.append(f"<li>and {more} more</li>")
    return f'<div style="{box("warn")}"><strong>It does not satisfy the schema</strong><ul>{"".join(shown)}</ul></div>'


def _table(value: Any) -> str:
    if isinstance(value, dict) and value and all(map(_is_scalar, value.values())):
        rows = [[f"<strong>{prose(str(key))}</strong>", _cell(item)] for key, item in value.items()]
        return _rows("", rows)
    inner = next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
    if not _is_table(inner):
        return ""
    names = list(dict.fromkeys(str(key) for row in inner for key in row))
    if len(names) > _MAX_COLUMNS:
        return ""
    head = "".join(f"<th>{prose(name)}</th>" for name in names)
    # A missing key is an empty cell, unlike null.
    rows = [[_cell(row[name]) if name in row else "" for name in names] for row in inner]
    return _rows(f"<thead><tr>{head}</tr></thead>", rows)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and row for row in value)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return prose(text if len(text) <= _MAX_CELL else text[:_MAX_CELL] + "…")


def _rows(head: str, rows: list[list[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[:_MAX_ROWS])
    more = (
        f"<p>and {len(rows) - _MAX_ROWS:,} more rows, in the JSON below</p>" if len(rows) > _MAX_ROWS else ""
    )
    return f"<table>{head}<tbody>{body}</tbody></table>{more}"
