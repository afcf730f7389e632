"""Validate values against untrusted JSON Schemas, such as those of MCP servers.

A malicious or careless schema can take exponential time, so validation has a time limit.
"""

from __future__ import annotations

import json
import re
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from openrouter_nb.output.regex_timeout import RegexTimeoutError, patterns_in, run_with_timeout
from openrouter_nb.output.type_adapter import NoSchemaError, is_whole, path_of, shortened
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MAX_PROBLEMS = 20
_TIMEOUT_S = 2.0

_ends_at: ContextVar[float] = ContextVar("ends_at", default=float("inf"))


class JsonSchemaValidator:
    """Validates values against a schema. References outside the schema are not followed: nothing is fetched.

    Args:
        schema: A JSON Schema, of draft 2020-12 unless `$schema` names another.
        timeout_s: Time limit in seconds, for the regular expressions and again for everything else.

    Raises:
        NoSchemaError: it is not a valid JSON Schema.
    """

    def __init__(self, schema: dict[str, Any], *, timeout_s: float = _TIMEOUT_S) -> None:
        # Lazy: where JupyterLab is installed, this imports a parser that takes more than a second to build its grammar.
        from jsonschema import Draft202012Validator, SchemaError
        from jsonschema.validators import extend, validator_for
        from referencing import Registry

        kind: Any = validator_for(schema, default=Draft202012Validator)
        try:
            kind.check_schema(schema)
        except SchemaError as error:
            where = path_of(list(error.absolute_path))
            raise NoSchemaError(
                f"Invalid JSON Schema: {f'{where}: ' if where else ''}{error.message[:200]}"
            ) from None
        except (RecursionError, OverflowError) as error:
            raise NoSchemaError(f"JSON Schema cannot be applied: {error}.") from None
        self.schema = schema
        self._timeout_s = timeout_s
        self._patterns = patterns_in(schema)
        self._too_slow = False
        rules = {
            name: _with_deadline(_unique_items if name == "uniqueItems" else rule)
            for name, rule in kind.VALIDATORS.items()
        }
        self._validator: Any = extend(kind, rules)(schema, registry=Registry())  # type: ignore[no-untyped-call]
        # To it, `3.0` is not an integer.
        types = kind.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
        self._exact_validator: Any = extend(kind, rules, type_checker=types)(schema, registry=Registry())  # type: ignore[no-untyped-call]

    def check(self, value: Any) -> Any:
        """Return the value, with integers for whole numbers such as `3.0` where the schema requires integers.

        Null for an optional field that is not nullable is left out, because strict schemas have no optional fields.

        Raises:
            WrongValueError: it does not match, with at most 20 problems; or validation took too long.
        """
        from jsonschema.exceptions import UnknownType
        from referencing.exceptions import Unresolvable

        if self._too_slow:  # do not wait for the timeout again
            raise _unchecked("its patterns take too long")
        try:
            run_with_timeout(self._patterns, value, timeout_s=self._timeout_s)
            errors = self._errors(self._validator, value)
            if any(error.instance is None for error in errors):
                without = _without_nulls(value, errors)
                if not self._errors(self._validator, without):
                    value, errors = without, []
            if not errors and _has_whole(value):
                value = self._with_integers(value)
        except RegexTimeoutError:
            self._too_slow = True
            raise _unchecked("it takes too long") from None
        except (Unresolvable, UnknownType, RecursionError, OverflowError, re.error) as error:
            raise _unchecked(type(error).__name__) from None
        except BaseException as error:
            # The Rust part of `referencing` panics where it reaches the recursion limit.
            if type(error).__name__ != "PanicException":
                raise
            raise _unchecked("RecursionError") from None
        if errors:
            raise WrongValueError([_problem(error) for error in errors[:_MAX_PROBLEMS]])
        return value

    def _with_integers(self, value: Any) -> Any:
        """Return a valid value with integers for whole numbers, or unchanged if it is not valid with them."""
        root = [json.loads(json.dumps(value))]
        for error in _all_errors(self._errors(self._exact_validator, value)):
            if error.validator == "type" and is_whole(error.instance):
                container, key = root, 0
                for part in error.absolute_path:
                    container, key = container[key], part
                container[key] = int(error.instance)
        return value if self._errors(self._validator, root[0]) else root[0]

    def _errors(self, validator: Any, value: Any) -> list[Any]:
        """Return all errors of a value, ordered by path."""
        before = _ends_at.set(time.monotonic() + self._timeout_s)
        try:
            return sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        finally:
            _ends_at.reset(before)


def _without_nulls(value: Any, errors: Iterable[Any]) -> Any:
    """Return a copy of a JSON value without the fields whose null caused an error."""
    root = [json.loads(json.dumps(value))]
    for error in errors:
        container: Any = root
        key: Any = 0
        for part in error.absolute_path:
            container, key = container[key], part
        if error.instance is None and isinstance(container, dict):
            container.pop(key)
    return root[0]


def _has_whole(value: Any) -> bool:
    """Return whether a JSON value contains a whole number that is written as a fraction."""
    if isinstance(value, dict | list):
        return any(map(_has_whole, value.values() if isinstance(value, dict) else value))
    return is_whole(value)


def _all_errors(errors: Iterable[Any]) -> Iterator[Any]:
    """Yield errors and those of the alternatives that caused them."""
    for error in errors:
        yield error
        yield from _all_errors(error.context or ())


def _with_deadline(rule: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """Return a jsonschema rule that stops at the deadline: nested references can take exponential time."""

    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if time.monotonic() > _ends_at.get():
            raise RegexTimeoutError
        yield from rule(validator, value, instance, schema) or ()

    return check


def _unique_items(validator: Any, is_wanted: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    """Apply the rule `uniqueItems` in linear time. That of jsonschema compares each pair of objects, without a deadline."""
    from jsonschema import ValidationError

    is_checked = is_wanted and validator.is_type(instance, "array")
    if is_checked and len(set(map(_canonical, instance))) < len(instance):
        yield ValidationError("has non-unique elements")


def _canonical(value: Any) -> str:
    """Return a text that is equal for JSON values that are equal in JSON Schema, where 1 is 1.0 and not true."""
    if isinstance(value, list):
        return f"[{','.join(map(_canonical, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(sorted(f'{key!r}:{_canonical(item)}' for key, item in value.items()))}}}"
    return hex(int(value)) if is_whole(value) or type(value) is int else repr(value)


def _unchecked(reason: str) -> WrongValueError:
    return WrongValueError([ValidationProblem("", f"the schema cannot be applied: {reason}")])


def _problem(error: Any) -> ValidationProblem:
    from jsonschema.exceptions import best_match

    if error.context:  # the errors of the closest alternative
        error = best_match([error]) or error
    path = path_of(list(error.absolute_path))
    if error.validator == "required" and isinstance(error.validator_value, list):
        name = next((name for name in error.validator_value if name not in error.instance), "a field")
        return ValidationProblem(f"{path}.{name}".lstrip("."), "is missing")
    if error.validator == "additionalProperties":
        return ValidationProblem(path, error.message[:1].lower() + error.message[1:])
    return ValidationProblem(path, f"{_expected(error)} is expected", shortened(error.instance))


def _expected(error: Any) -> str:
    """Return what the rule of an error allows."""
    allowed = error.validator_value
    if error.validator == "type":
        return " or ".join(map(str, allowed)) if isinstance(allowed, list) else str(allowed)
    name = {"enum": "one of ", "const": ""}.get(error.validator, f"{error.validator} ")
    return f"{name}{shortened(allowed)}"
