"""Specs of tools, plugins, routing, identity and transport."""

from __future__ import annotations

from typing import get_args

from openrouter_nb.components.provider import Quantization
from openrouter_nb.playground.parameters.plugin_forms import plugin_forms, server_tool_forms
from openrouter_nb.playground.parameters.spec import (
    EXTRA,
    IDENTITY,
    ROUTING,
    TOOLS,
    TRANSPORT,
    Spec,
    chips,
    flag,
    json_field,
    price,
    row,
)

_QUANTIZATIONS = get_args(get_args(Quantization)[1])  # of `str | Literal[…]`


def tools() -> tuple[Spec, ...]:
    """Return the specs of tools and plugins."""
    return (
        row("tools", TOOLS, "tools", cards=server_tool_forms()),
        row("tool_choice", TOOLS, "tool_choice", choices=["auto", "none", "required"]),
        row("parallel_tool_calls", TOOLS, "switch"),
        row("max_tool_calls", TOOLS, "number", step=1),
        row("plugins", TOOLS, "plugins", cards=plugin_forms()),
        json_field("stop_server_tools_when", TOOLS, [{"type": "max_cost", "max_cost_in_dollars": 0.5}]),
        json_field("web_search_options", TOOLS, {"search_context_size": "low"}),
        json_field("x_search_filter", TOOLS, {"allowed_x_handles": ["OpenRouterAI"]}),
        json_field(
            "deferred_tools",
            TOOLS,
            {"protocol": "v1", "profile": "portable", "search": {"type": "bm25"}, "validation": "runtime"},
        ),
    )


def routing() -> tuple[Spec, ...]:
    """Return the specs of provider routing."""
    sorts = ["price", "throughput", "latency", "exacto"]
    speed = {"kind": "number", "minimum": 0, "advanced": True}
    return (
        row("models", ROUTING, "chips", open=True),
        chips("provider.order", ROUTING),
        chips("provider.only", ROUTING),
        chips("provider.ignore", ROUTING),
        flag("provider.allow_fallbacks", ROUTING),
        flag("provider.require_parameters", ROUTING),
        row(
            "provider.data_collection",
            ROUTING,
            "segmented",
            kind="string",
            choices=["allow", "deny"],
        ),
        flag("provider.zdr", ROUTING),
        flag("provider.enforce_distillable_text", ROUTING, advanced=True),
        row(
            "provider.quantizations",
            ROUTING,
            "checks",
            kind="strings",
            choices=list(_QUANTIZATIONS),
            advanced=True,
        ),
        row("provider.sort", ROUTING, "segmented", kind="string", choices=sorts),
        *(price(name) for name in ("prompt", "completion", "request", "image", "audio")),
        row("provider.preferred_min_throughput", ROUTING, "number", unit="tokens/s", **speed),
        row("provider.preferred_max_latency", ROUTING, "number", unit="s", **speed),
        row("route", ROUTING, "note", deprecated="provider.sort"),
        row("preset", ROUTING, "text", advanced=True),
        json_field("transforms", ROUTING, ["middle-out"]),
    )


def identity() -> tuple[Spec, ...]:
    """Return the specs of user, session and metadata."""
    return (
        row(
            "user",
            IDENTITY,
            "text",
            help="Stable id of the end user; preferably a hash, not an e-mail address.",
        ),
        row("session_id", IDENTITY, "text"),
        row(
            "metadata",
            IDENTITY,
            "table",
            value="text",
            limits={"pairs": 16, "key": 64, "value": 512},
            ghost="name: value",
        ),
        json_field("trace", IDENTITY, {"trace_id": "run-1", "trace_name": "evaluation"}),
    )


def transport() -> tuple[Spec, ...]:
    """Return the specs of streaming, service tier and caching."""
    return (
        row("stream", TRANSPORT, "switch", help="Stream the answer. Default: on."),
        flag(
            "debug.echo_upstream_body",
            TRANSPORT,
            help="Show in Raw the request body sent to each provider. It contains the prompt.",
        ),
        row("service_tier", TRANSPORT, "segmented"),
        json_field("cache_control", TRANSPORT, {"type": "ephemeral"}),
        row("prompt_cache_key", TRANSPORT, "text", advanced=True),
        json_field("prompt_cache_options", TRANSPORT, {"mode": "explicit"}),
        row("stream_options", TRANSPORT, "note", deprecated=""),
        row("usage", TRANSPORT, "note", deprecated=""),
    )


def extra_body() -> Spec:
    """Return the spec of fields that this table does not have."""
    text = "Other fields of the request, as a JSON object. They override the fields above."
    return json_field("extra_body", EXTRA, {"field": "value"}, help=text, advanced=False)
