"""What the helper endpoints tell: models, their prices and endpoints, providers, the key, past generations.

Named as in OpenRouter's Python SDK. Everything but ids is optional. Source: OpenRouter's OpenAPI document, August 2026.
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


#: US dollars, exact. None also where the service says something that is no price, as for routers: it varies.
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
    """Prices that hold under all of its conditions; what it leaves out stays as it was.

    `min_prompt_tokens`: for more prompt tokens than this. `utc_start`, `utc_end`: times of day as HHMM numbers, the end
    not included, possibly across midnight.
    """

    min_prompt_tokens: int | None = None
    utc_start: int | None = None
    utc_end: int | None = None


class PublicPricing(_Prices):
    """What a model costs. `discount` is a fraction: the price is to be multiplied by one minus it."""

    discount: float | None = None
    overrides: list[PricingOverride] = Field(default_factory=list)


class ModelArchitecture(ResponseModel):
    """What goes in and what comes out."""

    modality: str | None = None
    input_modalities: list[str] = Field(default_factory=list)
    output_modalities: list[str] = Field(default_factory=list)
    tokenizer: str | None = None
    instruct_type: str | None = None


class TopProviderInfo(ResponseModel):
    """Limits of the provider that is tried first, in tokens."""

    context_length: int | None = None
    max_completion_tokens: int | None = None
    is_moderated: bool | None = None


class ModelReasoning(ResponseModel):
    """How a model's reasoning can be steered. `supported_efforts`: highest first, None for all."""

    mandatory: bool | None = None
    supported_efforts: list[str] | None = None
    default_effort: str | None = None
    default_enabled: bool | None = None
    supports_max_tokens: bool | None = None


class Model(ResponseModel):
    """One model. `id` is what `model=` takes; `canonical_slug` never changes."""

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
    """One provider's offer of a model. `tag` is what `provider.order` takes.

    `uptime_…` are percent; `throughput_last_30m` is tokens per second. Of `latency_last_30m`, the time to the first
    token, the document says milliseconds and shows seconds.
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
    """A model and who serves it."""

    id: str
    name: str | None = None
    created: int | None = None
    description: str | None = None
    architecture: ModelArchitecture = Field(default_factory=ModelArchitecture)
    endpoints: list[PublicEndpoint] = Field(default_factory=list)


class Provider(ResponseModel):
    """A provider. Countries are ISO 3166-1 codes of two letters."""

    slug: str
    name: str | None = None
    privacy_policy_url: str | None = None
    terms_of_service_url: str | None = None
    status_page_url: str | None = None
    headquarters: str | None = None
    datacenters: list[str] | None = None


class KeyInfo(ResponseModel):
    """What the service says about the key in use. Amounts are US dollars; `limit` None means unlimited.

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
        """What is left."""
        if self.total_credits is None or self.total_usage is None:
            return None
        return self.total_credits - self.total_usage


class GenerationProvider(ResponseModel):
    """One provider that was tried. `latency` is milliseconds."""

    provider_name: str | None = None
    status: int | None = None
    latency: float | None = None
    is_byok: bool | None = None


class Generation(ResponseModel):
    """The record of one request. Costs are US dollars, times milliseconds; billed are the native token counts."""

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
