"""Answer the chat requests of pages of widgets that users write: `ChatBridge`, `bridge`. The key stays in the kernel."""

from openrouter_nb.chat_bridge.esm import widget_esm
from openrouter_nb.chat_bridge.page_bridge import Bridge, bridge
from openrouter_nb.chat_bridge.widget import ChatBridge

__all__ = ["Bridge", "ChatBridge", "bridge", "widget_esm"]
