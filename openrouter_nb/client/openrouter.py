"""The client: configuration, one transport for each event loop, and the resources."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Self

from openrouter_nb.client import background_loop, log
from openrouter_nb.client.chat import Chat
from openrouter_nb.client.credentials import (
    DEFAULT_SERVER_URL,
    Destination,
    Secret,
    Source,
    StoredKey,
    resolve_destination,
)
from openrouter_nb.client.key_store import may_be_stored, remedy, revision, stored_key
from openrouter_nb.client.resources.account import Account, Providers
from openrouter_nb.client.resources.models import Models
from openrouter_nb.client.retries import Policy, RetryPolicy, policy_of
from openrouter_nb.client.transport.headers import Attribution, request_headers
from openrouter_nb.client.transport.http_transport import Transport
from openrouter_nb.client.transport.httpx_errors import also_httpx
from openrouter_nb.components.unset import UNSET
from openrouter_nb.errors import ConfigurationError, MissingAPIKeyError, OpenRouterError, RequestTimeoutError
from openrouter_nb.redaction import redact_url, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client.log import DebugLogger
    from openrouter_nb.client.retries import Retries
    from openrouter_nb.client.transport.callers_client import AnyHttpClient, AsyncHttpClient, HttpClient
    from openrouter_nb.client.transport.http_transport import Response

_HEAD_TIMEOUT_S = 120.0
_MIN_SECRET = 16  # characters; a shorter key is a placeholder, such as `test`, which a prompt may contain
_SERVERS = {"production": DEFAULT_SERVER_URL}  # names of OpenRouter's SDK


class OpenRouter(Account):
    """A client of OpenRouter's API, asynchronous, with blocking twins of its calls.

    Arguments are those of OpenRouter's Python SDK, in its order; those after `debug_logger` are not in it.

    Args:
        api_key: The key, or a function that returns it, or what `ask_api_key()` returned. None takes
            `OPENROUTER_API_KEY` from the environment, else the key in the system's keyring for service `openrouter-nb`,
            user `api_key`, if the package `keyring` is installed: `ask_api_key(store=True)` stores it; else the secret
            `OPENROUTER_API_KEY` of Colab.
        http_referer: URL of the app, for attribution. None takes `OPENROUTER_HTTP_REFERER`.
        x_open_router_title: Name of the app, for attribution. None takes `OPENROUTER_X_OPEN_ROUTER_TITLE`,
            `OPENROUTER_APP_TITLE` or `OPENROUTER_X_TITLE`.
        x_open_router_categories: Categories of the app, with commas. None takes `OPENROUTER_X_OPEN_ROUTER_CATEGORIES` or
            `OPENROUTER_APP_CATEGORIES`.
        server: The server by name: `production`, the default, is `https://openrouter.ai/api/v1`.
        url_params: Values for `{name}` in `server_url`.
        server_url: Base URL with `/api/v1`. None takes `OPENROUTER_BASE_URL`, else `https://openrouter.ai/api/v1`.
            A key from the environment or a store is never sent to a `server_url` on another machine.
        client: An `httpx.Client`, or an object with its `build_request` and `send`, for blocking calls. It is used with
            its own headers, timeouts, proxies and redirects, and not closed. Ctrl-C ends the wait for it at once, and
            its request with the next part of the answer.
        async_client: An `httpx.AsyncClient` for awaited calls, likewise. It works on the event loop it was created for.
        retry_config: How failed requests are repeated: a `RetryConfig` as in OpenRouter's SDK, a `RetryPolicy`, or None
            for no retries. UNSET: `RetryPolicy()`, at most two retries within 90 s.
        timeout_ms: Milliseconds to wait for the first event and between events. None: 120,000.
        debug_logger: Receives each request and response by its method `debug`, with body and without key.
        x_title: Older name of `x_open_router_title`.
        http_client: An HTTP client for blocking and awaited calls.

    Raises:
        ValueError: `server` is unknown.

    `OPENROUTER_DEBUG=1` logs each request to the logger `openrouter_nb`, without key and prompt; `OPENROUTER_DEBUG=body`
    also logs request bodies.

    Example:
        >>> from openrouter_nb import OpenRouter
        >>> with OpenRouter() as open_router:  # doctest: +SKIP
        ...     result = open_router.chat.send(model="openai/gpt-5-mini", messages=[{"role": "user", "content": "Hi"}])
        ...     print(result.text)
    """

    def __init__(  # noqa: PLR0917 - the order of OpenRouter's SDK
        self,
        api_key: str | Secret | Callable[[], str] | None = None,
        http_referer: str | None = None,
        x_open_router_title: str | None = None,
        x_open_router_categories: str | None = None,
        server: str | None = None,
        url_params: Mapping[str, str] | None = None,
        server_url: str | None = None,
        client: HttpClient | None = None,
        async_client: AsyncHttpClient | None = None,
        retry_config: Retries = UNSET,
        timeout_ms: int | None = None,
        debug_logger: DebugLogger | None = None,
        *,
        x_title: str | None = None,
        http_client: AnyHttpClient | None = None,
    ) -> None:
        # A string is wrapped at once, so that no attribute of this object shows it.
        api_key = Secret(api_key) if isinstance(api_key, str) else api_key
        self._api_key = api_key.reveal if isinstance(api_key, Secret) else api_key
        self._stored_key: StoredKey | None = None
        # The revision of the stored key when it was read: once for each revision.
        self._looked_up: int | None = None
        self._server_url = _server_url(server, server_url, url_params or {})
        self._timeout_ms = timeout_ms
        self._policy = RetryPolicy() if retry_config is UNSET else policy_of(retry_config)
        self._attribution = Attribution(
            http_referer, x_open_router_title or x_title, x_open_router_categories
        )
        self._clients = client or http_client, async_client or http_client
        self._log = log.ExchangeLog(debug_logger)
        self._transports: dict[asyncio.AbstractEventLoop, Transport] = {}
        self.chat: Chat = Chat(self)
        self.models: Models = Models(self)
        self.providers: Providers = Providers(self)
        log.follow_environment()

    def __repr__(self) -> str:
        shown = redact_url(self._server_url) if self._server_url else None
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
        head_timeout: float | None = None,
        needs_key: bool = True,
        management: bool = False,
    ) -> Response:
        """Send one request and return its response, whatever its status; the caller closes it.

        Args:
            method: HTTP method.
            path: Path below `/api/v1`, with a leading slash.
            body: JSON text.
            accept: Media type to ask for.
            server_url: Another server for this call.
            headers: Further headers, except `Authorization`.
            head_timeout: Seconds to wait for the response's head. None: 120, or less if a client of the caller gives up.
            needs_key: Whether to raise if there is no key.
            management: Whether to prefer `OPENROUTER_MANAGEMENT_KEY` to `OPENROUTER_API_KEY`.

        Raises:
            ConfigurationError: no key, a key in the body, or an invalid address.
            NoResponseError: no response came.
        """
        if self._key_may_be_stored():
            # In a thread: a store may prompt the user, and the loop must still deliver interrupts.
            await asyncio.to_thread(self._stored)
        try:
            destination = self._destination(server_url, needs_key=needs_key, management=management)
        except MissingAPIKeyError:
            self._looked_up = None  # the user may permit the next request to read it
            raise
        secret = destination.secret
        all_headers = request_headers(
            self._attribution, accept=accept, has_body=body is not None, further=headers
        )
        if secret and len(secret.reveal()) >= _MIN_SECRET:
            remember(secret.reveal)
            if body and secret.reveal().encode() in body:
                raise ConfigurationError(
                    "The request holds the API key, which no model should read. Nothing was sent."
                )
            if any(secret.reveal() in f"{name}: {value}" for name, value in all_headers.items()):
                raise ConfigurationError(
                    "A header holds the API key, which is sent as `Authorization` only. Nothing was sent."
                )
        transport = self._transport()
        url = destination.base_url + path
        started = self._log.request(method, url, body)
        limit = head_timeout or _HEAD_TIMEOUT_S
        try:
            async with asyncio.timeout(limit):
                response = await transport.open(
                    method, url, headers=all_headers, content=body, secret=secret, timeout_s=head_timeout
                )
        except TimeoutError:
            kind = also_httpx(RequestTimeoutError, "ReadTimeout")
            raise kind(f"No answer came within {limit:g} s.", retryable=True) from None
        self._log.response(method, url, response, started)
        return response

    @property
    def credentials_source(self) -> Source | None:
        """The source of the key in use; None if there is no key, or none may be sent to this server."""
        try:
            return self._destination().source
        except OpenRouterError:
            return None

    def server(self, server_url: str | None = None) -> tuple[str, bool]:
        """Return the base URL that requests go to, and whether it is on this machine.

        Raises:
            ConfigurationError: the address is invalid.
        """
        destination = self._destination(server_url, needs_key=False)
        return destination.base_url, destination.is_local

    def retry_policy(self, retries: Retries = UNSET) -> Policy:
        """Return the policy of a call that was given `retries`."""
        return self._policy if retries is UNSET else policy_of(retries)

    @property
    def default_timeout_ms(self) -> int | None:
        """Milliseconds given at construction, or None."""
        return self._timeout_ms

    def _destination(
        self, server_url: str | None = None, *, needs_key: bool = True, management: bool = False
    ) -> Destination:
        return resolve_destination(
            self._api_key,
            server_url or self._server_url,
            _management_setting if management else os.getenv,
            stored=self._stored,
            needs_key=needs_key,
            remedy=remedy(),
        )

    def _key_may_be_stored(self) -> bool:
        if self._looked_up == revision() or self._api_key is not None or os.environ.get("OPENROUTER_API_KEY"):
            return False
        return may_be_stored()

    def _stored(self) -> StoredKey | None:
        if self._looked_up != (now := revision()):
            self._stored_key, self._looked_up = stored_key(), now
        return self._stored_key

    def _transport(self) -> Transport:
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        if transport is None:
            # Weak keys would not do this, because a connection refers to its loop: 200 times `asyncio.run` left 200 sockets.
            for ended in [other for other in list(self._transports) if other.is_closed()]:
                self._transports.pop(ended, None)
            client, async_client = self._clients
            transport = self._transports[loop] = Transport(
                client=client if background_loop.runs_here() else async_client
            )
        return transport

    async def aclose(self) -> None:
        """Close the connections of the running event loop, and those of other loops once they are idle."""
        running = asyncio.get_running_loop()
        # One after the other: a request that begins meanwhile makes a transport, which must not be forgotten unclosed.
        for loop in list(self._transports):
            transport = self._transports.pop(loop, None)
            if transport is not None and loop is running:
                await transport.aclose()
            elif transport is not None and loop.is_running():
                asyncio.run_coroutine_threadsafe(transport.retire(), loop)

    async def aclose_here(self) -> None:
        """Close only the connections of the running event loop."""
        transport = self._transports.pop(asyncio.get_running_loop(), None)
        if transport is not None:
            await transport.aclose()

    def close(self) -> None:
        """Close the connections of blocking calls, and those of event loops once they are idle.

        Optional; the client can be used again afterwards.
        """
        if self._transports:
            background_loop.run_cleanup(self.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _server_url(server: str | None, server_url: str | None, url_params: Mapping[str, str]) -> str | None:
    """Return the base URL for the arguments of OpenRouter's SDK, in which `server_url` replaces `server`."""
    if server and not server_url:
        if server not in _SERVERS:
            raise ValueError(f"Invalid server {server!r}. The only one is 'production'.")
        return _SERVERS[server]
    for name, value in url_params.items():
        server_url = server_url and server_url.replace("{" + name + "}", value)
    return server_url


def _management_setting(name: str) -> str | None:
    return (name == "OPENROUTER_API_KEY" and os.getenv("OPENROUTER_MANAGEMENT_KEY")) or os.getenv(name)
