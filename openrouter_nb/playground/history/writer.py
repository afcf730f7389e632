"""The thread that writes conversations, one for each process: changes are written in their order."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.kernel_interrupts import wait_for_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

_lock = threading.Lock()
_executor: ThreadPoolExecutor | None = None


def submit(action: Callable[..., object], *args: Any) -> None:
    """Run a function after those that were submitted before. The interpreter waits for it when it exits."""
    global _executor  # noqa: PLW0603 - one for each process
    with _lock:  # two executors would not keep the order
        if _executor is None:
            from concurrent.futures import ThreadPoolExecutor

            _executor = ThreadPoolExecutor(1, "openrouter_nb-history")
    try:
        _executor.submit(action, *args)
    except RuntimeError:  # the interpreter exits, or has no threads (JupyterLite)
        action(*args)


def flush(timeout: float | None = None) -> None:
    """Wait until everything that was submitted has run."""
    if _executor is not None:
        with contextlib.suppress(TimeoutError, RuntimeError):
            wait_for_result(_executor.submit(int), timeout)
