"""Responses of the GET endpoints: models, their prices and endpoints, providers, the API key, past generations.

Named as in OpenRouter's Python SDK. All fields except ids are optional. Source: OpenRouter's OpenAPI document, August 2026.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from openrouter_nb.components.base import ResponseModel


def _price(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None


#: US dollars, exact. None also if the value is not a price, as for routers, whose price varies.
Price = Annotated[Decimal | None, BeforeValidator(_price)]


class _Prices(ResponseModel):
    """Prices in US dollars: per token, and per request, image or search."""

    prompt: Price = None
    completion: Price = None
    request: Price = None
    image: Price = None
    image_token: Price = None
    image_output: Price = None
    audio: Price = None
    audio_output: Price = None
    web_search: Price = None
    internal_reasoning: Price = None
    input_cache_read: Price = None
    input_cache_write: Price = None
    input_cache_write_1h: Price = None
    input_audio_cache: Price = None


class PricingOverride(_Prices):
    """Prices that apply if all conditions hold. Prices that it omits are unchanged.

    `min_prompt_tokens`: applies to more prompt tokens than this. `utc_start`, `utc_end`: time of day as HHMM numbers,
    end excluded; the interval may span midnight.
    """

    min_prompt_tokens: int | None = None
    utc_start: int | None = None
    utc_end: int | None = None


class PublicPricing(_Prices):
    """Prices of a model. `discount` is a fraction: multiply prices by one minus it."""

    discount: float | None = None
    overrides: list[PricingOverride] = Field(default_factory=list)


class ModelArchitecture(ResponseModel):
    """Input and output modalities of a model, and its tokenizer."""

    modality: str | None = None
    input_modalities: list[str] = Field(default_factory=list)
    output_modalities: list[str] = Field(default_factory=list)
    tokenizer: str | None = None
    instruct_type: str | None = None


class TopProviderInfo(ResponseModel):
    """Limits of the highest-ranked provider, in tokens."""

    context_length: int | None = None
    max_completion_tokens: int | None = None
    is_moderated: bool | None = None


class ModelReasoning(ResponseModel):
    """Reasoning options of a model. `supported_efforts`: highest first, None for all."""

    mandatory: bool | None = None
    supported_efforts: list[str] | None = None
    default_effort: str | None = None
    default_enabled: bool | None = None
    supports_max_tokens: bool | None = None


class Model(ResponseModel):
    """A model. `id` is the value for `model=`; `canonical_slug` never changes."""

    id: str
    canonical_slug: str | None = None
    name: str | None = None
    description: str | None = None
    created: int | None = None
    context_length: int | None = None
    architecture: ModelArchitecture = Field(default_factory=ModelArchitecture)
    pricing: PublicPricing = Field(default_factory=PublicPricing)
    top_provider: TopProviderInfo = Field(default_factory=TopProviderInfo)
    per_request_limits: dict[str, Any] | None = None
    supported_parameters: list[str] = Field(default_factory=list)
    default_parameters: dict[str, Any] | None = None
    reasoning: ModelReasoning | None = None
    hugging_face_id: str | None = None
    supported_voices: list[str] | None = None
    knowledge_cutoff: str | None = None
    expiration_date: str | None = None
    alias_target: dict[str, Any] | None = None
    links: dict[str, Any] | None = None


class PercentileStats(ResponseModel):
    """A distribution over the last half hour."""

    p50: float | None = None
    p75: float | None = None
    p90: float | None = None
    p99: float | None = None


class PublicEndpoint(ResponseModel):
    """An endpoint: one provider that serves a model. `tag` is the value for `provider.order`.

    `uptime_…` are percentages; `throughput_last_30m` is in tokens per second. `latency_last_30m` is the time to the first
    token: the API document says milliseconds, its examples show seconds.
    """

    name: str | None = None
    model_id: str | None = None
    model_name: str | None = None
    provider_name: str | None = None
    tag: str | None = None
    quantization: str | None = None
    context_length: int | None = None
    max_completion_tokens: int | None = None
    max_prompt_tokens: int | None = None
    pricing: PublicPricing = Field(default_factory=PublicPricing)
    supported_parameters: list[str] = Field(default_factory=list)
    status: int | None = None
    supports_implicit_caching: bool | None = None
    uptime_last_5m: float | None = None
    uptime_last_30m: float | None = None
    uptime_last_1d: float | None = None
    latency_last_30m: PercentileStats | None = None
    throughput_last_30m: PercentileStats | None = None


class ListEndpointsResponse(ResponseModel):
    """A model and its endpoints."""

    id: str
    name: str | None = None
    created: int | None = None
    description: str | None = None
    architecture: ModelArchitecture = Field(default_factory=ModelArchitecture)
    endpoints: list[PublicEndpoint] = Field(default_factory=list)


class Provider(ResponseModel):
    """A provider. Countries are two-letter ISO 3166-1 codes."""

    slug: str
    name: str | None = None
    privacy_policy_url: str | None = None
    terms_of_service_url: str | None = None
    status_page_url: str | None = None
    headquarters: str | None = None
    datacenters: list[str] | None = None


class KeyInfo(ResponseModel):
    """The API key in use, its limit and usage. Amounts are US dollars; `limit` None means unlimited.

    `label` shows the key's first and last characters.
    """

    label: str | None = None
    limit: float | None = None
    limit_remaining: float | None = None
    limit_reset: str | None = None
    include_byok_in_limit: bool | None = None
    usage: float | None = None
    usage_daily: float | None = None
    usage_weekly: float | None = None
    usage_monthly: float | None = None
    is_free_tier: bool | None = None
    is_management_key: bool | None = None
    expires_at: str | None = None


class Credits(ResponseModel):
    """The account's credits in US dollars."""

    total_credits: float | None = None
    total_usage: float | None = None

    @property
    def balance(self) -> float | None:
        """Remaining credits."""
        if self.total_credits is None or self.total_usage is None:
            return None
        return self.total_credits - self.total_usage


class GenerationProvider(ResponseModel):
    """One provider that was tried. `latency` is in milliseconds."""

    provider_name: str | None = None
    status: int | None = None
    latency: float | None = None
    is_byok: bool | None = None


class Generation(ResponseModel):
    """Record of one request. Costs are in US dollars, times in milliseconds. The native token counts are billed."""

    id: str
    model: str | None = None
    provider_name: str | None = None
    created_at: str | None = None
    total_cost: float | None = None
    usage: float | None = None
    upstream_inference_cost: float | None = None
    cache_discount: float | None = None
    is_byok: bool | None = None
    tokens_prompt: int | None = None
    tokens_completion: int | None = None
    native_tokens_prompt: int | None = None
    native_tokens_completion: int | None = None
    native_tokens_reasoning: int | None = None
    native_tokens_cached: int | None = None
    latency: float | None = None
    generation_time: float | None = None
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    streamed: bool | None = None
    cancelled: bool | None = None
    provider_responses: list[GenerationProvider] | None = None
