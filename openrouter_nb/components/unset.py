"""The third state of a field, beside null and a value: not sent."""

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


#: The value of a parameter that is not sent, where None would mean an explicit null. Any parameter may have it.
UNSET: Final[Any] = Unset()
