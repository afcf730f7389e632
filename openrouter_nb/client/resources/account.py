"""Key, credits, past generations and providers, as methods of the client."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Unpack, cast

from openrouter_nb.client import background_loop
from openrouter_nb.client.resources.resource import CallOptions, get, records
from openrouter_nb.client.retries import RetryPolicy

if TYPE_CHECKING:
    from openrouter_nb.client.request_sender import RequestSender
    from openrouter_nb.client.retries import Policy
    from openrouter_nb.components.catalog import Credits, Generation, KeyInfo, Provider


class Providers:
    """The providers: `open_router.providers()`, or `.list()` as in OpenRouter's SDK."""

    def __init__(self, client: RequestSender) -> None:
        self._client = client

    async def list_async(self, **options: Unpack[CallOptions]) -> list[Provider]:
        """Return the providers.

        Raises:
            OpenRouterError: as for `chat.send`.
        """
        from openrouter_nb.components.catalog import Provider

        found = await get(self._client, "/providers", options=options, needs_key=False)
        return records(Provider.model_validate, found)

    def __call__(self, **options: Unpack[CallOptions]) -> list[Provider]:
        """Return the providers. Same errors as `list_async`."""
        return background_loop.run_sync(partial(self.list_async, **options))

    list = __call__


class Account:
    """Account methods of the client. Each has an async twin `…_async`.

    All take `server_url`, `timeout_ms`, `http_headers`, `retries` and `on_retry`, and raise as `chat.send` does.
    """

    async def key_async(self, **options: Unpack[CallOptions]) -> KeyInfo:
        """Return limit, usage and expiry of the key in use. The cheapest way to test a key.

        Raises:
            UnauthorizedError: the key is not valid.
        """
        from openrouter_nb.components.catalog import KeyInfo

        return KeyInfo.model_validate(await get(self._sender, "/key", options=options))

    def key(self, **options: Unpack[CallOptions]) -> KeyInfo:
        """Return limit, usage and expiry of the key in use. Same errors as `key_async`."""
        return background_loop.run_sync(partial(self.key_async, **options))

    async def credits_async(self, **options: Unpack[CallOptions]) -> Credits:
        """Return the account's balance. Uses `OPENROUTER_MANAGEMENT_KEY` if it is set and the client was given no key.

        Raises:
            ForbiddenError: the key is not a management key. `key()` returns most of it for any key.
        """
        from openrouter_nb.components.catalog import Credits

        return Credits.model_validate(await get(self._sender, "/credits", options=options, management=True))

    def credits(self, **options: Unpack[CallOptions]) -> Credits:
        """Return the account's balance. Same errors as `credits_async`."""
        return background_loop.run_sync(partial(self.credits_async, **options))

    async def generation_async(self, id: str, **options: Unpack[CallOptions]) -> Generation:  # noqa: A002 - the wire's name
        """Return the record of a past request: its cost, provider and times.

        The service writes the record a moment after the answer, so 404 is retried for a few seconds.

        Args:
            id: `gen-…`, as in `ChatResult.id`, `ChatStream.generation_id` and `OpenRouterError.generation_id`.
            **options: Options of the call.

        Raises:
            NotFoundError: there is no such record, or not yet.
        """
        from openrouter_nb.components.catalog import Generation

        path, query = "/generation", {"id": id}
        return Generation.model_validate(
            await get(self._sender, path, query, options=options, adapt=_retrying_404)
        )

    def generation(self, id: str, **options: Unpack[CallOptions]) -> Generation:  # noqa: A002 - the wire's name
        """Return the record of a past request. Same arguments and errors as `generation_async`."""
        return background_loop.run_sync(partial(self.generation_async, id, **options))

    @property
    def _sender(self) -> RequestSender:
        return cast("RequestSender", self)


def _retrying_404(policy: Policy) -> Policy:
    if not isinstance(policy, RetryPolicy):
        return policy
    return dataclasses.replace(
        policy, max_retries=max(policy.max_retries, 3), further_statuses=frozenset({404})
    )
