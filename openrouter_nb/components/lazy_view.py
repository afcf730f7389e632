"""Typed views over parsed JSON, for stream chunks. They avoid pydantic, whose import takes longer than a first token."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

V = TypeVar("V", bound="LazyView")


class LazyView:
    """A typed view over a parsed JSON object: no validation and no copy.

    Validating each chunk with nested models takes twenty times as long as parsing it, and most readers need only two
    of its fields. Unknown fields are attributes, too.
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

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{key}={value!r}" for key, value in self._data.items())
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[type[LazyView], tuple[dict[str, Any]]]:
        return type(self), (self._data,)

    def model_dump(self) -> dict[str, Any]:
        """Return the JSON object as received: the same object, not a copy."""
        return self._data


def views(kind: type[V], items: Any) -> list[V]:
    """Return a view of each object in a JSON array. Other items are skipped."""
    return [kind(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def as_object(value: Any) -> dict[str, Any]:
    """Return the value if it is a JSON object, else an empty dict."""
    return value if isinstance(value, dict) else {}
