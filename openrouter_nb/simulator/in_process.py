"""The simulator without a server: an asynchronous transport of httpx that answers in this process.

It needs no sockets, threads and further packages, so that it runs in JupyterLite. `OPENROUTER_BASE_URL=simulator:` selects it.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

from openrouter_nb.simulator.endpoints.call import HttpRequest
from openrouter_nb.simulator.endpoints.catalog import Catalog
from openrouter_nb.simulator.endpoints.service import Service
from openrouter_nb.simulator.local.local_model import SLUG, SWITCHED_OFF
from openrouter_nb.simulator.request_log import RequestLog
from openrouter_nb.simulator.scripts import SCRIPTS
from openrouter_nb.simulator.state import State


@cache
def request_log() -> RequestLog:
    """Return the log of all simulated requests of this process."""
    return RequestLog()


class _Reply:
    """A response that is read while it is written."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.has_begun = asyncio.Event()
        #: Chunks of the body; None at its end, and the name of httpx's exception for a broken connection.
        self.chunks: asyncio.Queue[bytes | str | None] = asyncio.Queue()

    def set_status(self, status_code: int) -> None:
        self.status = status_code

    def set_header(self, name: str, value: str) -> None:
        self.headers[name] = value

    async def send(self, data: bytes) -> None:
        self._put(data)
        await asyncio.sleep(0)

    def finish(self, data: bytes | None = None) -> None:
        self._put(data or b"")
        self._put(None)

    def cut(self) -> None:
        self._put("RemoteProtocolError")

    def reset(self) -> None:
        self._put("ReadError")

    def _put(self, item: bytes | str | None) -> None:
        self.chunks.put_nowait(item)
        self.has_begun.set()


def in_process_transport(library: Any) -> Any:
    """Return a transport of a library, httpx or httpx2, for one event loop."""
    catalog = Catalog(SCRIPTS.values(), {SLUG: SWITCHED_OFF})
    service = Service(State(catalog=catalog, request_log=request_log(), require_key=False, host=""))

    class SimulatedBody(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, request: Any, reply: _Reply, answering: asyncio.Task[None]) -> None:
            self._request = request
            self._reply = reply
            self._answering = answering

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while (item := await self._reply.chunks.get()) is not None:
                if isinstance(item, str):
                    raise getattr(library, item)(
                        "The connection was closed inside the body", request=self._request
                    )
                if item:
                    yield item

        async def aclose(self) -> None:
            await _end(self._answering)

    class InProcessTransport(library.AsyncBaseTransport):  # type: ignore[misc]
        async def handle_async_request(self, request: Any) -> Any:
            headers = {name.lower(): value for name, value in request.headers.items()}
            uri = request.url.raw_path.decode()
            asked = HttpRequest(request.method, uri, headers, await request.aread())
            reply = _Reply()
            answering = asyncio.create_task(_answer(service, asked, reply))
            try:
                await reply.has_begun.wait()
            except asyncio.CancelledError:
                await _end(answering)
                raise
            body = SimulatedBody(request, reply, answering)
            return library.Response(reply.status, headers=reply.headers, stream=body)

    return InProcessTransport()


async def _answer(service: Service, request: HttpRequest, reply: _Reply) -> None:
    try:
        await service.answer(request, reply)
    except Exception:  # of the simulator itself: logged by asyncio
        reply.cut()
        raise


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
