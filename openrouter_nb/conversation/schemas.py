"""Values checked against a JSON Schema that came from outside: a tool of an MCP server, a schema written by hand."""

from __future__ import annotations

from typing import Any

import jsonschema
from jsonschema.exceptions import SchemaError, UnknownType, best_match
from referencing import Registry
from referencing.exceptions import Unresolvable

from openrouter_nb.conversation.problems import Problem, WrongValueError
from openrouter_nb.conversation.values import NoSchemaError, path_of, shortened

_MAX_PROBLEMS = 20


class Checker:
    """Checks values against a schema. References outside of the schema are not followed: nothing is fetched.

    Args:
        schema: A JSON Schema, of draft 2020-12 unless it says otherwise.

    Raises:
        NoSchemaError: it is no JSON Schema.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
        try:
            kind.check_schema(schema)
        except SchemaError as error:
            where = path_of(list(error.absolute_path))
            raise NoSchemaError(f"This is no JSON Schema: {where or 'it'}: {error.message[:200]}") from None
        self.schema = schema
        self._validator = kind(schema, registry=Registry())

    def check(self, value: Any) -> Any:
        """Return the value as it is.

        Raises:
            WrongValueError: it does not fit; one problem for each place.
        """
        try:
            errors = sorted(
                self._validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path))
            )
        except (Unresolvable, UnknownType, RecursionError) as error:
            raise WrongValueError(
                [Problem("", f"the schema cannot be applied: {type(error).__name__}")]
            ) from None
        if errors:
            raise WrongValueError([_problem(error) for error in errors[:_MAX_PROBLEMS]])
        return value


def _problem(error: Any) -> Problem:
    if error.context:  # of several alternatives, what is wrong with the nearest
        error = best_match([error]) or error
    path = path_of(list(error.absolute_path))
    if error.validator == "required":
        name = next((name for name in error.validator_value if name not in error.instance), "a field")
        return Problem(f"{path}.{name}".lstrip("."), "is missing")
    if error.validator == "additionalProperties":
        return Problem(path, error.message[:1].lower() + error.message[1:])
    expected = {
        "type": f"{_words(error.validator_value)} is expected",
        "enum": f"one of {shortened(error.validator_value)} is expected",
        "const": f"{shortened(error.validator_value)} is expected",
    }.get(error.validator, f"{error.validator} {shortened(error.validator_value)} is expected")
    return Problem(path, expected, shortened(error.instance))


def _words(kinds: Any) -> str:
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
