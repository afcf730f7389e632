"""IPython as a frontend: Jupyter kernels and terminals."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from openrouter_nb.live.frontend import WIDGET_VIEW
from openrouter_nb.live.kernel_parent import guard_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.live.frontend import ViewKind

_NUMBERED = re.compile(r"_\d+$")
# Set by servers that execute a notebook for a page: Voila describes the request of the page by the variables of CGI, and in a
# kernel that it starts before the first request by its own.
_PAGE_VARIABLES = ("SERVER_PROTOCOL", "VOILA_BASE_URL")


def publish(
    bundle: Mapping[str, Any],
    metadata: Mapping[str, Any] | None = None,
    *,
    display_id: str | None = None,
    update: bool = False,
) -> None:
    """Display a mime bundle in the running cell, or with `update` replace the one that was displayed under the same id."""
    if WIDGET_VIEW in bundle:
        guard_parent(get_ipython())
    transient = {"display_id": display_id} if display_id else {}
    publish_display_data(dict(bundle), dict(metadata or {}), transient=transient, update=update)


class IPythonFrontend:
    """The `Frontend` of an IPython shell, with facts about the request that runs the current cell.

    Args:
        shell: The IPython shell; the default is the one that runs, if any.
        outlives_cell: Whether the cell ends before its answer.
    """

    def __init__(self, shell: Any = None, *, outlives_cell: bool = False) -> None:
        self._shell = get_ipython() if shell is None else shell
        self._kernel = getattr(self._shell, "kernel", None)
        self._outlives_cell = outlives_cell

    publish = staticmethod(publish)

    @property
    def view_kind(self) -> ViewKind:
        """How an answer can be shown while it arrives.

        `OPENROUTER_NB_LIVE` overrides: `0` for one display at the end, `updates` for display updates, `widget`.
        """
        live = os.environ.get("OPENROUTER_NB_LIVE", "").strip().lower()
        # Under %%capture each update would become a separate output.
        if live == "0" or isinstance(getattr(self._shell, "display_pub", None), CapturingDisplayPublisher):
            return "final"
        if not self.has_kernel:
            return "terminal"
        if live in ("updates", "widget"):
            return "updates" if live == "updates" else "widget"
        if self.is_console:
            return "terminal"
        return "widget" if self.is_interactive and (self._outlives_cell or self.gets_messages) else "updates"

    @property
    def has_kernel(self) -> bool:
        """Whether there is a Jupyter kernel at all, not a terminal."""
        return self._kernel is not None

    @property
    def gets_messages(self) -> bool:
        """Whether messages of a page arrive while a cell runs: ipykernel 6 keeps them in a queue until the cell has ended."""
        return not hasattr(self._kernel, "msg_queue")

    @property
    def is_console(self) -> bool:
        """Whether a user is at a console that shows text only and ignores display updates: `jupyter console`, qtconsole.

        These number their messages, as jupyter_client does, and have no cells; the messages of notebooks have random ids.
        """
        is_numbered = bool(_NUMBERED.search(str(self._parent("header").get("msg_id"))))
        return self.is_interactive and is_numbered and self.cell_id is None

    @property
    def is_interactive(self) -> bool:
        """Whether a user is there: nbclient, papermill and nbval send `allow_stdin: false`, notebooks `true`."""
        return bool(self._parent("content").get("allow_stdin"))

    @property
    def can_display_later(self) -> bool:
        """Whether output may arrive after the end of its cell: batch runs do not store it, consoles are at the next input."""
        return self.is_interactive and not self.is_console

    @property
    def answer_name(self) -> str:
        """The expression that gives the value of the running cell once it has ended."""
        return f"Out[{self._shell.displayhook.prompt_count}]"

    @property
    def has_user(self) -> bool:
        """Whether a user is there, in a notebook or in a terminal, not in a batch run."""
        return not self.has_kernel or self.is_interactive

    @property
    def has_page(self) -> bool:
        """Whether a page may show widgets of this cell: for a user, or of a server that executes the notebook for it."""
        is_served = any(name in os.environ for name in _PAGE_VARIABLES)
        return is_served or self.is_interactive or self.view_kind == "widget"

    @property
    def cell_id(self) -> str | None:
        """Id of the running cell, where the frontend sends it (JupyterLab, Notebook, VS Code)."""
        cell_id = self._parent("metadata").get("cellId")
        return cell_id if isinstance(cell_id, str) else None

    @property
    def notebook(self) -> Path | None:
        """The notebook's file, where the frontend says so in the kernel: VS Code does."""
        path = getattr(self._shell, "user_ns", {}).get("__vsc_ipynb_file__")
        return Path(path) if isinstance(path, str) and path.endswith(".ipynb") else None

    def before_cells(self, action: Callable[[], bool]) -> None:
        """Call `action` when a cell starts, until it returns True."""
        events = self._shell.events

        def call(_info: object) -> None:
            if action():
                events.unregister("pre_run_cell", call)

        events.register("pre_run_cell", call)

    def prepare_exit(self) -> None:
        """Make this kernel copy its messages from now on, also those of more than 64 kB.

        At its end it can no longer lend their memory to the socket: the last part of such a message is missing then, and
        the next message is taken for it.
        """
        session = getattr(self._kernel, "session", None)
        if session is not None:
            session.copy_threshold = sys.maxsize

    def _parent(self, part: str) -> dict[str, Any]:
        get_parent: Callable[..., Any] = getattr(self._kernel, "get_parent", lambda _channel: None)
        try:
            parent = get_parent("shell")
        except TypeError:  # a kernel with one channel takes no name: JupyterLite's
            parent = get_parent()
        value = parent.get(part) if isinstance(parent, dict) else None
        return value if isinstance(value, dict) else {}
