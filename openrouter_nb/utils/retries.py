"""Retry settings at the import path of OpenRouter's Python SDK, `openrouter.utils.retries`."""

from openrouter_nb.client.retries import BackoffStrategy, RetryConfig

__all__ = ["BackoffStrategy", "RetryConfig"]
