"""Server tools that send requests to other models.

Source: OpenRouter's OpenAPI document of August 2026, schemas AdvisorServerTool_OpenRouter, SubagentServerTool_OpenRouter,
FusionServerTool_OpenRouter, ChatSearchModelsServerTool and their settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from openrouter_nb.components.base import JSON, RequestModel, optional
from openrouter_nb.components.messages.caching import AnthropicCacheControlDirective
from openrouter_nb.components.reasoning import ReasoningEffort

Name = Annotated[
    str | None,
    Field(
        description="Distinguishes several tools of this type: 1 to 64 letters, digits, spaces, `_` and `-`. "
        "One of them may have no name.",
        json_schema_extra={"minLength": 1, "maxLength": 64},
    ),
]
Instructions = Annotated[str | None, Field(description="System prompt of the model.")]
Temperature = Annotated[
    int | float | None,
    Field(description="Sampling temperature, 0 to 2.", json_schema_extra={"minimum": 0, "maximum": 2}),
]
AnalysisModels = Annotated[
    Sequence[str] | None,
    Field(description="Models of the panel, 1 to 8.", json_schema_extra={"minItems": 1, "maxItems": 8}),
]
FusionToolCalls = Annotated[
    int | None,
    Field(
        description="Maximum number of tool rounds per model, 1 to 16. Default: 4.",
        json_schema_extra={"minimum": 1, "maximum": 16, "default": 4},
    ),
]
#: The description of the tools of a fusion, whose items have another class in the plugin than in the tool.
FUSION_TOOLS = Field(
    description="Server tools that the models may use, at most 8. Default: web search and web fetch; `[]` for none.",
    json_schema_extra={"maxItems": 8, "examples": [[{"type": "openrouter:web_search"}]]},
)
_REASONING = {"examples": [{"effort": "low"}]}


class AdvisorReasoning(RequestModel):
    """Reasoning of the advisor: an effort, or a budget in tokens."""

    effort: ReasoningEffort | None = None
    max_tokens: int | None = None


class SubagentReasoning(AdvisorReasoning):
    """Reasoning of the subagent: an effort, or a budget in tokens."""


class FusionServerToolConfigReasoning(AdvisorReasoning):
    """Reasoning of all models of a fusion: an effort, or a budget in tokens."""


class SubagentNestedTool(RequestModel):
    """A server tool for the subagent. Functions of the caller are rejected."""

    type: str
    parameters: Mapping[str, Any] | None = None


class FusionServerToolConfigTool(SubagentNestedTool):
    """A server tool for the models of a fusion."""


class AdvisorServerToolConfig(RequestModel):
    """Settings of one advisor."""

    name: Name = None
    model: str | None = optional("Model that gives the advice. Default: chosen by the calling model.")
    instructions: Instructions = None
    forward_transcript: bool | None = optional("Send the whole conversation to the advisor.")
    temperature: Temperature = None
    max_completion_tokens: int | None = optional(
        "Maximum number of tokens in the advice, reasoning included."
    )
    reasoning: JSON | AdvisorReasoning | None = optional(
        "Reasoning of the advisor: an effort, or a budget in tokens.", **_REASONING
    )
    stream: bool | None = optional("No effect in chat completions.")


class AdvisorServerToolOpenRouter(RequestModel):
    """Ask a stronger model for advice."""

    type: Literal["openrouter:advisor"] = "openrouter:advisor"
    parameters: JSON | AdvisorServerToolConfig | None = None


class SubagentServerToolConfig(RequestModel):
    """Settings of one subagent."""

    name: Name = None
    model: str | None = optional("Model that does the task. Default: the model of the request.")
    instructions: Instructions = None
    temperature: Temperature = None
    max_completion_tokens: int | None = optional(
        "Maximum number of tokens in its answer, reasoning included."
    )
    max_tool_calls: int | None = optional("Maximum number of tool rounds, 1 to 25.", minimum=1, maximum=25)
    reasoning: JSON | SubagentReasoning | None = optional(
        "Reasoning of the subagent: an effort, or a budget in tokens.", **_REASONING
    )
    tools: Sequence[JSON | SubagentNestedTool] | None = optional(
        "Server tools that the subagent may use.", examples=[[{"type": "openrouter:web_search"}]]
    )
    inherit_functions: bool | None = optional("Not supported in chat completions: the request is rejected.")
    inherited_function_names: Sequence[str] | None = optional(
        "Not supported in chat completions: the request is rejected."
    )


class SubagentServerToolOpenRouter(RequestModel):
    """Delegate a task to a smaller model."""

    type: Literal["openrouter:subagent"] = "openrouter:subagent"
    parameters: JSON | SubagentServerToolConfig | None = None


class FusionServerToolConfig(RequestModel):
    """Settings of a fusion: a panel of models, and the model that combines their answers."""

    analysis_models: AnalysisModels = None
    model: str | None = optional(
        "Model that combines the panel's answers. Default: the model of the request."
    )
    temperature: int | float | None = optional(
        "Sampling temperature of the panel, 0 to 2. The combining model always uses 0.", minimum=0, maximum=2
    )
    max_completion_tokens: int | None = optional(
        "Maximum number of tokens in each answer. Default: 16,000.", default=16_000
    )
    max_tool_calls: FusionToolCalls = None
    reasoning: JSON | FusionServerToolConfigReasoning | None = optional(
        "Reasoning of all models of the fusion: an effort, or a budget in tokens.", **_REASONING
    )
    tools: Annotated[Sequence[JSON | FusionServerToolConfigTool] | None, FUSION_TOOLS] = None
    cache_control: JSON | AnthropicCacheControlDirective | None = optional(
        "Prompt caching.", examples=[{"type": "ephemeral", "ttl": "1h"}]
    )


class FusionServerToolOpenRouter(RequestModel):
    """Ask a panel of models and combine their answers into one."""

    type: Literal["openrouter:fusion"] = "openrouter:fusion"
    parameters: JSON | FusionServerToolConfig | None = None


class SearchModelsServerToolConfig(RequestModel):
    """Settings of the model search."""

    max_results: int | None = optional(
        "Maximum number of models to return, up to 20. Default: 5.", maximum=20, default=5
    )


class ChatSearchModelsServerTool(RequestModel):
    """Search OpenRouter's models."""

    type: Literal["openrouter:experimental__search_models"] = "openrouter:experimental__search_models"
    parameters: JSON | SearchModelsServerToolConfig | None = None
