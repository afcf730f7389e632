"""The field `openrouter_metadata`, sent if the request has the header `X-OpenRouter-Metadata: enabled`.

Source: OpenRouter docs, guides/features/router-metadata, August 2026.
"""

from typing import Any

from openrouter_nb.simulator.parsed_request import ParsedChatRequest


def router_metadata(request: ParsedChatRequest) -> dict[str, Any]:
    """Return the field as a dict to merge into a body; empty if not requested."""
    if request.headers.get("x-openrouter-metadata", "").lower() != "enabled":
        return {}
    requested = request.body.get("model", request.model)
    endpoint = {"provider": request.provider, "model": request.model, "selected": True}
    value = {
        "requested": requested,
        "strategy": "direct" if requested == request.model else "fallback",
        "region": None,
        "summary": f"simulated: {request.model} answered",
        "attempt": 1,
        "is_byok": False,
        "endpoints": {"total": 1, "available": [endpoint]},
    }
    return {"openrouter_metadata": value}
