"""Keeps a kernel's event loop awake while a request waits, so that an interrupt is felt.

ipykernel notes an interrupt of an awaited cell by cancelling its task, and does not wake the loop for it: measured with 7.4,
`await asyncio.Event().wait()` in a cell cannot be interrupted at all. So the loop wakes twenty times a second.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import weakref
from typing import Self

_PULSE_S = 0.05

# How many requests wait on each loop.
_waiting: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, int] = weakref.WeakKeyDictionary()


class LoopWakeup:
    """Keeps the running event loop awake inside its `with` block, if it is that of a kernel's cells."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        if "ipykernel" in sys.modules and threading.current_thread() is threading.main_thread():
            self._loop = loop = asyncio.get_running_loop()
            if loop not in _waiting:
                loop.call_later(_PULSE_S, _tick, loop)
                # Last: an interrupt on the way here must not leave a loop that nobody wakes.
                _waiting[loop] = 0
            _waiting[loop] += 1
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            _waiting[self._loop] -= 1


def _tick(loop: asyncio.AbstractEventLoop) -> None:
    if _waiting.get(loop):
        loop.call_later(_PULSE_S, _tick, loop)
    else:
        _waiting.pop(loop, None)
