"""The simulator: a web server on a background thread."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tornado.httpserver import HTTPServer
from tornado.web import RequestHandler

from openrouter_nb.simulator.endpoints.catalog import Catalog
from openrouter_nb.simulator.endpoints.http_handler import application
from openrouter_nb.simulator.endpoints.service import BASE, Service
from openrouter_nb.simulator.local.local_model import MISSING, SLUG, SWITCHED_OFF, local_script
from openrouter_nb.simulator.local.local_process import LocalProcess, find_weights
from openrouter_nb.simulator.request_log import LoggedExchange, ReceivedRequest, RequestLog
from openrouter_nb.simulator.responses.recordings import recorded_scripts
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts import SCRIPTS
from openrouter_nb.simulator.state import State

LOOPBACK = "127.0.0.1"


class Simulator:
    """A local server that speaks OpenRouter's protocol. It runs from construction until `close()`.

    Args:
        recordings: Directory of recorded traffic, served as `recorded/…` models.
        require_key: Whether to answer 401 unless a key that begins with `sk-or-` is sent.
        local: Whether to serve the embedded language model.
        host: Address to listen on.
        port: Port to listen on; 0 for a free one.
        scripts: Additional models; one with a known slug replaces it.
        log: Called on the server's thread for each finished request with method, path, status and milliseconds.

    Raises:
        OSError: The address is not available, or there are no recordings.
    """

    def __init__(
        self,
        *,
        recordings: str | Path | None = None,
        require_key: bool = False,
        local: bool = False,
        host: str = LOOPBACK,
        port: int = 0,
        scripts: Iterable[ScriptedModel] = (),
        log: Callable[[str, str, int, float], None] | None = None,
    ) -> None:
        self._log = RequestLog()
        models = list(SCRIPTS.values())
        if recordings is not None:
            models += recorded_scripts(Path(recordings))
        weights = find_weights() if local else None
        self._local = LocalProcess(weights) if weights else None
        if self._local:
            models.append(local_script(self._local))
        models += scripts
        missing = {} if self._local else {SLUG: MISSING if local else SWITCHED_OFF}
        self.description = describe(recordings=recordings is not None, local=local, weights=weights)
        state = State(
            catalog=Catalog(models, missing), request_log=self._log, require_key=require_key, host=host
        )
        self._released = state.released
        self._application = application(Service(state), _reporter(log))
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Not tornado's bind_sockets, which leaks the socket when the address is in use.
        self._socket = socket.create_server((host, port), family=family, backlog=128)
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        url_host = f"[{host}]" if ":" in host else host
        self.base_url = f"http://{url_host}:{self.port}{BASE}"
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="openrouter-simulator", daemon=True)
        self._thread.start()
        self._started.wait()

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Received requests, oldest first; at most the last 4,000."""
        return self._log.requests()

    @property
    def exchanges(self) -> list[LoggedExchange]:
        """Chat exchanges, oldest first; at most the last 4,000. Unfinished ones have the outcome "running"."""
        return self._log.exchanges()

    def release(self) -> None:
        """Resume one response paused by `simulator.hold_after`, or skip the next such pause."""
        self._loop.call_soon_threadsafe(self._released.release)

    def wait_for_close(self, timeout: float = 30) -> None:
        """Block until no chat exchange is running.

        Args:
            timeout: Seconds.

        Raises:
            TimeoutError: An exchange is still running after that.
        """
        self._log.wait_for_close(timeout)

    def close(self) -> None:
        """Stop listening, close open connections, and wait for the thread. Idempotent."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()
            # Unblock the constructor if serving failed before it started.
            self._started.set()

    async def _serve(self) -> None:
        server = HTTPServer(self._application)
        server.add_socket(self._socket)
        if self._local:
            self._local.start()
        self._started.set()
        await self._stop.wait()
        server.stop()
        self._log.close_all("server closed")
        await server.close_all_connections()
        if self._local:
            self._local.close()
            await self._loop.shutdown_default_executor()


def describe(*, recordings: bool, local: bool, weights: Path | None) -> str:
    """Return one line about the available models."""
    parts = ["simulated answers (demo/...)"]
    if recordings:
        parts.append("recorded traffic (recorded/...)")
    if weights:
        parts.append(f"a real local model ({SLUG})")
    line = f"openrouter-nb simulator: {', '.join(parts)}. Nothing leaves this machine."
    return f"{line} {MISSING}." if local and not weights else line


def _reporter(log: Callable[[str, str, int, float], None] | None) -> Callable[[RequestHandler], None]:
    def report(handler: RequestHandler) -> Any:
        if log is not None:
            request = handler.request
            log(request.method or "", request.path, handler.get_status(), request.request_time() * 1000)

    return report
