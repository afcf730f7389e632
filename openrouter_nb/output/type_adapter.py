"""Convert between JSON and Python values by type. The only module above `components` that uses pydantic.

Models write JSON, so validation is strict: `"42"` is not a number. Types that JSON lacks, such as dates and enumerations,
are parsed from strings.
"""

from __future__ import annotations

import inspect
import json
import math
import sys
import types
import typing
from typing import TYPE_CHECKING, Any, ClassVar

import typing_extensions
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticSerializationError, from_json, to_json

from openrouter_nb._traceback import ShortTraceback
from openrouter_nb.json_size import check_json_size
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError
from openrouter_nb.user_code import call_user_code, described

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_REPR_CHARACTERS = 500
_MAX_EXACT = 2.0**53  # beyond it a float is not the number that was written
_FORMS = "A dataclass, a pydantic class"


class NoSchemaError(ShortTraceback, TypeError):
    """A type or schema that JSON values cannot be validated against."""


class _Schema(GenerateJsonSchema):
    # A default without a JSON form is filled in by the function or type; no warning is needed.
    ignored_warning_kinds: ClassVar = {"skipped-choice", "non-serializable-default"}  # type: ignore[misc]

    def encode_default(self, dft: Any) -> Any:
        value = super().encode_default(dft)
        if isinstance(value, float) and not math.isfinite(value):
            raise PydanticSerializationError(f"{value} is not valid JSON")
        return value


class TypeCodec:
    """Validates JSON values against a type.

    Args:
        type_: Any annotation that pydantic understands.

    Raises:
        NoSchemaError: the type has no JSON Schema.
    """

    def __init__(self, type_: Any) -> None:
        if inspect.isroutine(type_):
            raise NoSchemaError(f"{type_.__name__} is a function, not a type.")
        try:
            self._adapter: TypeAdapter[Any] = TypeAdapter(_readable(type_))
            #: JSON Schema of the type.
            self.schema: dict[str, Any] = without_titles(self._adapter.json_schema(schema_generator=_Schema))
        # pydantic 2.11 compares what it is given with types: a data frame or an array raises ValueError then.
        except (PydanticSchemaGenerationError, PydanticUserError, ValueError) as error:
            raise NoSchemaError(_no_form(type_, error)) from None

    def check(self, value: Any) -> Any:
        """Return the value of this type for a JSON value.

        Null for a field with a default means the default, because strict schemas have no optional fields. `3.0` is an
        integer, as in JSON Schema.

        Raises:
            WrongValueError: it is not of this type, or a validator of the type raised another exception, which is then
                the cause.
        """
        try:
            return call_user_code(self._checked, value)
        except WrongValueError:
            raise
        except Exception as error:
            said = described(error)[:_REPR_CHARACTERS]
            raise WrongValueError([ValidationProblem("", f"validation failed with {said}")]) from error

    def _checked(self, value: Any) -> Any:
        try:
            return self._validated(value)
        except ValidationError as error:
            wrong = error.errors(include_url=False)
        if any(item["input"] is None or _is_whole(item) for item in wrong):
            try:
                return self._validated(_corrected(value, wrong))
            except ValidationError:
                pass  # report the errors of the first attempt
        raise WrongValueError([_problem(item) for item in wrong]) from None

    def _validated(self, value: Any) -> Any:
        # Through JSON text, because strict mode accepts a string as a date only there.
        return self._adapter.validate_json(json.dumps(value), strict=True)


def _no_form(type_: Any, error: Exception) -> str:
    """Return a sentence about a type without a JSON form. `type_` may be any value, for example a data frame."""
    if not isinstance(type_, type) and typing.get_origin(type_) is None:
        return f"A value of type {type(type_).__name__} has no form in JSON. {_FORMS}, a TypedDict and a JSON Schema have one."
    name = getattr(type_, "__name__", None) or str(type_)
    if isinstance(type_, type) and "Unable to generate pydantic-core schema for <class" in str(error):
        return f"{name} has no form in JSON. {_FORMS} and a TypedDict have one."
    return f"{name} has no form in JSON: {_first_line(error)}"


def record(name: str, fields: Mapping[str, tuple[Any, Any]]) -> TypeCodec:
    """Return a codec for an object with exactly these fields; its `check` returns a dict.

    Args:
        name: Name of the object, for error messages.
        fields: Annotation and default of each field; `...` for no default.
    """
    # With aliases, so that fields named `copy` or `_x` do not collide with attributes of pydantic models.
    described: dict[str, Any] = {
        f"field_{index}": (_readable(type_), Field(default=default, alias=field))
        for index, (field, (type_, default)) in enumerate(fields.items())
    }
    try:
        model: Any = create_model(
            name, __config__=ConfigDict(extra="forbid", protected_namespaces=()), **described
        )
    except (PydanticSchemaGenerationError, PydanticUserError) as error:
        raise NoSchemaError(_first_line(error)) from None
    return _Record(model, list(fields))


class _Record(TypeCodec):
    def __init__(self, model: Any, names: list[str]) -> None:
        super().__init__(model)
        self._names = names

    def check(self, value: Any) -> dict[str, Any]:
        """Return the given fields by name, without omitted ones that have a default."""
        checked = super().check(value)
        return {
            name: getattr(checked, f"field_{index}")
            for index, name in enumerate(self._names)
            if f"field_{index}" in checked.model_fields_set
        }


def is_field(value: Any) -> bool:
    """Whether a value is pydantic's `Field(...)`."""
    return isinstance(value, FieldInfo)


def partial_json(text: str) -> Any:
    """Return the value of an incomplete JSON text; None if there is none yet."""
    try:
        check_json_size(text)
        return from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return None


def to_text(value: Any) -> str:
    """Return a value as JSON text; values without a JSON form become a short `repr`."""
    try:
        return to_json(value, fallback=_otherwise, inf_nan_mode="constants").decode()
    except (PydanticSerializationError, ValueError, RecursionError):  # recursive, or nested too deeply
        return json.dumps(_short(value), ensure_ascii=False)


def without_titles(schema: Any) -> Any:
    """Return a schema without titles, which repeat the field names."""
    if isinstance(schema, list):
        return [without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: without_titles(item) for name, item in value.items()}
        if key in ("properties", "$defs") and isinstance(value, dict)
        else (value if key in ("default", "const", "enum", "examples") else without_titles(value))
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }


def is_whole(value: Any) -> bool:
    """Return whether a float is a whole number that it represents exactly."""
    return isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT


def path_of(parts: Sequence[str | int]) -> str:
    """Return the path of a field in Python notation: `items[0].price`."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return path.removeprefix(".")


def shortened(value: Any) -> str:
    """Return a JSON value in at most 80 characters."""
    text = to_text(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _readable(type_: Any) -> Any:
    """Return an annotation that pydantic supports: before Python 3.12 it rejects `typing.TypedDict`."""
    if sys.version_info >= (3, 12):
        return type_
    if typing.is_typeddict(type_) and type(type_).__module__ == "typing":
        hints = typing.get_type_hints(type_, include_extras=True)
        return typing_extensions.TypedDict(  # type: ignore[operator]
            type_.__name__,
            {
                name: typing_extensions.Required[_readable(hint)]
                if name in type_.__required_keys__
                else typing_extensions.NotRequired[_readable(hint)]
                for name, hint in hints.items()
            },
        )
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in (list, dict, tuple, set) and arguments:
        return origin[tuple(map(_readable, arguments))]
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(map(_readable, arguments))]  # noqa: UP007 - built at run time
    return type_


def _problem(item: Any) -> ValidationProblem:
    message = item["msg"][:1].lower() + item["msg"][1:]
    missing = item["type"] == "missing"
    return ValidationProblem(
        path_of(item["loc"]),
        "is missing" if missing else message,
        None if missing else shortened(item["input"]),
    )


def _is_whole(item: Any) -> bool:
    """Return whether an error is about a whole number that is written with a point or an exponent."""
    return item["type"] == "int_type" and is_whole(item["input"])


def _corrected(value: Any, errors: Sequence[Any]) -> Any:
    """Return a copy of a JSON value without the nulls, and with integers for the whole numbers, that caused errors."""
    root = [json.loads(json.dumps(value))]
    for item in errors:
        container: Any = root
        key: str | int = 0
        for part in item["loc"]:
            inner = container[key]
            # A path also contains names of union members, which are not fields.
            if (isinstance(inner, dict) and part in inner) or (
                isinstance(inner, list) and isinstance(part, int) and part < len(inner)
            ):
                container, key = inner, part
        if _is_whole(item) and is_whole(container[key]):
            container[key] = int(container[key])
        elif item["input"] is None and isinstance(container, dict) and container[key] is None:
            del container[key]
    return root[0]


def _otherwise(value: Any) -> Any:
    """Return a JSON value for another value: NumPy values as numbers and lists, others as text."""
    listed = getattr(value, "tolist", None)
    return listed() if callable(listed) and not isinstance(value, type) else _short(value)


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a repr may raise anything
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _REPR_CHARACTERS else f"{text[:_REPR_CHARACTERS]}…"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
