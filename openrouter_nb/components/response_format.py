"""Response formats.

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
    """Any JSON object. The prompt must ask for JSON, too."""

    type: Literal["json_object"] = "json_object"


class ChatJSONSchemaConfig(RequestModel):
    """A JSON Schema. `name`: up to 64 letters, digits, `_` and `-`. `strict`: enforce the schema exactly."""

    name: str
    description: str | None = None
    schema_: JSON | None = Field(default=None, alias="schema")
    strict: Nullable[bool] = None


class ChatFormatJSONSchemaConfig(RequestModel):
    """JSON that conforms to a schema."""

    type: Literal["json_schema"] = "json_schema"
    json_schema: JSON | ChatJSONSchemaConfig


class ChatFormatGrammarConfig(RequestModel):
    """Text that conforms to a grammar in a BNF-like notation with a root rule."""

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
