"""The type of an answer: what the request says of it, and how the answer is read."""

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
    """The type that an answer must have.

    A type that is no object, such as a list, travels as the field `value` of one, because strict providers take objects
    only; readers of the answer never see that.

    Args:
        given: A pydantic class, a dataclass, a TypedDict, any annotation that pydantic understands, or a JSON Schema.
        name: What the request calls it: up to 64 letters, digits, `_` and `-`; the type's own name if left out.
        strict: Whether providers are asked to keep to the schema exactly. It is rewritten as they want it: all fields
            required, those with a default nullable, no others allowed. None does so where the type allows it.

    Raises:
        TypeError: a type without a form in JSON, or, with `strict`, one that strict providers refuse.
    """

    def __init__(self, given: SchemaLike, *, name: str | None = None, strict: bool | None = None) -> None:
        if isinstance(given, OutputSchema):
            raise TypeError("This is an OutputSchema already.")
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
        #: JSON Schema as the request carries it.
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
        """Return the schema of a type, or the schema itself."""
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
        """Return the value that an answer holds.

        Args:
            text: The answer: JSON, as it is or in a code fence, as models without strict schemas like to write it.

        Raises:
            WrongValueError: with each field that is wrong.
        """
        value = parse_json(unfenced(text))
        if self._is_wrapped:
            if not isinstance(value, dict) or _WRAPPED not in value:
                raise WrongValueError([ValidationProblem(_WRAPPED, "is missing")])
            value = value[_WRAPPED]
        return self._kind.check(value)

    def partial(self, text: str) -> Any:
        """Return as much of the value as has arrived, as JSON values; None where that is nothing yet."""
        begun = text.lstrip()
        if begun.startswith("```"):
            begun = begun.partition("\n")[2].removesuffix("```")
        value = partial_json(begun)
        if self._is_wrapped and isinstance(value, dict):
            return value.get(_WRAPPED)
        return value


def repair_message(error: WrongValueError) -> dict[str, Any]:
    """Return the message that asks a model to put its answer right."""
    lines = "\n".join(f"- {problem}" for problem in error.problems[:20])
    text = f"The answer does not fit the schema:\n{lines}\nAnswer again with the whole corrected JSON, and nothing else."
    return {"role": "user", "content": text}


def unfenced(text: str) -> str:
    """Return the JSON of an answer without the code fence around it, if there is one."""
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
