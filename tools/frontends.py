"""Run the tests that are marked `frontend`, and write the table of their outcomes: `docs/frontends.md`.

A cell is "failed" if one of its tests failed, "yes" if one passed, and "not run here" if none was run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
import browser
import reports

if TYPE_CHECKING:
    from collections.abc import Mapping

TARGET = bootstrap.ROOT / "docs" / "frontends.md"
ASPECTS = {
    "load": "`%load_ext openrouter_nb`, or the import of the package",
    "streams": "text of an answer is shown before the answer ends",
    "Stop": "the Stop button, or the interrupt, closes the request",
    "panel": "the playground is shown, sends a message and shows the answer",
    "saved output": "the saved file shows the answer without a kernel",
}
NOT_RUN = "not run here"
NONE = "none"
CONSOLE = ("panel", "saved output")
PAGE = ("saved output",)


@dataclass(frozen=True)
class Place:
    """A row of the table.

    Attributes:
        name: As in the markers of the tests.
        packages: Distributions whose versions are listed.
        lacks: Columns that the place does not have.
        note: What a reader has to know about the row.
        group: Dependency group of the environment with these packages; empty for the one of the tests.
    """

    name: str
    packages: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    note: str = ""
    group: str = ""

    @property
    def versions(self) -> str:
        """The packages with their versions; in an environment with locked versions only, these."""
        locked = dict(line.split("==") for line in bootstrap.constraints(self.group) if "==" in line)
        found = {name: locked[name] if self.group else version(name) for name in self.packages}
        return ", ".join(f"{name} {number}" for name, number in found.items())


PLACES = (
    Place("JupyterLab", ("jupyterlab",)),
    Place("Notebook 7", ("notebook",)),
    Place(
        "JupyterLite",
        ("jupyterlite-core", "jupyterlite-pyodide-kernel"),
        note="Kernel > Interrupt does not reach a running cell; the Stop button of an answer does.",
    ),
    Place("Voila", ("voila",), PAGE, "The answers are those of the panel and of a widget."),
    Place(
        "marimo edit",
        ("marimo",),
        PAGE,
        "A marimo notebook is a Python file without outputs. Stop is the panel's.",
    ),
    Place("marimo run", ("marimo",), PAGE, "Stop is the panel's."),
    Place(
        "IPython",
        ("ipython",),
        CONSOLE,
        "In a terminal. Stop is Ctrl-C; the panel is a line that says where it opens.",
    ),
    Place("jupyter console", ("jupyter-console",), CONSOLE, "As IPython."),
    Place("Python", (), CONSOLE, "The prompt of Python itself, with `stream()`. Stop is Ctrl-C."),
    Place("qtconsole", ("qtconsole", "pyqt5"), CONSOLE, "Without a screen.", "spyder"),
    Place(
        "Spyder",
        ("spyder", "spyder-kernels", "ipykernel"),
        CONSOLE,
        "Its window without a screen, and its console. Stop is the interrupt of the console.",
        "spyder",
    ),
    Place(
        "nbclient, nbconvert",
        ("nbclient", "nbconvert"),
        ("streams", "Stop", "panel"),
        "The conversation of a playground is saved instead of its panel.",
    ),
    Place(
        "papermill",
        ("papermill",),
        ("streams", "panel"),
        "Stop is Ctrl-C. The conversation of a playground is saved instead of its panel.",
        "frontends",
    ),
    Place(
        "nbval",
        ("nbval",),
        ("streams", "Stop", "panel"),
        "Recorded answers are replayed; the outputs are compared.",
    ),
    Place(
        "jupytext",
        ("jupytext",),
        ("load", "streams", "Stop", "panel"),
        "The paired file has the chat cells, with the setting of README.md.",
    ),
    Place(
        "MyST-NB",
        ("myst-nb", "sphinx"),
        ("streams", "Stop", "panel"),
        "The page has the conversation of a playground instead of its panel.",
        "frontends",
    ),
    Place(
        "Quarto",
        lacks=("streams", "Stop", "panel"),
        note="Not a package of PyPI, npm or Debian: the one on PyPI downloads it from elsewhere.",
    ),
    Place("VS Code"),
    Place(
        "VS Code, emulated",
        ("anywidget",),
        note="A page with the frames of VS Code's notebooks, not VS Code itself. The test passes the messages of a kernel on.",
    ),
    Place(
        "VS Code with `enableCsp`, emulated",
        ("anywidget",),
        ("panel",),
        "JupyterLab with the policy of the setting `notebook.experimental.enableCsp`, which refuses every anywidget. Answers are "
        "updates of a display, Stop is the interrupt of the kernel, and the panel says why it is not shown.",
    ),
    Place(
        "Google Colab",
        note="Not its page. `make test STEPS=oldest` runs the tests of kernels with the versions of its packages.",
    ),
    Place("nbclassic", ("nbclassic",), group="frontends"),
    Place(
        "jupyter-collaboration",
        ("jupyter-collaboration", "jupyterlab"),
        note="Two pages show the same answers, also while they arrive. A page that does not trust the notebook shows them at their end.",
        group="frontends",
    ),
    Place(
        "Windows, emulated",
        note="Linux without the modules and functions that Windows lacks, and interrupts without a signal.",
    ),
    Place("Windows"),
    Place("macOS"),
    Place(
        "JupyterLab in Firefox",
        ("jupyterlab",),
        note="A reload of the page is not tested in Firefox. The pages of all other rows are Chromium's.",
    ),
    Place("Safari"),
)


def cells(report: Path) -> dict[str, str]:
    """Return the contents of the cells of a JUnit report, by "place: column".

    Raises:
        ToolError: a test is the evidence of a cell that the table does not have.
    """
    found = defaultdict(set)
    for cell, outcome in reports.outcomes(report, "frontend"):
        found[cell].add(outcome)
    known = {f"{place.name}: {aspect}" for place in PLACES for aspect in ASPECTS if aspect not in place.lacks}
    if unknown := found.keys() - known:
        raise bootstrap.ToolError(
            f"the table has no cell for {', '.join(sorted(unknown))}: see tools/frontends.py"
        )
    texts = {"failed": "failed", "passed": "yes"}
    return {
        cell: next((text for outcome, text in texts.items() if outcome in outcomes), NOT_RUN)
        for cell, outcomes in found.items()
    }


def table(outcomes: Mapping[str, str]) -> str:
    """Return the table in Markdown."""
    rows = [("place", "version", *ASPECTS), ("---",) * (2 + len(ASPECTS))]
    for place in PLACES:
        columns = [
            NONE if aspect in place.lacks else outcomes.get(f"{place.name}: {aspect}", NOT_RUN)
            for aspect in ASPECTS
        ]
        rows.append((place.name, place.versions, *columns))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def environment(*browsers: str) -> str:
    """Return the versions of the packages that all rows have in common, and of the browsers at these paths."""
    packages = ("openrouter-nb", "ipykernel", "ipython", "ipywidgets", "anywidget")
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.platform(terse=True)
    shown = [
        subprocess.run([path, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        for path in browsers
    ]
    parts = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)]
    return ", ".join([*parts, system, *shown])


def document(outcomes: Mapping[str, str], versions: str) -> str:
    """Return the text of the document."""
    columns = "\n".join(f"- {aspect}: {meaning}." for aspect, meaning in ASPECTS.items())
    notes = "\n".join(f"- {place.name}: {place.note}" for place in PLACES if place.note)
    return f"""\
# Frontends

Written by `make frontends` from the outcomes of the tests marked `frontend`. Do not edit.

Run with {versions}.

{table(outcomes)}

{columns}

"{NONE}": the place does not have it.

## Notes

{notes}
"""


def main() -> None:
    """Run the tests, write the document, and fail if a test failed."""
    # Here, because the contract tests import this module, and `test` is also a package of the standard library.
    import lite
    from test import run_all

    browsers = [each.ensure() for each in (browser.CHROMIUM, browser.FIREFOX)]
    os.environ[browser.CHROMIUM.variable], os.environ[browser.FIREFOX.variable] = browsers
    lite.build()
    bootstrap.name_interpreters()
    for group in bootstrap.SEPARATE_GROUPS:
        bootstrap.ensure_separate(group)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "frontends.xml")
        run_all(report, "-m", "frontend", "tests/integration", "tests/e2e")
        outcomes = cells(report)
        failures = reports.failures(report)
    TARGET.write_text(document(outcomes, environment(*browsers)), encoding="utf-8")
    print(f"{TARGET.relative_to(bootstrap.ROOT)}: written", *failures, sep="\n")
    if failures:
        raise bootstrap.ToolError(f"{len(failures)} tests failed")


if __name__ == "__main__":
    main()
