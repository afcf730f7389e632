"""Output schemas: the `response_format` of a request, and parsing of the answer."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from openrouter_nb.json_extraction import JSONTextError, begun_json, json_spans, no_json
from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.provider_schema import provider_schema
from openrouter_nb.output.strict_schema import NotStrictError, strict_schema
from openrouter_nb.output.type_adapter import NoSchemaError, TypeCodec, partial_json
from openrouter_nb.output.validation_errors import WrongValueError

if TYPE_CHECKING:
    from collections.abc import Callable

#: A pydantic class, a dataclass, a TypedDict, any other annotation such as `list[Invoice]`, or a JSON Schema.
SchemaLike = Any

_WRAPPED = "value"
_MAX_CANDIDATES = 20  # values of an answer that are validated


class OutputSchema:
    """The type of a structured answer.

    A type that is not an object, such as a list, is wrapped in an object with the field `value`, because strict providers
    accept objects only; `parse` and `partial` unwrap it.

    Args:
        given: A pydantic class, a dataclass, a TypedDict, any annotation that pydantic understands, or a JSON Schema.
        name: Name in the request: up to 64 letters, digits, `_` and `-`. Default: the name of the type.
        strict: Whether to request strict mode, which converts the schema: all fields required, those with a default
            nullable, no additional ones. None: if the type allows it.

    Raises:
        TypeError: a type that has no JSON Schema, or, with `strict=True`, one that strict mode does not support.
    """

    def __init__(self, given: SchemaLike, *, name: str | None = None, strict: bool | None = None) -> None:
        if isinstance(given, OutputSchema):
            raise TypeError("The argument is already an OutputSchema.")
        if isinstance(given, Mapping):
            source = dict(given)
            self._kind: TypeCodec | JsonSchemaValidator = JsonSchemaValidator(source)
            title = source.get("title")
            named = title if isinstance(title, str) else "answer"
        else:
            self._kind = TypeCodec(given)
            source = self._kind.schema
            named = _name_of(given)
        self.name: str = name or re.sub(r"[^A-Za-z0-9_-]+", "_", named).strip("_")[:64] or "answer"
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.name):
            raise TypeError(f"A schema cannot be called {self.name!r}: up to 64 letters, digits, _ and -.")
        self._is_wrapped = not _is_object(source)
        #: JSON Schema as sent in the request.
        self.schema: dict[str, Any] = provider_schema(
            source, wrapped_as=_WRAPPED if self._is_wrapped else None
        )
        self.strict: bool = strict is not False
        if self.strict:
            try:
                self.schema = strict_schema(self.schema, self.name)
            except NotStrictError:
                if strict:
                    raise
                self.strict = False

    @classmethod
    def of(cls, given: SchemaLike) -> OutputSchema:
        """Return an `OutputSchema` for a type; an `OutputSchema` is returned unchanged."""
        return given if isinstance(given, OutputSchema) else cls(given)

    def __repr__(self) -> str:
        return f"<OutputSchema {self.name}>"

    @property
    def response_format(self) -> dict[str, Any]:
        """The field `response_format` of the request."""
        return {
            "type": "json_schema",
            "json_schema": {"name": self.name, "strict": self.strict, "schema": self.schema},
        }

    def parse(self, text: str) -> Any:
        """Return the validated value of an answer.

        Args:
            text: The answer: JSON, or text with JSON in it, which models without strict mode often write.

        Raises:
            WrongValueError: with each invalid field.
        """
        return last_valid(text, self.schema, self._check)

    def _check(self, value: Any) -> Any:
        """Validate a value of the answer. A model that ignores the schema may leave out the field around it."""
        if self._is_wrapped and isinstance(value, dict) and _WRAPPED in value:
            value = value[_WRAPPED]
        return self._kind.check(value)

    def partial(self, text: str) -> Any:
        """Return the part of the value received so far, as JSON values; None if there is none yet."""
        value = partial_json(begun_json(text))
        if self._is_wrapped and isinstance(value, dict):
            return value.get(_WRAPPED)
        return value


def repair_message(error: WrongValueError) -> dict[str, Any]:
    """Return the message that asks a model to correct its answer."""
    lines = "\n".join(f"- {problem}" for problem in error.problems[:20])
    text = f"The answer does not fit the schema:\n{lines}\nAnswer again with the complete corrected JSON, and nothing else."
    return {"role": "user", "content": text}


def last_valid(text: str, schema: Mapping[str, Any], check: Callable[[Any], Any]) -> Any:
    """Return the last valid JSON value of an answer: drafts and examples come before it.

    Args:
        text: The answer.
        schema: The schema that was sent, of an object.
        check: Returns the validated value; raises `WrongValueError`.

    Raises:
        WrongValueError: none is valid; with the problems of the last one.
    """
    try:
        spans = json_spans(text)
    except JSONTextError as error:
        raise WrongValueError.of(error) from None
    names = _property_names(schema)
    values = [span.value for span in spans if not span.is_embedded or _is_about(span.value, names)]
    failure: WrongValueError | None = None
    for value in values[: -_MAX_CANDIDATES - 1 : -1]:
        try:
            return check(value)
        except WrongValueError as error:
            failure = failure or error
    raise failure or WrongValueError.of(no_json(text))


def _is_about(value: Any, names: AbstractSet[str]) -> bool:
    """Return whether a value in a text can be the answer: an object with a property of the schema, or a list of objects.

    Others, such as the object that a sentence quotes and the number of a citation, would fit a schema without required
    properties.
    """
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return not names or not names.isdisjoint(value)


def _is_object(schema: Mapping[str, Any]) -> bool:
    target = _target(schema)
    return target.get("type") == "object" or "properties" in target


def _property_names(schema: Mapping[str, Any]) -> AbstractSet[str]:
    properties = _target(schema).get("properties")
    return properties.keys() if isinstance(properties, Mapping) else frozenset()


def _target(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema, or the definition that it refers to."""
    if not isinstance(ref := schema.get("$ref"), str):
        return schema
    definitions = {**schema.get("definitions", {}), **schema.get("$defs", {})}
    found: Mapping[str, Any] = definitions.get(ref.rpartition("/")[2], {})
    return found


def _name_of(given: Any) -> str:
    origin, arguments = typing.get_origin(given), typing.get_args(given)
    if origin is not None and arguments:
        return "_".join([getattr(origin, "__name__", "answer"), *(_name_of(item) for item in arguments)])
    return str(getattr(given, "__name__", "answer"))


__all__ = ["NoSchemaError", "OutputSchema", "SchemaLike", "repair_message"]
