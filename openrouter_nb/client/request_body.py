"""From keyword arguments to the bytes of a request body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from openrouter_nb.client.request_validation import validate_body
from openrouter_nb.components.unset import UNSET
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.parameters import PARAMETERS, nearest, problem


def build_body(given: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """Check the parameters and return the body as JSON types, in the order of the parameter table.

    Raises:
        TypeError: a keyword that is no parameter, with the nearest name.
        ConfigurationError: a value that the service is known to refuse, with the field and the bound.
    """
    values = {name: value for name, value in given.items() if value is not UNSET}
    extra = values.pop("extra_body", None) or {}
    for name in values:
        if name not in PARAMETERS:
            raise TypeError(
                f"chat.send() has no parameter {name!r}.{nearest(name, PARAMETERS)} Use extra_body= for newer ones."
            )
    body: dict[str, Any] = {}
    for name, row in PARAMETERS.items():
        if name not in values or (values[name] is None and not row.nullable):
            continue
        value = plain(values[name])
        if name != "messages" and (wrong := problem(name, value)):
            raise ConfigurationError(f"{wrong} Nothing was sent.")
        body[name] = value
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        raise ConfigurationError("messages needs a list of at least one message. Nothing was sent.")
    validate_body(body)
    body.update(plain(extra))
    body["stream"] = stream
    return body


def plain(value: Any) -> Any:
    """Return a value as JSON types: pydantic models as objects, tuples and numpy arrays as arrays, numpy numbers as numbers.

    What is UNSET inside an object is left out of it.
    """
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not UNSET}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if callable(getattr(value, "model_dump", None)):
        # What was set, nulls included, and defaults that say something, such as a role.
        options = {"mode": "json", "by_alias": True}
        return _merged(
            value.model_dump(**options, exclude_none=True), value.model_dump(**options, exclude_unset=True)
        )
    if callable(getattr(value, "tolist", None)):  # numpy's scalars and arrays, pandas' series
        return value.tolist()
    return value


def _merged(said: Any, given: Any) -> Any:
    """Unite two dumps of a model, each in the model's own order, in that order."""
    if isinstance(said, dict) and isinstance(given, dict):
        order: dict[str, None] = {}
        rest = iter(given)
        for key in said:
            if key in given and key not in order:
                for earlier in rest:
                    order[earlier] = None
                    if earlier == key:
                        break
            order[key] = None
        order.update(dict.fromkeys(rest))
        return {key: _either(key, said, given) for key in order}
    if isinstance(said, list) and isinstance(given, list) and len(said) == len(given):
        return [_merged(*pair) for pair in zip(said, given, strict=True)]
    return said


def _either(key: str, said: dict[str, Any], given: dict[str, Any]) -> Any:
    if key in said and key in given:
        return _merged(said[key], given[key])
    return said[key] if key in said else given[key]


def encode(body: Mapping[str, Any]) -> bytes:
    """Serialise a body as compact UTF-8.

    Raises:
        ConfigurationError: something in it has no JSON form.
    """
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"The request has no JSON form: {error}. Nothing was sent.") from None
