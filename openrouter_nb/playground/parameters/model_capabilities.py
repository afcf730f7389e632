"""Capabilities of a model per parameter: whether it is supported, and its default, bounds and choices.

Source: OpenRouter's OpenAPI document, schema Model, August 2026: `supported_parameters` is the union over providers. The
service drops unsupported parameters silently, so the panel stores them but does not send them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openrouter_nb.components.catalog import Model

# Values of `supported_parameters`. OpenRouter itself handles all other parameters, whatever the model.
DEPENDS = frozenset(
    {
        "temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty",
        "max_tokens", "max_completion_tokens", "logit_bias", "logprobs", "top_logprobs", "prediction", "seed",
        "response_format", "structured_outputs", "stop", "tools", "tool_choice", "parallel_tool_calls",
        "include_reasoning", "reasoning", "reasoning_effort", "web_search_options", "verbosity",
    }
)  # fmt: skip
# OpenRouter translates between the parameters of a group: support for one of them is enough.
_SAME = (
    {"max_tokens", "max_completion_tokens"},
    {"reasoning", "reasoning_effort", "include_reasoning"},
    {"response_format", "structured_outputs"},
    {"tools", "tool_choice", "parallel_tool_calls"},
)


def takes(name: str, supported: Iterable[str]) -> bool:
    """Return whether a top-level parameter has an effect, given the supported ones."""
    return name not in DEPENDS or not equivalent(name).isdisjoint(supported)


def equivalent(name: str) -> set[str]:
    """Return the names whose support means support of a parameter."""
    return next((group for group in _SAME if name in group), {name})


def hints(model: Model | None, *, tools: Iterable[str], providers: Iterable[str]) -> dict[str, Any]:
    """Return the changes that a model makes to the control specs, by dotted name.

    Args:
        model: Model of the first column, None if it is not in the catalog.
        tools: Names of the tools in the request.
        providers: Tags of the model's endpoints.
    """
    found: dict[str, dict[str, Any]] = {
        "tool_choice": {"choices": ["auto", "none", "required", *tools]},
        **{f"provider.{key}": {"choices": list(providers)} for key in ("order", "only", "ignore")},
    }
    if model is None:
        return found
    for name, value in (model.default_parameters or {}).items():
        if value is not None:
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            found[name] = {"default": value, "ghost": f"model default {shown}"}
    limit = model.top_provider.max_completion_tokens or model.context_length
    if limit:
        found["max_completion_tokens"] = {"maximum": limit, "ghost": f"up to {limit:,}"}
        found["max_tokens"] = {"maximum": limit}
    outputs = model.architecture.output_modalities or ["text"]
    found["modalities"] = {"choices": outputs, "hidden": outputs == ["text"]}
    for prefix, kind in (("image_config", "image"), ("audio", "audio")):
        if kind not in outputs:
            found |= {f"{prefix}.{key}": {"hidden": True} for key in _FIELDS[prefix]}
    return found | _reasoning(model)


_FIELDS = {
    "image_config": ("aspect_ratio", "image_size", "quality", "background"),
    "audio": ("voice", "format"),
}


def _reasoning(model: Model) -> dict[str, Any]:
    """Return the hints for the fields of `reasoning`.

    Source: OpenRouter docs, best-practices/reasoning-tokens, August 2026: the rules for user interfaces.
    """
    reasoning = model.reasoning
    if reasoning is None:
        return {}
    found: dict[str, Any] = {}
    effort: dict[str, Any] = {}
    if reasoning.supported_efforts is not None:
        words = [word for word in reversed(reasoning.supported_efforts) if word != "none"]
        effort["choices"] = words if reasoning.mandatory else ["none", *words]
    if reasoning.mandatory:
        effort["note"] = "This model always reasons."
    if reasoning.default_effort:
        effort |= {"default": reasoning.default_effort, "ghost": f"model default {reasoning.default_effort}"}
    found["reasoning.effort"] = effort
    found["reasoning.max_tokens"] = {"hidden": not reasoning.supports_max_tokens}
    found["reasoning.enabled"] = {"hidden": bool(reasoning.mandatory)}
    return found
