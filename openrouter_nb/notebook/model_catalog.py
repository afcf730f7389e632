"""What is known of the models without asking: the list that the client keeps on disk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from openrouter_nb.client.resources import models_cache
from openrouter_nb.components.catalog import Model
from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client import OpenRouter

_FRESH_S = 30.0
# Suffixes that choose among the providers of a model and leave it the same (docs, guides/routing/model-variants).
_ROUTING = frozenset({"nitro", "floor", "exacto", "online"})


class Catalogue:
    """The models of the server in force. Looking something up reads the disk at most, and sends nothing.

    Args:
        client: Whose server it is.
    """

    def __init__(self, client: OpenRouter) -> None:
        self._client = client
        self._models: Mapping[str, dict[str, object]] = {}
        self._read: tuple[str, float] = ("", 0.0)

    @property
    def ids(self) -> list[str]:
        """Ids of all models, in the service's order; empty where no list was ever fetched."""
        return list(self._known())

    def find(self, model: str) -> Model | None:
        """Return what is known of a model, None where nothing is."""
        known = self._known()
        entry = known.get(model)
        base, _, suffix = model.partition(":")
        if entry is None and suffix in _ROUTING:
            entry = known.get(base)
        return Model.model_validate(entry) if entry else None

    async def fetch(self) -> None:
        """Ask the server for its list, unless that on disk is young enough. Where it cannot be had, the old one stays."""
        try:
            await self._client.models.list_async(retries=None, timeout_ms=10_000)
        except OpenRouterError:
            return
        self._read = ("", 0.0)

    def _known(self) -> Mapping[str, dict[str, object]]:
        try:
            server, _ = self._client.server()
        except OpenRouterError:
            return {}
        if self._read[0] != server or time.monotonic() - self._read[1] > _FRESH_S:
            kept = models_cache.load(server)
            models = kept.models if kept else []
            self._models = {str(model["id"]): model for model in models if model.get("id")}
            self._read = (server, time.monotonic())
        return self._models
