"""What a running tool prints, kept apart from what everything else prints at the same time.

`sys.stdout` is one for the whole process, and calls run side by side; so while any runs, a proxy stands in its place that
sends the text of each to its own listener, told apart by a context variable, and everything else where it belongs.
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
_calls: set[object] = set()  # those that run, of the whole process


class _Proxy:
    def __init__(self, target: Any) -> None:
        self.target = target

    def write(self, text: str) -> int:
        listener = _listener.get()
        if listener is None:
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
    """Give what is printed in this context to `listener`, from whichever thread prints it in this context."""
    call, before = object(), _listener.get()
    try:
        _begin(call, listener)
        yield
    finally:
        try:
            _end(call, before)
        except BaseException:  # an interrupt, or the end of the call's time, comes at any moment, but once
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
    """Undo `_begin`, or as much of it as was done. Safe to call twice."""
    _listener.set(before)
    with _lock:
        _calls.discard(call)
        if _calls:
            return
        for name, proxy in _proxies.items():
            # Whoever has put something else in the place meanwhile goes on with what was below it.
            if getattr(sys, name) is proxy:
                setattr(sys, name, proxy.target)
        _proxies.clear()
