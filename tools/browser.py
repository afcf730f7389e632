"""Find the browsers of the tests, or install them.

The headless shell of Chromium, which Playwright runs by default, draws pages as Chromium does and takes an eighth less processor
time: it has no user interface and no services of a desktop.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import bootstrap

LOG = bootstrap.VENV / "browser.log"


@dataclass(frozen=True)
class Browser:
    """A browser: how it is found and installed."""

    title: str
    variable: str
    """Environment variable with its path."""
    names: tuple[str, ...]
    """Its programs in PATH."""
    package: str
    """Debian's package."""
    download: str | None = None
    """The name of Playwright's download."""

    def find(self) -> str | None:
        """Return the path: from the environment variable, PATH, or Playwright's download."""
        if named := os.environ.get(self.variable):
            return named
        for name in self.names:
            if path := shutil.which(name):
                return path
        return find_download(self.download) if self.download else None

    def install(self) -> None:
        """Install Debian's package if running as root, else Playwright's download."""
        print(f"Installing {self.title} for the tests: once, a minute or two …", flush=True)
        attempts = []
        if os.geteuid() == 0 and shutil.which("apt-get"):
            packages = f"{self.package} fonts-dejavu-core"
            attempts.append(
                f"apt-get -q update && apt-get -qy install --no-install-recommends {packages} </dev/null"
            )
        if self.download:
            attempts.append(f"{sys.executable} -m playwright install {self.download}")
        with LOG.open("a") as log:
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for attempt in attempts:
                shell = ["sh", "-c", attempt]
                if (
                    subprocess.run(shell, env=environment, stdout=log, stderr=log, check=False).returncode
                    == 0
                ):
                    return

    def ensure(self) -> str:
        """Return the path, installing the browser if necessary.

        Raises:
            ToolError: it cannot be installed.
        """
        if path := self.find():
            return path
        self.install()
        if path := self.find():
            return path
        raise bootstrap.ToolError(
            f"the browser tests require {self.title}, and it could not be installed (see {LOG}). Install it (Debian: "
            f"apt install {self.package}) or set {self.variable}=/path/to/{self.title.lower()}"
        )


def find_download(name: str) -> str | None:
    """Return the path of the headless shell that Playwright has downloaded."""
    command = [sys.executable, "-m", "playwright", "install", "--dry-run", name]
    planned = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    location = re.search(r"Install location: +(\S.*)", planned)
    return next(map(str, Path(location[1]).glob("*/*headless?shell")), None) if location else None


CHROMIUM = Browser(
    "Chromium",
    "OPENROUTER_NB_CHROMIUM",
    ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    package="chromium-headless-shell",
    download="chromium-headless-shell",
)
# Playwright's download is a changed Firefox.
FIREFOX = Browser("Firefox", "OPENROUTER_NB_FIREFOX", ("firefox-esr", "firefox"), package="firefox-esr")
