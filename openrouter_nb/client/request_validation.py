"""Validate the inner structure of a request body: reject what the service is known to reject.

Source: OpenRouter's OpenAPI document of August 2026 and the guides; bounds that only a guide states are marked. Words of
open lists are not checked, nor are types of parts and tools, ids of plugins, and keys, because the service adds new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.client.validators import (
    Validator,
    array,
    boolean,
    join_path,
    mapping,
    number,
    object_,
    reject,
    string,
    string_or,
    tagged_union,
    token_id,
)
from openrouter_nb.parameters import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNT = number(0, whole=True)
_TEXTS = array(string())
_NAME = string(filled=True, most=64, pattern="[A-Za-z0-9_-]+", characters="letters, digits, _ and -")
_LABEL = string(
    filled=True, most=64, pattern="[A-Za-z0-9 _-]+", characters="letters, digits, spaces, _ and -"
)


def _bare_base64(path: str, value: Any) -> None:
    string()(path, value)
    if value[:8].lower().startswith(("data:", "http:", "https:")):
        reject(f"{path} takes plain base64, not a URL or a data URL.")


_URL = object_({"url": string()})
_PARTS: dict[str, Validator] = {
    "text": object_({"text": string()}),
    "image_url": object_({"image_url": _URL}),
    "input_audio": object_({"input_audio": object_({"data": _bare_base64, "format": string()})}),
    "video_url": object_({"video_url": _URL}),
    "input_video": object_({"video_url": _URL}),
    "file": object_({"file": object_()}),
}
_PART = tagged_union("type", _PARTS)


def _text_part(path: str, value: Any) -> None:
    _PART(path, value)
    if value["type"] != "text" and value["type"] in _PARTS:
        reject(f"{path}.type takes text in this role, not {shown(value['type'])}.")


_CALL = object_(
    optional={
        "id": string(),
        "type": string(),
        # Answers have empty or null arguments, too, and are sent back unchanged.
        "function": object_(optional={"name": string(), "arguments": string()}),
    }
)
_CONTENT = string_or(array(_PART), "a list")
_INSTRUCTIONS = object_({"content": string_or(array(_text_part), "a list")}, {"name": string()})
_ROLES: dict[str, Validator] = {
    "system": _INSTRUCTIONS,
    "developer": _INSTRUCTIONS,
    "user": object_({"content": _CONTENT}, {"name": string()}),
    "assistant": object_(
        optional={
            "content": _CONTENT,
            "name": string(),
            "tool_calls": array(_CALL),
            "reasoning": string(),
            "reasoning_details": array(object_()),
        }
    ),
    "tool": object_({"content": _CONTENT, "tool_call_id": string()}, {"name": string()}),
}


def _message(path: str, value: Any) -> None:
    object_({"role": string()})(path, value)
    role = value["role"]
    if role not in _ROLES:
        known = ", ".join(_ROLES)
        reject(f"{path}.role takes {known}, not {shown(role)}.{nearest(role, _ROLES)}")
    _ROLES[role](path, value)


_PATTERNS = array(string(most=1024), most=1024)
_AUTO_ROUTER = object_(
    optional={
        "allowed_models": _PATTERNS,
        "excluded_models": _PATTERNS,
        "cost_quality_tradeoff": number(0, 10, whole=True),
    }
)
_PANEL: dict[str, Validator] = {
    "analysis_models": array(string(), fewest=1, most=8),
    "max_tool_calls": number(1, 16, whole=True),
    "tools": array(object_({"type": string()}), most=8),
}
_PLUGIN = tagged_union(
    "id",
    {
        "web": object_(
            optional={"max_results": _COUNT, "include_domains": _TEXTS, "exclude_domains": _TEXTS}
        ),
        "web-fetch": object_(optional={"allowed_domains": _TEXTS, "blocked_domains": _TEXTS}),
        "file-parser": object_(optional={"pdf": object_()}),
        "auto-router": _AUTO_ROUTER,
        "auto-beta-router": _AUTO_ROUTER,
        "pareto-router": object_(optional={"min_coding_score": number(0, 1), "max_price": number(0)}),
        "fusion": object_(optional=_PANEL),
    },
)


def _web_search(path: str, value: Any) -> None:
    object_(
        optional={
            "max_results": number(1, 25, whole=True),  # guide
            "max_characters": number(1, 100_000, whole=True),  # guide
            "allowed_domains": _TEXTS,
            "excluded_domains": _TEXTS,
            "user_location": object_(),
        }
    )(path, value)
    if value.get("allowed_domains") and value.get("excluded_domains"):
        reject(f"{path} takes allowed_domains or excluded_domains, not both.")


def _subagent(path: str, value: Any) -> None:
    object_(
        optional={
            "name": _LABEL,
            "max_tool_calls": number(1, 25, whole=True),
            "tools": array(object_({"type": string()})),
        }
    )(path, value)
    for key in ("inherit_functions", "inherited_function_names"):
        if value.get(key):
            reject(f"{join_path(path, key)} works with the Responses API only.")


_CONTAINER = string(filled=True, most=20, pattern=r"[\w-]+", characters="letters, digits, _ and -")
_ENVIRONMENT = tagged_union("type", {"container_reference": object_({"container_id": _CONTAINER})})
_SHORTHANDS = ("web_search", "web_search_preview", "web_search_preview_2025_03_11", "web_search_2025_08_26")
_SETTINGS: dict[str, Validator] = {
    "openrouter:web_search": _web_search,
    "openrouter:web_fetch": object_(optional={"allowed_domains": _TEXTS, "blocked_domains": _TEXTS}),
    "openrouter:advisor": object_(optional={"name": _LABEL}),
    "openrouter:subagent": _subagent,
    "openrouter:fusion": object_(optional=_PANEL),
    "openrouter:experimental__search_models": object_(optional={"max_results": number(high=20, whole=True)}),
    "openrouter:bash": object_(
        optional={
            "environment": _ENVIRONMENT,
            "sleep_after_seconds": number(high=2_592_000, whole=True),
        }
    ),
}
_TOOLS: dict[str, Validator] = {
    "function": object_(
        {
            "function": object_(
                {"name": _NAME}, {"description": string(), "parameters": object_(), "strict": boolean}
            )
        },
        {"cache_control": object_({"type": string()})},
    ),
    **{name: object_(optional={"parameters": rule}) for name, rule in _SETTINGS.items()},
    **dict.fromkeys(_SHORTHANDS, _web_search),
}


def _cutoffs(path: str, value: Any) -> None:
    rule = object_(optional=dict.fromkeys(("p50", "p75", "p90", "p99"), number()))
    (rule if isinstance(value, dict) else number())(path, value)


def _price(path: str, value: Any) -> None:
    if not isinstance(value, str):
        number(0)(path, value)


_PROVIDER = object_(
    optional={
        **dict.fromkeys(
            ("allow_fallbacks", "require_parameters", "zdr", "enforce_distillable_text"), boolean
        ),
        **dict.fromkeys(("order", "only", "ignore", "quantizations"), _TEXTS),
        "data_collection": string(),
        "sort": string_or(object_(), "an object"),
        "max_price": object_(
            optional=dict.fromkeys(("prompt", "completion", "image", "audio", "request"), _price)
        ),
        "preferred_min_throughput": _cutoffs,
        "preferred_max_latency": _cutoffs,
        "options": object_(),
    },
    closed=True,
)


def _reasoning(path: str, value: Any) -> None:
    object_(
        optional={
            "effort": string(),
            "summary": string(),
            "max_tokens": _COUNT,
            "exclude": boolean,
            "enabled": boolean,
        }
    )(path, value)
    if value.get("effort") is not None and value.get("max_tokens") is not None:
        reject(f"{path} takes effort or max_tokens, not both.")


_FIELDS: dict[str, Validator] = {
    "messages": array(_message, fewest=1),
    "models": array(string(), most=3),
    "logit_bias": mapping(number(-100, 100), keys=token_id),
    "metadata": mapping(string(most=512), most=16, longest_key=64),
    "reasoning": _reasoning,
    "response_format": tagged_union(
        "type",
        {
            "json_schema": object_(
                {
                    "json_schema": object_(
                        {"name": _NAME}, {"schema": object_(), "strict": boolean, "description": string()}
                    )
                }
            ),
            "grammar": object_({"grammar": string()}),
        },
    ),
    "tools": array(tagged_union("type", _TOOLS)),
    "tool_choice": string_or(
        tagged_union("type", {"function": object_({"function": object_({"name": string()})})}), "an object"
    ),
    "stop_server_tools_when": array(
        tagged_union(
            "type",
            {
                "step_count_is": object_({"step_count": number(whole=True)}),
                "has_tool_call": object_({"tool_name": string(filled=True)}),
                "max_tokens_used": object_({"max_tokens": number(whole=True)}),
                "max_cost": object_({"max_cost_in_dollars": number()}),
                "finish_reason_is": object_({"reason": string(filled=True)}),
            },
        ),
        fewest=1,
    ),
    "provider": _PROVIDER,
    "plugins": array(_PLUGIN),
    "modalities": _TEXTS,
    "prediction": object_(
        {"type": string(), "content": string_or(array(object_({"type": string()})), "a list")}
    ),
    "cache_control": object_({"type": string()}),
    "prompt_cache_options": object_({"mode": string()}),
    "transforms": _TEXTS,
}


def validate_body(body: Mapping[str, Any]) -> None:
    """Validate the nested values of a body, and constraints between fields.

    Raises:
        InvalidRequestError: with the path of the first invalid value, the bound, and the nearest known word.
    """
    for name, rule in _FIELDS.items():
        if body.get(name) is not None:
            rule(name, body[name])
    efforts = [(body.get("reasoning") or {}).get("effort"), body.get("reasoning_effort")]
    if None not in efforts and efforts[0] != efforts[1]:
        reject(f"reasoning_effort must equal reasoning.effort, {shown(efforts[0])}, not {shown(efforts[1])}.")
