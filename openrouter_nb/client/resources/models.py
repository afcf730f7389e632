"""`open_router.models`: models, their endpoints and prices."""

from __future__ import annotations

import difflib
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import quote

from openrouter_nb.client import background_loop
from openrouter_nb.client.resources import models_cache
from openrouter_nb.client.resources.models_cache import CachedModels
from openrouter_nb.client.resources.resource import CallOptions, get, records
from openrouter_nb.errors import InvalidRequestError, OpenRouterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.client.request_sender import RequestSender
    from openrouter_nb.components.catalog import ListEndpointsResponse, Model

#: Age in seconds up to which a cached list is used without a request.
MAX_AGE_S = 3600.0


class ModelList(list["Model"]):
    """Models in the service's order, with the age of the list.

    Attributes:
        fetched_at: Time of the response, in Unix seconds.
        is_stale: Whether it is older than requested, because the service could not be reached.
        error: Why the service could not be reached, or None.
    """

    def __init__(self, catalog: CachedModels, *, error: OpenRouterError | None = None) -> None:
        from openrouter_nb.components.catalog import Model

        super().__init__(records(Model.model_validate, catalog.models))
        self.fetched_at: float = catalog.fetched_at
        self.is_stale: bool = error is not None
        self.error = error

    @property
    def age_s(self) -> float:
        """Seconds since the response."""
        return max(0.0, time.time() - self.fetched_at)

    @property
    def data(self) -> list[Model]:
        """The list itself, under the wire's name."""
        return self

    def __repr__(self) -> str:
        stale = ", stale" if self.is_stale else ""
        return f"<{len(self)} models, {self.age_s:.0f} s old{stale}>"


class Models:
    """Models and their endpoints."""

    def __init__(self, client: RequestSender) -> None:
        self._client = client

    async def list_async(self, *, max_age_s: float | None = None, **query: Any) -> ModelList:
        """Return the models.

        Without filters the list is cached on disk, for each server. A list younger than `max_age_s` is used without a
        request; an older one is used if the service cannot be reached, with `is_stale` set.

        Args:
            max_age_s: Maximum age of a cached list, in seconds. None: one hour, and 0 for a server on this machine.
            **query: Filters of `GET /models`, such as `q="llama"`, `supported_parameters=["tools"]`,
                `output_modalities="image"`, `max_price=1`, `sort="pricing-low-to-high"`; lists are joined by commas. And
                `server_url`, `timeout_ms`, `http_headers`, `retries` and `on_retry`, as for every call.

        Raises:
            OpenRouterError: the service cannot be reached or reports an error, and there is no cached list.
        """
        options: Any = {name: query.pop(name) for name in CallOptions.__annotations__ if name in query}
        filters = {name: value for name, value in query.items() if value is not None}
        if filters:
            return ModelList(await self._fetch(filters, options))
        server, is_local = self._client.server(options.get("server_url"))
        if max_age_s is None:
            max_age_s = 0.0 if is_local else MAX_AGE_S
        cached = models_cache.load(server)
        if cached and time.time() - cached.fetched_at < max_age_s:
            return ModelList(cached)
        if cached:
            options.setdefault("retries", None)  # offline, the cached list is there at once
        try:
            catalog = await self._fetch({}, options)
        except OpenRouterError as error:
            if cached is None or not error.retryable:
                raise
            return ModelList(cached, error=error)
        models_cache.store(server, catalog)
        return ModelList(catalog)

    async def get_async(
        self, slug: str, *, author: str | None = None, **options: Unpack[CallOptions]
    ) -> Model:
        """Return one model.

        Args:
            slug: `author/slug` or an alias, with or without a suffix such as `:free`; or the second part alone.
            author: The first part, if `slug` is the second part alone, as in OpenRouter's SDK.
            **options: Options of the call.

        Raises:
            NotFoundError: there is no such model.
            OpenRouterError: otherwise as for `chat.send`.
        """
        from openrouter_nb.components.catalog import Model

        path = f"/model/{_slug(author, slug)}"
        return Model.model_validate(await get(self._client, path, options=options, needs_key=False))

    def get(self, slug: str, *, author: str | None = None, **options: Unpack[CallOptions]) -> Model:
        """Return one model. Same arguments and errors as `get_async`."""
        return background_loop.run_sync(partial(self.get_async, slug, author=author, **options))

    async def endpoints_async(
        self, slug: str, *, author: str | None = None, **options: Unpack[CallOptions]
    ) -> ListEndpointsResponse:
        """Return the endpoints that serve a model, with price and speed. Same arguments and errors as `get_async`."""
        from openrouter_nb.components.catalog import ListEndpointsResponse

        path = f"/models/{_slug(author, slug)}/endpoints"
        return ListEndpointsResponse.model_validate(
            await get(self._client, path, options=options, needs_key=False)
        )

    def endpoints(
        self, slug: str, *, author: str | None = None, **options: Unpack[CallOptions]
    ) -> ListEndpointsResponse:
        """Return the endpoints that serve a model. Same arguments and errors as `get_async`."""
        return background_loop.run_sync(partial(self.endpoints_async, slug, author=author, **options))

    def nearest(self, slug: str, n: int = 3) -> Sequence[str]:
        """Return the ids most similar to `slug`, most similar first, from the cached list; `[]` without one. No request."""
        server, _ = self._client.server()
        cached = models_cache.load(server)
        ids = [str(model.get("id")) for model in cached.models] if cached else []
        return _nearest(slug, ids, n)

    def list(self, *, max_age_s: float | None = None, **query: Any) -> ModelList:
        """Return the models. Same arguments and errors as `list_async`."""
        return background_loop.run_sync(partial(self.list_async, max_age_s=max_age_s, **query))

    async def _fetch(self, query: dict[str, Any], options: CallOptions) -> CachedModels:
        found = await get(self._client, "/models", query, options=options, needs_key=False)
        models = [model for model in found if isinstance(model, dict)] if isinstance(found, list) else []
        return CachedModels(models, time.time())


def _slug(author: str | None, slug: str) -> str:
    whole = f"{author}/{slug}" if author else slug
    parts = whole.split("/")
    if len(parts) != 2 or not all(parts) or any(part in (".", "..") for part in parts):
        raise InvalidRequestError(
            f"{whole!r} is not a model id: it must look like author/model. Nothing was sent."
        )
    return "/".join(quote(part, safe=":~@") for part in parts)


def _nearest(slug: str, ids: list[str], n: int) -> list[str]:
    """Rank ids by similarity of the complete id and of the part after the author, which is often missing or wrong."""
    word = slug.lower().partition(":")[0]
    name = word.rpartition("/")[2]

    def similarity(known: str) -> float:
        whole = known.lower().partition(":")[0]
        rest = whole.rpartition("/")[2]
        return max(
            difflib.SequenceMatcher(None, word, whole).ratio(),
            difflib.SequenceMatcher(None, name, rest).ratio() - 0.05,
            0.8 if len(name) > 2 and name in rest else 0.0,
        )

    ranked = sorted(
        ((similarity(known), known) for known in ids), key=lambda pair: (-pair[0], len(pair[1]), pair[1])
    )
    least = max(0.6, 0.85 * ranked[0][0]) if ranked else 0.0  # beside a good match, a poor one is noise
    return [known for score, known in ranked[:n] if score >= least]
