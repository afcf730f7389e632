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
# Up to 7.3 a reply is sent on the socket instead of its stream, which then may not notice a request that arrives meanwhile: the
# kernel stays idle, also without this package (ipykernel, issue 1554; measured at 1 of 100 cells on a busy machine). The tests
# use the correction of 7.4.
LOSING = "self._shell_socket.send_multipart(msg)"
CORRECTED = "__import__('ipykernel.kernelbase').kernelbase.Kernel.instance().shell_stream.send_multipart(msg)"


def ensure() -> Path:
    """Return the folder with only that version; its dependencies are in the environment, for the newer one.

    Raises:
        ToolError: the version has no line to correct.
    """
    folder = bootstrap.VENV / f"ipykernel-{VERSION}-corrected"
    if not folder.is_dir():
        print(f"Fetching ipykernel {VERSION} for the tests: once …", file=sys.stderr, flush=True)
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        bootstrap.pip("install", "--no-deps", "--target", str(unfinished), f"ipykernel=={VERSION}")
        module = unfinished / "ipykernel" / "subshell_manager.py"
        before, _, after = module.read_text(encoding="utf-8").partition(LOSING)
        if not after:
            raise bootstrap.ToolError(f"ipykernel {VERSION} sends replies in another way than {LOSING}")
        module.write_text(before + CORRECTED + after, encoding="utf-8")
        unfinished.rename(folder)
    return folder


if __name__ == "__main__":
    print(ensure())
