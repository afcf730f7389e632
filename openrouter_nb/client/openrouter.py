"""The client: configuration, one transport for each event loop, and the resources."""

from __future__ import annotations

import asyncio
import os
import re
import time
import weakref
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.client import background_loop, log
from openrouter_nb.client.chat import Chat
from openrouter_nb.client.credentials import Destination, Secret, Source, resolve_destination
from openrouter_nb.client.key_store import keyring_is_installed, revision, stored_key
from openrouter_nb.client.resources.account import Account, Providers
from openrouter_nb.client.resources.models import Models
from openrouter_nb.client.retries import Policy, RetryPolicy, policy_of
from openrouter_nb.client.transport.headers import Attribution, request_headers
from openrouter_nb.client.transport.http_transport import Transport
from openrouter_nb.components.unset import UNSET
from openrouter_nb.errors import ConfigurationError, OpenRouterError, RequestTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client.retries import Retries
    from openrouter_nb.client.transport.http_transport import Response

_USER_INFO = re.compile(r"//[^/]*@")


class OpenRouter(Account):
    """A client of OpenRouter's API, asynchronous, with blocking twins of its calls.

    Args:
        api_key: The key, or a function that returns it, or what `ask_api_key()` returned. None takes
            `OPENROUTER_API_KEY` from the environment, else the key in the system's keyring for service `openrouter-nb`,
            user `api_key`, if the package `keyring` is installed: `ask_api_key(store=True)` stores it.
        server_url: Base URL with `/api/v1`. None takes `OPENROUTER_BASE_URL`, else `https://openrouter.ai/api/v1`.
            A key from the environment or the keyring is never sent to a `server_url` on another machine.
        timeout_ms: Milliseconds to wait for the first event and between events. None: 120,000.
        retry_config: How failed requests are repeated: a `RetryConfig` as in OpenRouter's SDK, a `RetryPolicy`, or None
            for no retries. UNSET: `RetryPolicy()`, at most two retries within 90 s.
        http_referer: URL of the app, for attribution. None takes `OPENROUTER_HTTP_REFERER`.
        x_open_router_title: Name of the app, for attribution. None takes `OPENROUTER_X_OPEN_ROUTER_TITLE`,
            `OPENROUTER_APP_TITLE` or `OPENROUTER_X_TITLE`.
        x_open_router_categories: Categories of the app, with commas. None takes `OPENROUTER_X_OPEN_ROUTER_CATEGORIES` or
            `OPENROUTER_APP_CATEGORIES`.
        x_title: Older name of `x_open_router_title`.
        http_client: An `httpx.AsyncClient` to use. It is not closed by this client and works on one event loop only: the
            one that it was created for.

    `OPENROUTER_DEBUG=1` logs each request to the logger `openrouter_nb`, without key and prompt; `OPENROUTER_DEBUG=body`
    also logs request bodies.

    Example:
        >>> from openrouter_nb import OpenRouter
        >>> with OpenRouter() as open_router:  # doctest: +SKIP
        ...     result = open_router.chat.send(model="openai/gpt-5-mini", messages=[{"role": "user", "content": "Hi"}])
        ...     print(result.text)
    """

    def __init__(
        self,
        api_key: str | Secret | Callable[[], str] | None = None,
        *,
        server_url: str | None = None,
        timeout_ms: int | None = None,
        retry_config: Retries = UNSET,
        http_referer: str | None = None,
        x_open_router_title: str | None = None,
        x_open_router_categories: str | None = None,
        x_title: str | None = None,
        http_client: Any = None,
    ) -> None:
        # A string is wrapped at once, so that no attribute of this object shows it.
        api_key = Secret(api_key) if isinstance(api_key, str) else api_key
        self._api_key = api_key.reveal if isinstance(api_key, Secret) else api_key
        self._stored_key: Secret | None = None
        self._looked_up: int | None = None  # the keyring's revision when it was read: once for each revision
        self._server_url = server_url
        self._timeout_ms = timeout_ms
        self._policy = RetryPolicy() if retry_config is UNSET else policy_of(retry_config)
        self._attribution = Attribution(
            http_referer, x_open_router_title or x_title, x_open_router_categories
        )
        self._http_client = http_client
        self._transports: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Transport] = (
            weakref.WeakKeyDictionary()
        )
        self.chat: Chat = Chat(self)
        self.models: Models = Models(self)
        self.providers: Providers = Providers(self)
        log.follow_environment()

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
            head_timeout: Seconds to wait for the response's head.
            needs_key: Whether to raise if there is no key.
            management: Whether to prefer `OPENROUTER_MANAGEMENT_KEY` to `OPENROUTER_API_KEY`.

        Raises:
            ConfigurationError: no key, a key in the body, or an invalid address.
            NoResponseError: no response came.
        """
        if self._key_may_be_stored():
            # In a thread: a locked keyring prompts the user, and the loop must still deliver interrupts.
            await asyncio.to_thread(self._stored)
        destination = self._destination(server_url, needs_key=needs_key, management=management)
        secret = destination.secret
        if secret and body and secret.reveal().encode() in body:
            raise ConfigurationError(
                "The request holds the API key, which no model should read. Nothing was sent."
            )
        all_headers = request_headers(
            self._attribution, accept=accept, has_body=body is not None, further=headers
        )
        transport = self._transport()
        started = time.monotonic()
        if body and log.shows_bodies():
            log.logger.debug("%s %s sends %s", method, path, body.decode())
        try:
            async with asyncio.timeout(head_timeout):
                response = await transport.open(
                    method, destination.base_url + path, headers=all_headers, content=body, secret=secret
                )
        except TimeoutError:
            raise RequestTimeoutError(f"No answer came within {head_timeout:g} s.", retryable=True) from None
        log.logger.debug(
            "%s %s: status %d after %.0f ms, request %s, generation %s",
            method,
            destination.base_url + path,
            response.status,
            (time.monotonic() - started) * 1000,
            response.headers.get("cf-ray") or response.headers.get("request-id"),
            response.headers.get("x-generation-id"),
        )
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
        )

    def _key_may_be_stored(self) -> bool:
        if self._looked_up == revision() or self._api_key is not None or os.environ.get("OPENROUTER_API_KEY"):
            return False
        return keyring_is_installed()

    def _stored(self) -> Secret | None:
        if self._looked_up != (now := revision()):
            self._stored_key, self._looked_up = stored_key(), now
        return self._stored_key

    def _transport(self) -> Transport:
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        if transport is None:
            transport = self._transports[loop] = Transport(client=self._http_client)
        return transport

    async def aclose(self) -> None:
        """Close the connections of the running event loop, and those of other loops once they are idle."""
        running = asyncio.get_running_loop()
        for loop, transport in list(self._transports.items()):
            if loop is running:
                await transport.aclose()
            elif loop.is_running():
                asyncio.run_coroutine_threadsafe(transport.retire(), loop)
        self._transports.clear()

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
            background_loop.run_sync(self.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _management_setting(name: str) -> str | None:
    return (name == "OPENROUTER_API_KEY" and os.getenv("OPENROUTER_MANAGEMENT_KEY")) or os.getenv(name)
