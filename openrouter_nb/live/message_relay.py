"""A way from pages to widgets that does not wait for the end of the running cell.

JupyterLite gives its kernel one message after the other (version 0.8.6: a mutex for each kernel), so that a press on Stop would
arrive after the answer. The kernel is a worker of the page: a BroadcastChannel connects them directly.
"""

from __future__ import annotations

import uuid
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
