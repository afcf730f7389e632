"""Several outputs side by side, one below the other where there is little room or no style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, bundle, prose, secondary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,260px),1fr));gap:8px 24px;align-items:start"
_CELL = "min-width:0;overflow-wrap:anywhere"


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
