"""Predict which endpoints of a model remain under the provider preferences.

Source: OpenRouter docs, guides/routing/provider-selection, August 2026. A preference about a property that endpoints do not
report, such as data retention, excludes no endpoint here. The service makes the final decision.
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
    """Return the preference that excludes an endpoint, `""` if none does.

    Args:
        endpoint: The endpoint of one provider.
        provider: Provider preferences of the request.
        sent: Names of the request's parameters.
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
    if price := _exceeded_price(endpoint, provider.get("max_price") or {}):
        return f"max_price.{price}"
    if provider.get("require_parameters"):
        missing = [name for name in sent if not takes(name, endpoint.supported_parameters)]
        if missing:
            return f"require_parameters: {', '.join(missing)}"
    return ""


def remaining(
    endpoints: Sequence[PublicEndpoint], provider: dict[str, Any], sent: Iterable[str]
) -> list[PublicEndpoint]:
    """Return the endpoints that no preference excludes."""
    names = list(sent)
    return [endpoint for endpoint in endpoints if not excluded_by(endpoint, provider, names)]


def row(endpoint: PublicEndpoint, excluded: str) -> dict[str, Any]:
    """Return the fields of an endpoint for the panel."""
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
    """Return whether names include an endpoint: by provider slug or name, or by full tag; `azure` includes `azure/eu`."""
    tag = (endpoint.tag or "").lower()
    known = {tag, tag.partition("/")[0], (endpoint.provider_name or "").lower()} - {""}
    return any(str(name).lower() in known for name in names)


def _exceeded_price(endpoint: PublicEndpoint, max_price: dict[str, Any]) -> str:
    """Return the first price of an endpoint that is above its maximum, `""` if none is."""
    for key in _PRICES:
        price = getattr(endpoint.pricing, key)
        try:
            limit = float(max_price[key])
        except (KeyError, TypeError, ValueError):
            continue
        if price is not None and float(price) * (1_000_000 if key in _PER_MILLION else 1) > limit:
            return key
    return ""
