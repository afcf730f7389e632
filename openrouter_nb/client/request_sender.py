"""The part of the client that its resources use to send requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from openrouter_nb.components.unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client.retries import Policy, Retries
    from openrouter_nb.client.transport.http_transport import Response


class RequestSender(Protocol):
    """Sends one request with the key, the server and the defaults of a client: `OpenRouter`."""

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
        """Send one request and return its response."""
        ...

    def server(self, server_url: str | None = None) -> tuple[str, bool]:
        """Return the base URL that requests go to, and whether it is on this machine."""
        ...

    def retry_policy(self, retries: Retries = UNSET) -> Policy:
        """Return the policy of a call that was given `retries`."""
        ...

    @property
    def default_timeout_ms(self) -> int | None:
        """Milliseconds given at construction, or None."""
        ...
