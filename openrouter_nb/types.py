"""Types at the import path of OpenRouter's Python SDK, `openrouter.types`."""

from typing import TypeAlias, TypeVar

from pydantic import BaseModel

from openrouter_nb.components.unset import UNSET, Unset

T = TypeVar("T")

# The text that the SDK's dumps have instead of UNSET. Source: package openrouter 1.3.84, types/basemodel.py.
UNSET_SENTINEL = "~?~unset~?~sentinel~?~"

Nullable: TypeAlias = T | None
OptionalNullable: TypeAlias = T | Unset | None
# A string or a whole number outside the documented set is a plain value here.
UnrecognizedStr = str
UnrecognizedInt = int

__all__ = [
    "UNSET",
    "UNSET_SENTINEL",
    "BaseModel",
    "Nullable",
    "OptionalNullable",
    "UnrecognizedInt",
    "UnrecognizedStr",
    "Unset",
]
