"""Read tables by column: data frames of pandas and polars, Arrow tables, NumPy arrays, and lists of records.

No library is imported for this: the library of a given table is already loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from numbers import Real
from pathlib import PurePath
from typing import Any
from uuid import UUID

#: Name of the only column of a series or an array without a name.
UNNAMED = "value"
UNNAMED_INDEX = "index"

_SCALARS = (str, int, float, complex, Decimal, date, time, timedelta, UUID, Enum, PurePath, type(None))
_ORDERED = "iufmM"  # kinds of NumPy dtypes: integers, floats, durations, times
_ARROW_ORDERED = ("int", "uint", "float", "double", "halffloat", "timestamp", "date", "duration")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column.

    Attributes:
        name: Its name.
        dtype: The type of its values, in the words of its library.
        part: Returns the values of a range of rows.
        ordered: Returns all values as a NumPy array or a list if they are numbers or times, else None.
    """

    name: str
    dtype: str
    part: Callable[[int, int], list[Any]]
    ordered: Callable[[], Any]

    def extremes(self) -> tuple[int, int] | None:
        """Return the rows of the smallest and the largest number or time; None if there is none."""
        values = self.ordered()
        if values is None:
            return None
        if isinstance(values, list):
            known = [value for value in values if value is not None and value == value]  # noqa: PLR0124 - NaN
            if not known:
                return None
            return values.index(min(known)), values.index(max(known))
        known = values[values == values]  # noqa: PLR0124 - NaN and NaT do not equal themselves
        if not len(known):
            return None
        return int((values == known.min()).argmax()), int((values == known.max()).argmax())


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table.

    Attributes:
        rows: Number of rows.
        names: Names of the columns.
        column: Returns a column by its position.
        labels: The columns of the index, if the table has one.
    """

    rows: int
    names: list[str]
    column: Callable[[int], TableColumn]
    labels: Sequence[TableColumn] = ()


def table_source(value: Any) -> TableSource | None:
    """Return a value as a table, None if it is not one."""
    for base in type(value).__mro__:
        read = _READERS.get((base.__module__.partition(".")[0], base.__name__))
        if read is not None:
            return read(value)
    return _records(value) if isinstance(value, (list, tuple)) else None


def row_numbers() -> TableColumn:
    """Return a column with the numbers of the rows, from 0."""
    return TableColumn("row", "int", lambda start, stop: list(range(start, stop)), lambda: None)


def _pandas(frame: Any) -> TableSource:
    names = [" / ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    index = frame.index
    labels = [
        _pandas_column(index.get_level_values(level), UNNAMED_INDEX if name is None else str(name))
        for level, name in enumerate(index.names)
    ]
    return TableSource(len(frame), names, lambda at: _pandas_column(frame.iloc[:, at], names[at]), labels)


def _pandas_column(series: Any, name: str) -> TableColumn:
    def part(start: int, stop: int) -> list[Any]:
        return list(series[start:stop]) if not hasattr(series, "iloc") else list(series.iloc[start:stop])

    def ordered() -> Any:
        kind = getattr(series.dtype, "kind", "O")
        if kind not in _ORDERED:
            return None
        if type(series.dtype).__module__.partition(".")[0] == "numpy":
            return series.to_numpy()
        if kind in "iuf":
            return series.to_numpy(dtype="float64", na_value=float("nan"))
        return series.to_numpy(dtype="datetime64[ns]" if kind == "M" else "timedelta64[ns]")

    return TableColumn(name, str(series.dtype), part, ordered)


def _pandas_series(series: Any) -> TableSource:
    return _pandas(series.to_frame(UNNAMED if series.name is None else series.name))


def _pandas_index(index: Any) -> TableSource:
    return _pandas(index.to_frame(index=False))


def _polars(frame: Any) -> TableSource:
    return TableSource(len(frame), list(frame.columns), lambda at: _polars_column(frame.to_series(at)))


def _polars_series(series: Any) -> TableSource:
    return TableSource(len(series), [series.name or UNNAMED], lambda _: _polars_column(series))


def _polars_column(series: Any) -> TableColumn:
    def ordered() -> Any:
        if not (series.dtype.is_numeric() or series.dtype.is_temporal()):
            return None
        return _if_ordered(series.to_numpy())

    return TableColumn(
        series.name or UNNAMED,
        str(series.dtype),
        lambda start, stop: series.slice(start, stop - start).to_list(),
        ordered,
    )


def _arrow(table: Any) -> TableSource:
    names = list(table.schema.names)
    return TableSource(table.num_rows, names, lambda at: _arrow_column(table.column(at), names[at]))


def _arrow_array(array: Any) -> TableSource:
    return TableSource(len(array), [UNNAMED], lambda _: _arrow_column(array, UNNAMED))


def _arrow_column(array: Any, name: str) -> TableColumn:
    def ordered() -> Any:
        if not str(array.type).startswith(_ARROW_ORDERED):
            return None
        return _if_ordered(array.to_numpy(zero_copy_only=False))

    return TableColumn(
        name, str(array.type), lambda start, stop: array.slice(start, stop - start).to_pylist(), ordered
    )


def _numpy(array: Any) -> TableSource | None:
    if array.ndim == 1 and array.dtype.names:
        names = list(array.dtype.names)
        return TableSource(len(array), names, lambda at: _numpy_column(array[names[at]], names[at]))
    if array.ndim == 1:
        return TableSource(len(array), [UNNAMED], lambda _: _numpy_column(array, UNNAMED))
    if array.ndim == 2:
        names = [str(number) for number in range(array.shape[1])]
        return TableSource(len(array), names, lambda at: _numpy_column(array[:, at], names[at]))
    return None


def _numpy_column(array: Any, name: str) -> TableColumn:
    def part(start: int, stop: int) -> list[Any]:
        values = array[start:stop]
        # `tolist` returns times in nanoseconds as integers.
        return [_time_text(value) for value in values] if array.dtype.kind in "mM" else values.tolist()

    return TableColumn(name, str(array.dtype), part, lambda: _if_ordered(array))


def _time_text(value: Any) -> str:
    return str(value).removesuffix(".000000000").removesuffix("T00:00:00").replace("T", " ")


def _if_ordered(array: Any) -> Any:
    return array if array.dtype.kind in _ORDERED else None


def _records(items: Sequence[Any]) -> TableSource | None:
    """Return a list of dicts with plain values, or of instances with fields, as a table."""
    rows = [_record(item) for item in items]
    if not rows or any(row is None for row in rows):
        return None
    names = list(dict.fromkeys(str(key) for row in rows for key in row or ()))
    known = [{str(key): value for key, value in (row or {}).items()} for row in rows]
    return TableSource(
        len(rows), names, lambda at: _record_column([row.get(names[at]) for row in known], names[at])
    )


def _record(item: Any) -> Mapping[Any, Any] | None:
    if isinstance(item, Mapping):
        return item if item and all(map(_is_plain, item.values())) else None
    if isinstance(item, type):
        return None
    if is_dataclass(item):
        return {field.name: getattr(item, field.name) for field in fields(item)}
    if isinstance(names := getattr(type(item), "model_fields", None), dict):
        return {name: getattr(item, name) for name in names}
    return item._asdict() if isinstance(item, tuple) and hasattr(item, "_asdict") else None


def _is_plain(value: Any) -> bool:
    """Return whether a value of a dict fits into a cell. Texts with several lines remain JSON, which keeps the lines."""
    if isinstance(value, str):
        return len(value.splitlines()) <= 1
    return isinstance(value, _SCALARS) or getattr(value, "shape", None) == ()  # NumPy's scalars


def _record_column(values: list[Any], name: str) -> TableColumn:
    types = dict.fromkeys(type(value).__name__ for value in values if value is not None)

    def ordered() -> Any:
        is_ordered = all(isinstance(value, Real) or value is None for value in values) and "bool" not in types
        return values if is_ordered else None

    return TableColumn(name, " | ".join(types) or "None", lambda start, stop: values[start:stop], ordered)


_READERS: Mapping[tuple[str, str], Callable[[Any], TableSource | None]] = {
    ("pandas", "DataFrame"): _pandas,
    ("pandas", "Series"): _pandas_series,
    ("pandas", "Index"): _pandas_index,
    ("polars", "DataFrame"): _polars,
    ("polars", "Series"): _polars_series,
    ("pyarrow", "Table"): _arrow,
    ("pyarrow", "RecordBatch"): _arrow,
    ("pyarrow", "ChunkedArray"): _arrow_array,
    ("pyarrow", "Array"): _arrow_array,
    ("numpy", "ndarray"): _numpy,
}
