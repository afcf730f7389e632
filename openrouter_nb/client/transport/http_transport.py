"""HTTP transport on httpx, whose errors it maps to those of this package. No other module imports httpx.

httpx2 has the same interface and is maintained; it is used if it is installed. `OPENROUTER_NB_HTTP=httpx` (or `httpx2`)
overrides that. A client passed by the caller can be of either.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.error_mapping import clean_message, response_arguments
from openrouter_nb.client.streaming.sse import starts_stream
from openrouter_nb.client.transport.callers_client import LIBRARIES, asynchronous, library_of
from openrouter_nb.client.transport.httpx_errors import also_httpx
from openrouter_nb.client.transport.own_client import own_client
from openrouter_nb.errors import (
    ConfigurationError,
    NoResponseError,
    RequestTimeoutError,
    StreamInterruptedError,
    UnexpectedContentError,
)
from openrouter_nb.json_size import JsonSize, JsonTooLargeError
from openrouter_nb.redaction import redact_values

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    import httpx

    from openrouter_nb.client.credentials import Secret
    from openrouter_nb.client.transport.callers_client import AnyHttpClient, ThreadedResponse

_MAX_BODY = 64 * 1024 * 1024


class _Handshake:
    """Closes the connection of a request that is cancelled during the TLS handshake, which httpcore 1.0 leaves open."""

    def __init__(self) -> None:
        self._connection: Any = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Handle a trace event of httpcore (httpx docs, advanced/extensions)."""
        if event.endswith("connect_tcp.complete"):
            self._connection = info["return_value"]
        elif event.endswith(("start_tls.complete", "send_request_headers.started")):
            self._connection = None

    async def abandon(self) -> None:
        """Close the connection if the handshake is not complete."""
        if self._connection is not None:
            await asyncio.shield(self._connection.aclose())


class Response:
    """A response whose body is not read yet.

    Attributes:
        status: HTTP status.
        headers: Names in lower case, without cookies and secrets.
        request: Method and URL.
    """

    def __init__(
        self,
        response: httpx.Response | ThreadedResponse,
        library: Any,
        released: Callable[[], Awaitable[None]],
        request: tuple[str, str],
    ) -> None:
        self._response = response
        self._library = library
        self._released: Callable[[], Awaitable[None]] | None = released
        self._loop = asyncio.get_running_loop()
        self._head: list[bytes] = []  # read by `is_event_stream`
        self._body = _received(self._response, self._library, self._head)
        self.status = response.status_code
        self.request = request
        self.headers: dict[str, str] = redact_values(
            {name.lower(): value for name, value in response.headers.items() if name.lower() != "set-cookie"}
        )

    @property
    def content_type(self) -> str:
        """Media type in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def content_encoding(self) -> str:
        """Compression of the body, in lower case; `identity` for none."""
        return self.headers.get("content-encoding", "identity").strip().lower()

    async def is_event_stream(self) -> bool:
        """Whether the body is an event stream, whatever its content type. Waits for its first bytes.

        Raises:
            StreamInterruptedError: the connection ended inside the body.
        """
        head: list[bytes] = []
        while (found := starts_stream(b"".join(head))) is None:
            if (chunk := await anext(self._body, None)) is None:
                self._body = _again(head)
                return False
            if chunk.strip() or head:  # white space may precede the body, as a keep-alive
                head.append(chunk)
        self._head += head
        return found

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives, undecoded: the request accepts identity encoding only.

        Raises:
            StreamInterruptedError: the connection ended inside the body.
        """
        return self._body

    async def read(self, limit: int | None = None) -> bytes:
        """Return the body, without white space before it, and release the connection.

        Args:
            limit: Return at most this number of bytes. None for the complete body.

        Raises:
            StreamInterruptedError: the connection ended inside the body.
            UnexpectedContentError: the complete body is larger than 64 MiB, or would take too much memory as JSON.
        """
        parts: list[bytes] = []
        size, json_size = 0, JsonSize()
        try:
            async for chunk in self.chunks():
                size += len(chunk)
                # Keep-alive white space may precede an answer.
                if piece := chunk if parts else chunk.lstrip():
                    parts.append(piece)
                if limit is None:
                    json_size.add(piece)
                    if size > _MAX_BODY:
                        raise JsonTooLargeError(f"more than {_MAX_BODY} bytes")
                elif size >= limit:
                    break
        except JsonTooLargeError as error:
            raise UnexpectedContentError(
                f"The answer was stopped: it has {error}.",
                status_code=self.status,
                **response_arguments(self),
            ) from None
        finally:
            await self.aclose()
        return b"".join(parts)[:limit]

    async def aclose(self) -> None:
        """Close the response, and the connection unless the body was read to its end."""
        if asyncio.get_running_loop() is not self._loop:
            self._close_later()
            return
        # Shielded: a cancelled task must still close it, or the service continues an answer that is billed.
        await asyncio.shield(self._close())

    def _close_later(self) -> None:
        """Close the response on its event loop."""
        # Nowhere else: a forked child shares the selector of its parent. If it closed the socket, the parent would wait for
        # data until the timeout. In the child, the loop is a copy that does not run.
        if self._released is not None and self._loop.is_running():
            asyncio.run_coroutine_threadsafe(self._drop(), self._loop)

    async def _close(self) -> None:
        released, self._released = self._released, None
        try:
            await self._response.aclose()
        finally:
            if released is not None:
                await released()

    def __del__(self) -> None:
        # A response that was abandoned without `with`, or by an interrupt before it: the service would continue the answer.
        if hasattr(self, "_released"):
            self._close_later()

    async def _drop(self) -> None:
        # The loop finalizes the unreferenced generator of the body at the same time: either closes the connection.
        with contextlib.suppress(RuntimeError):
            await self._close()


class Transport:
    """An HTTP client that belongs to one event loop.

    Args:
        connect_timeout: Seconds to reach the server.
        client: A client of the caller, asynchronous or blocking, used with its own settings and not closed.

    Raises:
        ConfigurationError: the client is not one, or the proxies or certificates set in the environment cannot be used.
    """

    def __init__(self, *, connect_timeout: float = 10.0, client: AnyHttpClient | None = None) -> None:
        self._owned = client is None
        self._library = None if client else installed_library()
        self._client: Any = asynchronous(client) if client else own_client(self._library, connect_timeout)
        # A key is sent as it is, whatever the caller's client authenticates with.
        self._without_auth = {"auth": None} if getattr(client, "auth", None) else {}
        self._in_use = 0  # requests whose response is not closed yet
        self._retired = False

    async def open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        secret: Secret | None,
        timeout_s: float | None = None,
    ) -> Response:
        """Send a request and return when the response's head is there.

        Args:
            method: HTTP method.
            url: The complete address.
            headers: Headers, except `Authorization`.
            content: The body.
            secret: The key.
            timeout_s: Seconds for each step of the caller's client, instead of its timeouts.

        Raises:
            NoResponseError: no response came, and why.
            RequestTimeoutError: none came in time.
            UnexpectedContentError: its body is compressed, which the request did not allow.
        """
        self._in_use += 1
        try:
            response = await self._send(
                method, url, {**headers, "accept-encoding": "identity"}, content, secret, timeout_s
            )
        except BaseException:
            await asyncio.shield(self._released())
            raise
        opened = Response(response, self._library, self._released, (method, url))
        if (encoding := opened.content_encoding) != "identity":
            # Small on the wire and without an end in memory: such a body is not looked at.
            await opened.aclose()
            raise UnexpectedContentError(
                f"The server encoded its answer ({clean_message(encoding)[:40]}), unasked.",
                status_code=opened.status,
                **response_arguments(opened),
            )
        return opened

    async def _send(  # noqa: PLR0917 - the arguments of `open`, without their names
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        secret: Secret | None,
        timeout_s: float | None,
    ) -> httpx.Response | ThreadedResponse:
        handshake = _Handshake()
        options: dict[str, Any] = {}
        if self._owned:
            options["extensions"] = {"trace": handshake.trace}
        elif timeout_s is not None:
            options["timeout"] = timeout_s
        request = self._client.build_request(method, url, headers=headers, content=content, **options)
        self._library = self._library or library_of(request)
        if secret:
            request.headers["Authorization"] = f"Bearer {secret.reveal()}"
        try:
            response: httpx.Response | ThreadedResponse = await self._client.send(
                request, stream=True, **self._without_auth
            )
        except self._library.TimeoutException as error:
            raise also_httpx(RequestTimeoutError, type(error).__name__)(
                _sentence(error, "The server could not be reached in time"), retryable=True
            ) from None
        except (self._library.HTTPError, self._library.InvalidURL, self._library.StreamError) as error:
            raise also_httpx(NoResponseError, type(error).__name__)(
                _sentence(error, "No answer came from the server"), retryable=True
            ) from None
        except asyncio.CancelledError:
            await handshake.abandon()
            raise
        return response

    async def aclose(self) -> None:
        """Close all connections, those in use as well."""
        if self._owned:
            await self._client.aclose()

    async def retire(self) -> None:
        """Close all connections as soon as none is in use: for callers on other event loops."""
        self._retired = True
        if not self._in_use:
            await self.aclose()

    async def _released(self) -> None:
        self._in_use -= 1
        if self._retired and not self._in_use:
            await self.aclose()


def installed_library() -> Any:
    """Return httpx2 or httpx. Not decided at import, which must not read the environment."""
    wanted = os.environ.get("OPENROUTER_NB_HTTP")
    for name in (wanted,) if wanted in LIBRARIES else LIBRARIES:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    raise ConfigurationError(f"{wanted or 'httpx'} is not installed. Nothing was sent.")


async def _received(response: Any, library: Any, head: list[bytes]) -> AsyncIterator[bytes]:
    """Yield the body. What is put into `head` is yielded again, before the next chunk."""
    # Not a method: a response that refers to itself would keep the connection open until the garbage is collected.
    try:
        if response.is_stream_consumed:  # a response of the caller's client that was made of its content
            yield response.content
        else:
            async for chunk in response.aiter_raw():
                yield chunk
                while head:
                    yield head.pop(0)
        while head:
            yield head.pop(0)
    except (library.HTTPError, library.StreamError) as error:
        raise StreamInterruptedError(
            _sentence(error, "The connection broke while the answer was arriving")
        ) from None


async def _again(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def _sentence(error: Any, what: str) -> str:
    # Only the text of httpx's error, because its request attribute holds the headers. It may quote the server's data.
    detail = clean_message(str(error)).strip().rstrip(".") or type(error).__name__
    return f"{what}: {detail}."
