"""Keep the parent message of the running cell in ipykernel 7.4.

ipykernel 7.4 handles a widget's message while an awaited cell runs, and then sets the parent message that it saw before
(`kernelbase.Kernel.shell_main`). If the cell has ended and the next one has started meanwhile, the next cell publishes its
`idle` status under the earlier cell, and frontends show it as running forever. Measured with Run All of 20 chat cells on
two busy cores, November 2026: in 4 of 18 runs.
"""

from __future__ import annotations

import threading
from typing import Any


class ParentGuard:
    """Remembers the parent message of each cell when it starts, and sets it again before the cell's `idle` status.

    Args:
        shell: The IPython shell of a kernel.
    """

    def __init__(self, shell: Any) -> None:
        self._kernel = shell.kernel
        # By thread: each subshell executes in a separate thread.
        self._parents: dict[int, tuple[Any, dict[str, Any]]] = {}
        # Threads that handle a widget's message.
        self._comm_threads: set[int] = set()
        self._remember()
        shell.events.register("pre_execute", self._remember)
        shell.events.register("post_execute", self._restore)

    def _remember(self) -> None:
        kernel = self._kernel
        # The same events surround the handler of a widget's message, which runs without a break in between.
        if _header(kernel.get_parent("shell")).get("msg_type") != "execute_request":
            self._comm_threads.add(threading.get_ident())
            return
        self._comm_threads.discard(threading.get_ident())
        ident = kernel._get_shell_context_var(kernel._shell_parent_ident)  # noqa: SLF001 - `set_parent` takes it
        self._parents[threading.get_ident()] = (ident, kernel.get_parent("shell"))

    def _restore(self) -> None:
        if threading.get_ident() in self._comm_threads:
            self._comm_threads.remove(threading.get_ident())
            return
        ident, parent = self._parents.get(threading.get_ident(), (None, {}))
        if parent and _header(parent).get("msg_id") != _header(self._kernel.get_parent("shell")).get(
            "msg_id"
        ):
            self._kernel.set_parent(ident, parent, channel="shell")


def guard_parent(shell: Any) -> None:
    """Guard the kernel of a shell, once. Without effect in other kernels than ipykernel 7, and in terminals."""
    kernel = getattr(shell, "kernel", None)
    if hasattr(kernel, "_shell_parent_ident") and not hasattr(kernel, _ATTRIBUTE):
        setattr(kernel, _ATTRIBUTE, ParentGuard(shell))


_ATTRIBUTE = "_openrouter_nb_parent_guard"


def _header(message: Any) -> dict[str, Any]:
    header = message.get("header") if isinstance(message, dict) else None
    return header if isinstance(header, dict) else {}
