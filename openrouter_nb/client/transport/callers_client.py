"""HTTP clients that the caller passes: their interfaces, and a blocking one used from the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import socket
import sys
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from openrouter_nb.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

T = TypeVar("T")

LIBRARIES = ("httpx2", "httpx")


@runtime_checkable
class HttpClient(Protocol):
    """A blocking client, such as `httpx.Client`."""

    @property
    def build_request(self) -> Callable[..., Any]:
        """Returns a request with the client's headers. Arguments: method, URL, `headers`, `content`, `timeout`."""

    @property
    def send(self) -> Callable[..., Any]:
        """Sends a request and returns its response, with `stream=True` once its head has arrived."""


@runtime_checkable
class AsyncHttpClient(Protocol):
    """An asynchronous client, such as `httpx.AsyncClient`."""

    @property
    def build_request(self) -> Callable[..., Any]:
        """Returns a request, as for `HttpClient`."""

    @property
    def send(self) -> Callable[..., Coroutine[Any, Any, Any]]:
        """Sends a request and returns its response, as for `HttpClient`."""


if TYPE_CHECKING:
    AnyHttpClient = HttpClient | AsyncHttpClient


def asynchronous(client: AnyHttpClient) -> Any:
    """Return a caller's client with an asynchronous `send`.

    Raises:
        ConfigurationError: it is not an HTTP client.
    """
    if not isinstance(client, HttpClient):
        raise ConfigurationError(
            "The HTTP client must be an httpx.AsyncClient or an httpx.Client. Nothing was sent."
        )
    return client if inspect.iscoroutinefunction(client.send) else ThreadedClient(client)


def library_of(request: object) -> Any:
    """Return the library, httpx or httpx2, that made a request of a caller's client.

    Raises:
        ConfigurationError: neither did.
    """
    for kind in type(request).__mro__:
        if (name := kind.__module__.partition(".")[0]) in LIBRARIES:
            return sys.modules[name]
    raise ConfigurationError("The HTTP client must build requests of httpx. Nothing was sent.")


class ThreadedClient:
    """A blocking client, used from an event loop: each of its calls runs in a separate thread."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self.build_request = client.build_request

    async def send(self, request: Any, **options: Any) -> ThreadedResponse:
        """Send a request. If this is cancelled, its response is closed as soon as its head has arrived."""
        cancelled = threading.Event()

        def send() -> Any:
            response = self._client.send(request, **options)
            if cancelled.is_set():
                response.close()
            return response

        try:
            return ThreadedResponse(await _in_thread(send))
        except asyncio.CancelledError:
            cancelled.set()
            raise


class ThreadedResponse:
    """A response of a blocking client, with the asynchronous methods of `httpx.Response` that the transport uses."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self.status_code = response.status_code
        self.headers = response.headers
        self._lock = threading.Lock()
        self._is_reading = False
        self._is_closed = False

    @property
    def is_stream_consumed(self) -> bool:
        """Whether the body is in `content` already."""
        return bool(self._response.is_stream_consumed)

    @property
    def content(self) -> bytes:
        """The body, if it has been read."""
        content: bytes = self._response.content
        return content

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives."""
        parts = self._response.iter_raw()

        def read() -> bytes | None:
            try:
                return next(parts, None)
            finally:
                with self._lock:
                    self._is_reading = False
                    is_closed = self._is_closed
                if is_closed:
                    self._response.close()

        while not self._is_closed:
            self._is_reading = True
            if (part := await _in_thread(read)) is None:
                return
            yield part

    async def aclose(self) -> None:
        """Close the response; end a read that another thread is waiting for."""
        with self._lock:
            self._is_closed = True
            is_reading = self._is_reading
        if not is_reading:
            await _in_thread(self._response.close)
        elif stream := self._response.extensions.get("network_stream"):
            # Closing the socket does not end `recv` in another thread, shutting it down does.
            with contextlib.suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


async def _in_thread(function: Callable[[], T]) -> T:
    """Call a function in a daemon thread, which the interpreter does not wait for, as it does for `asyncio.to_thread`."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(value)  # type: ignore[arg-type]
        else:
            done.set_exception(error)

    def run() -> None:
        value, error = None, None
        try:
            value = function()
        except BaseException as caught:  # noqa: BLE001 - raised in the coroutine
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return await done
