"""Plugins that choose the model.

Source: OpenRouter's OpenAPI document of August 2026, schemas AutoRouterPlugin, AutoBetaRouterPlugin and
ParetoRouterPlugin; the other two: SDK 1.3.84.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import RequestModel

CostTier = str | Literal["low", "medium", "high", "xhigh", "max"]


class AutoBetaRouterPlugin(RequestModel):
    """Settings of the model `openrouter/auto-beta`; see `AutoRouterPlugin`."""

    id: Literal["auto-beta-router"] = "auto-beta-router"
    enabled: bool | None = None
    allowed_models: Sequence[str] | None = None
    excluded_models: Sequence[str] | None = None
    cost_tier: CostTier | None = None
    cost_quality_tradeoff: int | None = None


class AutoRouterPlugin(RequestModel):
    """Settings of the model `openrouter/auto`.

    Attributes:
        enabled: False switches it off.
        allowed_models: Patterns such as `anthropic/*`, up to 1024 of up to 1024 characters.
        excluded_models: The same; they win.
        cost_tier: A fifth of the models by cost, `low` to `max`.
        cost_quality_tradeoff: Deprecated: 0 to 10, higher is cheaper, 9 unless given.
        pin_model: Stay with the model of the last answer, by its `model`.
    """

    id: Literal["auto-router"] = "auto-router"
    enabled: bool | None = None
    allowed_models: Sequence[str] | None = None
    excluded_models: Sequence[str] | None = None
    cost_tier: CostTier | None = None
    cost_quality_tradeoff: int | None = None
    pin_model: bool | None = None


class ParetoRouterPlugin(RequestModel):
    """Settings of the router for code.

    Attributes:
        enabled: False switches it off.
        min_coding_score: 0 to 1; two thirds unless given.
        max_price: USD per million input tokens, 0 or more; overrides the score.
        price_source: `prompt`, the list price, or `weighted_avg`, what is paid in practice.
    """

    id: Literal["pareto-router"] = "pareto-router"
    enabled: bool | None = None
    min_coding_score: int | float | None = None
    max_price: int | float | None = None
    price_source: str | Literal["prompt", "weighted_avg"] | None = None


class JevRouterPlugin(RequestModel):
    """Settings of the Jev router."""

    id: Literal["jev-router"] = "jev-router"
    models: Sequence[str] | None = None
    allowed_models: Sequence[str] | None = None
    excluded_models: Sequence[str] | None = None
    cost_tier: CostTier | None = None


class SwitchyardRouterPlugin(RequestModel):
    """Settings of the Switchyard router."""

    id: Literal["switchyard-router"] = "switchyard-router"
    algorithm: str | Literal["capability", "stage", "auto", "random", "composite", "passthrough"] | None = (
        None
    )
    judge_model: str | None = None
