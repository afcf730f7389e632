"""Read JUnit XML reports of pytest and vitest: failed tests with causes, and flaky tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from pathlib import Path

MAX_CAUSE_CHARACTERS = 300
# Property of tests/support/flaky.py with the failure of the first attempt.
FIRST_FAILURE = "first_failure"


@dataclass(frozen=True)
class Finding:
    """A test that failed, or failed only at its first attempt."""

    test: str
    cause: str
    """First line of the failure."""
    is_flaky: bool

    def __str__(self) -> str:
        verdict = "FLAKY, passed on retry" if self.is_flaky else "FAILED"
        return f"{verdict}: {self.test}: {self.cause}"


def read(path: Path) -> list[Finding]:
    """Return the failed and flaky tests, in order; none if there is no report."""
    if not path.is_file():
        return []
    findings: dict[str, Finding] = {}
    # A retried test has one entry per attempt.
    for case in ET.parse(path).iter("testcase"):  # noqa: S314 - written by our tests
        finding = _finding(case)
        if finding and (finding.test not in findings or not finding.is_flaky):
            findings[finding.test] = finding
    return list(findings.values())


def count(path: Path) -> int:
    """Return the number of tests in a report. A test that was retried counts once."""
    cases = ET.parse(path).iter("testcase")  # noqa: S314 - written a moment ago by our own tests
    return len({_name(case) for case in cases})


def _name(case: ET.Element) -> str:
    return f"{case.get('file') or case.get('classname')}::{case.get('name')}"


def _finding(case: ET.Element) -> Finding | None:
    test = _name(case)
    for problem in (case.find("failure"), case.find("error")):
        if problem is not None:
            return Finding(test, _cause(problem.get("message") or problem.text or ""), is_flaky=False)
    for each in case.iter("property"):
        if each.get("name") == FIRST_FAILURE:
            return Finding(test, _cause(each.get("value") or ""), is_flaky=True)
    return None


def _cause(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:MAX_CAUSE_CHARACTERS] if lines else "no reason given"
