"""How each parameter is set by hand: the rows of the panel, from the one parameter table.

What a value may be comes from `openrouter_nb.parameters`. This adds the control, the group, and the rows inside of
objects. The browser draws these rows and knows no parameter by name.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from openrouter_nb.components.provider import Quantization
from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.cards import plugin_cards, tool_cards

BASIC = "Parameters"
SAMPLING = "Sampling"
OUTPUT = "Output"
TOOLS = "Tools"
ROUTING = "Routing"
IDENTITY = "Identity & metadata"
TRANSPORT = "Transport"
EXTRA = "Extra body"

Spec = dict[str, Any]

# Set elsewhere in the panel: the picker and the thread.
ELSEWHERE = ("model", "messages")

_QUANTIZATIONS = get_args(get_args(Quantization)[1])  # of `str | Literal[…]`
_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")


def _slider(name: str, group: str, **more: Any) -> Spec:
    return _row(name, group, "slider", **{"step": 0.01, "arrow": 0.05, **more})


def _row(name: str, group: str, control: str, **more: Any) -> Spec:
    """A row of a parameter, or with a dotted name and `help` and `kind` of its own one inside of an object."""
    top = PARAMETERS.get(name)
    spec: Spec = {
        "name": name,
        "label": name,
        "group": group,
        "control": control,
        "kind": "json",
        "help": "",
        "nullable": False,
        "advanced": False,
    }
    if top is not None:
        spec |= {"kind": top.kind, "help": top.help, "nullable": top.nullable}
        spec |= {key: value for key in ("minimum", "maximum") if (value := getattr(top, key)) is not None}
        if top.choices:
            spec |= {"choices": list(top.choices), "open": True}
    return spec | more


def _flag(name: str, group: str, text: str, **more: Any) -> Spec:
    return _row(name, group, "switch", kind="boolean", help=text, **more)


def _chips(name: str, group: str, text: str, **more: Any) -> Spec:
    return _row(name, group, "chips", kind="strings", help=text, open=True, **more)


def _price(name: str, text: str) -> Spec:
    more = {"kind": "number", "help": f"{text}; endpoints above it are not used.", "minimum": 0, "unit": "$"}
    return _row(f"provider.max_price.{name}", ROUTING, "number", advanced=True, **more)


@cache
def param_specs() -> tuple[Spec, ...]:
    """Return the rows of the request's parameters, in the order in which they are drawn."""
    rows = (*_basic(), *_sampling(), *_output(), *_tools(), *_routing(), *_identity(), *_transport())
    rest = [name for name in PARAMETERS if name not in ELSEWHERE and not _covered(name, rows)]
    return (*rows, *(_row(name, EXTRA, "json", advanced=True) for name in rest), _extra_body())


def _covered(name: str, rows: tuple[Spec, ...]) -> bool:
    return any(row["name"].split(".")[0] == name for row in rows)


def _basic() -> tuple[Spec, ...]:
    return (
        _row(
            "max_completion_tokens", BASIC, "slider", log=True, step=1, unit="tokens", excludes=["max_tokens"]
        ),
        _slider("temperature", BASIC),
        _slider("top_p", BASIC),
        _row(
            "reasoning.effort",
            BASIC,
            "segmented",
            kind="string",
            help="How hard to think before the answer.",
            choices=list(PARAMETERS["reasoning_effort"].choices),
            nullable=True,
            excludes=["reasoning.max_tokens", "reasoning_effort"],
        ),
        _row("stop", BASIC, "chips", open=True),
        _row("seed", BASIC, "number", step=1),
    )


def _sampling() -> tuple[Spec, ...]:
    return (
        _row("top_k", SAMPLING, "number", step=1),
        _slider("min_p", SAMPLING),
        _slider("top_a", SAMPLING),
        _slider("frequency_penalty", SAMPLING, centred=True),
        _slider("presence_penalty", SAMPLING, centred=True),
        _slider("repetition_penalty", SAMPLING),
        _row(
            "logit_bias",
            SAMPLING,
            "table",
            value="number",
            limits={"value": 100},
            advanced=True,
        ),
        _row("logprobs", SAMPLING, "switch"),
        _row("top_logprobs", SAMPLING, "number", step=1),
        _row("max_tokens", SAMPLING, "number", step=1, advanced=True, deprecated="max_completion_tokens"),
    )


def _output() -> tuple[Spec, ...]:
    whole = {"kind": "integer", "minimum": 1, "step": 1, "unit": "tokens"}
    text = {"kind": "string", "open": True}
    return (
        _row("response_format", OUTPUT, "response_format"),
        _row("verbosity", OUTPUT, "segmented"),
        _row(
            "reasoning.max_tokens",
            OUTPUT,
            "number",
            help="Most tokens that reasoning may take; instead of an effort.",
            excludes=["reasoning.effort", "reasoning_effort"],
            **whole,
        ),
        _row(
            "reasoning.summary",
            OUTPUT,
            "segmented",
            kind="string",
            nullable=True,
            choices=["auto", "concise", "detailed"],
            help="How much of the reasoning is summed up.",
        ),
        _flag(
            "reasoning.exclude", OUTPUT, "Leave the reasoning out of the answer. It is billed all the same."
        ),
        _flag("reasoning.enabled", OUTPUT, "Reason at all, at the model's own effort.", advanced=True),
        _row(
            "reasoning_effort",
            OUTPUT,
            "select",
            advanced=True,
            excludes=["reasoning.effort"],
            deprecated="reasoning.effort",
        ),
        _flag(
            "include_reasoning",
            OUTPUT,
            "Legacy switch for reasoning.",
            advanced=True,
            deprecated="reasoning.exclude",
        ),
        _row("modalities", OUTPUT, "checks", kind="strings", choices=["text", "image", "audio"]),
        _row(
            "image_config.aspect_ratio",
            OUTPUT,
            "select",
            choices=list(_RATIOS),
            help="Width to height of a picture.",
            **text,
        ),
        _row(
            "image_config.image_size",
            OUTPUT,
            "select",
            choices=["1K", "2K", "4K"],
            help="Size of a picture.",
            **text,
        ),
        _row(
            "image_config.quality",
            OUTPUT,
            "select",
            choices=["auto", "low", "medium", "high"],
            help="Quality of a picture, where the model knows it.",
            advanced=True,
            **text,
        ),
        _row(
            "image_config.background",
            OUTPUT,
            "select",
            choices=["auto", "transparent", "opaque"],
            help="Background of a picture, where the model knows it.",
            advanced=True,
            **text,
        ),
        _row("audio.voice", OUTPUT, "text", kind="string", help="Voice of spoken answers, such as alloy."),
        _row(
            "audio.format",
            OUTPUT,
            "select",
            choices=["wav", "mp3", "flac", "opus", "pcm16"],
            help="Format of spoken answers.",
            **text,
        ),
        _row("prediction", OUTPUT, "json", advanced=True),
        _row("structured_outputs", OUTPUT, "switch", advanced=True),
    )


def _tools() -> tuple[Spec, ...]:
    return (
        _row("tools", TOOLS, "tools", cards=tool_cards()),
        _row("tool_choice", TOOLS, "tool_choice", choices=["auto", "none", "required"]),
        _row("parallel_tool_calls", TOOLS, "switch"),
        _row("max_tool_calls", TOOLS, "number", step=1),
        _row("plugins", TOOLS, "plugins", cards=plugin_cards()),
        _row("stop_server_tools_when", TOOLS, "json", advanced=True),
        _row("web_search_options", TOOLS, "json", advanced=True),
        _row("x_search_filter", TOOLS, "json", advanced=True),
        _row("deferred_tools", TOOLS, "json", advanced=True),
    )


def _routing() -> tuple[Spec, ...]:
    sorts = ["price", "throughput", "latency", "exacto"]
    speed = {"kind": "number", "minimum": 0, "advanced": True}
    return (
        _row("models", ROUTING, "chips", open=True),
        _chips("provider.order", ROUTING, "Providers to try first, in this order."),
        _chips("provider.only", ROUTING, "No providers but these."),
        _chips("provider.ignore", ROUTING, "Not these providers."),
        _flag(
            "provider.allow_fallbacks", ROUTING, "Whether other providers may answer where the first cannot."
        ),
        _flag(
            "provider.require_parameters", ROUTING, "Only endpoints that take every parameter that is sent."
        ),
        _row(
            "provider.data_collection",
            ROUTING,
            "segmented",
            kind="string",
            choices=["allow", "deny"],
            help="Whether providers that store prompts may answer.",
        ),
        _flag("provider.zdr", ROUTING, "Only endpoints that keep nothing (zero data retention)."),
        _flag(
            "provider.enforce_distillable_text",
            ROUTING,
            "Only models whose text may be used for training.",
            advanced=True,
        ),
        _row(
            "provider.quantizations",
            ROUTING,
            "checks",
            kind="strings",
            choices=list(_QUANTIZATIONS),
            help="Only endpoints that run the model at these precisions.",
            advanced=True,
        ),
        _row("provider.sort", ROUTING, "segmented", kind="string", choices=sorts, help="What matters most."),
        _price("prompt", "Most dollars per million tokens of input"),
        _price("completion", "Most dollars per million tokens of output"),
        _price("request", "Most dollars per request"),
        _price("image", "Most dollars per picture"),
        _price("audio", "Most dollars per unit of audio"),
        _row(
            "provider.preferred_min_throughput",
            ROUTING,
            "number",
            unit="tokens/s",
            help="Endpoints that are slower come last.",
            **speed,
        ),
        _row(
            "provider.preferred_max_latency",
            ROUTING,
            "number",
            unit="s",
            help="Endpoints that take longer to the first token come last.",
            **speed,
        ),
        _row("route", ROUTING, "note", deprecated="provider.sort"),
        _row("preset", ROUTING, "text", advanced=True),
        _row("transforms", ROUTING, "json", advanced=True),
    )


def _identity() -> tuple[Spec, ...]:
    return (
        _row("user", IDENTITY, "text", help="Stable id of the end user; best a hash, not an address."),
        _row("session_id", IDENTITY, "text"),
        _row("metadata", IDENTITY, "table", value="text", limits={"pairs": 16, "key": 64, "value": 512}),
        _row("trace", IDENTITY, "json", advanced=True),
    )


def _transport() -> tuple[Spec, ...]:
    return (
        _row("stream", TRANSPORT, "switch", help="Show the answer as it is written. On where unset."),
        _flag(
            "debug.echo_upstream_body",
            TRANSPORT,
            "Show in Raw what each provider was sent. The text of the prompt travels back with it.",
        ),
        _row("service_tier", TRANSPORT, "segmented"),
        _row("cache_control", TRANSPORT, "json", advanced=True),
        _row("prompt_cache_key", TRANSPORT, "text", advanced=True),
        _row("prompt_cache_options", TRANSPORT, "json", advanced=True),
        _row("stream_options", TRANSPORT, "note", deprecated=""),
        _row("usage", TRANSPORT, "note", deprecated=""),
    )


def _extra_body() -> Spec:
    text = "Fields newer than this table, as a JSON object. They are put over the others."
    return _row("extra_body", EXTRA, "json", help=text, ghost='{"field": "value"}')


@cache
def setting_specs() -> tuple[Spec, ...]:
    """Return the rows of what is ours and never sent."""

    def row(name: str, label: str, control: str, text: str, **more: Any) -> Spec:
        return _row(name, TRANSPORT, control, label=label, help=text, **more)

    whole = {"kind": "integer", "step": 1}
    return (
        row(
            "max_retries",
            "retries",
            "number",
            "How often a failed request is sent again, before any part of an answer; 2 where unset.",
            minimum=0,
            maximum=5,
            **whole,
            ghost="2",
        ),
        row(
            "first_wait_s",
            "first wait",
            "number",
            "Before the second attempt; doubled each time. 0.5 where unset.",
            kind="number",
            minimum=0,
            maximum=60,
            unit="s",
            advanced=True,
            ghost="0.5",
        ),
        row(
            "max_hint_s",
            "longest wait",
            "number",
            "Longest wait asked for by the service that is waited and not reported at once; 60 where unset.",
            kind="number",
            minimum=0,
            maximum=3600,
            unit="s",
            advanced=True,
            ghost="60",
        ),
        row(
            "retry_statuses",
            "retry also on",
            "chips",
            "Further statuses that are sent again, such as 404. Refused, unpaid and forbidden requests never are by themselves.",
            kind="strings",
            open=True,
            advanced=True,
        ),
        row(
            "timeout_s",
            "timeout",
            "number",
            "How long to wait for the next piece of the answer; 120 where unset.",
            kind="number",
            minimum=0.1,
            maximum=86_400,
            unit="s",
            ghost="120",
        ),
        row(
            "max_rounds",
            "rounds of tools",
            "number",
            "How many requests a question may take, those with results of tools included; 8 where unset.",
            minimum=1,
            maximum=50,
            **whole,
            ghost="8",
        ),
        row(
            "max_calls",
            "calls of tools",
            "number",
            "How many calls a question may run, over all its rounds; 16 where unset.",
            minimum=1,
            maximum=500,
            **whole,
            ghost="16",
        ),
        row(
            "max_identical",
            "the same call",
            "number",
            "How often the same call with the same arguments is run; 3 where unset.",
            minimum=1,
            maximum=50,
            advanced=True,
            **whole,
            ghost="3",
        ),
        row(
            "max_cost",
            "cost of a question",
            "number",
            "Once the answers to a question have cost this much, no call is run and nothing more is sent for it by itself.",
            kind="number",
            minimum=0.000_001,
            maximum=10_000,
            unit="$",
            ghost="no limit",
        ),
        row(
            "repairs",
            "repairs",
            "number",
            "How often a model is asked by itself to put right an answer that does not fit its schema; 0 where unset.",
            minimum=0,
            maximum=5,
            **whole,
            ghost="0",
        ),
    )
