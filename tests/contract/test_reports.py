"""What the end of a run says: every test that failed with its cause, and every one that passed only when tried again."""

import shutil
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


def test_flaky_and_failed_tests_are_told_apart_and_both_are_told(tmp_path, reports):
    shutil.copy(REPOSITORY / "tests" / "support" / "flaky.py", tmp_path / "conftest.py")
    (tmp_path / "test_it.py").write_text(TESTS)
    config = ("-c", str(REPOSITORY / "pyproject.toml"), f"--rootdir={tmp_path}", "-p", "no:cacheprovider")
    junit = ("--junitxml=report.xml", "-o", "junit_family=xunit1")
    command = [sys.executable, "-m", "pytest", *config, *junit, "--reruns=1", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    flaky, failed, wrong = map(str, reports.read(tmp_path / "report.xml"))
    assert flaky == "FLAKY, passed on retry: test_it.py::test_that_fails_once: AssertionError: not at once"
    assert failed == "FAILED: test_it.py::test_that_fails: ValueError: never"
    assert wrong.startswith("FAILED: test_it.py::test_that_finds_nothing: failed on setup with")
    assert "FLAKY test_it.py::test_that_fails_once - AssertionError: not at once" in done.stdout
    assert "tried again: test_it.py::test_that_fails_once" in done.stdout
    assert 'assert len(attempts) == 2, "not at once"' in done.stdout
    assert "1 failed, 2 passed, 1 error, 3 rerun" in done.stdout.splitlines()[-1]


def test_no_report_tells_nothing(tmp_path, reports):
    assert reports.read(tmp_path / "none.xml") == []
