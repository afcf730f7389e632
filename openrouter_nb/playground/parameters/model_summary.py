"""Rows of the model picker, and the summary of the selected model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.client.resources.model_catalog import ModelCatalog
    from openrouter_nb.components.catalog import Model

_DESCRIPTION = 280  # characters


def summary(catalog: ModelCatalog, slug: str) -> list[str]:
    """Return short descriptions of a model's properties, such as `128K context`."""
    model = catalog.find(slug)
    if model is not None:
        return _summary(model)
    # The service resolves `@preset/…` and `~…-latest`; they are not in the catalog.
    return ["not in the list of models"] if catalog.ids and slug and slug[0] not in "@~" else []


def row(model: Model) -> dict[str, Any]:
    """Return the fields of a model for the picker."""
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
    """Format a number of tokens: `128K`, `1M`, `1.1M`."""
    count, unit = (tokens / 1000, "K") if tokens < 999_950 else (tokens / 1_000_000, "M")
    return f"{count:,.1f}".removesuffix(".0") + unit


def per_million(price: Any) -> float | None:
    """Return dollars per million tokens; None if the price varies."""
    return None if price is None else round(float(price) * 1_000_000, 6)
