"""What ends the loop of server tools. Any of the conditions does, and they override `max_tool_calls`.

Source: OpenRouter's OpenAPI document of August 2026, schema StopServerToolsWhen.
"""

from __future__ import annotations

from typing import Literal

from openrouter_nb.components.base import RequestModel


class StopServerToolsWhenStepCountIs(RequestModel):
    """After so many steps."""

    type: Literal["step_count_is"] = "step_count_is"
    step_count: int


class StopServerToolsWhenHasToolCall(RequestModel):
    """After a call of this tool."""

    type: Literal["has_tool_call"] = "has_tool_call"
    tool_name: str


class StopServerToolsWhenMaxTokensUsed(RequestModel):
    """Beyond so many tokens, all steps together."""

    type: Literal["max_tokens_used"] = "max_tokens_used"
    max_tokens: int


class StopServerToolsWhenMaxCost(RequestModel):
    """Beyond so many US dollars, all steps together."""

    type: Literal["max_cost"] = "max_cost"
    max_cost_in_dollars: int | float


class StopServerToolsWhenFinishReasonIs(RequestModel):
    """When the model ends a step so, e.g. with `length`."""

    type: Literal["finish_reason_is"] = "finish_reason_is"
    reason: str


StopServerToolsWhenCondition = (
    StopServerToolsWhenStepCountIs
    | StopServerToolsWhenHasToolCall
    | StopServerToolsWhenMaxTokensUsed
    | StopServerToolsWhenMaxCost
    | StopServerToolsWhenFinishReasonIs
)
