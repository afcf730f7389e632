"""`UNSET`, the value of a field that is not sent, in contrast to null."""

from __future__ import annotations

from typing import Any, Final


class Unset:
    """The type of UNSET."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, memo: object) -> Unset:
        return self

    def __reduce__(self) -> str:
        return "UNSET"


def is_unset(value: object) -> bool:
    """Return whether a value is UNSET, of this package or of OpenRouter's SDK."""
    return type(value).__name__ == "Unset"


#: Value of a parameter that is not sent, where None would be an explicit null. Every parameter accepts it.
UNSET: Final[Any] = Unset()
