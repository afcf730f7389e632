"""Answers that are objects: a type in, a checked value of it out."""

from openrouter_nb.output.output_schema import AnswerSchema, SchemaLike

__all__ = ["AnswerSchema", "SchemaLike"]
