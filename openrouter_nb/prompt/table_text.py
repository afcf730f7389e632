"""Write a table as Markdown: bounded, with the types of its columns and a summary of the omitted rows and columns."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openrouter_nb.prompt.table_sources import UNNAMED_INDEX, row_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openrouter_nb.prompt.table_sources import TableColumn, TableSource

_MAX_CHARACTERS = 20_000
_MAX_ROWS = 50
_MAX_COLUMNS = 30
_MAX_NAMES = 20  # names of omitted columns
_MAX_ITEMS = 10  # of a list in a cell
_MAX_DEPTH = 3  # of lists in a cell
_DIGITS = 6
# The most rows, and the most characters of a cell, until the table has at most 20,000 characters.
_SIZES = ((_MAX_ROWS, 1_000), (20, 1_000), (10, 1_000), (10, 200), (4, 50))
_EXACT = 1e16  # larger floats are not exact integers
_PIPE = re.compile(r"(?<!\\)(\\*)\|")


def table_text(source: TableSource) -> tuple[str, str]:
    """Return a table as Markdown, and a note about the omitted rows and columns, `""` if it is complete.

    Up to 50 rows and 30 columns are written, the first and the last ones; fewer if the text would have more than 20,000
    characters. The line below the table names the type of each column, and if rows are omitted the smallest and the largest
    number of all rows.
    """
    for rows, characters in _SIZES:
        writer = _MarkdownTable(source, rows, characters)
        text = writer.text()
        if len(text) <= _MAX_CHARACTERS:
            break
    return text, writer.note


class _MarkdownTable:
    """Writes a table with at most this number of rows, and of characters in a cell."""

    def __init__(self, source: TableSource, most_rows: int, most_characters: int) -> None:
        self._source = source
        self._most_characters = most_characters
        self._is_rounded = self._is_cut = False
        self._rows = _ends(source.rows, most_rows)
        self._at = _ends(len(source.names), _MAX_COLUMNS)
        self._columns = [[source.column(at) for at in range(*span)] for span in self._at]
        self._labels = self._label_columns()

    @property
    def note(self) -> str:
        """What is omitted: `50 of 1,000 rows`."""
        shown = [
            (sum(len(range(*span)) for span in spans), count, noun)
            for spans, count, noun in (
                (self._rows, self._source.rows, "rows"),
                (self._at, len(self._source.names), "columns"),
            )
        ]
        return ", ".join(f"{most} of {count:,} {noun}" for most, count, noun in shown if most < count)

    def text(self) -> str:
        """Return the table and the line below it."""
        names = [column.name for column in self._labels] + self._joined(
            [[column.name for column in group] for group in self._columns]
        )
        if not names:
            return f"[{self._summary()}]"
        lines = [self._line(names), self._line("---" for _ in names)]
        for number, (start, stop) in enumerate(self._rows):
            if number:
                lines.append(self._line("…" for _ in names))
            values = [column.part(start, stop) for column in self._labels]
            groups = [[column.part(start, stop) for column in group] for group in self._columns]
            for row in range(stop - start):
                cells = self._joined([[column[row] for column in group] for group in groups])
                lines.append(self._line([*(column[row] for column in values), *cells]))
        return "\n".join([*lines, "", f"[{self._summary()}]"])

    def _label_columns(self) -> Sequence[TableColumn]:
        """Return the columns of the index. A plain range without a name is written only if rows are omitted."""
        numbers = [row for span in self._rows for row in range(*span)]
        labels = self._source.labels
        is_range = not labels or (
            len(labels) == 1
            and labels[0].name == UNNAMED_INDEX
            and [row for span in self._rows for row in labels[0].part(*span)] == numbers
        )
        if not is_range:
            return labels
        return [row_numbers()] if len(self._rows) > 1 else []

    def _summary(self) -> str:
        source = self._source
        size = f"{_count(source.rows, 'row')} and {_count(len(source.names), 'column')}"
        parts = [size]
        if len(self._rows) > 1:
            parts.append(f"the first and last {self._rows[0][1]} rows are shown")
        if len(self._at) > 1:
            names = source.names[self._at[0][1] : self._at[1][0]]
            more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
            parts.append(f"without the columns {', '.join(map(_flat, names[:_MAX_NAMES]))}{more}")
        columns = [column for group in self._columns for column in group]
        types = [self._column_summary(column) for column in columns]
        if len(columns) > 1 and len(self._rows) == 1 and len({column.dtype for column in columns}) == 1:
            types = [f"All columns: {columns[0].dtype}"]
        if self._is_rounded:
            parts.append(f"numbers are rounded to {_DIGITS} digits")
        if self._is_cut:
            parts.append(f"texts are cut at {self._most_characters:,} characters")
        return ". ".join(filter(None, (", ".join(parts), "; ".join(types))))

    def _column_summary(self, column: TableColumn) -> str:
        text = f"{_flat(column.name)}: {column.dtype}"
        if len(self._rows) == 1 or (rows := column.extremes()) is None:
            return text
        labels = self._labels
        ends = [
            f"{self._cell(column.part(row, row + 1)[0])}"
            f" ({', '.join(f'{label.name} {self._cell(label.part(row, row + 1)[0])}' for label in labels)})"
            for row in rows
        ]
        return f"{text}, {ends[0]} to {ends[1]}"

    @staticmethod
    def _joined(groups: list[list[Any]]) -> list[Any]:
        """Join the first and the last columns, with a mark for those between."""
        return groups[0] if len(groups) == 1 else [*groups[0], "…", *groups[1]]

    def _line(self, values: Iterable[Any]) -> str:
        return f"| {' | '.join(map(self._cell, values))} |"

    def _cell(self, value: Any) -> str:
        text = _PIPE.sub(r"\1\1\\|", _flat(self._text(value)))
        if len(text) > self._most_characters:
            self._is_cut = True
            return text[: self._most_characters].rstrip("\\") + "…"
        return text

    def _text(self, value: Any, depth: int = 0) -> str:
        if callable(getattr(value, "tolist", None)) and hasattr(value, "shape"):
            value = value.tolist()  # arrays and scalars of NumPy
        if isinstance(value, float):
            text = number_text(value)
            self._is_rounded |= not math.isnan(value) and float(text) != value
            return text
        if isinstance(value, (list, tuple)) and depth < _MAX_DEPTH:
            more = f", … {len(value):,} items" if len(value) > _MAX_ITEMS else ""
            return f"[{', '.join(self._text(item, depth + 1) for item in value[:_MAX_ITEMS])}{more}]"
        if isinstance(value, (bytes, bytearray)):
            return f"{len(value):,} bytes"
        try:
            text = str(value)
        except Exception as error:  # noqa: BLE001 - a conversion to text may raise anything
            return f"{type(value).__name__}: {type(error).__name__}"
        if isinstance(value, datetime):
            return text.removesuffix(" 00:00:00")
        return "NA" if text == "<NA>" else text


def number_text(value: float) -> str:
    """Return a float with 6 significant digits. Whole numbers keep all their digits, because they may be ids."""
    if math.isnan(value):
        return "NaN"
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return f"{value:.{_DIGITS}g}"


def _ends(count: int, most: int) -> list[tuple[int, int]]:
    """Return the ranges to show: everything, or the first and the last half of the limit."""
    return [(0, count)] if count <= most else [(0, most // 2), (count - most // 2, count)]


def _flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.splitlines())


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
