"""Results of calls at the import path of OpenRouter's Python SDK, `openrouter.operations`."""

from openrouter_nb.client.streaming.blocking_stream import BlockingChatStream
from openrouter_nb.client.streaming.chat_stream import ChatStream
from openrouter_nb.components import ChatResult

SendChatCompletionRequestResponse = ChatResult | BlockingChatStream | ChatStream

__all__ = ["SendChatCompletionRequestResponse"]
