"""`RetryConfig`, `BackoffStrategy` and `eventstreaming` at the import path of OpenRouter's Python SDK, `openrouter.utils`."""

from openrouter_nb.client.retries import BackoffStrategy, RetryConfig
from openrouter_nb.utils import eventstreaming, retries

__all__ = ["BackoffStrategy", "RetryConfig", "eventstreaming", "retries"]
