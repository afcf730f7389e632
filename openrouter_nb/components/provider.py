"""Which provider answers.

Source: OpenRouter's OpenAPI document of August 2026, schema ProviderPreferences, and the guide
routing/provider-selection; `options`: SDK 1.3.84. The service refuses keys that it does not know here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel

ProviderSort = str | Literal["price", "throughput", "latency", "exacto"]
DataCollection = str | Literal["deny", "allow"]
Quantization = (
    str
    | Literal[
        "int4",
        "int8",
        "fp4",
        "mxfp4",
        "nvfp4",
        "fp6",
        "fp8",
        "mxfp8",
        "fp16",
        "bf16",
        "fp32",
        "unknown",
    ]
)


class ProviderSortConfig(RequestModel):
    """Sort endpoints within each model (`partition="model"`, the default) or all together (`"none"`)."""

    by: Nullable[ProviderSort] = None
    partition: Nullable[str | Literal["model", "none"]] = None


class MaxPrice(RequestModel):
    """Highest prices in USD: `prompt` and `completion` per million tokens, the others per unit.

    The schema has strings, the guide and older SDKs have numbers; both are sent as given.
    """

    prompt: str | int | float | None = None
    completion: str | int | float | None = None
    image: str | int | float | None = None
    audio: str | int | float | None = None
    request: str | int | float | None = None


class PercentileLatencyCutoffs(RequestModel):
    """Latency in seconds at percentiles of the last five minutes."""

    p50: Nullable[int | float] = None
    p75: Nullable[int | float] = None
    p90: Nullable[int | float] = None
    p99: Nullable[int | float] = None


class PercentileThroughputCutoffs(RequestModel):
    """Throughput in tokens per second at percentiles of the last five minutes."""

    p50: Nullable[int | float] = None
    p75: Nullable[int | float] = None
    p90: Nullable[int | float] = None
    p99: Nullable[int | float] = None


class ProviderPreferences(RequestModel):
    """Routing preferences. Providers are named by slug, such as `deepinfra` or `deepinfra/turbo`.

    Attributes:
        allow_fallbacks: False: only the first provider, whose error is returned.
        require_parameters: Only providers that take every parameter sent.
        data_collection: `deny`: only providers that neither keep nor train on what they see.
        zdr: True: only endpoints with zero data retention.
        enforce_distillable_text: Only models whose authors allow distillation.
        order: Tried first, in this order; load balancing is off.
        only: Nobody else.
        ignore: Never these.
        quantizations: Only these.
        sort: By `price`, `throughput`, `latency` or `exacto`.
        max_price: Nobody dearer.
        preferred_min_throughput: Tokens per second, at the median or at percentiles. Reorders, never excludes.
        preferred_max_latency: Seconds, at the median or at percentiles. Reorders, never excludes.
        options: Settings of single providers by slug.
    """

    allow_fallbacks: Nullable[bool] = None
    require_parameters: Nullable[bool] = None
    data_collection: Nullable[DataCollection] = None
    zdr: Nullable[bool] = None
    enforce_distillable_text: Nullable[bool] = None
    order: Nullable[Sequence[str]] = None
    only: Nullable[Sequence[str]] = None
    ignore: Nullable[Sequence[str]] = None
    quantizations: Nullable[Sequence[Quantization]] = None
    sort: Nullable[JSON | ProviderSort | ProviderSortConfig] = None
    max_price: JSON | MaxPrice | None = None
    preferred_min_throughput: Nullable[JSON | int | float | PercentileThroughputCutoffs] = None
    preferred_max_latency: Nullable[JSON | int | float | PercentileLatencyCutoffs] = None
    options: Mapping[str, Any] | None = None
