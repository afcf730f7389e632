"""Guardrail plugins, which check a request and its answer.

Source: OpenRouter's OpenAPI document of August 2026, schema ModerationPlugin; the other two: SDK 1.3.84.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openrouter_nb.components.base import JSON, RequestModel

GuardMode = str | Literal["enforce", "audit"]


class ModerationPlugin(RequestModel):
    """Moderate the input."""

    id: Literal["moderation"] = "moderation"


class AlignmentRule(RequestModel):
    """A rule in natural language, and the parts of the answer that it applies to."""

    rule: str
    watch: Sequence[str | Literal["content", "tool_calls", "refusal", "images", "audio"]]


class AlignmentPlugin(RequestModel):
    """Check that the answer complies with rules."""

    id: Literal["alignment"] = "alignment"
    rules: Sequence[JSON | AlignmentRule]
    instruct: bool | None = None
    max_retries: int | None = None
    mode: GuardMode | None = None
    threshold: int | float | None = None


class ArmorRule(RequestModel):
    """A rule in natural language: what is allowed or denied."""

    id: str
    instructions: str
    name: str | None = None
    threshold: int | float | None = None


class ArmorEnvironmentEntry(RequestModel):
    """A fact about the environment of the tools."""

    name: str
    value: str


class ArmorAutoMode(RequestModel):
    """Rules of the classifier."""

    allow: Sequence[JSON | str | ArmorRule] | None = None
    environment: Sequence[JSON | str | ArmorEnvironmentEntry] | None = None
    hard_deny: Sequence[JSON | str | ArmorRule] | None = None
    soft_deny: Sequence[JSON | str | ArmorRule] | None = None


class ArmorContext(RequestModel):
    """Input of the classifier. `v`: version of this object."""

    v: int | float
    auto_mode: JSON | ArmorAutoMode | None = None


class ArmorPlugin(RequestModel):
    """Classify tool calls as allowed or denied."""

    id: Literal["armor"] = "armor"
    enabled: bool | None = None
    mode: GuardMode | None = None
    on_error: str | Literal["log", "block"] | None = None
    output_mode: str | Literal["text", "custom_item", "claude_code_compatibility"] | None = None
    classifier_context: JSON | ArmorContext | None = None
    evaluate_native_tools: bool | None = None
    use_cc_style_default_rules: bool | None = None
