"""The HTTP server's side of a request."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

from openrouter_nb.simulator.api_errors import error_body
from openrouter_nb.simulator.endpoints.call import HttpRequest
from openrouter_nb.simulator.endpoints.service import Service
from openrouter_nb.simulator.responses.response_writer import JSON
from openrouter_nb.simulator.responses.sse import dump


class HttpHandler(RequestHandler):
    """Lets the service answer a request, until the client disconnects."""

    _answering: asyncio.Task[None] | None = None

    def initialize(self, service: Service) -> None:
        """Set what answers."""
        self._service = service

    async def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.request.headers.items()}
        request = HttpRequest(
            self.request.method or "",
            self.request.uri or "",
            {"host": self.request.host, **headers},
            self.request.body,
        )
        self._answering = asyncio.ensure_future(self._service.answer(request, self))
        with contextlib.suppress(asyncio.CancelledError):
            await self._answering

    get = head = post = put = patch = delete = options = _answer

    def on_connection_close(self) -> None:
        """Cancel the response when the client closes the connection."""
        if self._answering is not None:
            self._answering.cancel()

    async def send(self, data: bytes) -> None:
        """Write and flush one network chunk."""
        self.write(data)
        try:
            await self.flush()
        except StreamClosedError:
            raise asyncio.CancelledError from None

    def cut(self) -> None:
        """Close the connection inside the body, without the last HTTP chunk."""
        self.request.connection.stream.close()  # type: ignore[union-attr]

    def reset(self) -> None:
        """Reset the connection with a TCP RST."""
        stream = self.request.connection.stream  # type: ignore[union-attr]
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer failures of the server in OpenRouter's JSON, too."""
        self.set_header("Content-Type", JSON)
        self.finish(dump(error_body(status_code, self._reason)))


def application(service: Service, log: Callable[[RequestHandler], None]) -> Application:
    """Return the web application.

    Args:
        service: What answers.
        log: Called for each finished request.
    """
    return Application([(".*", HttpHandler, {"service": service})], log_function=log)
