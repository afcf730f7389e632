"""The shape of a request body: what the service is known to refuse.

Source: OpenRouter's OpenAPI document of August 2026 and the guides; a bound that only a guide names is marked. Words of an
open list are not checked, and neither is what a newer service may know: types of parts and tools, ids of plugins, keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.client.validators import (
    Rule,
    fields,
    flag,
    inside,
    items,
    number,
    pairs,
    refuse,
    tagged,
    text,
    text_or,
)
from openrouter_nb.parameters import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNT = number(0, whole=True)
_TEXTS = items(text())
_NAME = text(filled=True, most=64, pattern="[A-Za-z0-9_-]+", characters="letters, digits, _ and -")
_LABEL = text(filled=True, most=64, pattern="[A-Za-z0-9 _-]+", characters="letters, digits, spaces, _ and -")


def _bare_base64(path: str, value: Any) -> None:
    text()(path, value)
    if value[:8].lower().startswith(("data:", "http:", "https:")):
        refuse(f"{path} takes bare base64, not an address or a data URL.")


_URL = fields({"url": text()})
_PARTS: dict[str, Rule] = {
    "text": fields({"text": text()}),
    "image_url": fields({"image_url": _URL}),
    "input_audio": fields({"input_audio": fields({"data": _bare_base64, "format": text()})}),
    "video_url": fields({"video_url": _URL}),
    "input_video": fields({"video_url": _URL}),
    "file": fields({"file": fields()}),
}
_PART = tagged("type", _PARTS)


def _text_part(path: str, value: Any) -> None:
    _PART(path, value)
    if value["type"] != "text" and value["type"] in _PARTS:
        refuse(f"{path}.type takes text in this role, not {shown(value['type'])}.")


_CALL = fields(
    optional={
        "id": text(),
        "type": text(),
        # Answers come with empty and with null arguments, and go back as they came.
        "function": fields(optional={"name": text(), "arguments": text()}),
    }
)
_CONTENT = text_or(items(_PART), "a list")
_INSTRUCTIONS = fields({"content": text_or(items(_text_part), "a list")}, {"name": text()})
_ROLES: dict[str, Rule] = {
    "system": _INSTRUCTIONS,
    "developer": _INSTRUCTIONS,
    "user": fields({"content": _CONTENT}, {"name": text()}),
    "assistant": fields(
        optional={
            "content": _CONTENT,
            "name": text(),
            "tool_calls": items(_CALL),
            "reasoning": text(),
            "reasoning_details": items(fields()),
        }
    ),
    "tool": fields({"content": _CONTENT, "tool_call_id": text()}, {"name": text()}),
}


def _message(path: str, value: Any) -> None:
    fields({"role": text()})(path, value)
    role = value["role"]
    if role not in _ROLES:
        known = ", ".join(_ROLES)
        refuse(f"{path}.role takes {known}, not {shown(role)}.{nearest(role, _ROLES)}")
    _ROLES[role](path, value)


_PATTERNS = items(text(most=1024), most=1024)
_AUTO_ROUTER = fields(
    optional={
        "allowed_models": _PATTERNS,
        "excluded_models": _PATTERNS,
        "cost_quality_tradeoff": number(0, 10, whole=True),
    }
)
_PANEL: dict[str, Rule] = {
    "analysis_models": items(text(), fewest=1, most=8),
    "max_tool_calls": number(1, 16, whole=True),
    "tools": items(fields({"type": text()}), most=8),
}
_PLUGIN = tagged(
    "id",
    {
        "web": fields(optional={"max_results": _COUNT, "include_domains": _TEXTS, "exclude_domains": _TEXTS}),
        "web-fetch": fields(optional={"allowed_domains": _TEXTS, "blocked_domains": _TEXTS}),
        "file-parser": fields(optional={"pdf": fields()}),
        "auto-router": _AUTO_ROUTER,
        "auto-beta-router": _AUTO_ROUTER,
        "pareto-router": fields(optional={"min_coding_score": number(0, 1), "max_price": number(0)}),
        "fusion": fields(optional=_PANEL),
    },
)


def _web_search(path: str, value: Any) -> None:
    fields(
        optional={
            "max_results": number(1, 25, whole=True),  # guide
            "max_characters": number(1, 100_000, whole=True),  # guide
            "allowed_domains": _TEXTS,
            "excluded_domains": _TEXTS,
            "user_location": fields(),
        }
    )(path, value)
    if value.get("allowed_domains") and value.get("excluded_domains"):
        refuse(f"{path} takes allowed_domains or excluded_domains, not both.")


def _subagent(path: str, value: Any) -> None:
    fields(
        optional={
            "name": _LABEL,
            "max_tool_calls": number(1, 25, whole=True),
            "tools": items(fields({"type": text()})),
        }
    )(path, value)
    for key in ("inherit_functions", "inherited_function_names"):
        if value.get(key):
            refuse(f"{inside(path, key)} works with the Responses API only.")


_CONTAINER = text(filled=True, most=20, pattern=r"[\w-]+", characters="letters, digits, _ and -")
_ENVIRONMENT = tagged("type", {"container_reference": fields({"container_id": _CONTAINER})})
_SHORTHANDS = ("web_search", "web_search_preview", "web_search_preview_2025_03_11", "web_search_2025_08_26")
_SETTINGS: dict[str, Rule] = {
    "openrouter:web_search": _web_search,
    "openrouter:web_fetch": fields(optional={"allowed_domains": _TEXTS, "blocked_domains": _TEXTS}),
    "openrouter:advisor": fields(optional={"name": _LABEL}),
    "openrouter:subagent": _subagent,
    "openrouter:fusion": fields(optional=_PANEL),
    "openrouter:experimental__search_models": fields(optional={"max_results": number(high=20, whole=True)}),
    "openrouter:bash": fields(
        optional={
            "environment": _ENVIRONMENT,
            "sleep_after_seconds": number(high=2_592_000, whole=True),
        }
    ),
}
_TOOLS: dict[str, Rule] = {
    "function": fields(
        {
            "function": fields(
                {"name": _NAME}, {"description": text(), "parameters": fields(), "strict": flag}
            )
        },
        {"cache_control": fields({"type": text()})},
    ),
    **{name: fields(optional={"parameters": rule}) for name, rule in _SETTINGS.items()},
    **dict.fromkeys(_SHORTHANDS, _web_search),
}


def _cutoffs(path: str, value: Any) -> None:
    rule = fields(optional=dict.fromkeys(("p50", "p75", "p90", "p99"), number()))
    (rule if isinstance(value, dict) else number())(path, value)


def _price(path: str, value: Any) -> None:
    if not isinstance(value, str):
        number(0)(path, value)


_PROVIDER = fields(
    optional={
        **dict.fromkeys(("allow_fallbacks", "require_parameters", "zdr", "enforce_distillable_text"), flag),
        **dict.fromkeys(("order", "only", "ignore", "quantizations"), _TEXTS),
        "data_collection": text(),
        "sort": text_or(fields(), "an object"),
        "max_price": fields(
            optional=dict.fromkeys(("prompt", "completion", "image", "audio", "request"), _price)
        ),
        "preferred_min_throughput": _cutoffs,
        "preferred_max_latency": _cutoffs,
        "options": fields(),
    },
    closed=True,
)


def _reasoning(path: str, value: Any) -> None:
    fields(
        optional={"effort": text(), "summary": text(), "max_tokens": _COUNT, "exclude": flag, "enabled": flag}
    )(path, value)
    if value.get("effort") is not None and value.get("max_tokens") is not None:
        refuse(f"{path} takes effort or max_tokens, not both.")


_FIELDS: dict[str, Rule] = {
    "messages": items(_message, fewest=1),
    "models": items(text(), most=3),
    "logit_bias": pairs(number(-100, 100)),
    "metadata": pairs(text(most=512), most=16, longest_key=64),
    "reasoning": _reasoning,
    "response_format": tagged(
        "type",
        {
            "json_schema": fields(
                {
                    "json_schema": fields(
                        {"name": _NAME}, {"schema": fields(), "strict": flag, "description": text()}
                    )
                }
            ),
            "grammar": fields({"grammar": text()}),
        },
    ),
    "tools": items(tagged("type", _TOOLS)),
    "tool_choice": text_or(
        tagged("type", {"function": fields({"function": fields({"name": text()})})}), "an object"
    ),
    "stop_server_tools_when": items(
        tagged(
            "type",
            {
                "step_count_is": fields({"step_count": number(whole=True)}),
                "has_tool_call": fields({"tool_name": text(filled=True)}),
                "max_tokens_used": fields({"max_tokens": number(whole=True)}),
                "max_cost": fields({"max_cost_in_dollars": number()}),
                "finish_reason_is": fields({"reason": text(filled=True)}),
            },
        ),
        fewest=1,
    ),
    "provider": _PROVIDER,
    "plugins": items(_PLUGIN),
    "modalities": _TEXTS,
    "prediction": fields({"type": text(), "content": text_or(items(fields({"type": text()})), "a list")}),
    "cache_control": fields({"type": text()}),
    "prompt_cache_options": fields({"mode": text()}),
    "transforms": _TEXTS,
}


def check(body: Mapping[str, Any]) -> None:
    """Check the inner parts of a body, and what its parts say about each other.

    Raises:
        ConfigurationError: with the path of the first wrong value, the bound, and the nearest word.
    """
    for name, rule in _FIELDS.items():
        if body.get(name) is not None:
            rule(name, body[name])
    if body.get("top_logprobs") is not None and body.get("logprobs") is not True:
        refuse("top_logprobs needs logprobs=True.")
    efforts = [(body.get("reasoning") or {}).get("effort"), body.get("reasoning_effort")]
    if None not in efforts and efforts[0] != efforts[1]:
        refuse(
            f"reasoning_effort takes what reasoning.effort says, {shown(efforts[0])}, not {shown(efforts[1])}."
        )
