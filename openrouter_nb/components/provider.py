"""Provider routing.

Source: OpenRouter's OpenAPI document of August 2026, schema ProviderPreferences, and the guide
routing/provider-selection; `options`: SDK 1.3.84. The service rejects unknown keys in this object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openrouter_nb.components.base import JSON, Nullable, RequestModel, optional

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
    """Sort order of endpoints, within each model (`partition="model"`, the default) or over all models (`"none"`)."""

    by: Nullable[ProviderSort] = None
    partition: Nullable[str | Literal["model", "none"]] = None


class MaxPrice(RequestModel):
    """Maximum prices. Endpoints with a higher price are not used.

    The schema has strings, the guide and older SDKs have numbers; both are sent unchanged.
    """

    prompt: str | int | float | None = optional(
        "Maximum price in USD per million input tokens; endpoints above it are not used."
    )
    completion: str | int | float | None = optional(
        "Maximum price in USD per million output tokens; endpoints above it are not used."
    )
    image: str | int | float | None = optional(
        "Maximum price in USD per image; endpoints above it are not used."
    )
    audio: str | int | float | None = optional(
        "Maximum price in USD per unit of audio; endpoints above it are not used."
    )
    request: str | int | float | None = optional(
        "Maximum price in USD per request; endpoints above it are not used."
    )


class PercentileLatencyCutoffs(RequestModel):
    """Latency in seconds, at percentiles of the last five minutes."""

    p50: Nullable[int | float] = None
    p75: Nullable[int | float] = None
    p90: Nullable[int | float] = None
    p99: Nullable[int | float] = None


class PercentileThroughputCutoffs(RequestModel):
    """Throughput in tokens per second, at percentiles of the last five minutes."""

    p50: Nullable[int | float] = None
    p75: Nullable[int | float] = None
    p90: Nullable[int | float] = None
    p99: Nullable[int | float] = None


class ProviderPreferences(RequestModel):
    """Routing preferences. Providers are named by slug, such as `deepinfra` or `deepinfra/turbo`."""

    allow_fallbacks: Nullable[bool] = optional("Whether other providers may answer if the first one fails.")
    require_parameters: Nullable[bool] = optional("Use only endpoints that support every parameter sent.")
    data_collection: Nullable[DataCollection] = optional(
        "`deny` excludes providers that store prompts or train on them."
    )
    zdr: Nullable[bool] = optional("Use only endpoints with zero data retention.")
    enforce_distillable_text: Nullable[bool] = optional(
        "Use only models whose authors allow training on their output (distillation)."
    )
    order: Nullable[Sequence[str]] = optional(
        "Providers to try first, in this order. Disables load balancing."
    )
    only: Nullable[Sequence[str]] = optional("Use only these providers.")
    ignore: Nullable[Sequence[str]] = optional("Never use these providers.")
    quantizations: Nullable[Sequence[Quantization]] = optional("Use only endpoints with these quantizations.")
    sort: Nullable[JSON | ProviderSort | ProviderSortConfig] = optional(
        "Sort endpoints by `price`, `throughput`, `latency` or `exacto`."
    )
    max_price: JSON | MaxPrice | None = optional(
        "Maximum prices. Endpoints with a higher price are not used."
    )
    preferred_min_throughput: Nullable[JSON | int | float | PercentileThroughputCutoffs] = optional(
        "Tokens per second, at the median or at percentiles. Slower endpoints are tried last, none is excluded."
    )
    preferred_max_latency: Nullable[JSON | int | float | PercentileLatencyCutoffs] = optional(
        "Seconds to the first token, at the median or at percentiles. Slower endpoints are tried last, none is excluded."
    )
    options: Mapping[str, Any] | None = optional("Settings of single providers, by slug.")
