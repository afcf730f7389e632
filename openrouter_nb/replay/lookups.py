"""Log of the requests that were looked up in replay files, for `%chat_verify`."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.replay.request_key import readable
from openrouter_nb.replay.running_cell import CELL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.replay.file import ReplayFile
    from openrouter_nb.replay.running_cell import Cell

Outcome = Literal["replayed", "sent", "missing"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A request that was looked up.

    Attributes:
        cell: The cell; None if it is unknown.
        file: The replay file.
        key: Key of the request.
        request: Canonical request, with files shortened.
        outcome: Whether it was replayed, sent, or missing and not sent.
    """

    cell: Cell | None
    file: ReplayFile
    key: str
    request: dict[str, Any]
    outcome: Outcome


#: The newest lookups of this process.
LOOKUPS: deque[Lookup] = deque(maxlen=2_000)


def log(file: ReplayFile, key: str, request: Mapping[str, Any], outcome: Outcome) -> None:
    """Add a lookup of the running cell to the log."""
    LOOKUPS.append(Lookup(CELL.get(), file, key, readable(dict(request)), outcome))
