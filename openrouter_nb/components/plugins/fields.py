"""Field types that several plugins share, with their descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

CostTier = str | Literal["low", "medium", "high", "xhigh", "max"]

Enabled = Annotated[
    bool | None, Field(description="False disables the plugin for this request where the account enables it.")
]
AllowedModels = Annotated[
    Sequence[str] | None,
    Field(
        description="Choose among these models only. Patterns such as `anthropic/*`, at most 1,024.",
        json_schema_extra={"maxItems": 1024},
    ),
]
ExcludedModels = Annotated[
    Sequence[str] | None,
    Field(
        description="Never choose these models. Patterns as in `allowed_models`, which they override.",
        json_schema_extra={"maxItems": 1024},
    ),
]
ModelCostTier = Annotated[
    CostTier | None, Field(description="Choose among one fifth of the models, ranked by cost.")
]
CostQualityTradeoff = Annotated[
    int | None,
    Field(
        description="Deprecated. Weight of cost against quality, 0 to 10; higher is cheaper. Default: 9.",
        json_schema_extra={"minimum": 0, "maximum": 10, "default": 9},
    ),
]
