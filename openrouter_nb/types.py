"""Types at the import path of OpenRouter's Python SDK, `openrouter.types`."""

from typing import TypeAlias, TypeVar

from pydantic import BaseModel

from openrouter_nb.components.unset import UNSET, Unset

T = TypeVar("T")

Nullable: TypeAlias = T | None
OptionalNullable: TypeAlias = T | Unset | None
# A string or a whole number outside the documented set is a plain value here.
UnrecognizedStr = str
UnrecognizedInt = int

__all__ = [
    "UNSET",
    "BaseModel",
    "Nullable",
    "OptionalNullable",
    "UnrecognizedInt",
    "UnrecognizedStr",
    "Unset",
]
