"""Install the older ipykernel that the tests also run against, and print its folder for PYTHONPATH."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import bootstrap

if TYPE_CHECKING:
    from pathlib import Path

# 7.4 routes widget messages to the shell of the last request, and awaits cells; up to 7.3 a separate thread handles them.
VERSION = "7.3.0"


def ensure() -> Path:
    """Return the folder with only that version; its dependencies are in the environment, for the newer one."""
    folder = bootstrap.VENV / f"ipykernel-{VERSION}"
    if not folder.is_dir():
        print(f"Fetching ipykernel {VERSION} for the tests: once …", file=sys.stderr, flush=True)
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        bootstrap.pip("install", "--no-deps", "--target", str(unfinished), f"ipykernel=={VERSION}")
        unfinished.rename(folder)
    return folder


if __name__ == "__main__":
    print(ensure())
