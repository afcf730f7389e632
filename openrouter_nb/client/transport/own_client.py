"""The HTTP client that is used unless the caller passes one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.credentials import LOOPBACK, SIMULATOR_HOST
from openrouter_nb.client.transport.fetch_transport import fetch_transport
from openrouter_nb.client.transport.proxies import NoProxy, environment_proxies
from openrouter_nb.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping


def own_client(library: Any, connect_timeout: float) -> Any:
    """Return an `AsyncClient` of a library, httpx or httpx2, with the proxies and certificates of the environment.

    Args:
        library: The library.
        connect_timeout: Seconds to reach the server.

    Raises:
        ConfigurationError: these proxies or certificates cannot be used.
    """
    # No pool limit: httpx 0.28 loses the slots of requests cancelled during the TLS handshake.
    timeout = library.Timeout(None, connect=connect_timeout, write=30.0, pool=10.0)
    if transport := fetch_transport(library):
        router = TransportRouter(library, transport, {})
        return library.AsyncClient(transport=router, timeout=timeout, follow_redirects=False)
    limits = library.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=30.0)
    try:
        tls = library.create_ssl_context()
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "The certificates that the environment names (SSL_CERT_FILE, SSL_CERT_DIR) cannot be used"
            f" ({type(error).__name__}). Nothing was sent."
        ) from None
    proxied = {}
    for scheme, proxy in environment_proxies().items():
        try:
            proxied[scheme] = library.AsyncHTTPTransport(verify=tls, limits=limits, proxy=proxy.url)
        except (OSError, ValueError, library.InvalidURL):
            # Without the text of the error, which quotes the address with its password.
            raise ConfigurationError(
                f"The proxy that {proxy.variable} names cannot be used: its address is not valid. Nothing was sent."
            ) from None
    return library.AsyncClient(
        transport=TransportRouter(library, library.AsyncHTTPTransport(verify=tls, limits=limits), proxied),
        timeout=timeout,
        follow_redirects=False,
    )


class TransportRouter:
    """A transport of httpx that sends each request through the proxy of its scheme, directly, or to the simulator in this process.

    httpx 0.28 has such a selection, but fails at `NO_PROXY` with brackets and does not support networks.

    Args:
        library: The library.
        direct: The transport without a proxy.
        proxied: The transport with a proxy for each scheme that has one.
    """

    def __init__(self, library: Any, direct: Any, proxied: Mapping[str, Any]) -> None:
        self._library = library
        self._direct = direct
        self._proxied = dict(proxied)
        self._no_proxy = NoProxy()

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request."""
        url = request.url
        if url.host == SIMULATOR_HOST:
            return await self._simulator.handle_async_request(request)
        transport = self._proxied.get(url.scheme, self._direct)
        # No proxy for this machine: over plain http it could read the key.
        if url.host in LOOPBACK or self._no_proxy.covers(url.scheme, url.host, url.port):
            transport = self._direct
        return await transport.handle_async_request(request)

    @cached_property
    def _simulator(self) -> Any:
        from openrouter_nb.simulator.in_process import in_process_transport

        return in_process_transport(self._library)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in (self._direct, *self._proxied.values()):
            await transport.aclose()
