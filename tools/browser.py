"""Find a Chromium for the tests, or install one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import bootstrap

VARIABLE = "OPENROUTER_NB_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
LOG = bootstrap.VENV / "browser.log"

PLAYWRIGHT_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find() -> str | None:
    """Return the path of Chromium: from the environment variable, PATH, or a Playwright installation."""
    if named := os.environ.get(VARIABLE):
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    done = subprocess.run(
        [sys.executable, "-c", PLAYWRIGHT_PATH], stdout=subprocess.PIPE, text=True, check=False
    )
    path = done.stdout.strip()
    return path if Path(path).is_file() else None


def install() -> None:
    """Install Debian's package if running as root, else Playwright's download."""
    print("Installing a Chromium for the tests: once, a minute or two …", flush=True)
    attempts = [f"{sys.executable} -m playwright install chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        packages = "chromium fonts-dejavu-core"
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
        f"apt install chromium) or set {VARIABLE}=/path/to/chromium"
    )
