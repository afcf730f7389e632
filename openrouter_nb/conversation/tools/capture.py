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
_running = 0


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
    token = _listener.set(listener)
    _install()
    try:
        yield
    finally:
        _remove()
        _listener.reset(token)


def _install() -> None:
    global _running  # noqa: PLW0603 - as many as run in the process
    with _lock:
        _running += 1
        if _running == 1:
            for name in ("stdout", "stderr"):
                proxy = _proxies[name] = _Proxy(getattr(sys, name))
                setattr(sys, name, proxy)


def _remove() -> None:
    global _running  # noqa: PLW0603 - see above
    with _lock:
        _running -= 1
        if _running == 0:
            for name, proxy in _proxies.items():
                # Whoever has put something else in the place meanwhile goes on with what was below it.
                if getattr(sys, name) is proxy:
                    setattr(sys, name, proxy.target)
            _proxies.clear()
