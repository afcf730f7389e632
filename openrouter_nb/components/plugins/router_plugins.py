"""Router plugins, which choose the model.

Source: OpenRouter's OpenAPI document of August 2026, schemas AutoRouterPlugin, AutoBetaRouterPlugin and
ParetoRouterPlugin; the other two: SDK 1.3.84.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import RequestModel, optional
from openrouter_nb.components.plugins.fields import (
    AllowedModels,
    CostQualityTradeoff,
    Enabled,
    ExcludedModels,
    ModelCostTier,
)


class AutoBetaRouterPlugin(RequestModel):
    """Settings of the model `openrouter/auto-beta`."""

    id: Literal["auto-beta-router"] = "auto-beta-router"
    enabled: Enabled = None
    allowed_models: AllowedModels = None
    excluded_models: ExcludedModels = None
    cost_tier: ModelCostTier = None
    cost_quality_tradeoff: CostQualityTradeoff = None


class AutoRouterPlugin(RequestModel):
    """Settings of the model `openrouter/auto`."""

    id: Literal["auto-router"] = "auto-router"
    enabled: Enabled = None
    allowed_models: AllowedModels = None
    excluded_models: ExcludedModels = None
    cost_tier: ModelCostTier = None
    cost_quality_tradeoff: CostQualityTradeoff = None
    pin_model: bool | None = optional("Use the model that gave the previous answer, named in its `model`.")


class ParetoRouterPlugin(RequestModel):
    """Settings of the router for coding models."""

    id: Literal["pareto-router"] = "pareto-router"
    enabled: Enabled = None
    min_coding_score: int | float | None = optional(
        "Minimum coding score, 0 to 1. Default: two thirds.", minimum=0, maximum=1
    )
    max_price: int | float | None = optional(
        "Maximum price in USD per million input tokens. Overrides the score.", minimum=0
    )
    price_source: str | Literal["prompt", "weighted_avg"] | None = optional(
        "Price to compare: `prompt`, the list price, or `weighted_avg`, the average price paid."
    )


class JevRouterPlugin(RequestModel):
    """Settings of the Jev router."""

    id: Literal["jev-router"] = "jev-router"
    models: Sequence[str] | None = None
    allowed_models: AllowedModels = None
    excluded_models: ExcludedModels = None
    cost_tier: ModelCostTier = None


class SwitchyardRouterPlugin(RequestModel):
    """Settings of the Switchyard router."""

    id: Literal["switchyard-router"] = "switchyard-router"
    algorithm: str | Literal["capability", "stage", "auto", "random", "composite", "passthrough"] | None = (
        None
    )
    judge_model: str | None = None
