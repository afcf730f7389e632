"""Capture the output of each running tool separately.

`sys.stdout` is shared by the process, and calls run concurrently. While a call is running, a proxy replaces it: a context
variable selects the listener of the call, and all other output goes to the original stream.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)
_lock = threading.Lock()
_proxies: dict[str, _Proxy] = {}
_calls: set[object] = set()  # running calls of the process


class _Proxy:
    def __init__(self, target: Any) -> None:
        self.target = target

    def write(self, text: str) -> int:
        listener = _listener.get()
        if listener is None or not isinstance(text, str):  # the stream raises the usual TypeError
            return int(self.target.write(text))
        listener(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.target, name)


@contextlib.contextmanager
def captured(listener: Callable[[str], None]) -> Iterator[None]:
    """Send output printed in this context, on any thread, to `listener`."""
    call, before = object(), _listener.get()
    try:
        _begin(call, listener)
        yield
    finally:
        try:
            _end(call, before)
        except BaseException:  # an interrupt or timeout can be raised at any point, but only once
            _end(call, before)
            raise


def _begin(call: object, listener: Callable[[str], None]) -> None:
    _listener.set(listener)
    with _lock:
        _calls.add(call)
        for name in ("stdout", "stderr"):
            if name not in _proxies:
                proxy = _proxies[name] = _Proxy(getattr(sys, name))
                setattr(sys, name, proxy)


def _end(call: object, before: Callable[[str], None] | None) -> None:
    """Undo `_begin`, complete or not. Idempotent."""
    _listener.set(before)
    with _lock:
        _calls.discard(call)
        if _calls:
            return
        for name, proxy in _proxies.items():
            # If other code has replaced the stream meanwhile, leave its replacement.
            if getattr(sys, name) is proxy:
                setattr(sys, name, proxy.target)
        _proxies.clear()
