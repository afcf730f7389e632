"""Streams under their names in OpenRouter's Python SDK, `openrouter.utils.eventstreaming`."""

from openrouter_nb.client.streaming.blocking_stream import BlockingChatStream as EventStream
from openrouter_nb.client.streaming.chat_stream import ChatStream as EventStreamAsync

__all__ = ["EventStream", "EventStreamAsync"]
