"""Build the body of a request from keyword arguments, and encode it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, get_origin

from openrouter_nb.client.request_validation import validate_body
from openrouter_nb.components.unset import is_unset
from openrouter_nb.errors import InvalidRequestError
from openrouter_nb.json_extraction import JSONTextError, parse_json
from openrouter_nb.parameters import PARAMETERS, nearest, problem, shown
from openrouter_nb.surrogates import well_formed

if TYPE_CHECKING:
    from openrouter_nb.output.output_schema import OutputSchema

_COMPONENTS = "openrouter_nb.components."
_SCHEMAS = frozenset({"schema", "parameters"})


def build_body(given: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """Validate the parameters and return the body as JSON types, in the order of the parameter table.

    Raises:
        TypeError: an unknown parameter, with the nearest known name.
        InvalidRequestError: a value that the service is known to reject, with the field and the bound.
    """
    values = {name: value for name, value in given.items() if not is_unset(value)}
    extra = plain(values.pop("extra_body", None)) or {}
    if not isinstance(extra, dict):
        raise InvalidRequestError(
            f"extra_body takes an object of fields, not {shown(extra)}. Nothing was sent."
        )
    for name in values:
        if name not in PARAMETERS:
            raise TypeError(
                f"chat.send() has no parameter {name!r}.{nearest(name, PARAMETERS)} Use extra_body= for newer ones."
            )
    body: dict[str, Any] = {}
    for name, row in PARAMETERS.items():
        if name not in values or (values[name] is None and not row.nullable):
            continue
        body[name] = _response_format(values[name]) if name == "response_format" else plain(values[name])
    _validate(body)
    if body.get("top_logprobs") is not None and body.get("logprobs") is not True:
        warnings.warn(
            "top_logprobs requires logprobs=True; the service may reject this request.", stacklevel=4
        )
    body.update(extra)
    body["stream"] = stream
    return body


def parse_body(text: str) -> dict[str, Any]:
    """Return the values of a body that is JSON text, validated as by `build_body`. Unknown fields are not validated.

    Lone surrogates become U+FFFD in the values. A JavaScript program escapes them, and the service accepts the escapes.

    Raises:
        InvalidRequestError: it is not a JSON object, has a name twice, or has a value that the service is known to reject.
    """
    try:
        body = parse_json(text, replace_surrogates=True)
    except JSONTextError as error:
        raise InvalidRequestError(f"The body cannot be used: {error}. Nothing was sent.") from None
    if not isinstance(body, dict):
        raise InvalidRequestError(f"The body is a JSON object, not {shown(body)}. Nothing was sent.")
    _validate(body)
    return body


def _validate(body: Mapping[str, Any]) -> None:
    for name in PARAMETERS:
        if name in body and name != "messages" and (wrong := problem(name, body[name])):
            raise InvalidRequestError(f"{wrong} Nothing was sent.")
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        raise InvalidRequestError("messages needs a list of at least one message. Nothing was sent.")
    validate_body(body)


def plain(value: Any) -> Any:
    """Convert a value to JSON types.

    Pydantic models become objects, other iterables and numpy arrays arrays, enumeration members and numpy scalars their
    values. A class that is the value of `schema` or `parameters` becomes its JSON Schema; other classes remain, and are
    rejected by validation. Items of objects that are UNSET are omitted.
    """
    if isinstance(value, Mapping):
        converted = {key: plain(item) for key, item in value.items() if not is_unset(item)}
        for key in _SCHEMAS & converted.keys():
            if _is_type(converted[key]):
                converted[key] = _output_schema(converted[key], strict=bool(converted.get("strict"))).schema
        return converted
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (str, bytes, bytearray, set, frozenset)) or _is_type(value):
        return value
    if callable(getattr(value, "model_dump", None)):
        # Fields that were set, including nulls, and defaults other than None, such as a role.
        options = {"mode": "json", "by_alias": True}
        return _merged(
            value.model_dump(**options, exclude_none=True), value.model_dump(**options, exclude_unset=True)
        )
    if callable(getattr(value, "tolist", None)):  # numpy's scalars and arrays, pandas' series
        return value.tolist()
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return value


def is_answer_type(response_format: Any) -> bool:
    """Return whether a response format is a type, such as a pydantic class, which asks for JSON of this type."""
    # A class of the components without its parentheses is a mistake, which validation names.
    return _is_type(response_format) and not getattr(response_format, "__module__", "").startswith(
        _COMPONENTS
    )


def _response_format(value: Any) -> Any:
    """Return a response format as JSON types."""
    return _output_schema(value).response_format if is_answer_type(value) else plain(value)


def _is_type(value: Any) -> bool:
    """Return whether a value is a class, an annotation such as `list[int]`, or a `NewType` or alias of one."""
    return (
        isinstance(value, type)
        or get_origin(value) is not None
        or type(value).__module__ in ("typing", "typing_extensions")
    )


def _output_schema(kind: Any, *, strict: bool | None = None) -> OutputSchema:
    from openrouter_nb.output.output_schema import OutputSchema

    try:
        return OutputSchema(kind, strict=strict)
    except TypeError as error:
        raise InvalidRequestError(f"{error} Nothing was sent.") from None


def _merged(with_defaults: Any, given: Any) -> Any:
    """Merge two dumps of a model, in the order of the model's fields."""
    if isinstance(with_defaults, dict) and isinstance(given, dict):
        order: dict[str, None] = {}
        rest = iter(given)
        for key in with_defaults:
            if key in given and key not in order:
                for earlier in rest:
                    order[earlier] = None
                    if earlier == key:
                        break
            order[key] = None
        order.update(dict.fromkeys(rest))
        return {key: _either(key, with_defaults, given) for key in order}
    if isinstance(with_defaults, list) and isinstance(given, list) and len(with_defaults) == len(given):
        return [_merged(*pair) for pair in zip(with_defaults, given, strict=True)]
    return with_defaults


def _either(key: str, with_defaults: dict[str, Any], given: dict[str, Any]) -> Any:
    if key in with_defaults and key in given:
        return _merged(with_defaults[key], given[key])
    return with_defaults[key] if key in with_defaults else given[key]


def encode(body: Mapping[str, Any]) -> bytes:
    """Serialize a body as compact UTF-8 JSON. Lone surrogates, which UTF-8 cannot represent, become U+FFFD.

    Raises:
        InvalidRequestError: a value is not serializable.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(
            f"The request is not serializable as JSON: {error}. Nothing was sent."
        ) from None
    return well_formed(text).encode()
