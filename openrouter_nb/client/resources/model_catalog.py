"""Look models up in the cached model list, without a request."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.resources import models_cache
from openrouter_nb.client.resources.models import MAX_AGE_S, Models
from openrouter_nb.components.model_variants import base_id, catalog_id
from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from openrouter_nb.client.request_sender import RequestSender
    from openrouter_nb.client.resources.models import ModelList
    from openrouter_nb.components.catalog import ListEndpointsResponse, Model

# How long the content of the cache file is reused before the file is read again: another kernel may have updated it.
_REREAD_S = 30.0
_TIMEOUT_MS = 10_000


class ModelCatalog:
    """The models of a client's server.

    Lookups use the list fetched last, by this object or by another process that shares the cache on disk. Only `load`,
    `try_load`, `refresh` and `load_endpoints` send requests.

    Args:
        client: The client whose server is asked.

    Attributes:
        endpoints: Endpoints fetched so far, by model id as passed to `load_endpoints`.
    """

    def __init__(self, client: RequestSender) -> None:
        self._client = client
        self._models = Models(client)
        self._list: tuple[str, ModelList] | None = None  # server and models, as fetched by this object
        self._entries: Mapping[str, Model | dict[str, Any]] = {}
        self._read: tuple[str, float] = ("", 0.0)  # server and time of `_entries`
        self.endpoints: dict[str, ListEndpointsResponse] = {}

    async def load(self, **options: Any) -> ModelList:
        """Return the models; fetch them unless this object or the disk has a list of the last hour.

        Args:
            **options: As for `models.list`, such as `max_age_s`, `timeout_ms` and `retries`.

        Raises:
            OpenRouterError: the service cannot be reached and there is no list on disk.
        """
        server, _ = self._client.server()
        if self._list is not None and self._list[0] == server and _is_recent(self._list[1]):
            return self._list[1]
        return await self._fetch(server, **options)

    async def refresh(self) -> ModelList:
        """Fetch the models again and return them. Same errors as `load`."""
        server, _ = self._client.server()
        return await self._fetch(server, max_age_s=0)

    async def try_load(self) -> None:
        """Load the models without retries; if the service cannot be reached, continue with the list in use."""
        with contextlib.suppress(OpenRouterError):
            await self.load(retries=None, timeout_ms=_TIMEOUT_MS)

    async def load_endpoints(self, model: str) -> ListEndpointsResponse:
        """Return the endpoints that serve a model; fetched once. Same errors as `models.endpoints`."""
        if model not in self.endpoints:
            self.endpoints[model] = await self._models.endpoints_async(catalog_id(model))
        return self.endpoints[model]

    @property
    def ids(self) -> list[str]:
        """Ids of all models, in the service's order; `[]` if no list was ever fetched."""
        return list(self._current())

    def find(self, model: str) -> Model | None:
        """Return the catalog entry of a model, with or without routing suffixes; None if it is not listed."""
        entries = self._current()
        entry = entries.get(model) or entries.get(catalog_id(model))
        return _validated(entry) if entry is not None else None

    def listing(self, parameters: Collection[str]) -> list[str]:
        """Return the ids of the models that list one of these parameters as supported, in the service's order."""
        return [
            model
            for model, entry in self._current().items()
            if not set(parameters).isdisjoint(
                (entry.get("supported_parameters") if isinstance(entry, dict) else entry.supported_parameters)
                or ()
            )
        ]

    def larger(self, model: str) -> str | None:
        """Return the id of the cheapest model with at least twice the context of another; None if there is none."""
        here = self.find(model)
        if here is None or not here.context_length:
            return None
        fitting = [
            other
            for other in map(_validated, self._current().values())
            if (other.context_length or 0) >= 2 * here.context_length and other.pricing.prompt is not None
        ]
        return min(fitting, key=lambda other: (other.pricing.prompt, other.id)).id if fitting else None

    def free(self, model: str) -> str | None:
        """Return the id of the free variant of a model; None if it is not listed."""
        variant = f"{base_id(model)}:free"
        return variant if variant in self._current() else None

    def nearest(self, model: str, n: int = 3) -> Sequence[str]:
        """Return the ids most similar to a misspelled one, most similar first."""
        return self._models.nearest(model, n)

    async def _fetch(self, server: str, **options: Any) -> ModelList:
        models = await self._models.list_async(**options)
        self._list = (server, models)
        self._entries = {model.id: model for model in models}
        self._read = (server, time.monotonic())
        return models

    def _current(self) -> Mapping[str, Model | dict[str, Any]]:
        try:
            server, _ = self._client.server()
        except OpenRouterError:
            return {}
        if self._read[0] != server or time.monotonic() - self._read[1] > _REREAD_S:
            self._entries = self._newest(server)
            self._read = (server, time.monotonic())
        return self._entries

    def _newest(self, server: str) -> Mapping[str, Model | dict[str, Any]]:
        """Return the entries of the file, or those in memory if the file is older or cannot be used."""
        cached = models_cache.load(server)
        if self._list is not None and self._list[0] == server:
            models = self._list[1]
            if cached is None or cached.fetched_at <= models.fetched_at:
                return {model.id: model for model in models}
        return {str(entry["id"]): entry for entry in (cached.models if cached else ()) if entry.get("id")}


def _is_recent(models: ModelList) -> bool:
    return models.age_s < MAX_AGE_S and not models.is_stale


def _validated(entry: Model | dict[str, Any]) -> Model:
    from openrouter_nb.components.catalog import Model

    return Model.model_validate(entry)  # returns a model as it is
