"""Progress line of a batch."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING

from openrouter_nb.render.answer.footer import cost
from openrouter_nb.render.errors.error_facts import shortened

if TYPE_CHECKING:
    from openrouter_nb.batch.batch import Batch

_EVERY_S = 0.25
_WIDTH = 10


class ProgressLine:
    """Prints the progress at most four times a second; nothing if `OPENROUTER_NB_LIVE` is `0`.

    In a notebook nothing is printed either if its outputs are compared with those of other runs.

    Writes to stderr, so that a script's output can be redirected; in a kernel to stdout, because JupyterLab shows stderr
    with a red background.

    Args:
        is_reproducible: Whether outputs are compared.
    """

    def __init__(self, *, is_reproducible: bool = False) -> None:
        in_kernel = type(sys.stdout).__module__.startswith("ipykernel")
        self._is_on = os.environ.get("OPENROUTER_NB_LIVE") != "0" and not (in_kernel and is_reproducible)
        self._to = sys.stdout if in_kernel else sys.stderr
        self._written_at = 0.0
        self._width = 0

    def __call__(self, batch: Batch, is_end: bool) -> None:
        """Print the progress.

        Args:
            batch: The batch.
            is_end: Whether this is the last call.
        """
        now = time.monotonic()
        if not self._is_on or (not is_end and now - self._written_at < _EVERY_S):
            return
        self._written_at = now
        line = progress(batch)
        # Spaces overwrite the rest of a longer line: notebooks do not support the escape sequence that erases it.
        with contextlib.suppress(OSError, ValueError):  # a closed stream must not end the batch
            self._to.write(f"\r{line:<{self._width}}{chr(10) if is_end else ''}")
            self._to.flush()
        self._width = len(line)


def progress(batch: Batch) -> str:
    """Return one line: `███░░░░░░░ 37 of 120 rows · 2 failed · $0.0123, about $0.04 in all · 12 s, 27 s left`.

    At the end, rows that were not asked are named with the reason.
    """
    done, failed, rows = sum(row.is_done for row in batch), len(batch.errors), len(batch)
    over = done + failed
    full = _WIDTH * over // rows if rows else _WIDTH
    spent = cost(batch.cost) if any(row.has_cost for row in batch) else ""
    time_ = f"{batch.seconds:.0f} s"
    if over < rows and (forecast := _forecast(batch, over)):
        in_all = f"about {cost(float(f'{forecast:.2g}'))} in all"
        spent = f"{spent}, {in_all}" if spent else in_all
    if 0 < over < rows and batch.seconds >= 1 and batch.stopped_by is None:
        time_ += f", {batch.seconds / over * (rows - over):.0f} s left"
    parts = [f"{'█' * full}{'░' * (_WIDTH - full)} {over:,} of {rows:,} rows"]
    parts += [f"{failed:,} failed"] if failed else []
    if batch.stopped_by is not None and over < rows:
        time_ += f" · {rows - over:,} not asked: {shortened(batch.stopped_by)}"
    return " · ".join([*parts, *([spent] if spent else []), time_])


def _forecast(batch: Batch, over: int) -> float:
    """Return the expected cost of all rows in US dollars, from the finished rows or the estimate; 0 if unknown."""
    if over and batch.cost:
        return batch.cost / over * len(batch)
    return 0.0 if over or batch.estimate is None else batch.estimate.usd or 0.0
