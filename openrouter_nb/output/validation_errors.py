"""Validation errors of values written by a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from openrouter_nb._traceback import ShortTraceback

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.json_extraction import JSONTextError


@dataclass(frozen=True, slots=True)
class ValidationProblem:
    """One problem of a value.

    Attributes:
        path: Path of the field in Python notation, `items[0].price`; `""` for the value itself.
        message: The expectation that failed.
        value: The actual value as JSON, shortened to 80 characters; None if missing.
    """

    path: str
    message: str
    value: str | None = None

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        found = f", not {self.value}" if self.value is not None else ""
        return f"{where}{self.message}{found}"


class WrongValueError(ShortTraceback, ValueError):
    """A value that does not match its type or schema.

    Args:
        problems: The problems, in order.
    """

    def __init__(self, problems: Sequence[ValidationProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems: tuple[ValidationProblem, ...] = tuple(problems)

    @classmethod
    def of(cls, error: JSONTextError) -> Self:
        """Return the error of a text that has no JSON value."""
        return cls([ValidationProblem(error.name, error.message)])
