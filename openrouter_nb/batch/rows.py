"""From a table, a column or a list to rows with names, and from a row to its question."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from openrouter_nb.prompt import PromptError, interpolate
from openrouter_nb.prompt.user_message import user_message

Template = str | Callable[[Any], Any]

_LITERALLY = "A function of the row may return any text, double braces included."


def labelled_rows(rows: Any) -> list[tuple[Hashable, Any]]:
    """Return the rows in order, each under its label.

    Args:
        rows: A pandas DataFrame or Series: labels are its index, a row of a frame is a dict. A polars DataFrame, a dict
            of rows by label, or any iterable, numbered from 0.

    Raises:
        TypeError: it holds no rows.
    """
    if isinstance(rows, str | bytes) or not hasattr(rows, "__iter__"):
        raise TypeError(f"chat_map() takes a table, a column or a list of rows, not {type(rows).__name__}.")
    if callable(getattr(rows, "to_dict", None)) and hasattr(rows, "index"):
        if hasattr(rows, "columns"):
            return list(zip(rows.index, rows.to_dict("records"), strict=True))
        return list(rows.items())
    if callable(getattr(rows, "iter_rows", None)):
        return list(enumerate(rows.iter_rows(named=True)))
    return list(rows.items()) if isinstance(rows, Mapping) else list(enumerate(rows))


def row_content(template: Template, label: Hashable, row: Any) -> Any:
    """Return what to ask of a row: text, or content parts where a value is a picture.

    Args:
        template: Text in which `{{expression}}` stands for a value, with `row` and, where the row is a dict, its keys as
            names; or a function of the row.
        label: Of the row, for messages.
        row: One row.

    Raises:
        PromptError: an expression fails, or its value has no form for a prompt.
    """
    try:
        if not isinstance(template, str):
            return user_message(template(row))["content"]
        names = {str(key): value for key, value in row.items()} if isinstance(row, Mapping) else {}
        filled = interpolate(template, {"row": row, **names}, literally=_LITERALLY)
        return user_message(filled.content)["content"]
    except PromptError as error:
        raise PromptError(f"Row {label!r}: {error}") from None


def check_template(template: Any) -> None:
    """Refuse a template that would ask the same of every row.

    Raises:
        TypeError: it is neither text nor a function.
        PromptError: it is text without `{{…}}`.
    """
    if callable(template):
        return
    if not isinstance(template, str):
        raise TypeError(
            f"chat_map() takes text with {{{{…}}}} in it, or a function of a row, not {type(template).__name__}."
        )
    if "{{" not in template:
        raise PromptError(
            "The prompt would be the same for every row: write {{row}}, or the name of a column as in {{title}}."
        )
