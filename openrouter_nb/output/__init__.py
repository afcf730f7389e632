"""Structured output: request a type, and validate the answer against it."""

from openrouter_nb.output.output_schema import OutputSchema, SchemaLike

__all__ = ["OutputSchema", "SchemaLike"]
