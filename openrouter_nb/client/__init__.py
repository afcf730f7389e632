"""A thin client: bytes in, values out."""

from openrouter_nb.client.chat import BlockingChatStream, Chat
from openrouter_nb.client.openrouter import OpenRouter
from openrouter_nb.client.request import UNSET
from openrouter_nb.client.stream import ChatStream, StreamLimits

__all__ = ["UNSET", "BlockingChatStream", "Chat", "ChatStream", "OpenRouter", "StreamLimits"]
