"""Whether a structured answer is what was asked for, and where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.output_schema import unfenced
from openrouter_nb.output.type_adapter import NoSchemaError, parse_json
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult
    from openrouter_nb.output import OutputSchema

_CHECKED = ("json_schema", "json_object")


@dataclass(frozen=True, slots=True)
class SchemaCheck:
    """What is said of a structured answer.

    Attributes:
        note: How it fits, in a few words; `""` where no format was asked for.
        problems: Each wrong field.
        value: The object, where it is one.
    """

    note: str = ""
    problems: tuple[ValidationProblem, ...] = ()
    value: Any = None


def is_structured(request: dict[str, Any]) -> bool:
    """Whether a request asks for JSON."""
    wanted = request.get("response_format")
    return isinstance(wanted, dict) and wanted.get("type") in _CHECKED


def check_schema(body: dict[str, Any], result: ChatResult | None, schema: OutputSchema | None) -> SchemaCheck:
    """Compare an answer with the format that was asked for.

    Args:
        body: The request.
        result: The answer.
        schema: The type that Python asks for; it counts where the request is about it.
    """
    if not is_structured(body) or result is None or not result.text:
        return SchemaCheck()
    wanted = body["response_format"]
    try:
        if schema is not None and wanted == schema.response_format:
            return SchemaCheck("fits the schema", value=schema.parse(result.text))
        value = parse_json(unfenced(result.text))
        given = (wanted.get("json_schema") or {}).get("schema")
        if wanted["type"] == "json_object" or not isinstance(given, dict):
            return SchemaCheck("valid JSON", value=value)
        return SchemaCheck("fits the schema", value=JsonSchemaValidator(given).check(value))
    except NoSchemaError as error:
        return SchemaCheck(f"not checked: {error}")
    except WrongValueError as error:
        return SchemaCheck("does not fit the schema", error.problems)
