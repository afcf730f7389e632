"""`--context`: add cells, the last value or the last error to a prompt, without secrets and with a limit."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Protocol

from IPython.core.error import UsageError

from openrouter_nb.errors import OpenRouterError
from openrouter_nb.prompt import PromptError
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value
from openrouter_nb.redaction import redact_and_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.notebook.page_cells import PageCells

_MAX_CELLS = 20_000  # characters of all cells
_MAX_OUTPUT = 2_000  # characters of one output
_OURS = re.compile(r"\s*(?:\w+\s*=\s*)?%%?(?:chat|openrouter)")

Part = dict[str, Any]


class ContextSource(Protocol):
    """The members of `NotebookSession` that contexts are made of."""

    last_error: BaseException | None
    unstored: list[tuple[str, Any]]
    cells: PageCells


def context(which: str, shell: Any, session: ContextSource) -> tuple[list[Part], str]:
    """Return the content parts of a context, and a note about it for the footer.

    Args:
        which: `above`: the cells that were run before, except chat cells, with their values. `last`: the last value.
            `error`: the last exception of a cell that is not a chat. `cell:ID`: a cell with its error or its outputs, by its
            id or number. `notebook`: the cells of the notebook with their outputs, except chat cells.
        shell: The IPython shell.
        session: The last error of the user's own code, and the cells.

    Raises:
        PromptError: there are no cells, values or errors.
    """
    if which == "notebook" or which.startswith("cell:"):
        from openrouter_nb.notebook.cell.cell_context import (
            cell_parts,
            notebook_parts,
        )  # not needed by `%load_ext`

        if which == "notebook":
            parts, note = notebook_parts(session.cells, shell)
            return _wrapped(parts, "The notebook, with its outputs", which, note)
        parts, note = cell_parts(which.removeprefix("cell:"), session.cells, shell)
        return _wrapped(parts, "A cell of the notebook", "cell", note)
    if which == "above":
        text, note = _cells(shell, session.unstored)
        title = "The cells of the notebook that were run before, with the values they returned"
    elif which == "error":
        error = session.last_error or earlier_error()
        if error is None:
            raise PromptError("--context error: no cell except chat cells has failed.")
        inserted = to_prompt_value(error)
        text, note = str(inserted.part["text"]), _noted(type(error).__name__, inserted.note)
        title = "The last error in the notebook"
    else:
        part, note = _last(shell)
        if part["type"] != "text":
            return [{"type": "text", "text": "The last value in the notebook is this image:"}, part], note
        text, title = str(part["text"]), "The last value in the notebook"
    return _wrapped([{"type": "text", "text": text}], title, which, note)


def _wrapped(parts: list[Part], title: str, which: str, note: str) -> tuple[list[Part], str]:
    """Return the parts without secrets, between tags and below their title, and the complete note."""
    total = 0
    wrapped: list[Part] = []
    for part in parts:
        if part["type"] == "text":
            clean, removed = redact_and_count(part["text"])
            total += removed
            wrapped.append({"type": "text", "text": clean})
        else:
            wrapped.append(part)
    opening, closing = f"{title}:\n\n<{which}>\n", f"\n</{which}>\n\n"
    if wrapped[-1]["type"] != "text":
        wrapped.append({"type": "text", "text": ""})
    wrapped[0] = {"type": "text", "text": opening + wrapped[0]["text"]}
    wrapped[-1] = {"type": "text", "text": wrapped[-1]["text"] + closing}
    notes = [f"context {which}: {note}" if note else f"context {which}"]
    if total:
        notes.append(f"{total} secret{'' if total == 1 else 's'} removed")
    return wrapped, ", ".join(notes)


def _cells(shell: Any, unstored: Sequence[tuple[str, Any]]) -> tuple[str, str]:
    """Return the newest cells within the limit, in order of execution; of a cell that was run twice, the last run."""
    sources: list[str] = list(shell.history_manager.input_hist_raw)[:-1]  # the last one is this cell
    values = shell.user_ns.get("Out", {})
    if not sources:
        sources = ["", *(source for source, _ in unstored)]  # cells are numbered from 1
        values = {number: value for number, (_, value) in enumerate(unstored, 1) if value is not None}
    newest: dict[str, int] = {}
    for number, source in enumerate(sources):
        if source.strip() and not _OURS.match(source):
            newest.pop(source, None)
            newest[source] = number
    shown: list[str] = []
    room = _MAX_CELLS
    for source, number in reversed(newest.items()):
        piece = source.strip("\n")
        if number in values:
            piece += f"\n# → {_short(values[number])}"
        room -= len(piece)
        if room < 0:
            break
        shown.append(f"# cell {number}\n{piece}")
    if not newest:
        raise PromptError("--context above: no cell was run before this one.")
    if not shown:
        raise PromptError(f"--context above: the last cell alone has more than {_MAX_CELLS:,} characters.")
    of = "" if len(shown) == len(newest) else f" of {len(newest)}"
    return "\n\n".join(reversed(shown)), f"{len(shown)}{of} cell{'' if len(newest) == 1 else 's'}"


def _last(shell: Any) -> tuple[Part, str]:
    values = shell.user_ns.get("Out", {})
    if not values:
        raise PromptError("--context last: no cell has returned a value.")
    value = values[max(values)]
    name = type(value).__name__  # its number differs where the history does not have the cells
    try:
        inserted = to_prompt_value(value)
    except NotPromptableError:
        return {"type": "text", "text": _short(value)}, name
    part = inserted.part
    if inserted.is_block:
        part = part | {"text": f"\n{part['text']}\n"}
    return part, _noted(name, inserted.note)


def _noted(name: str, note: str) -> str:
    return f"{name}, {note}" if note else name


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - a repr may raise anything
        text = f"<{type(value).__name__}: its repr raises {type(error).__name__}>"
    return (
        text
        if len(text) <= _MAX_OUTPUT
        else f"{text[:_MAX_OUTPUT]} [{_MAX_OUTPUT:,} of {len(text):,} characters]"
    )


def earlier_error() -> BaseException | None:
    """Return the last error from before the extension was loaded."""
    error = getattr(sys, "last_value", None)
    return error if error is not None and is_theirs(error) else None


def is_theirs(error: BaseException) -> bool:
    """Return whether an exception is from the user's code, not from a chat or an interrupt."""
    return not isinstance(error, (OpenRouterError, UsageError, KeyboardInterrupt, SystemExit))
