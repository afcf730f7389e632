"""Protocol of a client, as used by its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client.retries import Policy, Retries
    from openrouter_nb.client.transport.http_transport import Response


class RequestSender(Protocol):
    """Sends requests. Implemented by `OpenRouter`; a replay puts a file in front of it."""

    @property
    def default_timeout_ms(self) -> int | None:
        """Default timeout in milliseconds; None for the default of the resource."""

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
        """Send a request and return its response, which the caller closes."""

    def server(self, server_url: str | None = None) -> tuple[str, bool]:
        """Return the base URL, and whether it is on this machine."""

    def retry_policy(self, retries: Retries) -> Policy:
        """Return the retry policy of a call with the argument `retries`."""
