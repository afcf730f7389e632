"""The table of Python versions, and the classifiers of the package."""

import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def pythons(monkeypatch):
    monkeypatch.syspath_prepend(REPOSITORY / "tools")
    import pythons

    return pythons


def test_the_document_is_what_the_tool_writes_for_its_rows(pythons):
    text = pythons.TARGET.read_text(encoding="utf-8")
    assert pythons.document(pythons.rows(text)) == text


def test_each_left_out_test_exists(pythons):
    named = [option.partition("=")[2].partition("::") for option in pythons.LEFT_OUT]
    missing = [
        path + test for path, _, test in named if test not in (REPOSITORY / path).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_the_classifiers_are_the_versions_that_the_tests_run_on(pythons):
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [each.rpartition(" :: ")[2] for each in project["classifiers"] if "Python :: 3." in each]
    assert named == [python.version for python in pythons.PYTHONS if not python.is_free_threaded]
    lower = "{}.{}".format(*pythons.bootstrap.OLDEST_PYTHON)
    assert named[0] == lower
    assert project["requires-python"] == f">={lower}"


def test_a_table_keeps_the_rows_of_earlier_runs(pythons):
    row = ("3.12", "CPython 3.12.1", "10", "0", "1")
    written = pythons.document({"3.12": row})
    assert pythons.rows(written)["3.12"] == row
    assert list(pythons.rows(written)) == ["3.12"]
    assert f"| 3.14t | {pythons.NOT_RUN} |" in written
    assert pythons.document(pythons.rows(written)) == written


def test_the_workflow_runs_each_python(pythons):
    workflow = (REPOSITORY / ".github" / "workflows" / "pythons.yml").read_text(encoding="utf-8")
    listed = ", ".join(f'"{python.version}"' for python in pythons.PYTHONS)
    assert f"python: [{listed}]" in workflow
