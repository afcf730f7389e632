"""Bodies of `/key`, `/credits`, `/providers` and `/generation`.

Source: OpenRouter's OpenAPI document, August 2026.
"""

import datetime as dt
from typing import Any

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.request_log import LoggedExchange

LIMIT_USD = 25.0


def key(secret: str) -> dict[str, Any]:
    """Return the body of `GET /key`; the label shows the first and last characters of the key, as at the service."""
    label = f"{secret[:12]}...{secret[-3:]}" if len(secret) > 20 else "no key (simulated)"
    used = dict.fromkeys(("usage", "usage_daily", "usage_weekly", "usage_monthly"), 0)
    own = {f"byok_{name}": 0 for name in used}
    return {
        "data": {
            "label": label,
            "limit": LIMIT_USD,
            "limit_remaining": LIMIT_USD,
            "limit_reset": "monthly",
            "include_byok_in_limit": False,
            **used,
            **own,
            "is_free_tier": False,
            "is_management_key": "management" in secret,
            "is_provisioning_key": "management" in secret,
            "creator_user_id": None,
            "rate_limit": {"requests": -1, "interval": "10s", "note": "deprecated"},
        }
    }


def credits_left(secret: str) -> dict[str, Any]:
    """Return the body of `GET /credits`.

    Raises:
        ApiError: 403 unless it is a management key.
    """
    if "management" not in secret:
        raise ApiError(403, "Only management keys can perform this operation", "permission_denied")
    return {"data": {"total_credits": 100.5, "total_usage": 25.75}}


def providers() -> dict[str, Any]:
    """Return the body of `GET /providers`."""
    nothing = dict.fromkeys(("privacy_policy_url", "terms_of_service_url", "status_page_url", "headquarters"))
    return {
        "data": [
            {"name": name, "slug": name.lower(), **nothing, "datacenters": None}
            for name in ("Simulator", "local")
        ]
    }


def generation(exchange: LoggedExchange) -> dict[str, Any]:
    """Return the body of `GET /generation`."""
    request = exchange.request
    usage = exchange.usage or {}
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    duration = 0 if exchange.closed_at is None else round((exchange.closed_at - exchange.started_at) * 1000)
    created = dt.datetime.fromtimestamp(request.created, dt.UTC)
    empty = dict.fromkeys(
        (
            *("upstream_id", "request_id", "router", "preset_id", "app_id", "workspace_id", "data_region"),
            *("service_tier", "cache_discount", "num_media_prompt", "num_input_audio_prompt"),
            *("num_media_completion", "num_search_results", "num_fetches", "web_search_engine"),
            *("moderation_latency", "response_cache_source_id", "native_tokens_completion_images"),
        )
    )
    return {
        "data": {
            **empty,
            "id": request.generation_id,
            "session_id": request.body.get("session_id"),
            "created_at": created.isoformat(),
            "model": request.model,
            "provider_name": request.provider,
            "api_type": "completions",
            "external_user": request.body.get("user"),
            "origin": request.headers.get("http-referer", ""),
            "http_referer": request.headers.get("http-referer"),
            "user_agent": request.headers.get("user-agent"),
            "total_cost": usage.get("cost", 0),
            "usage": usage.get("cost", 0),
            "upstream_inference_cost": 0,
            "is_byok": False,
            "tokens_prompt": prompt,
            "tokens_completion": completion,
            "native_tokens_prompt": prompt,
            "native_tokens_completion": completion,
            "native_tokens_reasoning": (usage.get("completion_tokens_details") or {}).get("reasoning_tokens"),
            "native_tokens_cached": 0,
            "latency": duration,
            "generation_time": duration,
            "finish_reason": exchange.finish_reason,
            "native_finish_reason": exchange.finish_reason,
            "streamed": request.stream,
            "cancelled": exchange.outcome == "client gone",
            "provider_responses": [
                {
                    "provider_name": request.provider,
                    "status": exchange.status,
                    "latency": duration,
                    "is_byok": False,
                }
            ],
        }
    }
