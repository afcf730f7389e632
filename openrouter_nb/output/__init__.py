"""Answers that are objects: a type in, a checked value of it out."""

from openrouter_nb.output.output_schema import OutputSchema, SchemaLike

__all__ = ["OutputSchema", "SchemaLike"]
