"""Server tools that ask other models.

Source: OpenRouter's OpenAPI document of August 2026, schemas AdvisorServerTool_OpenRouter, SubagentServerTool_OpenRouter,
FusionServerTool_OpenRouter, ChatSearchModelsServerTool and their settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openrouter_nb.components.base import JSON, RequestModel
from openrouter_nb.components.messages.caching import AnthropicCacheControlDirective
from openrouter_nb.components.reasoning import ReasoningEffort


class AdvisorReasoning(RequestModel):
    """Reasoning of the asked model: an effort, or a budget in tokens."""

    effort: ReasoningEffort | None = None
    max_tokens: int | None = None


class SubagentReasoning(AdvisorReasoning):
    """Reasoning of the worker."""


class FusionServerToolConfigReasoning(AdvisorReasoning):
    """Reasoning of the panel and of the analyst."""


class SubagentNestedTool(RequestModel):
    """A server tool for the worker; functions of the caller are refused."""

    type: str
    parameters: Mapping[str, Any] | None = None


class FusionServerToolConfigTool(SubagentNestedTool):
    """A server tool for the panel and for the analyst."""


class AdvisorServerToolConfig(RequestModel):
    """One advisor.

    Attributes:
        name: Tells several apart: 1 to 64 letters, digits, spaces, `_` and `-`; one may go without.
        model: Who advises; else the calling model chooses.
        instructions: Its system prompt.
        forward_transcript: Show it the whole conversation.
        temperature: 0 to 2.
        max_completion_tokens: Most tokens of the advice, reasoning included.
        reasoning: Its reasoning.
        stream: No effect on chat completions.
    """

    name: str | None = None
    model: str | None = None
    instructions: str | None = None
    forward_transcript: bool | None = None
    temperature: int | float | None = None
    max_completion_tokens: int | None = None
    reasoning: JSON | AdvisorReasoning | None = None
    stream: bool | None = None


class AdvisorServerToolOpenRouter(RequestModel):
    """Ask a stronger model for advice."""

    type: Literal["openrouter:advisor"] = "openrouter:advisor"
    parameters: JSON | AdvisorServerToolConfig | None = None


class SubagentServerToolConfig(RequestModel):
    """One worker.

    Attributes:
        name: Tells several apart: 1 to 64 letters, digits, spaces, `_` and `-`; one may go without.
        model: Who works; else the model of the request.
        instructions: Its system prompt.
        temperature: 0 to 2.
        max_completion_tokens: Most tokens of its answer, reasoning included.
        max_tool_calls: Steps with tools, 1 to 25.
        reasoning: Its reasoning.
        tools: Server tools that it may use.
        inherit_functions: Refused on chat completions.
        inherited_function_names: Refused on chat completions.
    """

    name: str | None = None
    model: str | None = None
    instructions: str | None = None
    temperature: int | float | None = None
    max_completion_tokens: int | None = None
    max_tool_calls: int | None = None
    reasoning: JSON | SubagentReasoning | None = None
    tools: Sequence[JSON | SubagentNestedTool] | None = None
    inherit_functions: bool | None = None
    inherited_function_names: Sequence[str] | None = None


class SubagentServerToolOpenRouter(RequestModel):
    """Hand a task to a smaller model."""

    type: Literal["openrouter:subagent"] = "openrouter:subagent"
    parameters: JSON | SubagentServerToolConfig | None = None


class FusionServerToolConfig(RequestModel):
    """A panel of models and the analyst that sums them up.

    Attributes:
        analysis_models: The panel, 1 to 8 models.
        model: The analyst; else the model of the request.
        temperature: Of the panel; the analyst is always at 0.
        max_completion_tokens: Most tokens of each answer; 16,000 unless given.
        max_tool_calls: Steps with tools of each, 1 to 16; 4 unless given.
        reasoning: Their reasoning.
        tools: Server tools that they may use, up to 8; web search and fetch unless given, `[]` for none.
        cache_control: Prompt caching.
    """

    analysis_models: Sequence[str] | None = None
    model: str | None = None
    temperature: int | float | None = None
    max_completion_tokens: int | None = None
    max_tool_calls: int | None = None
    reasoning: JSON | FusionServerToolConfigReasoning | None = None
    tools: Sequence[JSON | FusionServerToolConfigTool] | None = None
    cache_control: JSON | AnthropicCacheControlDirective | None = None


class FusionServerToolOpenRouter(RequestModel):
    """Ask a panel of models, summed up by an analyst."""

    type: Literal["openrouter:fusion"] = "openrouter:fusion"
    parameters: JSON | FusionServerToolConfig | None = None


class SearchModelsServerToolConfig(RequestModel):
    """Most models to return: up to 20, 5 unless given."""

    max_results: int | None = None


class ChatSearchModelsServerTool(RequestModel):
    """Search OpenRouter's models."""

    type: Literal["openrouter:experimental__search_models"] = "openrouter:experimental__search_models"
    parameters: JSON | SearchModelsServerToolConfig | None = None
