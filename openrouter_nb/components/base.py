"""The two ways in which wire objects are typed: validated models for results, thin views for stream chunks."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

V = TypeVar("V", bound="View")


class Open(BaseModel):
    """A wire object that keeps fields newer than this package.

    OpenRouter adds fields and enum values without notice (OpenRouter docs, api_reference/versioning, August 2026).
    """

    model_config = ConfigDict(extra="allow", protected_namespaces=())


class View:
    """A typed view over a parsed JSON object: no validation and no copy.

    Validating every chunk of a stream with nested models costs twenty times what parsing it does, and a stream is
    read chunk by chunk by code that needs two fields of it. Unknown fields are attributes like the known ones.
    """

    __slots__ = ("_data",)

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def __getattr__(self, name: str) -> Any:
        try:
            return self._data[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}") from None

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{key}={value!r}" for key, value in self._data.items())
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[type[View], tuple[dict[str, Any]]]:
        return type(self), (self._data,)

    def model_dump(self) -> dict[str, Any]:
        """Return the JSON object as received. It is shared with this view, not a copy."""
        return self._data


def views(kind: type[V], items: Any) -> list[V]:
    """Wrap each object of a JSON array; anything else in it is passed over."""
    return [kind(item) for item in items or () if isinstance(item, dict)]
