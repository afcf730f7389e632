"""The client: configuration, one transport for each event loop, and the parts that hang on it."""

from __future__ import annotations

import asyncio
import os
import re
import weakref
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.client import blocking
from openrouter_nb.client.chat import Chat
from openrouter_nb.client.credentials import Secret, resolve_destination
from openrouter_nb.client.transport import Transport
from openrouter_nb.errors import ConfigurationError, RequestTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client.transport import Response

_USER_AGENT = "openrouter-nb"
_USER_INFO = re.compile(r"//[^/]*@")


class OpenRouter:
    """A client of OpenRouter's API, thin and asynchronous, with blocking twins of its calls.

    Args:
        api_key: The key, or a function that returns it. None takes `OPENROUTER_API_KEY` from the environment.
        server_url: Base URL with `/api/v1`. None takes `OPENROUTER_BASE_URL`, else `https://openrouter.ai/api/v1`.
            A key from the environment is never sent to a `server_url` on another machine.
        timeout_ms: Milliseconds to wait for the first event and between events. None: 120,000.
        http_referer: URL of the app, for attribution. None takes `OPENROUTER_HTTP_REFERER`.
        x_title: Name of the app, for attribution. None takes `OPENROUTER_X_TITLE`.
        http_client: An `httpx.AsyncClient` to use instead of an own one. It is never closed here and serves one
            event loop: the one it was made for.

    Example:
        >>> from openrouter_nb import OpenRouter
        >>> with OpenRouter() as open_router:  # doctest: +SKIP
        ...     result = open_router.chat.send(model="openai/gpt-5-mini", messages=[{"role": "user", "content": "Hi"}])
        ...     print(result.text)
    """

    def __init__(
        self,
        api_key: str | Callable[[], str] | None = None,
        *,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        http_referer: str | None = None,
        x_title: str | None = None,
        http_client: Any = None,
    ) -> None:
        # A string is boxed at once, so that no attribute of this object shows it.
        self._api_key = Secret(api_key).reveal if isinstance(api_key, str) else api_key
        self._server_url = server_url
        self._timeout_ms = timeout_ms
        self._http_referer = http_referer
        self._x_title = x_title
        self._http_client = http_client
        self._transports: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Transport] = (
            weakref.WeakKeyDictionary()
        )
        self.chat = Chat(self)

    def __repr__(self) -> str:
        shown = _USER_INFO.sub("//", self._server_url) if self._server_url else None
        return f"OpenRouter(server_url={shown!r})"

    async def open(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        accept: str = "application/json",
        server_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        head_timeout: float = 120.0,
    ) -> Response:
        """Send one request and return its response, whatever its status; the caller closes it.

        Args:
            method: HTTP method.
            path: Path below `/api/v1`, with a leading slash.
            body: JSON text.
            accept: Media type to ask for.
            server_url: Another server for this call.
            headers: Further headers; `Authorization` is not among what they may set.
            head_timeout: Seconds to wait for the response's head.

        Raises:
            ConfigurationError: no key, a key in the body, or an address that cannot be.
            NoResponseError: no response came.
        """
        destination = resolve_destination(self._api_key, server_url or self._server_url, os.getenv)
        secret = destination.secret
        if secret and body and secret.reveal().encode() in body:
            raise ConfigurationError(
                "The request holds the API key, which no model should read. Nothing was sent."
            )
        try:
            async with asyncio.timeout(head_timeout):
                return await self._transport().open(
                    method,
                    destination.base_url + path,
                    headers=self._headers(accept, body is not None, headers),
                    content=body,
                    secret=secret,
                )
        except TimeoutError:
            raise RequestTimeoutError(f"No answer came within {head_timeout:g} s.", retryable=True) from None

    @property
    def default_timeout_ms(self) -> int | None:
        """Milliseconds given at construction, or None."""
        return self._timeout_ms

    def _headers(self, accept: str, has_body: bool, further: Mapping[str, str] | None) -> dict[str, str]:
        headers = {"accept": accept, "user-agent": _USER_AGENT}
        if has_body:
            headers["content-type"] = "application/json"
        if referer := self._http_referer or os.environ.get("OPENROUTER_HTTP_REFERER"):
            headers["http-referer"] = referer
        if title := self._x_title or os.environ.get("OPENROUTER_X_TITLE"):
            headers["x-openrouter-title"] = title
        for name, value in (further or {}).items():
            if name.strip().lower() == "authorization":
                raise ConfigurationError("Pass the key as api_key=, not as a header. Nothing was sent.")
            headers[name.lower()] = value
        for name, value in headers.items():
            if not (isinstance(value, str) and value.isascii() and value.isprintable()):
                raise ConfigurationError(f"The header {name!r} must be plain ASCII text. Nothing was sent.")
        return headers

    def _transport(self) -> Transport:
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        if transport is None:
            transport = self._transports[loop] = Transport(client=self._http_client)
        return transport

    async def aclose(self) -> None:
        """Close the connections of the running event loop, and ask other loops that still run to close theirs."""
        running = asyncio.get_running_loop()
        for loop, transport in list(self._transports.items()):
            if loop is running:
                await transport.aclose()
            elif loop.is_running():
                asyncio.run_coroutine_threadsafe(transport.aclose(), loop)
        self._transports.clear()

    def close(self) -> None:
        """Close all connections. Not needed for correctness; a client can be used again afterwards."""
        if self._transports:
            blocking.run(self.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
