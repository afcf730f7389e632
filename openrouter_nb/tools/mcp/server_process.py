"""The end of a server process: its exit code, and its last lines on stderr."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_TAIL_BYTES = 16_384
_TAIL_LINES = 12
_TAIL_CHARACTERS = 800
_WAIT_S = 2.0


class ServerProcess:
    """Captures the exit code and the end of stderr. A context manager, entered before the process is started.

    The pipe is read in a thread: the stderr of a kernel has no file number, and a file could grow without limit.

    Args:
        clean: Removes secrets and control characters from the lines.
    """

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._tail = b""
        self._process: Any = None
        self._thread: threading.Thread | None = None
        #: The process writes to this file.
        self.stderr: TextIO

    def __enter__(self) -> Self:
        read, write = os.pipe()
        self.stderr = os.fdopen(write, "w", encoding="utf-8", newline="")
        self._thread = threading.Thread(
            target=self._read, args=(read,), name="stderr of an MCP server", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stderr.close()

    def attach(self, stdio: Any) -> None:
        """Remember the started process, and leave the writing end of the pipe to it.

        Args:
            stdio: The entered context manager `stdio_client` of the package mcp. It has the process in a local variable,
                and nowhere else (versions 1.22 to 2.3). Without it, the exit code is unknown.
        """
        frame = getattr(getattr(stdio, "gen", None), "ag_frame", None)
        self._process = frame.f_locals.get("process") if frame else None
        self.stderr.close()

    async def wait(self) -> None:
        """Wait until the process has ended and its last lines are read, at most 2 s."""
        if self._process is None or self._thread is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_S):
                await self._process.wait()
                await asyncio.to_thread(self._thread.join, _WAIT_S)

    def last_words(self) -> str:
        """Return how the process ended, if it did, and its last lines on stderr; `""` if neither is known."""
        code = getattr(self._process, "returncode", None)
        return " ".join(filter(None, (_exit_text(code), self._lines())))

    def _lines(self) -> str:
        text = self._clean(self._tail.decode(errors="replace"))
        lines = "\n".join([line.rstrip() for line in text.splitlines() if line.strip()][-_TAIL_LINES:])
        return f"Its last lines on stderr:\n{lines[-_TAIL_CHARACTERS:]}" if lines else ""

    def _read(self, descriptor: int) -> None:
        with os.fdopen(descriptor, "rb", buffering=0) as pipe:
            while piece := pipe.read(_TAIL_BYTES):
                self._tail = (self._tail + piece)[-_TAIL_BYTES:]


def _exit_text(code: int | None) -> str:
    if code is None:
        return ""
    if code >= 0:
        return f"It exited with code {code}."
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"It was ended by {name}."
