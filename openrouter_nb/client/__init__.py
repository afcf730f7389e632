"""A thin async client of OpenRouter's API, with blocking twins."""

from openrouter_nb.client.chat import Chat
from openrouter_nb.client.credentials import Secret
from openrouter_nb.client.key_store import ask_api_key, forget_key, store_key
from openrouter_nb.client.openrouter import OpenRouter
from openrouter_nb.client.resources.models import ModelList
from openrouter_nb.client.retries import BackoffStrategy, RetryConfig, RetryPolicy
from openrouter_nb.client.standalone import Result, chat_send, chat_send_async
from openrouter_nb.client.streaming.blocking_stream import BlockingChatStream
from openrouter_nb.client.streaming.chat_stream import ChatStream
from openrouter_nb.client.streaming.stream_errors import StreamLimits
from openrouter_nb.components.unset import UNSET

__all__ = [
    "UNSET",
    "BackoffStrategy",
    "BlockingChatStream",
    "Chat",
    "ChatStream",
    "ModelList",
    "OpenRouter",
    "Result",
    "RetryConfig",
    "RetryPolicy",
    "Secret",
    "StreamLimits",
    "ask_api_key",
    "chat_send",
    "chat_send_async",
    "forget_key",
    "store_key",
]
