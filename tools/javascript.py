"""What is done with `js/`: install, check, test and build. Run as a program it does all of it (`make js`)."""

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
    """Say what is missing, if anything is. Only tests and builds need Node; users do not."""
    advice = f"install Node {OLDEST_NODE} or newer with npm (nodejs.org, or your system's packages)"
    if not (shutil.which("node") and shutil.which("npm")):
        raise bootstrap.ToolError(f"tests need Node and npm, which are not on PATH: {advice}")
    version = subprocess.run(
        ["node", "--version"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < OLDEST_NODE:
        raise bootstrap.ToolError(
            f"tests need Node {OLDEST_NODE} or newer, and this one is {version}: {advice}"
        )


def npm(*arguments: str) -> None:
    """Run npm in js/; its own output says what is wrong."""
    subprocess.run(["npm", *arguments], cwd=SOURCES, stdin=subprocess.DEVNULL, check=True)


def install() -> None:
    """Exactly the locked packages, unless they are there already."""
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
    """The bundles as they are now."""
    return {path.name: path.read_bytes() for path in STATIC.glob("*.js")}


def require_fresh_bundles() -> None:
    """Build again: what comes out must be what was there, byte for byte."""
    committed = bundles()
    build()
    built = bundles()
    if stale := sorted(name for name in built | committed if built.get(name) != committed.get(name)):
        raise bootstrap.ToolError(
            f"openrouter_nb/static was not what js/ builds ({', '.join(stale)}). It is now: commit it"
        )


def check(report: Path | None = None) -> None:
    """Types, lint and the tests in js/; which of these failed is in the report."""
    npm("run", "--silent", "check")
    junit = ("--reporter=default", "--reporter=junit", f"--outputFile.junit={report}") if report else ()
    npm("run", "--silent", "test", "--", *junit)


def verify(report: Path | None = None) -> None:
    """Everything that CI checks about js/."""
    install()
    check(report)
    require_fresh_bundles()


if __name__ == "__main__":
    require_node()
    install()
    build()
    check()
