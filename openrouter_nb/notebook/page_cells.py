"""The cells of the notebook: those that this kernel has run, and those that the page sends for a chat cell."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The comm that the extension of JupyterLab opens before it runs a chat cell that sends cells (js/src/lab/page-cells-plugin.ts).
TARGET = "openrouter_nb.cells"
VERSION = 1
_MAX_RUNS = 500


@dataclass(frozen=True, slots=True)
class CellRun:
    """One run of a cell in this kernel.

    Attributes:
        number: Execution number: the cell is `In[number]`.
        cell_id: Id of the cell, None where the frontend does not send it.
        source: The cell as it was run.
        error: The traceback without secrets, or `""`.
        error_name: Class of the exception, or `""`.
    """

    number: int
    cell_id: str | None
    source: str
    error: str = ""
    error_name: str = ""

    def is_named(self, name: str) -> bool:
        """Return whether `name` is the id or the number of this cell."""
        return name in (self.cell_id, str(self.number))


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell as a page shows it.

    Attributes:
        cell_id: Its id.
        cell_type: `code`, `markdown` or `raw`.
        source: Its text, which may have changed since it was run.
        number: Execution number, None if it was not run.
        outputs: Outputs in the format of notebook files.
    """

    cell_id: str
    cell_type: str
    source: str
    number: int | None
    outputs: list[dict[str, Any]] = field(default_factory=list)

    def is_named(self, name: str) -> bool:
        """Return whether `name` is the id or the number of this cell."""
        return name in (self.cell_id, str(self.number))

    @classmethod
    def read(cls, cell: Mapping[str, Any]) -> PageCell:
        """Read a cell of a notebook file, or of the extension's message, which has the same form."""
        source, number, outputs = cell.get("source"), cell.get("execution_count"), cell.get("outputs")
        return cls(
            str(cell.get("id") or ""),
            str(cell.get("cell_type") or "code"),
            "".join(source) if isinstance(source, list) else str(source or ""),
            number if isinstance(number, int) else None,
            [output for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else [],
        )


class PageCells:
    """Remembers the cells that were run, and receives those that the page sends.

    Args:
        shell: The IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        self._kernel = getattr(shell, "kernel", None)
        self._runs: deque[CellRun] = deque(maxlen=_MAX_RUNS)
        self._running: str | None = None
        self._sent: list[PageCell] = []

    def install(self) -> None:
        """Register the comm target, where there is a kernel."""
        if (comms := getattr(self._kernel, "comm_manager", None)) is not None:
            comms.register_target(TARGET, self._receive)

    def remove(self) -> None:
        """Remove the comm target."""
        comms = getattr(self._kernel, "comm_manager", None)
        if comms is not None and TARGET in comms.targets:
            comms.unregister_target(TARGET, self._receive)

    def note(self, result: Any, error: BaseException | None) -> None:
        """Remember a run and the traceback of its error, but not the objects that the error refers to.

        What the page sent for this run is discarded.

        Args:
            result: IPython's result.
            error: The exception, if it is one of the user's code.
        """
        info = getattr(result, "info", None)
        if getattr(info, "cell_id", None) == self._running:
            self._running, self._sent = None, []
        source, number = getattr(info, "raw_cell", None), getattr(result, "execution_count", None)
        if not source or number is None:  # not in the notebook: hidden code of a frontend
            return
        text = type(error).__name__ if error is not None else ""
        if error is not None:
            from openrouter_nb.prompt.value_text import to_prompt_value  # not needed by `%load_ext`

            with contextlib.suppress(Exception):  # an exception of the user may fail to be formatted
                text = str(to_prompt_value(error).part["text"])
        name = type(error).__name__ if error is not None else ""
        self._runs.append(CellRun(number, getattr(info, "cell_id", None), source, text, name))

    def run_of(self, name: str) -> CellRun | None:
        """Return the last run of a cell, by its id or its number."""
        return next((run for run in reversed(self._runs) if run.is_named(name)), None)

    def sent_for(self, running: str | None) -> list[PageCell]:
        """Return the cells that the page has sent for the running cell, in their order; empty without the extension."""
        return self._sent if running is not None and running == self._running else []

    def _receive(self, _comm: object, message: Mapping[str, Any]) -> None:
        data = message["content"]["data"]
        # A server and its kernels may have different versions of this package.
        if not isinstance(data, dict) or data.get("version") != VERSION:
            return
        cells = data.get("cells")
        self._running = str(data.get("running"))
        self._sent = (
            [PageCell.read(cell) for cell in cells if isinstance(cell, dict)]
            if isinstance(cells, list)
            else []
        )
