"""Rows of what an answer may use, who gives it, and how it travels: tools, routing, identity, transport."""

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
    price,
    row,
)

_QUANTIZATIONS = get_args(get_args(Quantization)[1])  # of `str | Literal[…]`


def tools() -> tuple[Spec, ...]:
    """Return what the model may call, and plugins."""
    return (
        row("tools", TOOLS, "tools", cards=server_tool_forms()),
        row("tool_choice", TOOLS, "tool_choice", choices=["auto", "none", "required"]),
        row("parallel_tool_calls", TOOLS, "switch"),
        row("max_tool_calls", TOOLS, "number", step=1),
        row("plugins", TOOLS, "plugins", cards=plugin_forms()),
        row("stop_server_tools_when", TOOLS, "json", advanced=True),
        row("web_search_options", TOOLS, "json", advanced=True),
        row("x_search_filter", TOOLS, "json", advanced=True),
        row("deferred_tools", TOOLS, "json", advanced=True),
    )


def routing() -> tuple[Spec, ...]:
    """Return who may answer."""
    sorts = ["price", "throughput", "latency", "exacto"]
    speed = {"kind": "number", "minimum": 0, "advanced": True}
    return (
        row("models", ROUTING, "chips", open=True),
        chips("provider.order", ROUTING, "Providers to try first, in this order."),
        chips("provider.only", ROUTING, "No providers but these."),
        chips("provider.ignore", ROUTING, "Not these providers."),
        flag(
            "provider.allow_fallbacks", ROUTING, "Whether other providers may answer where the first cannot."
        ),
        flag(
            "provider.require_parameters", ROUTING, "Only endpoints that take every parameter that is sent."
        ),
        row(
            "provider.data_collection",
            ROUTING,
            "segmented",
            kind="string",
            choices=["allow", "deny"],
            help="Whether providers that store prompts may answer.",
        ),
        flag("provider.zdr", ROUTING, "Only endpoints that keep nothing (zero data retention)."),
        flag(
            "provider.enforce_distillable_text",
            ROUTING,
            "Only models whose text may be used for training.",
            advanced=True,
        ),
        row(
            "provider.quantizations",
            ROUTING,
            "checks",
            kind="strings",
            choices=list(_QUANTIZATIONS),
            help="Only endpoints that run the model at these precisions.",
            advanced=True,
        ),
        row("provider.sort", ROUTING, "segmented", kind="string", choices=sorts, help="What matters most."),
        price("prompt", "Most dollars per million tokens of input"),
        price("completion", "Most dollars per million tokens of output"),
        price("request", "Most dollars per request"),
        price("image", "Most dollars per picture"),
        price("audio", "Most dollars per unit of audio"),
        row(
            "provider.preferred_min_throughput",
            ROUTING,
            "number",
            unit="tokens/s",
            help="Endpoints that are slower come last.",
            **speed,
        ),
        row(
            "provider.preferred_max_latency",
            ROUTING,
            "number",
            unit="s",
            help="Endpoints that take longer to the first token come last.",
            **speed,
        ),
        row("route", ROUTING, "note", deprecated="provider.sort"),
        row("preset", ROUTING, "text", advanced=True),
        row("transforms", ROUTING, "json", advanced=True),
    )


def identity() -> tuple[Spec, ...]:
    """Return for whom it is asked."""
    return (
        row("user", IDENTITY, "text", help="Stable id of the end user; best a hash, not an address."),
        row("session_id", IDENTITY, "text"),
        row("metadata", IDENTITY, "table", value="text", limits={"pairs": 16, "key": 64, "value": 512}),
        row("trace", IDENTITY, "json", advanced=True),
    )


def transport() -> tuple[Spec, ...]:
    """Return how the answer travels, and caching."""
    return (
        row("stream", TRANSPORT, "switch", help="Show the answer as it is written. On where unset."),
        flag(
            "debug.echo_upstream_body",
            TRANSPORT,
            "Show in Raw what each provider was sent. The text of the prompt travels back with it.",
        ),
        row("service_tier", TRANSPORT, "segmented"),
        row("cache_control", TRANSPORT, "json", advanced=True),
        row("prompt_cache_key", TRANSPORT, "text", advanced=True),
        row("prompt_cache_options", TRANSPORT, "json", advanced=True),
        row("stream_options", TRANSPORT, "note", deprecated=""),
        row("usage", TRANSPORT, "note", deprecated=""),
    )


def extra_body() -> Spec:
    """Return the row for what is newer than this table."""
    text = "Fields newer than this table, as a JSON object. They are put over the others."
    return row("extra_body", EXTRA, "json", help=text, ghost='{"field": "value"}')
