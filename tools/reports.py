"""Read the JUnit XML of pytest and vitest: the number of tests, and those that failed with their causes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_CAUSE_CHARACTERS = 300
# Elements of a test that did not pass.
OUTCOMES = {"failure": "failed", "error": "failed", "skipped": "skipped"}


@dataclass(frozen=True)
class Failure:
    """A test that failed.

    Attributes:
        test: File and name.
        cause: First line of the error.
    """

    test: str
    cause: str

    def __str__(self) -> str:
        return f"FAILED: {self.test}: {self.cause}"


def failures(path: Path) -> list[Failure]:
    """Return the failed tests in their order; none without a report."""
    # A test that fails in its call and in its teardown is there twice.
    found: dict[str, Failure] = {}
    for case in _cases(path):
        problem = case.find("failure")
        if problem is None:
            problem = case.find("error")
        if problem is not None:
            failure = Failure(_name(case), _cause(problem.get("message") or problem.text or ""))
            found.setdefault(failure.test, failure)
    return list(found.values())


def count(path: Path) -> int:
    """Return the number of tests; none without a report."""
    return totals(path).total()


def totals(path: Path) -> Counter[str]:
    """Return the number of tests that passed, failed and were skipped."""
    found: dict[str, str] = {}
    for case in _cases(path):
        if found.get(_name(case)) != "failed":
            found[_name(case)] = _outcome(case)
    return Counter(found.values())


def outcomes(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield each value of a property with the outcome of its test: passed, failed or skipped."""
    for case in _cases(path):
        for entry in case.iterfind(f"properties/property[@name='{name}']"):
            yield entry.get("value", ""), _outcome(case)


def _cases(path: Path) -> Iterator[ET.Element]:
    if path.is_file():
        yield from ET.parse(path).iter("testcase")  # noqa: S314 - written by our tests


def _outcome(case: ET.Element) -> str:
    return next((text for tag, text in OUTCOMES.items() if case.find(tag) is not None), "passed")


def _name(case: ET.Element) -> str:
    return f"{case.get('file') or case.get('classname')}::{case.get('name')}"


def _cause(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:MAX_CAUSE_CHARACTERS] if lines else "no reason given"
