"""Streamed responses: SSE framing, JSON decoding, accumulation, timeouts."""
