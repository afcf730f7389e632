"""The summary of `make test`: each failed test with its cause, and the number of tests."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

TESTS = """
attempts = []

def test_that_passes():
    pass

def test_that_fails_once():
    attempts.append(1)
    assert len(attempts) == 2, "not at once"

def test_that_fails():
    raise ValueError("never\\nat all")

def test_that_finds_nothing(page_of_a_book):
    pass
"""


@pytest.fixture
def reports(monkeypatch):
    monkeypatch.syspath_prepend(REPOSITORY / "tools")
    import reports

    return reports


@pytest.mark.parametrize("processes", ["0", "2"])
def test_each_failure_is_reported_with_its_cause_and_no_test_is_retried(tmp_path, reports, processes):
    (tmp_path / "test_it.py").write_text(TESTS)
    # Without plugins whose import takes a second in each process.
    without = ("-p", "no:nbval", "-p", "no:hypothesispytest", "-p", "no:anyio")
    config = (
        "-c",
        str(REPOSITORY / "pyproject.toml"),
        f"--rootdir={tmp_path}",
        "-p",
        "no:cacheprovider",
        *without,
    )
    junit = ("--junitxml=report.xml", "-o", "junit_family=xunit1", f"--numprocesses={processes}")
    command = [sys.executable, "-m", "pytest", *config, *junit, "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    report = tmp_path / "report.xml"
    wrong, failed, once = sorted(map(str, reports.failures(report)), key=lambda line: "fails" in line)
    assert {failed, once} == {
        "FAILED: test_it.py::test_that_fails: ValueError: never",
        "FAILED: test_it.py::test_that_fails_once: AssertionError: not at once",
    }
    assert wrong.startswith("FAILED: test_it.py::test_that_finds_nothing: failed on setup with")
    assert reports.count(report) == 4
    assert 'assert len(attempts) == 2, "not at once"' in done.stdout
    assert "2 failed, 1 passed, 1 error" in done.stdout.splitlines()[-1]


def test_without_a_report_there_is_nothing_to_tell(tmp_path, reports):
    assert reports.failures(tmp_path / "none.xml") == []
    assert reports.count(tmp_path / "none.xml") == 0
