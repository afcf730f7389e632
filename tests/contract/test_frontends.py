"""The table of frontends: its rows, the tests behind its cells, and how a failed test is shown."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# Without plugins whose import takes a second.
WITHOUT = ("-p", "no:nbval", "-p", "no:cacheprovider")
LISTING = """
import json

def pytest_collection_finish(session):
    print(json.dumps([value for item in session.items for _, value in item.user_properties]))
"""
TESTS = """
import pytest

lab = pytest.mark.frontend

@lab("JupyterLab", "load", "streams", "Stop")
def test_that_passes():
    pass

@lab("JupyterLab", "streams")
def test_that_fails():
    raise ValueError

@lab("JupyterLab", "panel")
def test_that_does_not_start(no_such_fixture):
    pass

@lab("JupyterLab", "Stop")
@lab("Voila", "load")
def test_that_is_skipped():
    pytest.skip("not here")
"""


@pytest.fixture
def frontends(monkeypatch):
    monkeypatch.syspath_prepend(REPOSITORY / "tools")
    import frontends

    return frontends


def run_pytest(*arguments, **options):
    command = [sys.executable, "-m", "pytest", *WITHOUT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Return the cells that the markers of the tests name."""
    folder = tmp_path_factory.mktemp("plugin")
    paths = [
        path for name in ("e2e", "integration") for path in (REPOSITORY / "tests" / name).rglob("test_*.py")
    ]
    # A collection of all tests takes ten seconds.
    candidates = [
        path for path in paths if re.search(r"frontend\(|in_each\(", path.read_text(encoding="utf-8"))
    ]
    (folder / "listing.py").write_text(LISTING)
    done = run_pytest(
        *("-p", "listing", "--collect-only", "-qq", "-m", "frontend", *candidates),
        cwd=REPOSITORY,
        env={"PYTHONPATH": f"{folder}:{REPOSITORY}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(json.loads(next(line for line in done.stdout.splitlines() if line.startswith("["))))


def rows(text):
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {name: tuple(columns) for name, *columns in lines}


def test_the_document_has_the_rows_of_the_tool_and_each_marked_cell_was_run(frontends, marked):
    written = rows(frontends.TARGET.read_text(encoding="utf-8"))
    assert list(written) == ["place", "---", *(place.name for place in frontends.PLACES)]
    run = {
        f"{place.name}: {aspect}"
        for place in frontends.PLACES
        for aspect, cell in zip(frontends.ASPECTS, written[place.name][1:], strict=True)
        if cell not in {frontends.NOT_RUN, frontends.NONE}
    }
    assert run == marked
    notes = frontends.document({}, "").partition("## Notes")[2]
    assert frontends.TARGET.read_text(encoding="utf-8").endswith(notes)


def test_a_cell_is_yes_only_if_all_its_tests_that_ran_passed(frontends, tmp_path):
    shutil.copy(REPOSITORY / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(TESTS)
    report = tmp_path / "report.xml"
    options = ("-c", REPOSITORY / "pyproject.toml", f"--rootdir={tmp_path}", f"--junitxml={report}")
    done = run_pytest(*options, "-o", "junit_family=xunit1", "test_it.py", cwd=tmp_path)
    assert done.returncode == 1, done.stdout
    shown = rows(frontends.table(frontends.cells(report)))
    assert shown["JupyterLab"][1:] == ("yes", "failed", "yes", "failed", "not run here")
    assert shown["Voila"][1:] == ("not run here",) * 4 + ("none",)


def test_a_test_for_a_cell_that_the_table_does_not_have_is_an_error(frontends, tmp_path):
    report = tmp_path / "report.xml"
    entry = '<testcase><properties><property name="frontend" value="Emacs: load"/></properties></testcase>'
    report.write_text(f"<testsuite>{entry}</testsuite>")
    with pytest.raises(SystemExit, match="no cell for Emacs: load"):
        frontends.cells(report)
