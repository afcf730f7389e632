"""What is wrong with a value that a model wrote, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openrouter_nb._traceback import ShortTraceback

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ValidationProblem:
    """One thing that is wrong with a value.

    Attributes:
        path: Where, as it is written in Python after the name of the value: `items[0].price`; `""` for the whole.
        message: What is expected there.
        value: What stands there, as JSON, shortened; None where it is missing.
    """

    path: str
    message: str
    value: str | None = None

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        found = f", not {self.value}" if self.value is not None else ""
        return f"{where}{self.message}{found}"


class WrongValueError(ShortTraceback, ValueError):
    """A value that is not what its type or schema asks for.

    Args:
        problems: Each wrong field, in order.
    """

    def __init__(self, problems: Sequence[ValidationProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems: tuple[ValidationProblem, ...] = tuple(problems)
