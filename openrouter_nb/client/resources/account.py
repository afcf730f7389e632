"""The key, the credits, past generations and the providers, as methods of the client."""

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
        """Return the providers and wait for them. Same errors as `list_async`."""
        return background_loop.run_sync(partial(self.list_async, **options))

    list = __call__


class Account:
    """The part of the client that tells about the account. Each call has an awaitable twin `…_async`.

    All take `server_url`, `timeout_ms`, `http_headers`, `retries` and `on_retry`, and raise as `chat.send` does.
    """

    async def key_async(self, **options: Unpack[CallOptions]) -> KeyInfo:
        """Describe the key in use: limit, usage, expiry. The cheapest way to test a key.

        Raises:
            UnauthorizedError: the key is not valid.
        """
        from openrouter_nb.components.catalog import KeyInfo

        return KeyInfo.model_validate(await get(self._this, "/key", options=options))

    def key(self, **options: Unpack[CallOptions]) -> KeyInfo:
        """Describe the key in use and wait. Same errors as `key_async`."""
        return background_loop.run_sync(partial(self.key_async, **options))

    async def credits_async(self, **options: Unpack[CallOptions]) -> Credits:
        """Tell the account's balance. `OPENROUTER_MANAGEMENT_KEY` is used where it is set and no key was given.

        Raises:
            ForbiddenError: the key is no management key, which this needs; `key()` tells most of it to any key.
        """
        from openrouter_nb.components.catalog import Credits

        return Credits.model_validate(await get(self._this, "/credits", options=options, management=True))

    def credits(self, **options: Unpack[CallOptions]) -> Credits:
        """Tell the account's balance and wait. Same errors as `credits_async`."""
        return background_loop.run_sync(partial(self.credits_async, **options))

    async def generation_async(self, id: str, **options: Unpack[CallOptions]) -> Generation:  # noqa: A002 - the wire's name
        """Return the record of a past request: what it cost, who served it, how long it took.

        The record is written a moment after the answer, so that 404 is tried again for a few seconds.

        Args:
            id: `gen-…`, as in `ChatResult.id`, `ChatStream.generation_id` and `OpenRouterError.generation_id`.
            **options: Of the call.

        Raises:
            NotFoundError: there is no such record, or not yet.
        """
        from openrouter_nb.components.catalog import Generation

        path, query = "/generation", {"id": id}
        return Generation.model_validate(
            await get(self._this, path, query, options=options, adapt=_patient_with_404)
        )

    def generation(self, id: str, **options: Unpack[CallOptions]) -> Generation:  # noqa: A002 - the wire's name
        """Return the record of a past request and wait. Same arguments and errors as `generation_async`."""
        return background_loop.run_sync(partial(self.generation_async, id, **options))

    @property
    def _this(self) -> RequestSender:
        return cast("RequestSender", self)


def _patient_with_404(policy: Policy) -> Policy:
    if not isinstance(policy, RetryPolicy):
        return policy
    return dataclasses.replace(
        policy, max_retries=max(policy.max_retries, 3), further_statuses=frozenset({404})
    )
