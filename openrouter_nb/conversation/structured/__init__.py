"""Answers that are objects: a type in, a checked value of it out."""

from openrouter_nb.conversation.problems import WrongAnswerError
from openrouter_nb.conversation.structured.schema import AnswerSchema, SchemaLike

__all__ = ["AnswerSchema", "SchemaLike", "WrongAnswerError"]
