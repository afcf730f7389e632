"""Everything that CI runs, in order, until something fails: `make test`, or `make test STEPS=unit,js`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import bootstrap
import browser
import javascript
import kernels
import lab
import wheel

import notebooks

if TYPE_CHECKING:
    from collections.abc import Callable


def run(*arguments: str, environment: dict[str, str] | None = None) -> None:
    """A Python module of the environment; its own output says what is wrong."""
    command = [sys.executable, "-m", *arguments]
    subprocess.run(command, cwd=bootstrap.ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


def run_notebooks() -> None:
    """Each notebook as a newcomer runs it: with live output, then with its outputs compared."""
    environment = notebooks.isolated()
    scripted = [str(path) for path in notebooks.chosen([]) if path != lab.NOTEBOOK]
    with lab.answers(environment):
        run("jupyter", "execute", str(lab.NOTEBOOK), *scripted, environment=environment)
        # One display at the end of a cell instead of a live one: nbval knows no display updates.
        environment["OPENROUTER_NB_LIVE"] = "0"
        # What a language model says depends on the machine; what the scripted ones say does not.
        run("pytest", "--nbval-lax", str(lab.NOTEBOOK), environment=environment)
        run(
            "pytest",
            "--nbval",
            "--nbval-sanitize-with",
            notebooks.sanitizers(),
            *scripted,
            environment=environment,
        )


def types() -> None:
    """The package, and what an editor knows of its interface."""
    run("mypy")
    run("mypy", *sorted(str(path) for path in (bootstrap.ROOT / "tests" / "typing").glob("*.py")))


def integration() -> None:
    """Real servers and kernels; the client's part once more with the other of the two HTTP libraries."""
    run("pytest", "tests/integration", "tests/support")
    run("pytest", "tests/integration/client", environment={**os.environ, "OPENROUTER_NB_HTTP": "httpx"})


STEPS: dict[str, Callable[[], None]] = {
    "lint": lambda: run("ruff", "check"),
    "format": lambda: run("ruff", "format", "--check"),
    "types": types,
    "unit": lambda: run("pytest", "tests/unit", "tests/contract"),
    "js": javascript.verify,
    "wheel": wheel.verify,
    "integration": integration,
    "notebooks": run_notebooks,
    "e2e": lambda: run("pytest", "tests/e2e"),
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
    if "js" in names:
        javascript.require_node()
    if "integration" in names:
        kernels.ensure()
    if "e2e" in names:
        os.environ[browser.VARIABLE] = browser.ensure()
    if not sys.stdout.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    durations = []
    for number, name in enumerate(names, 1):
        print(f"\n=== {number}/{len(names)} {name} ===", flush=True)
        start = time.monotonic()
        try:
            STEPS[name]()
        except subprocess.CalledProcessError as problem:
            raise bootstrap.ToolError(
                f"step `{name}` failed (status {problem.returncode}). Alone: make test STEPS={name}"
            ) from None
        durations.append(f"{name} {time.monotonic() - start:.0f} s")
    print(f"\nall {len(names)} steps passed: {', '.join(durations)}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise bootstrap.ToolError("stopped") from None
