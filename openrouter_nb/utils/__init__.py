"""Retry settings, `eventstreaming` and loggers at the import path of OpenRouter's Python SDK, `openrouter.utils`."""

from openrouter_nb.client.log import DebugLogger as Logger
from openrouter_nb.client.log import get_default_logger
from openrouter_nb.client.retries import BackoffStrategy, RetryConfig
from openrouter_nb.utils import eventstreaming, retries

__all__ = ["BackoffStrategy", "Logger", "RetryConfig", "eventstreaming", "get_default_logger", "retries"]
