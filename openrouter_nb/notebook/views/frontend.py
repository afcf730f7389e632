"""What the kernel knows of the frontend that sent the running cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class Frontend:
    """Facts about the request that runs the current cell.

    Args:
        shell: The IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        self._kernel = getattr(shell, "kernel", None)
        self._names: dict[str, Any] = getattr(shell, "user_ns", {})

    @property
    def has_kernel(self) -> bool:
        """Whether there is a Jupyter kernel at all, not a terminal."""
        return self._kernel is not None

    @property
    def is_interactive(self) -> bool:
        """Whether a person is there: nbclient, papermill and nbval send `allow_stdin: false`, notebooks `true`."""
        return bool(self._parent("content").get("allow_stdin"))

    @property
    def takes_cells(self) -> bool:
        """Whether code can be put below the running cell: notebooks and terminals take it, batch runs do not."""
        return not self.has_kernel or self.is_interactive

    @property
    def cell_id(self) -> str | None:
        """Id of the running cell, where the frontend sends it (JupyterLab, Notebook, VS Code)."""
        cell_id = self._parent("metadata").get("cellId")
        return cell_id if isinstance(cell_id, str) else None

    @property
    def notebook(self) -> Path | None:
        """The notebook's file, where the frontend says so in the kernel: VS Code does."""
        path = self._names.get("__vsc_ipynb_file__")
        return Path(path) if isinstance(path, str) and path.endswith(".ipynb") else None

    def _parent(self, part: str) -> dict[str, Any]:
        get_parent = getattr(self._kernel, "get_parent", None)
        parent = get_parent("shell") if get_parent is not None else None
        value = parent.get(part) if isinstance(parent, dict) else None
        return value if isinstance(value, dict) else {}
