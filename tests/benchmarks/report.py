"""What a benchmark hands back, and how it is written down."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Args:
        what: What was measured.
        figure: A ratio or a count, which hold on any machine.
        target: What the figure, or the time, should be.
        here: Times on the machine that ran it, which hold nowhere else.
    """

    what: str
    figure: str = ""
    target: str = ""
    here: str = ""


def table(name: str, rows: Iterable[Row]) -> str:
    """Markdown of a whole result file."""
    cells = [
        ("", "figure", "target", "here"),
        *((row.what, row.figure, row.target, row.here) for row in rows),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    head, *body = (
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in cells
    )
    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    machine = f"here: Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
    return "\n".join([f"# {name}", "", f"{machine}.", "", head, rule, *body, ""])


def milliseconds(seconds: Sequence[float]) -> str:
    """Median and spread."""
    low, *_, high = sorted(value * 1000 for value in seconds)
    median = statistics.median(seconds) * 1000
    return f"{median:.0f} ms ({low:.0f} to {high:.0f}, n = {len(seconds)})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """How many times theirs ours is, by medians."""
    return f"{statistics.median(ours) / statistics.median(theirs):.2f}"
