"""Conditions that end the server-tool loop. Any of them is sufficient; they override `max_tool_calls`.

Source: OpenRouter's OpenAPI document of August 2026, schema StopServerToolsWhen.
"""

from __future__ import annotations

from typing import Literal

from openrouter_nb.components.base import RequestModel


class StopServerToolsWhenStepCountIs(RequestModel):
    """Stop after this number of steps."""

    type: Literal["step_count_is"] = "step_count_is"
    step_count: int


class StopServerToolsWhenHasToolCall(RequestModel):
    """Stop after a call of this tool."""

    type: Literal["has_tool_call"] = "has_tool_call"
    tool_name: str


class StopServerToolsWhenMaxTokensUsed(RequestModel):
    """Stop after this number of tokens, over all steps."""

    type: Literal["max_tokens_used"] = "max_tokens_used"
    max_tokens: int


class StopServerToolsWhenMaxCost(RequestModel):
    """Stop after this cost in US dollars, over all steps."""

    type: Literal["max_cost"] = "max_cost"
    max_cost_in_dollars: int | float


class StopServerToolsWhenFinishReasonIs(RequestModel):
    """Stop when a step ends with this finish reason, such as `length`."""

    type: Literal["finish_reason_is"] = "finish_reason_is"
    reason: str


StopServerToolsWhenCondition = (
    StopServerToolsWhenStepCountIs
    | StopServerToolsWhenHasToolCall
    | StopServerToolsWhenMaxTokensUsed
    | StopServerToolsWhenMaxCost
    | StopServerToolsWhenFinishReasonIs
)
