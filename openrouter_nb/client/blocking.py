"""The one background event loop that blocking calls run on."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

T = TypeVar("T")

_lock = threading.Lock()
_manager: AbstractContextManager[BlockingPortal] | None = None
_portal: BlockingPortal | None = None
_loop: asyncio.AbstractEventLoop | None = None


def run(function: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Run a coroutine function on the background loop and wait for it, from any thread but that loop's own.

    Ctrl-C cancels the coroutine, waits until it has cleaned up (which closes its connection), and goes on as
    KeyboardInterrupt.
    """
    portal = _start()
    if _running_loop() is _loop:
        raise RuntimeError("a blocking call was made on the background event loop: use the async one there")
    future: Future[T] = portal.start_task_soon(function, *args)
    try:
        return future.result()
    except BaseException:
        if not future.done():
            future.cancel()
            wait([future], timeout=2.0)
        raise


def background_loop() -> asyncio.AbstractEventLoop | None:
    """Return the background loop, or None before its first use."""
    return _loop


def _start() -> BlockingPortal:
    global _manager, _portal, _loop  # noqa: PLW0603 - one loop for the process is the point of this module
    with _lock:
        if _portal is None:
            from anyio.from_thread import start_blocking_portal  # noqa: PLC0415 - costs 18 modules, few need it

            # Lives as long as the process. Kept, because the portal closes when its context manager is collected.
            _manager = start_blocking_portal(name="openrouter-nb")
            _portal = _manager.__enter__()
            _loop = _portal.call(_get_loop)
            atexit.register(_stop, _portal, _manager)
        return _portal


def _stop(portal: BlockingPortal, manager: AbstractContextManager[BlockingPortal]) -> None:
    """Cancel what still runs, which closes its connections, and end the thread."""
    if portal is _portal:  # a forked child has none
        portal.call(portal.stop, True)
        manager.__exit__(None, None, None)


def _get_loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _forget() -> None:
    """Start anew in a forked child, which inherits the variables and not the thread."""
    global _portal, _loop, _lock  # noqa: PLW0603 - see _start
    _portal = _loop = None
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, not in Pyodide
    os.register_at_fork(after_in_child=_forget)
