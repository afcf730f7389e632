"""Messages between pages and widgets in Pyodide, where JupyterLite's ways (0.8.6) differ from those of a server.

Its kernel gets one message after the other, so that a press on Stop would arrive after the answer. The kernel is a worker of the
page: a BroadcastChannel connects them directly. And None arrives in the page as undefined, not as null.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipywidgets import Widget


def open_relay(widget: Widget) -> str:
    """Let a widget receive messages through a channel until it is closed.

    Args:
        widget: The widget, which may not be initialized yet.

    Returns:
        The name of the channel for `js/src/shared/kernel-channel.ts`; empty where there are no such channels.
    """
    try:
        from pyodide.ffi import create_proxy

        from js import BroadcastChannel
    except ImportError:
        return ""
    name = uuid.uuid4().hex
    channel = BroadcastChannel.new(name)

    def receive(event: Any) -> None:
        widget._handle_custom_msg(*event.data.to_py())  # noqa: SLF001 - as the comm of the widget does

    receiver = create_proxy(receive)
    channel.onmessage = receiver

    def close(change: Any) -> None:
        if change.new is None:
            channel.close()
            receiver.destroy()

    widget.observe(close, "comm")
    return name


def with_nulls(value: Any) -> Any:
    """Return a JSON value that arrives in the page with its nulls."""
    return value if _null() is None else _replaced(value, _null())


@cache
def _null() -> Any:
    try:
        from pyodide.ffi import jsnull
    except ImportError:
        return None
    return jsnull


def _replaced(value: Any, null: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(each, null) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(each, null) for each in value]
    return null if value is None else value
