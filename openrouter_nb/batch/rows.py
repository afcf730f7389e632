"""Convert tables to labelled rows, and rows to message contents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from openrouter_nb.batch.row import Row
from openrouter_nb.parameters import shown
from openrouter_nb.prompt import PromptError, interpolate
from openrouter_nb.prompt.user_message import user_message
from openrouter_nb.user_code import call_user_code, described

Template = str | Callable[[Any], Any]

_ESCAPE_HINT = "To send double braces, pass a function of the row as the template."


def labelled_rows(rows: Any) -> list[tuple[Hashable, Any]]:
    """Return the rows in order, as (label, row).

    Args:
        rows: A pandas DataFrame or Series (labels are its index, a row of a frame is a dict), a polars DataFrame, a dict
            of rows by label, or any iterable (labels are numbers from 0).

    Raises:
        TypeError: `rows` is not a table or iterable.
    """
    if isinstance(rows, str | bytes | type) or not hasattr(rows, "__iter__"):
        raise TypeError(f"chat_map() takes a table, a column or a list of rows, not {_kind(rows)}.")
    if callable(getattr(rows, "to_dict", None)) and hasattr(rows, "index"):
        if hasattr(rows, "columns"):
            return list(zip(rows.index, rows.to_dict("records"), strict=True))
        return list(rows.items())
    if callable(getattr(rows, "iter_rows", None)):
        return list(enumerate(rows.iter_rows(named=True)))
    return list(rows.items()) if isinstance(rows, Mapping) else list(enumerate(rows))


def prompted_rows(template: Template, rows: Any) -> list[Row]:
    """Return the rows with their prompts. A row for which the template fails has its error instead.

    Raises:
        TypeError: `rows` is not a table or iterable.
        PromptError: the template fails for all rows.
    """
    prompted = [_prompted(template, label, row) for label, row in labelled_rows(rows)]
    if prompted and not any(row.is_sendable for row in prompted) and (error := prompted[0].error):
        raise error
    return prompted


def _prompted(template: Template, label: Hashable, row: Any) -> Row:
    try:
        return Row(label, row_content(template, label, row))
    except PromptError as error:
        return Row(label, None, error=error.with_traceback(None))


def row_content(template: Template, label: Hashable, row: Any) -> Any:
    """Return the message content for a row: text, or content parts if a value is an image.

    Args:
        template: Text with `{{expression}}`, which can use `row` and, if the row is a dict, its keys; or a function of
            the row.
        label: Label of the row, for error messages.
        row: The row.

    Raises:
        PromptError: an expression or the function fails, or its value cannot be converted to a prompt.
    """
    try:
        return call_user_code(_content, template, row)
    except PromptError as error:
        raise PromptError(f"Row {label!r}: {error}") from None
    except Exception as error:
        raise PromptError(f"Row {label!r}: the template fails with {described(error)}") from error


def _content(template: Template, row: Any) -> Any:
    if not isinstance(template, str):
        return user_message(template(row))["content"]
    names = {str(key): value for key, value in row.items()} if isinstance(row, Mapping) else {}
    filled = interpolate(template, {"row": row, **names}, escape_hint=_ESCAPE_HINT)
    return user_message(filled.content)["content"]


def _kind(given: Any) -> str:
    return shown(given) if isinstance(given, type) else type(given).__name__


def check_template(template: Any) -> None:
    """Reject a template that is the same for every row.

    Raises:
        TypeError: the template is neither text nor a function.
        PromptError: the template is text without `{{…}}`.
    """
    is_type = isinstance(template, type) and template is not str
    if callable(template) and not is_type:
        return
    if not isinstance(template, str):
        raise TypeError(
            f"chat_map() takes text with {{{{…}}}}, or a function of a row, not {_kind(template)}."
        )
    if "{{" not in template:
        raise PromptError(
            "The prompt would be the same for every row: use {{row}}, or a column as in {{title}}."
        )
