"""Specs of length, sampling, reasoning and output format."""

from __future__ import annotations

from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.parameters.spec import (
    BASIC,
    OUTPUT,
    SAMPLING,
    Spec,
    flag,
    json_field,
    row,
    slider,
)

_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")


def basic() -> tuple[Spec, ...]:
    """Return the specs of the most common parameters."""
    return (
        row(
            "max_completion_tokens", BASIC, "slider", log=True, step=1, unit="tokens", excludes=["max_tokens"]
        ),
        slider("temperature", BASIC),
        slider("top_p", BASIC),
        row(
            "reasoning.effort",
            BASIC,
            "segmented",
            kind="string",
            choices=list(PARAMETERS["reasoning_effort"].choices),
            nullable=True,
            excludes=["reasoning.max_tokens", "reasoning_effort"],
        ),
        row("stop", BASIC, "chips", open=True),
        row("seed", BASIC, "number", step=1),
    )


def sampling() -> tuple[Spec, ...]:
    """Return the specs of sampling."""
    return (
        row("top_k", SAMPLING, "number", step=1),
        slider("min_p", SAMPLING),
        slider("top_a", SAMPLING),
        slider("frequency_penalty", SAMPLING, centred=True),
        slider("presence_penalty", SAMPLING, centred=True),
        slider("repetition_penalty", SAMPLING),
        row(
            "logit_bias",
            SAMPLING,
            "table",
            value="number",
            limits={"value": 100},
            advanced=True,
            ghost="token id: bias, such as 50256: -100",
        ),
        row("logprobs", SAMPLING, "switch"),
        row("top_logprobs", SAMPLING, "number", step=1, requires="logprobs"),
        row("max_tokens", SAMPLING, "number", step=1, advanced=True, deprecated="max_completion_tokens"),
    )


def output() -> tuple[Spec, ...]:
    """Return the specs of output format and reasoning."""
    tokens = {"kind": "integer", "minimum": 1, "step": 1, "unit": "tokens"}
    text = {"kind": "string", "open": True}
    return (
        row("response_format", OUTPUT, "response_format"),
        row("verbosity", OUTPUT, "segmented"),
        row(
            "reasoning.max_tokens",
            OUTPUT,
            "number",
            excludes=["reasoning.effort", "reasoning_effort"],
            **tokens,
        ),
        row(
            "reasoning.summary",
            OUTPUT,
            "segmented",
            kind="string",
            nullable=True,
            choices=["auto", "concise", "detailed"],
        ),
        flag("reasoning.exclude", OUTPUT),
        flag("reasoning.enabled", OUTPUT, advanced=True),
        row(
            "reasoning_effort",
            OUTPUT,
            "select",
            advanced=True,
            excludes=["reasoning.effort"],
            deprecated="reasoning.effort",
        ),
        flag("include_reasoning", OUTPUT, advanced=True, deprecated="reasoning.exclude"),
        row("modalities", OUTPUT, "checks", kind="strings", choices=["text", "image", "audio"]),
        row(
            "image_config.aspect_ratio",
            OUTPUT,
            "select",
            choices=list(_RATIOS),
            help="Aspect ratio of an image, width to height.",
            **text,
        ),
        row(
            "image_config.image_size",
            OUTPUT,
            "select",
            choices=["1K", "2K", "4K"],
            help="Resolution of an image.",
            **text,
        ),
        row(
            "image_config.quality",
            OUTPUT,
            "select",
            choices=["auto", "low", "medium", "high"],
            help="Quality of an image, if the model supports it.",
            advanced=True,
            **text,
        ),
        row(
            "image_config.background",
            OUTPUT,
            "select",
            choices=["auto", "transparent", "opaque"],
            help="Background of an image, if the model supports it.",
            advanced=True,
            **text,
        ),
        row("audio.voice", OUTPUT, "text", kind="string"),
        row(
            "audio.format",
            OUTPUT,
            "select",
            choices=["wav", "mp3", "flac", "opus", "pcm16"],
            **text,
        ),
        json_field("prediction", OUTPUT, {"type": "content", "content": "The expected text"}),
        row("structured_outputs", OUTPUT, "switch", advanced=True),
    )
