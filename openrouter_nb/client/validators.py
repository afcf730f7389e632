"""Validators for JSON values, which combine to the structure of a request.

A validator takes a path, such as `messages[2].role`, and a value, and raises an InvalidRequestError with one sentence if the
service is known to reject the value. Null in an optional field, unknown keys, and objects of an unknown type are accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from openrouter_nb.errors import InvalidRequestError
from openrouter_nb.parameters import nearest, number_problem, shown

Validator = Callable[[str, Any], None]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN_ID = re.compile(r"0|[1-9][0-9]*")
_NONE: Mapping[str, Validator] = {}


def reject(sentence: str) -> NoReturn:
    """Raise an InvalidRequestError for a request that is not sent."""
    raise InvalidRequestError(f"{sentence} Nothing was sent.")


def join_path(path: str, key: Any) -> str:
    """Return the path of a key of the object at `path`."""
    return f"{path}.{key}" if isinstance(key, str) and _WORD.fullmatch(key) else f"{path}[{shown(key)}]"


def any_value(path: str, value: Any) -> None:
    """Accept any value."""


def boolean(path: str, value: Any) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        reject(f"{path} takes true or false, not {shown(value)}.")


def string(
    *, filled: bool = False, most: int | None = None, pattern: str = "", characters: str = ""
) -> Validator:
    """Accept text of at most `most` characters that matches `pattern`, described as `characters` in the message."""

    def rule(path: str, value: Any) -> None:
        if not isinstance(value, str):
            reject(f"{path} takes text, not {shown(value)}.")
        if filled and not value:
            reject(f"{path} is empty.")
        if most is not None and len(value) > most:
            reject(f"{path} takes at most {most} characters, not {len(value)}.")
        if pattern and not re.fullmatch(pattern, value):
            reject(f"{path} takes {characters}, not {shown(value)}.")

    return rule


def number(low: float | None = None, high: float | None = None, *, whole: bool = False) -> Validator:
    """Accept a number within bounds."""

    def rule(path: str, value: Any) -> None:
        if wrong := number_problem(path, value, low, high, whole=whole):
            reject(wrong)

    return rule


def array(of: Validator = any_value, *, fewest: int = 0, most: int | None = None) -> Validator:
    """Accept a list of `fewest` to `most` items that each pass a validator."""

    def rule(path: str, value: Any) -> None:
        if not isinstance(value, list):
            reject(f"{path} takes a list, not {shown(value)}.")
        if len(value) < fewest or (most is not None and len(value) > most):
            bounds = (
                f"{fewest} or more"
                if most is None
                else f"{fewest} to {most}"
                if fewest
                else f"at most {most}"
            )
            reject(f"{path} takes {bounds} items, not {len(value)}.")
        for index, item in enumerate(value):
            of(f"{path}[{index}]", item)

    return rule


def token_id(path: str, key: Any) -> None:
    """Accept a key that is a token id: a whole number from 0, as a number or as text."""
    if isinstance(key, bool) or not _TOKEN_ID.fullmatch(str(key)):
        reject(f"{path} takes token ids, such as 50256, not {shown(key)}.")


def mapping(
    of: Validator,
    *,
    most: int | None = None,
    longest_key: int | None = None,
    keys: Validator = any_value,
) -> Validator:
    """Accept an object of at most `most` pairs, whose keys and values each pass a validator."""

    def rule(path: str, value: Any) -> None:
        if not isinstance(value, dict):
            reject(f"{path} takes an object, not {shown(value)}.")
        if most is not None and len(value) > most:
            reject(f"{path} takes at most {most} pairs, not {len(value)}.")
        for key, item in value.items():
            keys(path, key)
            if longest_key is not None and len(str(key)) > longest_key:
                reject(f"{path} takes keys of at most {longest_key} characters, not {len(str(key))}.")
            of(join_path(path, key), item)

    return rule


def object_(
    needed: Mapping[str, Validator] = _NONE,
    optional: Mapping[str, Validator] = _NONE,
    *,
    closed: bool = False,
) -> Validator:
    """Accept an object with these fields, and with no others if it is closed."""

    def rule(path: str, value: Any) -> None:
        if not isinstance(value, dict):
            reject(f"{path} takes an object, not {shown(value)}.")
        for key, needs in needed.items():
            if value.get(key) is None:
                reject(f"{join_path(path, key)} is missing.{_meant(key, value)}")
            needs(join_path(path, key), value[key])
        for key, allows in optional.items():
            if value.get(key) is not None:
                allows(join_path(path, key), value[key])
        if closed:
            for key in value:
                if key not in needed and key not in optional:
                    reject(f"{path} has no key {shown(key)}.{nearest(str(key), [*needed, *optional])}")

    return rule


def tagged_union(key: str, kinds: Mapping[str, Validator]) -> Validator:
    """Accept an object whose `key` names its kind. Objects of unknown kinds are accepted."""
    tag = object_({key: string()})

    def rule(path: str, value: Any) -> None:
        tag(path, value)
        kinds.get(value[key], any_value)(path, value)

    return rule


def string_or(otherwise: Validator, what: str) -> Validator:
    """Accept text, or a list or object that passes a validator and is described as `what` in the message."""

    def rule(path: str, value: Any) -> None:
        if isinstance(value, (list, dict)):
            otherwise(path, value)
        elif not isinstance(value, str):
            reject(f"{path} takes text or {what}, not {shown(value)}.")

    return rule


def _meant(key: str, value: Mapping[Any, Any]) -> str:
    near = nearest(key, [str(other) for other in value])
    return near.replace("Did you mean", "Is it") if near and repr(key) not in near else ""
