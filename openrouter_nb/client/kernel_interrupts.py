"""Deliver interrupts of ipykernel: to a pending request, and to a blocking call in a cell that contains `await`.

ipykernel interrupts an awaited cell by cancelling its task on the event loop, and does not wake the loop for that: measured
with 7.4, `await asyncio.Event().wait()` in a cell cannot be interrupted at all. Elsewhere Python runs signal handlers only when
the loop wakes. So the loop wakes twenty times a second. A blocking call in such a cell does not let the loop run: measured with
7.4, `time.sleep(8)` above an `await` ends after 8 s, and an answer would arrive to its end.

On Windows before Python 3.14, no signal handler runs while the main thread waits for an event, a queue, a future or a thread; and
the interrupt of a kernel there, `interrupt_main()`, ends such a wait on no system. So these waits are series of short ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import signal
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")

_INTERVAL_S = 0.05

# Pending requests by loop.
_pending: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, int] = weakref.WeakKeyDictionary()


class LoopWakeup:
    """Wake the running event loop at intervals inside the `with` block, if it runs in the main thread.

    Args:
        ipykernel_only: Do nothing outside of ipykernel, so that other programs that use the client are not woken.
    """

    def __init__(self, *, ipykernel_only: bool = True) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ipykernel_only = ipykernel_only

    def __enter__(self) -> Self:
        is_wanted = not self._ipykernel_only or "ipykernel" in sys.modules
        if is_wanted and threading.current_thread() is threading.main_thread():
            self._loop = loop = asyncio.get_running_loop()
            if loop not in _pending:
                loop.call_later(_INTERVAL_S, _tick, loop)
                # After `call_later`: an interrupt between the two lines must not leave a loop that is never woken.
                _pending[loop] = 0
            _pending[loop] += 1
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            _pending[self._loop] -= 1


def _tick(loop: asyncio.AbstractEventLoop) -> None:
    if _pending.get(loop):
        loop.call_later(_INTERVAL_S, _tick, loop)
    else:
        _pending.pop(loop, None)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let an interrupt raise KeyboardInterrupt inside the `with` block, as in a cell without `await`."""
    handler: Any = signal.getsignal(signal.SIGINT)
    is_cancelling = (getattr(handler, "__module__", None) or "").partition(".")[0] == "ipykernel"
    if not is_cancelling or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*signalled: Any) -> None:
        __tracebackhide__ = True
        handler(*signalled)  # the cell ends also if its code catches the exception
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def wait_for(wait: Callable[[float], T], timeout: float | None = None) -> T:
    """Call a function that waits, such as `event.wait`, until it returns something true or the time has passed.

    The short waits take 0.2 % of a core.

    Args:
        wait: Waits for at most as many seconds as its argument says.
        timeout: Seconds, None for no limit.

    Returns:
        What the function returned last.
    """
    ends_at = math.inf if timeout is None else time.monotonic() + timeout
    while True:
        left = ends_at - time.monotonic()
        if (result := wait(max(0.0, min(left, _INTERVAL_S)))) or left <= _INTERVAL_S:
            return result


def wait_for_result(future: Future[T], timeout: float | None = None) -> T:
    """Return the result of a future.

    Args:
        future: The future.
        timeout: Seconds, None for no limit.

    Raises:
        TimeoutError: the time has passed.
        CancelledError: the future was cancelled.
    """
    from concurrent import futures

    if not wait_for(lambda seconds: futures.wait([future], seconds).done, timeout):
        raise TimeoutError
    return future.result()
