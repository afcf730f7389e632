"""Install, check, test and build `js/`. As a program: all of them (`make js`)."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import bootstrap

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = bootstrap.ROOT / "js"
STATIC = bootstrap.ROOT / "openrouter_nb" / "static"
OLDEST_NODE = 20


def require_node() -> None:
    """Raise `ToolError` if Node or npm is missing or too old. Only tests and builds require Node."""
    advice = f"install Node {OLDEST_NODE} or newer with npm (nodejs.org, or your system's packages)"
    if not (shutil.which("node") and shutil.which("npm")):
        raise bootstrap.ToolError(f"tests require Node and npm, which are not on PATH: {advice}")
    version = subprocess.run(
        ["node", "--version"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < OLDEST_NODE:
        raise bootstrap.ToolError(f"tests require Node {OLDEST_NODE} or newer; found {version}: {advice}")


def npm(*arguments: str) -> None:
    """Run npm in js/, with its output on the terminal."""
    subprocess.run(["npm", *arguments], cwd=SOURCES, stdin=subprocess.DEVNULL, check=True)


def install() -> None:
    """Install exactly the locked packages, unless already installed."""
    lock = (SOURCES / "package-lock.json").read_bytes()
    installed = SOURCES / "node_modules" / ".installed-lock"
    if installed.is_file() and installed.read_bytes() == lock:
        return
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    installed.write_bytes(lock)


def build() -> None:
    """Write the bundles."""
    npm("run", "--silent", "build")


def bundles() -> dict[str, bytes]:
    """Return the contents of the built files by their names in the package."""
    files = [*STATIC.glob("*.js"), *(path for path in bootstrap.LAB_EXTENSION.rglob("*") if path.is_file())]
    return {path.relative_to(STATIC.parent).as_posix(): path.read_bytes() for path in files}


def require_fresh_bundles() -> None:
    """Rebuild the bundles; raise `ToolError` if they differ from the committed ones."""
    committed = bundles()
    build()
    built = bundles()
    if stale := sorted(name for name in built | committed if built.get(name) != committed.get(name)):
        raise bootstrap.ToolError(
            f"openrouter_nb/ had built files that were out of date ({', '.join(stale)}). They have been rebuilt: commit them"
        )


def check(report: Path | None = None) -> None:
    """Run type checks, lint and tests of js/; write a JUnit report of the tests."""
    npm("run", "--silent", "check")
    junit = ("--reporter=default", "--reporter=junit", f"--outputFile.junit={report}") if report else ()
    npm("run", "--silent", "test", "--", *junit)


def verify(report: Path | None = None) -> None:
    """Run all checks of js/ that CI runs."""
    install()
    check(report)
    require_fresh_bundles()


if __name__ == "__main__":
    require_node()
    install()
    build()
    check()
