"""Everything that CI runs, in order: `make test`, or `make test STEPS=unit,js`.

A step that fails keeps no later one from running, so that one run shows everything that is wrong. The last lines say which
steps failed, with the tests and their causes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
import browser
import javascript
import kernels
import lab
import reports
import wheel

import notebooks

if TYPE_CHECKING:
    from collections.abc import Callable


def run(*arguments: str, environment: dict[str, str] | None = None) -> None:
    """A Python module of the environment; its own output says what is wrong."""
    command = [sys.executable, "-m", *arguments]
    subprocess.run(command, cwd=bootstrap.ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


def run_tests(report: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
    """pytest; which tests failed is in the report."""
    junit = (f"--junitxml={report}", "-o", "junit_family=xunit1")  # xunit1 has the names of files
    run("pytest", *junit, *arguments, environment=environment)


def run_notebooks(report: Path) -> None:
    """Each notebook as a newcomer runs it: with live output, then with its outputs compared."""
    environment = notebooks.isolated()
    scripted = [str(path) for path in notebooks.chosen([]) if path != lab.NOTEBOOK]
    with lab.answers(environment):
        run("jupyter", "execute", str(lab.NOTEBOOK), *scripted, environment=environment)
        # One display at the end of a cell instead of a live one: nbval knows no display updates.
        environment["OPENROUTER_NB_LIVE"] = "0"
        # What a language model says depends on the machine; what the scripted ones say does not.
        run_tests(report, "--nbval-lax", str(lab.NOTEBOOK), environment=environment)
        sanitized = ("--nbval", "--nbval-sanitize-with", notebooks.sanitizers())
        run_tests(report, *sanitized, *scripted, environment=environment)


def types(_report: Path) -> None:
    """The package, and what an editor knows of its interface."""
    run("mypy")
    run("mypy", *sorted(str(path) for path in (bootstrap.ROOT / "tests" / "typing").glob("*.py")))


def run_with_httpx(report: Path) -> None:
    """The client's tests once more, with the other of the two HTTP libraries."""
    environment = {**os.environ, "OPENROUTER_NB_HTTP": "httpx"}
    run_tests(report, "tests/integration/client", environment=environment)


STEPS: dict[str, Callable[[Path], None]] = {
    "lint": lambda _: run("ruff", "check"),
    "format": lambda _: run("ruff", "format", "--check"),
    "types": types,
    "unit": lambda report: run_tests(report, "tests/unit", "tests/contract"),
    "js": javascript.verify,
    "wheel": lambda _: wheel.verify(),
    # Kernels, servers and a browser on one busy machine: one more attempt, and the end of the log says so.
    "integration": lambda report: run_tests(report, "tests/integration", "tests/support", "--reruns=1"),
    "httpx": run_with_httpx,
    "notebooks": run_notebooks,
    "e2e": lambda report: run_tests(report, "tests/e2e", "--reruns=1"),
}


def chosen(argument: str) -> list[str]:
    """The steps to run, in their order."""
    names = list(STEPS) if argument == "all" else argument.split(",")
    if unknown := [name for name in names if name not in STEPS]:
        raise bootstrap.ToolError(f"no such step: {', '.join(unknown)}. There are {', '.join(STEPS)}")
    return [name for name in STEPS if name in names]


def main() -> None:
    """Make sure of what the steps need, then run them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # an exit that ends what a step started
    names = chosen(sys.argv[1] if len(sys.argv) > 1 else "all")
    if {"js", "integration", "e2e"} & set(names):  # exported programs and axe are run from its packages
        javascript.require_node()
        javascript.install()
    if "integration" in names:
        kernels.ensure()
    if "e2e" in names:
        os.environ[browser.VARIABLE] = browser.ensure()
    if not sys.stdout.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    failed, lines = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names, 1):
            print(f"\n=== {number}/{len(names)} {name} ===", flush=True)
            start = time.monotonic()
            report = Path(folder, f"{name}.xml")
            problem = attempt(STEPS[name], report)
            if problem:
                failed.append(name)
                print(f"\nstep `{name}` failed: {problem}", file=sys.stderr, flush=True)
            lines.append(f"{name}: {problem or 'passed'}, {time.monotonic() - start:.0f} s")
            lines += [f"    {finding}" for finding in reports.read(report)]
    print("\n=== summary ===", *lines, sep="\n", flush=True)
    if failed:
        raise bootstrap.ToolError(
            f"{len(failed)} of {len(names)} steps failed. Alone: make test STEPS={','.join(failed)}"
        )
    print(f"\nall {len(names)} steps passed")


def attempt(step: Callable[[Path], None], report: Path) -> str:
    """Run a step; why it failed, or nothing."""
    try:
        step(report)
    except subprocess.CalledProcessError as problem:
        program, *arguments = problem.cmd[:4]
        return f"`{' '.join([Path(program).name, *arguments])} …` ended with status {problem.returncode}"
    except bootstrap.ToolError as problem:
        return str(problem)
    return ""


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise bootstrap.ToolError("stopped") from None
