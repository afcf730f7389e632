"""The cell that runs, as the notebook front end names it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One execution of a cell. Equal only to itself: nbval gives all executions the same number.

    Attributes:
        number: Its execution count.
        source: Its text.
        id: The id of the cell, where the frontend sends it.
    """

    number: int
    source: str
    id: str | None = None


#: The running cell; None where nothing names it. Tasks and background threads of a cell inherit it.
CELL: ContextVar[Cell | None] = ContextVar("CELL", default=None)
