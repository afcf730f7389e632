"""The form of the answer.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatFormat*Config and ChatJsonSchemaConfig.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from openrouter_nb.components.base import JSON, Nullable, RequestModel


class ChatFormatTextConfig(RequestModel):
    """Text, the default."""

    type: Literal["text"] = "text"


class ChatFormatJSONObjectConfig(RequestModel):
    """Any JSON object. The conversation must ask for JSON as well."""

    type: Literal["json_object"] = "json_object"


class ChatJSONSchemaConfig(RequestModel):
    """A JSON Schema. `name`: up to 64 letters, digits, `_` and `-`. `strict`: exactly this schema."""

    name: str
    description: str | None = None
    schema_: JSON | None = Field(default=None, alias="schema")
    strict: Nullable[bool] = None


class ChatFormatJSONSchemaConfig(RequestModel):
    """JSON after a schema."""

    type: Literal["json_schema"] = "json_schema"
    json_schema: JSON | ChatJSONSchemaConfig


class ChatFormatGrammarConfig(RequestModel):
    """Text after a grammar with a root rule, in a BNF-like notation."""

    type: Literal["grammar"] = "grammar"
    grammar: str


class ChatFormatPythonConfig(RequestModel):
    """Python code."""

    type: Literal["python"] = "python"


ResponseFormat = (
    ChatFormatTextConfig
    | ChatFormatJSONObjectConfig
    | ChatFormatJSONSchemaConfig
    | ChatFormatGrammarConfig
    | ChatFormatPythonConfig
)
