"""HTTP, and the only module that knows httpx: bytes out, bytes in, failures as our own errors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

from openrouter_nb.client.credentials import LOOPBACK
from openrouter_nb.client.failures import scrub
from openrouter_nb.errors import NoResponseError, RequestTimeoutError, StreamInterruptedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Mapping

    from openrouter_nb.client.credentials import Secret

_MAX_BODY = 256 * 1024 * 1024


class _Bearer(httpx.Auth):
    """Writes the Authorization header at the last moment, so that no other object ever holds it."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._secret.reveal()}"
        yield request


class Response:
    """One response, its body not read yet.

    Attributes:
        status: HTTP status.
        headers: Names in lower case, without cookies.
    """

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: dict[str, str] = {
            name.lower(): value for name, value in response.headers.items() if name.lower() != "set-cookie"
        }

    @property
    def content_type(self) -> str:
        """Media type in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives, undecoded: the request asked for identity encoding.

        Raises:
            StreamInterruptedError: the connection ended inside the body.
        """
        try:
            async for chunk in self._response.aiter_raw():
                yield chunk
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise StreamInterruptedError(
                _sentence(error, "The connection broke while the answer was arriving")
            ) from None

    async def read(self, limit: int = _MAX_BODY) -> bytes:
        """Return the body, at most `limit` bytes of it, and release the connection.

        Raises:
            StreamInterruptedError: the connection ended inside the body.
        """
        parts: list[bytes] = []
        size = 0
        try:
            async for chunk in self.chunks():
                parts.append(chunk)
                size += len(chunk)
                if size >= limit:
                    break
        finally:
            await self.aclose()
        return b"".join(parts)[:limit]

    async def aclose(self) -> None:
        """Close the response; where the body has not been read to its end, that closes the connection."""
        # Shielded: a cancelled task must still close, or the service goes on writing an answer that is paid for.
        await asyncio.shield(self._response.aclose())


class Transport:
    """An HTTP client that belongs to one event loop.

    Args:
        connect_timeout: Seconds to reach the server.
        client: An `httpx.AsyncClient` of the caller's, used as it is and never closed here.
    """

    def __init__(self, *, connect_timeout: float = 10.0, client: httpx.AsyncClient | None = None) -> None:
        self._owned = client is None
        self._client = client or httpx.AsyncClient(
            # Without the pool's limit: httpx 0.28 loses the slots of requests cancelled during the TLS handshake.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=30.0),
            timeout=httpx.Timeout(None, connect=connect_timeout, write=30.0, pool=10.0),
            follow_redirects=False,
            # This machine is reached without a proxy, which over plain http would read the key.
            mounts=dict.fromkeys(f"all://[{host}]" if ":" in host else f"all://{host}" for host in LOOPBACK),
        )

    async def open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        secret: Secret | None,
    ) -> Response:
        """Send a request and return when the response's head is there.

        Raises:
            NoResponseError: no response came, and why.
            RequestTimeoutError: none came in time.
        """
        sent = {**headers, "accept-encoding": "identity"}
        request = self._client.build_request(method, url, headers=sent, content=content)
        auth = _Bearer(secret) if secret else None
        try:
            response = await self._client.send(request, stream=True, auth=auth, follow_redirects=False)
        except httpx.TimeoutException as error:
            raise RequestTimeoutError(
                _sentence(error, "The server could not be reached in time"), retryable=True
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise NoResponseError(
                _sentence(error, "No answer came from the server"), retryable=True
            ) from None
        return Response(response)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._owned:
            await self._client.aclose()


def _sentence(error: Any, what: str) -> str:
    # Only the text of httpx's error: its request attribute holds the headers. It may quote what the server sent.
    detail = scrub(str(error)).strip().rstrip(".") or type(error).__name__
    return f"{what}: {detail}."
