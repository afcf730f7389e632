"""The models to pick from, and what is known of the one that was picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.parameters.model_capabilities import base_id

if TYPE_CHECKING:
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.client.resources.models import ModelList
    from openrouter_nb.components.catalog import ListEndpointsResponse, Model

# Source: OpenRouter docs, guides/routing/model-variants, August 2026.
SUFFIXES = (
    (":nitro", "fastest providers first"),
    (":floor", "cheapest providers first"),
    (":exacto", "providers that are best with tools"),
    (":online", "with web search"),
    (":free", "free variant, where there is one"),
    (":thinking", "reasoning variant, where there is one"),
)
_DESCRIPTION = 280


class Catalogue:
    """The list of models, fetched on first use, and endpoints by model."""

    def __init__(self, client: OpenRouter) -> None:
        self._client = client
        self._list: ModelList | None = None
        self._by_id: dict[str, Model] = {}
        self.endpoints: dict[str, ListEndpointsResponse] = {}

    async def load(self, *, fresh: bool = False) -> ModelList:
        """Return the models.

        Raises:
            OpenRouterError: the service cannot be reached and there is no list on disk.
        """
        if self._list is None or fresh:
            self._list = await self._client.models.list_async(**({"max_age_s": 0} if fresh else {}))
            self._by_id = {model.id: model for model in self._list}
        return self._list

    async def load_endpoints(self, slug: str) -> ListEndpointsResponse:
        """Return who serves a model; raises as the client's call."""
        if slug not in self.endpoints:
            self.endpoints[slug] = await self._client.models.endpoints_async(base_id(slug))
        return self.endpoints[slug]

    def find(self, slug: str) -> Model | None:
        """Return a model of the list, with or without its suffix; None where it is not in the list."""
        return self._by_id.get(slug) or self._by_id.get(base_id(slug))

    def summary(self, slug: str) -> list[str]:
        """Return what stands beside a picked model, a few words each."""
        model = self.find(slug)
        if model is not None:
            return _summary(model)
        # `@preset/…` and `~…-latest` stand for models, and are in no list.
        return ["not in the list of models"] if self._by_id and slug and slug[0] not in "@~" else []

    def larger(self, slug: str) -> str | None:
        """Return the cheapest model with at least twice the context, or None."""
        here = self.find(slug)
        if here is None or not here.context_length:
            return None
        fitting = [
            model
            for model in self._by_id.values()
            if (model.context_length or 0) >= 2 * here.context_length and model.pricing.prompt is not None
        ]
        return min(fitting, key=lambda model: (model.pricing.prompt, model.id)).id if fitting else None

    def free(self, slug: str) -> str | None:
        """Return the free variant of a model, or None."""
        variant = f"{base_id(slug)}:free"
        return variant if variant in self._by_id else None


def row(model: Model) -> dict[str, Any]:
    """Return a model as the picker gets it."""
    kinds = model.architecture
    about = " ".join((model.description or "").split())
    return {
        "id": model.id,
        "name": model.name or model.id,
        "context": model.context_length,
        "price_in": per_million(model.pricing.prompt),
        "price_out": per_million(model.pricing.completion),
        "inputs": kinds.input_modalities,
        "outputs": kinds.output_modalities,
        "tools": "tools" in model.supported_parameters,
        "reasoning": model.reasoning is not None or "reasoning" in model.supported_parameters,
        "efforts": (model.reasoning.supported_efforts or []) if model.reasoning else [],
        "expires": model.expiration_date or "",
        "created": model.created,
        "description": about if len(about) <= _DESCRIPTION else f"{about[:_DESCRIPTION]}…",
    }


def _summary(model: Model) -> list[str]:
    price_in, price_out = per_million(model.pricing.prompt), per_million(model.pricing.completion)
    words = [
        f"{_short(model.context_length)} context" if model.context_length else "",
        "" if price_in is None or price_out is None else "free" if not price_in and not price_out
        else f"${price_in:g} / ${price_out:g} per M",
        " + ".join(model.architecture.input_modalities),
        "tools" if "tools" in model.supported_parameters else "",
        "reasoning" if model.reasoning is not None else "",
        f"until {model.expiration_date}" if model.expiration_date else "",
    ]  # fmt: skip
    return [word for word in words if word]


def _short(tokens: int) -> str:
    """Return a number as the picker's list writes it: `128K`, `1M`, `1.1M`."""
    count, unit = (tokens / 1000, "K") if tokens < 999_950 else (tokens / 1_000_000, "M")
    return f"{count:,.1f}".removesuffix(".0") + unit


def per_million(price: Any) -> float | None:
    """Return dollars per million tokens, None where the price varies."""
    return None if price is None else round(float(price) * 1_000_000, 6)
