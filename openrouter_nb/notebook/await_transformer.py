"""Make IPython await `%%chat`, and `%chat` if it is the whole cell.

IPython calls a magic and does not await its result. Rewritten as `await …`, the cell runs on the kernel's event loop: the
Stop button and interrupts take effect while it runs, and no thread is needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from itertools import dropwhile
from typing import Any

_CELL = re.compile(r"%%(?P<name>\w+)(?:\s+(?P<line>.*))?\s*$")  # a pasted space may be a no-break space
_LINE = re.compile(
    r"(?:(?P<target>[A-Za-z_]\w*)\s*=\s*)?(?:await[ \t]+)?%(?P<name>\w+)(?:\s+(?P<line>.*))?\s*$"
)


class AwaitTransformer:
    """An input transformer for the cells of some magics.

    Args:
        shell: The IPython shell. A cell that is transformed while another one runs (`%%time` above `%%chat`, or
            `get_ipython().run_cell`) is not rewritten, because its result would not be awaited.
        owner: Name of the magics class whose method `awaited(name, line, cell)` returns the coroutine.
        names: Magics to rewrite.
    """

    # In a terminal, IPython checks whether the input is complete with all transformers except those with side effects. It
    # must see the cell magic, which continues until a blank line, and not a complete Python statement.
    has_side_effects = True

    def __init__(self, shell: Any, owner: str, names: tuple[str, ...]) -> None:
        self._shell = shell
        self._owner = owner
        self._names = names
        self._running = 0
        self._task: asyncio.Task[Any] | None = None

    def install(self) -> None:
        """Start rewriting cells."""
        self._shell.input_transformers_cleanup.append(self)
        self._shell.events.register("pre_execute", self._before)
        self._shell.events.register("post_execute", self._after)

    def remove(self) -> None:
        """Stop rewriting cells."""
        if self in self._shell.input_transformers_cleanup:
            self._shell.input_transformers_cleanup.remove(self)
            self._shell.events.unregister("pre_execute", self._before)
            self._shell.events.unregister("post_execute", self._after)

    def __call__(self, lines: list[str]) -> list[str]:
        """Rewrite the cell if it consists of one of the magics."""
        if self._is_inner() or getattr(self._shell, "autoawait", True) is False:
            return lines
        # Comments above `%%chat` are common; without this, IPython would look up a line magic named `%chat`.
        code = list(dropwhile(_is_comment, lines))
        if not code:
            return lines
        body = "".join(code[1:])
        first = code[0].lstrip(" \t")
        is_cell = first.startswith("%%")
        match = _CELL.match(first) if is_cell else _LINE.match(first)
        if match is None or match["name"] not in self._names or (body.strip() and not is_cell):
            return lines
        magics = f"get_ipython().magics_manager.registry[{self._owner!r}]"
        target = f"{match['target']} = " if not is_cell and match["target"] else ""
        line, cell = (match["line"] or "").rstrip(), repr(body) if is_cell else "None"
        return [f"{target}await {magics}.awaited({match['name']!r}, {line!r}, {cell})\n"]

    def _is_inner(self) -> bool:
        """Return whether a cell is running."""
        # JupyterLite's kernel does not report the end of a cell with `await`. It runs each cell in a task.
        return self._running > 0 and not (self._task and self._task.done())

    def _before(self) -> None:
        if not self._is_inner():
            self._running = 0
            with contextlib.suppress(RuntimeError):  # a terminal has no event loop
                self._task = asyncio.current_task()
        self._running += 1

    def _after(self) -> None:
        self._running = max(0, self._running - 1)


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
