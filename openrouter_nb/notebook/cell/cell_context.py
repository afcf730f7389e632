"""`--context cell:ID` and `--context notebook`: cells with their outputs, as text and images."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.token_estimate import estimate_tokens
from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.notebook.page_cells import PageCell
from openrouter_nb.prompt import PromptError
from openrouter_nb.replay.path import notebook_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openrouter_nb.notebook.page_cells import PageCells

_MAX_TOKENS = 20_000  # of all cells
_MAX_OUTPUT = 10_000  # characters of one output
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_IMAGES = ("image/png", "image/jpeg")
_TEXTS = ("text/markdown", "text/plain")
_OURS = re.compile(r"\s*%%(?:chat|openrouter)\b")

Part = dict[str, Any]


def cell_parts(name: str, cells: PageCells, shell: Any) -> tuple[list[Part], str]:
    """Return the content parts of one cell, and a note about it.

    The error is that of the cell's last run in this kernel. Other outputs are those of the page, where it has sent them.

    Args:
        name: Id or execution number of the cell.
        cells: The cells of the notebook.
        shell: The IPython shell.

    Raises:
        PromptError: the cell is unknown.
    """
    run = cells.run_of(name)
    sent = [cell for cell in cells.sent_for(IPythonFrontend(shell).cell_id) if cell.is_named(name)]
    if run is not None and run.error:
        changed = ", changed since" if sent and sent[0].source != run.source else ""
        text = f"{run.source.strip()}\n# its error:\n{run.error}"
        return [_text(text)], f"{run.error_name} of In[{run.number}]{changed}"
    if sent:
        [cell] = sent[:1]
        return _joined(_cell_parts(cell)), "" if cell.number is None else f"In[{cell.number}]"
    if run is not None:
        return [_text(run.source.strip())], f"In[{run.number}]"
    raise PromptError(
        f"--context cell:{name}: this kernel has not run a cell with this id or number. Run the cell first."
    )


def notebook_parts(cells: PageCells, shell: Any) -> tuple[list[Part], str]:
    """Return the content parts of the notebook without its chat cells, and a note about what was left out.

    The cells that were run last come first into the limit of 20,000 tokens; they are sent in the order of the notebook.

    Raises:
        PromptError: the notebook is unknown or has no other cell.
    """
    running = IPythonFrontend(shell).cell_id
    known, since = cells.sent_for(running), ""
    if not known:
        known, since = _saved_cells(shell)
    numbered = [
        (position, cell)
        for position, cell in enumerate(known, 1)
        if cell.source.strip() and cell.cell_id != running and not _OURS.match(cell.source)
    ]
    if not numbered:
        raise PromptError("--context notebook: the notebook has no cell except chat cells.")
    taken: dict[int, list[Part]] = {}
    room = _MAX_TOKENS
    for position, cell in sorted(numbered, key=lambda item: (item[1].number or 0, item[0]), reverse=True):
        title = f"# cell {position}" + ("" if cell.cell_type == "code" else f", {cell.cell_type}")
        parts = [_text(f"{title}\n"), *_cell_parts(cell), _text("\n\n")]
        room -= estimate_tokens(parts)
        if room < 0:
            break
        taken[position] = parts
    if not taken:
        raise PromptError(
            f"--context notebook: the cell that was run last alone has more than {_MAX_TOKENS:,} tokens."
        )
    left_out = [position for position, _ in numbered if position not in taken]
    note = (
        f"{len(taken)} of {len(numbered)} cells"
        if left_out
        else f"{len(taken)} cell{'' if len(taken) == 1 else 's'}"
    )
    if left_out:
        note += f", without {_ranges(left_out)}"
    del taken[max(taken)][-1]  # the blank line behind the last cell
    return _joined(part for position in sorted(taken) for part in taken[position]), note + since


def _saved_cells(shell: Any) -> tuple[list[PageCell], str]:
    """Return the cells of the notebook's file, and a note that they are those."""
    path = notebook_path(IPythonFrontend(shell).notebook)
    try:
        if path is None:
            raise PromptError(
                "--context notebook: the frontend does not name the notebook. Use --context above, the cells that were run."
            )
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = [PageCell.read(cell) for cell in content["cells"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PromptError(f"--context notebook: {path} cannot be read: {error}") from None
    return cells, ", as last saved"


def _cell_parts(cell: PageCell) -> list[Part]:
    parts = [_text(cell.source.strip("\n"))]
    for output in cell.outputs:
        parts += _output_parts(output)
    return parts


def _output_parts(output: dict[str, Any]) -> Iterator[Part]:
    data = output.get("data")
    if output.get("output_type") == "error":
        trace = output.get("traceback")
        text = "\n".join(map(str, trace)) if isinstance(trace, list) else str(output.get("evalue"))
        yield _text(f"\n# error:\n{_bounded(text)}")
    elif output.get("output_type") == "stream":
        yield _text(f"\n# printed:\n{_bounded(_string(output.get('text')))}")
    elif isinstance(data, dict):
        for mime_type in _IMAGES:
            if isinstance(encoded := data.get(mime_type), (str, list)):
                url = f"data:{mime_type};base64,{''.join(_string(encoded).split())}"
                yield _text("\n# displayed:\n")
                yield {"type": "image_url", "image_url": {"url": url}}
                return
        for mime_type in _TEXTS:
            if mime_type in data:
                yield _text(f"\n# displayed:\n{_bounded(_string(data[mime_type]))}")
                return


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Return parts with adjacent texts joined."""
    joined: list[Part] = []
    for part in parts:
        if joined and part["type"] == joined[-1]["type"] == "text":
            joined[-1] = _text(joined[-1]["text"] + part["text"])
        else:
            joined.append(part)
    return joined


def _text(text: str) -> Part:
    return {"type": "text", "text": text}


def _string(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")


def _bounded(text: str) -> str:
    """Return text without control sequences; of a long one the beginning and the end, where an error is."""
    text = _ESCAPES.sub("", text).strip("\n")
    if len(text) <= _MAX_OUTPUT:
        return text
    half = _MAX_OUTPUT // 2
    return f"{text[:half]}\n[{len(text) - 2 * half:,} characters left out]\n{text[-half:]}"


def _ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as text: `cells 1 to 4, 7`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in spans)
    return f"cell{'' if len(numbers) == 1 else 's'} {words}"
