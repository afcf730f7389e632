"""Read-only requests: one GET, one JSON object, with the errors and retries of chat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar
from urllib.parse import urlencode

from openrouter_nb.client.error_mapping import error_from_response
from openrouter_nb.client.kernel_interrupts import LoopWakeup
from openrouter_nb.client.retries import Retrier
from openrouter_nb.client.transport.headers import call_headers
from openrouter_nb.client.transport.json_responses import read_object
from openrouter_nb.components.unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.client.request_sender import RequestSender
    from openrouter_nb.client.retries import OnRetry, Policy, Retries
    from openrouter_nb.client.transport.http_transport import Response

T = TypeVar("T")

_TIMEOUT_MS = 30_000


class CallOptions(TypedDict, total=False):
    """Keywords of every call.

    Attributes:
        server_url: Another server for this call, with `/api/v1`.
        timeout_ms: Milliseconds for each attempt. Default: the client's, else 30,000.
        http_referer: URL of the app, for attribution, instead of the client's.
        x_open_router_title: Name of the app, likewise.
        x_open_router_categories: Categories of the app, likewise.
        http_headers: Further headers.
        retries: As for `chat.send`.
        on_retry: As for `chat.send`.
    """

    server_url: str | None
    timeout_ms: int | None
    http_referer: str | None
    x_open_router_title: str | None
    x_open_router_categories: str | None
    http_headers: Mapping[str, str] | None
    retries: Retries
    on_retry: OnRetry | None


async def get(
    client: RequestSender,
    path: str,
    query: Mapping[str, Any] | None = None,
    *,
    options: CallOptions,
    needs_key: bool = True,
    management: bool = False,
    adapt: Callable[[Policy], Policy] | None = None,
) -> Any:
    """Send a GET request and return `data` of the response.

    Args:
        client: The client that sends the request.
        path: Path below `/api/v1`.
        query: Parameters; None values are omitted, lists are joined by commas.
        options: Options of the call.
        needs_key: Whether to raise if there is no key.
        management: Whether to prefer a management key in the environment to the ordinary key.
        adapt: Changes the retry policy.

    Raises:
        OpenRouterError: as for `chat.send`.
    """
    text = urlencode(
        {name: _text(value) for name, value in (query or {}).items() if value is not None}, safe=",/"
    )
    timeout_ms = options.get("timeout_ms") or client.default_timeout_ms or _TIMEOUT_MS

    async def attempt() -> tuple[Response, dict[str, Any]]:
        response = await client.open(
            "GET",
            f"{path}?{text}" if text else path,
            server_url=options.get("server_url"),
            headers=call_headers(options),
            head_timeout=timeout_ms / 1000,
            needs_key=needs_key,
            management=management,
        )
        try:
            return response, await read_object(response, timeout_ms / 1000)
        except BaseException:
            await response.aclose()
            raise

    policy = client.retry_policy(options.get("retries", UNSET))
    retrier = Retrier(attempt, adapt(policy) if adapt else policy, options.get("on_retry"))
    try:
        with LoopWakeup():
            response, payload = await retrier.run()
    except asyncio.CancelledError as cancelled:  # an interrupt of an awaited cell
        raise cancelled.with_traceback(None) from None
    if "data" not in payload:
        raise error_from_response(response, b"")
    return payload["data"]


def records(kind: Callable[[Any], T], items: Any) -> list[T]:
    """Validate each object of an array; skip items that are not objects or have no id."""
    found = []
    for item in items if isinstance(items, list) else ():
        try:
            found.append(kind(item))
        except ValueError:
            continue
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else str(value)
