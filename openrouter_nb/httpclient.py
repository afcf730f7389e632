"""Interfaces of HTTP clients at the import path of OpenRouter's Python SDK, `openrouter.httpclient`."""

from openrouter_nb.client.transport.callers_client import AsyncHttpClient, HttpClient

__all__ = ["AsyncHttpClient", "HttpClient"]
