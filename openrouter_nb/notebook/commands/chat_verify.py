"""`%chat_verify`: which cells the replay file answers, and what is different in the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.render.tables.table import table
from openrouter_nb.replay.lookups import LOOKUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openrouter_nb.replay.lookups import Lookup
    from openrouter_nb.replay.running_cell import Cell

_MAX_SOURCE = 60
_NOTHING = (
    "No cell has used a replay file. %chat_config replay=only on_error=banner makes the cells below it use one without"
    " sending anything: then run them and %chat_verify."
)


def bundle() -> dict[str, str]:
    """Return the mime bundle of a table: a row for each cell whose requests were looked up in a replay file."""
    cells = _by_cell(LOOKUPS)
    asked = {lookup.key for lookups in cells.values() for lookup in lookups if lookup.outcome != "replayed"}
    rows = [
        {"cell": f"[{cell.number}]", "source": _first_line(cell.source), "replay": _state(lookups, asked)}
        for cell, lookups in cells.items()
    ]
    replayed = sum(all(lookup.outcome == "replayed" for lookup in lookups) for lookups in cells.values())
    note = f"{replayed} of {len(rows)} cells were replayed." if rows else _NOTHING
    return table(rows, note=note)


def _by_cell(lookups: Iterable[Lookup]) -> dict[Cell, list[Lookup]]:
    """Return the lookups of the last execution of each cell, in the order of execution."""
    cells: dict[Cell, list[Lookup]] = {}
    for lookup in lookups:
        if lookup.cell is not None:
            cells.setdefault(lookup.cell, []).append(lookup)
    # A cell is known by its id; by its text in a frontend that sends none.
    last = {cell.id or cell.source: cell for cell in cells}
    return {cell: cells[cell] for cell in sorted(last.values(), key=lambda cell: cell.number)}


def _state(lookups: Sequence[Lookup], asked: set[str]) -> str:
    other = next((lookup for lookup in lookups if lookup.outcome != "replayed"), None)
    if other is None:
        return "replayed"
    word = "not recorded, not sent" if other.outcome == "missing" else "not recorded before, sent"
    differences = other.file.nearest(other.request, besides=asked)
    return f"{word}\n" + "\n".join(differences) if differences else word


def _first_line(source: str) -> str:
    line = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return line if len(line) <= _MAX_SOURCE else f"{line[: _MAX_SOURCE - 1]}…"
