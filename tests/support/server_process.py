"""Servers of frontends, as separate processes on a port of this machine."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

PATIENCE_S = 60


def free_port() -> int:
    """Return a port that no program uses, below those that kernels beside this test take before the server does."""
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class ServerProcess:
    """A server that answers at `url` inside the `with` block. Its processes end with the block.

    Args:
        command: The program and its arguments; `{port}` is replaced.
        cwd: Its folder.
        log: File for its output.
        env: Variables that are added to those of this process.
        health: Path of a page that a running server answers with 200.
        headers: Headers of that request.
    """

    def __init__(
        self,
        command: list[str],
        *,
        cwd: Path,
        log: Path,
        env: dict[str, str],
        health: str = "/",
        headers: dict[str, str] | None = None,
    ) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._command = [part.replace("{port}", str(port)) for part in command]
        self._cwd = cwd
        self._log = log
        self._env = env
        self._health = urllib.request.Request(self.url + health, headers=headers or {})

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env={**os.environ, **self._env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # ends its kernels, too
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def log(self) -> str:
        """Output of the server and its kernels."""
        return self._log.read_text(errors="replace")

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(self._health, timeout=PATIENCE_S):
                return
            time.sleep(0.05)  # polls a socket that the process has not opened yet
        raise RuntimeError(f"the server did not start:\n{self.log[-3000:]}")


def voila(notebook: Path, env: dict[str, str]) -> ServerProcess:
    """Return Voila with this notebook as its page."""
    # A page runs the notebook, so the probe requests a file.
    options = ["--no-browser", "--Voila.ip=127.0.0.1", "--port={port}"]
    return ServerProcess(
        [sys.executable, "-m", "voila", notebook.name, *options],
        cwd=notebook.parent,
        log=notebook.with_suffix(".log"),
        env=env,
        health="/voila/static/voila.js",
    )


def marimo(notebook: Path, mode: str, env: dict[str, str]) -> ServerProcess:
    """Return marimo with this notebook as its page: `edit` or `run`."""
    options = ["--headless", "--no-token", "--host", "127.0.0.1", "--port", "{port}"]
    more = ["--skip-update-check"] if mode == "edit" else []
    return ServerProcess(
        [sys.executable, "-m", "marimo", "-q", mode, notebook.name, *options, *more],
        cwd=notebook.parent,
        log=notebook.with_suffix(".log"),
        env=env,
        health="/health",
    )
