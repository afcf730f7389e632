"""Validate answers against the `response_format` of their request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.json_extraction import JSONTextError, largest_json
from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.output_schema import last_valid
from openrouter_nb.output.type_adapter import NoSchemaError
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.playground.state.answer_record import SchemaCheck

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.output import OutputSchema
    from openrouter_nb.output.validation_errors import ValidationProblem

_STRUCTURED = ("json_schema", "json_object")


class ResponseFormat:
    """The structured form of the answer that a request asks for.

    Args:
        response_format: The field of the request, of type `json_schema` or `json_object`.
        schema: The type set in Python; it is used if the request is about it.
    """

    def __init__(self, response_format: Mapping[str, Any], schema: OutputSchema | None = None) -> None:
        self._schema = schema if schema is not None and schema.response_format == response_format else None
        named = response_format.get("json_schema") if response_format["type"] == "json_schema" else None
        self._json_schema = named.get("schema") if isinstance(named, dict) else None
        self._note = "fits the schema"

    @classmethod
    def of(cls, request: Mapping[str, Any], schema: OutputSchema | None = None) -> ResponseFormat | None:
        """Return the format of a request, None if it asks for text."""
        wanted = request.get("response_format")
        is_structured = isinstance(wanted, dict) and wanted.get("type") in _STRUCTURED
        return cls(wanted, schema) if is_structured and wanted is not None else None

    def parse(self, text: str) -> Any:
        """Return the value of an answer; None if its schema cannot be applied.

        Raises:
            WrongValueError: with each invalid field.
        """
        if self._schema is not None:
            return self._schema.parse(text)
        try:
            if not isinstance(self._json_schema, dict):
                self._note = "valid JSON"
                return largest_json(text)
            return last_valid(text, self._json_schema, JsonSchemaValidator(self._json_schema).check)
        except JSONTextError as error:
            raise WrongValueError.of(error) from None
        except NoSchemaError as error:
            self._note = f"not checked: {error}"
            return None

    def check(self, problems: Sequence[ValidationProblem], value: Any) -> SchemaCheck:
        """Return the result of a `parse`."""
        if problems:
            return SchemaCheck("does not fit the schema", tuple(problems))
        return SchemaCheck(self._note, value=value)
