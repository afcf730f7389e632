"""Everything that CI runs, in order: `make test`, or `make test STEPS=unit,js`.

A failed step does not keep later ones from running. No test is retried. The last lines list the steps with their number of
tests and their time, and the failed tests with their causes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
import browser
import javascript
import kernels
import lab
import lite
import reports
import wheel

import notebooks

if TYPE_CHECKING:
    from collections.abc import Callable


CORES = os.cpu_count() or 1
# Processes for tests that wait for a server or a kernel half of the time.
WAITING = 2 * CORES
# Each has a server, a browser and up to ten kernels.
MOST_BROWSERS = 4


def run(*arguments: str, environment: dict[str, str] | None = None, python: str = sys.executable) -> None:
    """Run a Python module of the environment, or of that of another interpreter."""
    command = [python, "-m", *arguments]
    subprocess.run(command, cwd=bootstrap.ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


def run_tests(
    report: Path,
    *arguments: str,
    processes: int = 1,
    environment: dict[str, str] | None = None,
    python: str = sys.executable,
) -> None:
    """Run pytest, in several processes if there is more than one, and write a JUnit report."""
    junit = (f"--junitxml={report}", "-o", "junit_family=xunit1")  # xunit1 has the names of files
    # `worksteal` keeps the tests of a file together, and with them its kernel, until a process is out of work.
    parallel = (f"--numprocesses={processes}", "--dist=worksteal") if processes > 1 else ()
    # The import of nbval takes each process one to two seconds.
    without = () if any(argument.startswith("--nbval") for argument in arguments) else ("-p", "no:nbval")
    run("pytest", *junit, *parallel, *without, *arguments, environment=environment, python=python)


def run_all(report: Path, *arguments: str, processes: int = 1, python: str = sys.executable) -> None:
    """Run pytest, and leave the failed tests to the reader of the report.

    Raises:
        ToolError: pytest itself failed.
    """
    try:
        run_tests(report, *arguments, processes=processes, python=python)
    except subprocess.CalledProcessError as problem:
        if problem.returncode != 1:  # pytest's status if tests failed
            raise bootstrap.ToolError(f"pytest ended with status {problem.returncode}") from problem


def run_with_oldest_versions(reports_folder: Path) -> None:
    """Run the tests of kernels with the oldest versions of all dependencies, which are those of Google Colab."""
    python = bootstrap.ensure_separate("oldest")
    # Their own warnings are those of later versions of Python and of each other.
    selected = (
        "-W",
        "ignore",
        "tests/integration/notebook",
        "tests/integration/live",
        "tests/integration/chat_bridge",
    )
    run_tests(reports_folder / "oldest.xml", *selected, processes=WAITING, python=python)


def run_notebooks(reports_folder: Path) -> None:
    """Execute each notebook in the environment of `make lab`, then again with its outputs compared."""
    python = bootstrap.ensure_separate("lab")
    # The scripted notebooks run as in a Jupyter without a key: they start their own simulator.
    plain = {**notebooks.isolated(), "JUPYTER_PREFER_ENV_PATH": "1"}
    environment = dict(plain)
    scripted = [str(path) for path in notebooks.selected([]) if path != lab.NOTEBOOK]
    with lab.backend(environment, python):
        jobs = [(str(lab.NOTEBOOK), environment), *((path, plain) for path in scripted)]
        with ThreadPoolExecutor(WAITING) as pool:
            started = [pool.submit(notebooks.execute, path, settings, python) for path, settings in jobs]
            for done in started:
                done.result()
        # One display at the end of a cell instead of a live one: nbval knows no display updates.
        environment["OPENROUTER_NB_LIVE"] = plain["OPENROUTER_NB_LIVE"] = "0"
        # The answers of the language model depend on the machine, those of the scripted models do not.
        run_tests(reports_folder / "lax.xml", "--nbval-lax", str(lab.NOTEBOOK), environment=environment)
        # A process executes whole notebooks, whose cells depend on the cells above.
        compare = ("--nbval", "--nbval-sanitize-with", notebooks.sanitizers(), "--dist=loadfile")
        run_tests(reports_folder / "compared.xml", *compare, *scripted, processes=WAITING, environment=plain)


def check_types(_reports_folder: Path) -> None:
    """Check the package, and the inferred types of its public interface."""
    run("mypy")
    run("mypy", *sorted(str(path) for path in (bootstrap.ROOT / "tests" / "typing").glob("*.py")))


def run_unit_tests(reports_folder: Path) -> None:
    """Run the tests that start nothing."""
    run_tests(reports_folder / "unit.xml", "tests/unit", "tests/contract", processes=CORES)


def run_integration_tests(reports_folder: Path) -> None:
    """Run the tests with servers and kernels."""
    report = reports_folder / "integration.xml"
    run_tests(report, "tests/integration", "tests/support", processes=WAITING)


def run_with_httpx(reports_folder: Path) -> None:
    """Run the tests of the transport with httpx; the other steps use httpx2."""
    environment = {**os.environ, "OPENROUTER_NB_HTTP": "httpx"}
    selected = ("-m", "transport", "tests/integration/client")
    run_tests(reports_folder / "httpx.xml", *selected, processes=WAITING, environment=environment)


def run_browser_tests(reports_folder: Path) -> None:
    """Run the tests in browsers, those marked `alone` after the others and in one process."""
    lite.build()
    try:
        selected = ("-m", "not alone", "tests/e2e")
        run_tests(reports_folder / "e2e.xml", *selected, processes=min(CORES, MOST_BROWSERS))
    finally:
        run_tests(reports_folder / "alone.xml", "-m", "alone", "tests/e2e")


STEPS: dict[str, Callable[[Path], None]] = {
    "lint": lambda _: run("ruff", "check"),
    "format": lambda _: run("ruff", "format", "--check"),
    "types": check_types,
    "unit": run_unit_tests,
    "js": lambda reports_folder: javascript.verify(reports_folder / "js.xml"),
    "wheel": lambda _: wheel.verify(),
    "integration": run_integration_tests,
    "httpx": run_with_httpx,
    "oldest": run_with_oldest_versions,
    "notebooks": run_notebooks,
    "e2e": run_browser_tests,
}


# Dependency groups with a separate environment, by step.
SEPARATE = {
    "integration": bootstrap.SEPARATE_GROUPS,
    "oldest": ("oldest",),
    "notebooks": ("lab",),
    "e2e": bootstrap.SEPARATE_GROUPS,
}


def ensure_environments(names: list[str]) -> None:
    """Create the separate environments of the steps, those of the first steps first."""
    for group in dict.fromkeys(group for name in names for group in SEPARATE.get(name, ())):
        bootstrap.ensure_separate(group)


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
        for each in (browser.CHROMIUM, browser.FIREFOX):
            os.environ[each.variable] = each.ensure()
    if not sys.stdout.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    bootstrap.name_interpreters()
    failed, lines, beginning = [], [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as background:
        # Beside the steps that need only `.venv`: pip waits for the network half of the time.
        environments = background.submit(ensure_environments, names)
        for number, name in enumerate(names, 1):
            print(f"\n=== {number}/{len(names)} {name} ===", flush=True)
            start = time.monotonic()
            reports_folder = Path(folder, name)
            reports_folder.mkdir()
            waiting = attempt(lambda _: environments.result(), reports_folder) if name in SEPARATE else ""
            problem = waiting or attempt(STEPS[name], reports_folder)
            if problem:
                failed.append(name)
                print(f"\nstep `{name}` failed: {problem}", file=sys.stderr, flush=True)
            written = sorted(reports_folder.glob("*.xml"))
            tests = sum(map(reports.count, written))
            outcome = f"{problem or 'passed'}{f', {tests:,} tests' if tests else ''}"
            lines.append(f"{name}: {outcome}, {time.monotonic() - start:.0f} s")
            lines += [f"    {failure}" for path in written for failure in reports.failures(path)]
    print("\n=== summary ===", *lines, sep="\n", flush=True)
    if failed:
        raise bootstrap.ToolError(
            f"{len(failed)} of {len(names)} steps failed. Alone: make test STEPS={','.join(failed)}"
        )
    print(f"\nall {len(names)} steps passed in {time.monotonic() - beginning:.0f} s")


def attempt(step: Callable[[Path], None], reports_folder: Path) -> str:
    """Run a step and return the reason of its failure, or nothing."""
    try:
        step(reports_folder)
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
