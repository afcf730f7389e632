"""The first minutes of a newcomer: `make lab` in a clean clone."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from playwright.sync_api import expect
from support.browser import Tab
from support.jupyter import PATIENCE_MS, Notebook
from support.playground import PlaygroundView

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def _git(folder, *arguments):
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def clone(tmp_path):
    """The files of the repository that `make lab` uses, committed."""
    folder = tmp_path / "clone"
    for name in ("tools", "notebooks"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(REPOSITORY / ".gitignore", folder)
    (folder / ".venv").mkdir()
    _git(folder, "init", "-q")
    _git(folder, "add", "--all")
    _git(folder, "commit", "-qm", "All")
    return folder


@pytest.fixture
def made_lab(clone, simulator):
    """The server that `make lab` starts in the clone, and the name of the notebook that it opens."""
    variables = {
        "OPENROUTER_BASE_URL": simulator.base_url,
        "OPENROUTER_NB_MODEL": "demo/parrot",
        "OPENROUTER_NB_BROWSER": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "tools/lab.py", "--expose-app-in-browser"],
        cwd=clone,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = (re.match(r"(http\S+)/lab/tree/(\S+)\?token=(\w+)", line) for line in process.stdout)
        found = next(filter(None, lines))
        url, opened, token = found.groups()
        yield SimpleNamespace(
            url=url,
            opened=opened,
            token=token,
            app="lab",
            root=clone / "lab",
            address=lambda name: f"{url}/lab/tree/{name}?token={token}&reset",
        )
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


@pytest.fixture
def own_tab(browser):
    tab = Tab(browser, patience_ms=PATIENCE_MS)
    yield tab
    tab.close()


def test_make_lab_runs_and_saves_the_notebooks_and_the_clone_stays_clean(made_lab, own_tab, clone):
    assert made_lab.opened == "01_quickstart.ipynb"
    quickstart = Notebook(own_tab.page, made_lab, made_lab.opened).open()
    quickstart.run_all()
    expect(quickstart.output(2)).to_contain_text("What is the capital of France?")
    assert "first token" in quickstart.save()
    assert _git(clone, "status", "--porcelain") == ""

    cells = nbformat.read(clone / "notebooks" / "05_playground.ipynb", as_version=4).cells
    [shown] = (index for index, cell in enumerate(cells) if cell.source.endswith("\np"))
    playground = Notebook(own_tab.page, made_lab, "05_playground.ipynb").open()
    playground.run_all()
    for index, cell in enumerate(cells):
        if cell.cell_type == "code":
            assert [output for output in playground.outputs(index) if output["output_type"] == "error"] == []
    playground.cell(shown).scroll_into_view_if_needed()
    view = PlaygroundView(playground, shown).wait()
    expect(view.message).to_be_editable()
    playground.save()
    assert _git(clone, "status", "--porcelain") == ""
    ignored = _git(clone, "status", "--porcelain", "--ignored").splitlines()
    assert [line for line in ignored if "__pycache__" not in line] == ["!! .venv/", "!! lab/"]
