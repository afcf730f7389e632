"""Output schemas: the `response_format` of a request, and parsing of the answer."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from typing import Any

from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.strict_schema import NotStrictError, strict_schema
from openrouter_nb.output.type_adapter import NoSchemaError, TypeCodec, parse_json, partial_json
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError

#: A pydantic class, a dataclass, a TypedDict, any other annotation such as `list[Invoice]`, or a JSON Schema.
SchemaLike = Any

_WRAPPED = "value"
_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n(.*?)\n\s*```\s*\Z", re.DOTALL)


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
        if self._is_wrapped:
            definitions = {key: source[key] for key in ("$defs",) if key in source}
            inner = {key: value for key, value in source.items() if key not in definitions}
            source = {
                "type": "object",
                "properties": {_WRAPPED: inner},
                "required": [_WRAPPED],
                **definitions,
            }
        #: JSON Schema as sent in the request.
        self.schema: dict[str, Any] = source
        self.strict: bool = strict is not False
        if self.strict:
            try:
                self.schema = strict_schema(source, self.name)
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
            text: The answer: JSON, with or without a code fence, which models without strict mode often add.

        Raises:
            WrongValueError: with each invalid field.
        """
        value = parse_json(unfenced(text))
        if self._is_wrapped:
            if not isinstance(value, dict) or _WRAPPED not in value:
                raise WrongValueError([ValidationProblem(_WRAPPED, "is missing")])
            value = value[_WRAPPED]
        return self._kind.check(value)

    def partial(self, text: str) -> Any:
        """Return the part of the value received so far, as JSON values; None if there is none yet."""
        json_text = text.lstrip()
        if json_text.startswith("```"):
            json_text = json_text.partition("\n")[2].removesuffix("```")
        value = partial_json(json_text)
        if self._is_wrapped and isinstance(value, dict):
            return value.get(_WRAPPED)
        return value


def repair_message(error: WrongValueError) -> dict[str, Any]:
    """Return the message that asks a model to correct its answer."""
    lines = "\n".join(f"- {problem}" for problem in error.problems[:20])
    text = f"The answer does not fit the schema:\n{lines}\nAnswer again with the complete corrected JSON, and nothing else."
    return {"role": "user", "content": text}


def unfenced(text: str) -> str:
    """Return an answer without its code fence, if there is one."""
    match = _FENCE.match(text)
    return match[1] if match else text


def _is_object(schema: Mapping[str, Any]) -> bool:
    if isinstance(ref := schema.get("$ref"), str):
        target = schema.get("$defs", {}).get(ref.rpartition("/")[2], {})
        return target.get("type") == "object" or "properties" in target
    return schema.get("type") == "object" or "properties" in schema


def _name_of(given: Any) -> str:
    origin, arguments = typing.get_origin(given), typing.get_args(given)
    if origin is not None and arguments:
        return "_".join([getattr(origin, "__name__", "answer"), *(_name_of(item) for item in arguments)])
    return str(getattr(given, "__name__", "answer"))


__all__ = ["NoSchemaError", "OutputSchema", "SchemaLike", "repair_message"]
