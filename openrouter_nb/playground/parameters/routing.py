"""Which of a model's endpoints are left after the provider preferences, worked out here as the service would.

Source: OpenRouter docs, guides/routing/provider-selection, August 2026. What the endpoints do not tell, such as whether one
keeps data, cannot be judged and rules nothing out; the service has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.parameters.model_capabilities import takes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openrouter_nb.components.catalog import PublicEndpoint

_PRICES = ("prompt", "completion", "request", "image", "audio")
_PER_MILLION = ("prompt", "completion")


def excluded_by(endpoint: PublicEndpoint, provider: dict[str, Any], sent: Iterable[str]) -> str:
    """Return the preference that rules an endpoint out, `""` where it remains.

    Args:
        endpoint: One provider's offer.
        provider: The preferences.
        sent: Names of the parameters that are sent.
    """
    only, ignore, order = (provider.get(key) or [] for key in ("only", "ignore", "order"))
    if only and not _named(endpoint, only):
        return "only"
    if _named(endpoint, ignore):
        return "ignore"
    if order and provider.get("allow_fallbacks") is False and not _named(endpoint, order):
        return "order without fallbacks"
    quantizations = provider.get("quantizations") or []
    if quantizations and (endpoint.quantization or "unknown") not in quantizations:
        return "quantizations"
    if price := _too_dear(endpoint, provider.get("max_price") or {}):
        return f"max_price.{price}"
    if provider.get("require_parameters"):
        missing = [name for name in sent if not takes(name, endpoint.supported_parameters)]
        if missing:
            return f"require_parameters: {', '.join(missing)}"
    return ""


def remaining(
    endpoints: Sequence[PublicEndpoint], provider: dict[str, Any], sent: Iterable[str]
) -> list[PublicEndpoint]:
    """Return the endpoints that no preference rules out."""
    names = list(sent)
    return [endpoint for endpoint in endpoints if not excluded_by(endpoint, provider, names)]


def row(endpoint: PublicEndpoint, excluded: str) -> dict[str, Any]:
    """Return an endpoint as the panel gets it."""
    pricing = endpoint.pricing
    latency, throughput = endpoint.latency_last_30m, endpoint.throughput_last_30m
    return {
        "tag": endpoint.tag or endpoint.provider_name or "",
        "provider": endpoint.provider_name or "",
        "quantization": endpoint.quantization or "",
        "context": endpoint.context_length,
        "price_in": None if pricing.prompt is None else float(pricing.prompt * 1_000_000),
        "price_out": None if pricing.completion is None else float(pricing.completion * 1_000_000),
        "uptime": endpoint.uptime_last_30m,
        "latency": latency.p50 if latency else None,
        "throughput": throughput.p50 if throughput else None,
        "excluded_by": excluded,
    }


def _named(endpoint: PublicEndpoint, names: Iterable[str]) -> bool:
    """A name is a provider's slug or name, or an endpoint's whole tag; `azure` covers `azure/eu`."""
    tag = (endpoint.tag or "").lower()
    known = {tag, tag.partition("/")[0], (endpoint.provider_name or "").lower()} - {""}
    return any(str(name).lower() in known for name in names)


def _too_dear(endpoint: PublicEndpoint, most: dict[str, Any]) -> str:
    for key in _PRICES:
        price = getattr(endpoint.pricing, key)
        try:
            limit = float(most[key])
        except (KeyError, TypeError, ValueError):
            continue
        if price is not None and float(price) * (1_000_000 if key in _PER_MILLION else 1) > limit:
            return key
    return ""
