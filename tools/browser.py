"""Find a Chromium for the tests, or install one.

The headless shell, which Playwright runs by default, draws pages as Chromium does and takes an eighth less processor time: it
has no user interface and no services of a desktop.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import bootstrap

VARIABLE = "OPENROUTER_NB_CHROMIUM"
NAMES = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGE = "chromium-headless-shell"  # of Debian, and the name of Playwright's download
LOG = bootstrap.VENV / "browser.log"


def find() -> str | None:
    """Return the path of Chromium: from the environment variable, PATH, or Playwright's download."""
    if named := os.environ.get(VARIABLE):
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return find_download()


def find_download() -> str | None:
    """Return the path of the headless shell that Playwright has downloaded."""
    command = [sys.executable, "-m", "playwright", "install", "--dry-run", PACKAGE]
    planned = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    location = re.search(r"Install location: +(\S.*)", planned)
    return next(map(str, Path(location[1]).glob("*/*headless?shell")), None) if location else None


def install() -> None:
    """Install Debian's package if running as root, else Playwright's download."""
    print("Installing a Chromium for the tests: once, a minute or two …", flush=True)
    attempts = [f"{sys.executable} -m playwright install {PACKAGE}"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        packages = f"{PACKAGE} fonts-dejavu-core"
        attempts.insert(
            0, f"apt-get -q update && apt-get -qy install --no-install-recommends {packages} </dev/null"
        )
    with LOG.open("w") as log:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for attempt in attempts:
            shell = ["sh", "-c", attempt]
            if subprocess.run(shell, env=environment, stdout=log, stderr=log, check=False).returncode == 0:
                return


def ensure() -> str:
    """Return the path of Chromium, installing it if necessary.

    Raises:
        ToolError: it cannot be installed.
    """
    if path := find():
        return path
    install()
    if path := find():
        return path
    raise bootstrap.ToolError(
        f"the browser tests require Chromium, and it could not be installed (see {LOG}). Install it (Debian: "
        f"apt install {PACKAGE}) or set {VARIABLE}=/path/to/chromium"
    )
