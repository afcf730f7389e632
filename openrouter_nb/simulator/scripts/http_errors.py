"""`demo/error-…`: error responses with the status in the name.

Bodies follow OpenRouter's docs (api_reference/errors-and-debugging, api_reference/limits, August 2026) and
bodies quoted in public issues; the words "(simulated)" are added.
"""

import time
from typing import Any

from openrouter_nb.simulator.api_errors import error_body
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.fixed_response import FixedResponse
from openrouter_nb.simulator.scripted_model import ScriptedModel

HTML = "text/html; charset=UTF-8"
RETRY_AFTER_S = 1
HOUR_MS = 3_600_000

# Message and metadata by status.
BODIES: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("Input validation failed (simulated)", {"error_type": "invalid_request"}),
    401: ("User not found. (simulated)", {"error_type": "authentication"}),
    402: (
        (
            "This request requires more credits, or fewer max_tokens. You requested up to 16384 tokens, but can "
            "only afford 3919. To increase, visit https://openrouter.ai/settings/credits (simulated)"
        ),
        {"error_type": "payment_required", "limit_source": "openrouter_credits"},
    ),
    403: (
        'demo/error-403 requires moderation on Simulator. Your input was flagged for "simulated".',
        {
            "error_type": "permission_denied",
            "reasons": ["simulated"],
            "flagged_input": "the first words of your prompt...and its last words",
            "provider_name": "Simulator",
            "model_slug": "demo/error-403",
        },
    ),
    404: ("No endpoints found that support tool use. (simulated)", {"error_type": "not_found"}),
    408: ("Request timed out (simulated)", {"error_type": "timeout"}),
    409: ("Conflict (simulated)", {}),
    412: ("Precondition failed (simulated)", {"error_type": "precondition_failed"}),
    413: ("Request Entity Too Large (simulated)", {"error_type": "payload_too_large"}),
    422: ("The request is well-formed but cannot be processed (simulated)", {"error_type": "unprocessable"}),
    429: (
        "Provider returned error",
        {
            "error_type": "rate_limit_exceeded",
            "raw": "demo/error-429 is temporarily rate-limited upstream. Please retry shortly. (simulated)",
            "provider_name": "Simulator",
            "limit_source": "upstream_provider_shared_pool",
            "remedy_hint": "Retry shortly, add your own provider key, or route to another provider.",
        },
    ),
    500: ("Internal Server Error (simulated)", {"error_type": "server"}),
    502: (
        "Provider returned error",
        {
            "error_type": "provider_unavailable",
            "provider_code": "bad_gateway",
            "raw": '{"error":{"message":"upstream connect error (simulated)"}}',
            "provider_name": "Simulator",
        },
    ),
    503: (
        "All providers for this model are failing (simulated)",
        {"error_type": "provider_overloaded", "provider_name": None},
    ),
    504: ("Upstream request timed out (simulated)", {"error_type": "timeout"}),
    524: ("Edge network timeout (simulated)", {}),
    529: ("Provider is overloaded (simulated)", {"error_type": "provider_overloaded"}),
}

PAGE = b"""<!DOCTYPE html>
<html><head><title>%(title)s</title><style>body{font:16px sans-serif}</style></head>
<body><h1>%(title)s</h1><p>This page is simulated. It comes from the edge, not from the API.</p>
<script>document.title = "an error page must not be rendered"</script></body></html>
"""


def refuse(status: int) -> FixedResponse:
    """Return the error with this status, as JSON; 429 and 503 have `Retry-After`."""
    message, metadata = BODIES[status]
    body = error_body(status, message, metadata)
    if status not in {429, 503}:
        return FixedResponse(status=status, body=body)
    body["error"]["availability"] = {
        "code": "capacity_exhausted" if status == 429 else "temporarily_unavailable",
        "retryable": True,
        "retry_after": RETRY_AFTER_S,
        "requested_models": [f"demo/error-{status}"],
        "docs_url": "https://openrouter.ai/docs/api-reference/errors",
    }
    return FixedResponse(status=status, body=body, headers={"Retry-After": str(RETRY_AFTER_S)})


def daily_limit(request: ParsedChatRequest) -> FixedResponse:
    """Return the error of OpenRouter's daily limit: no `Retry-After`, but `X-RateLimit-Reset` in epoch milliseconds, five hours ahead."""
    del request
    headers = {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(time.time()) * 1000 + 5 * HOUR_MS),
    }
    metadata = {
        "error_type": "rate_limit_exceeded",
        "headers": headers,
        "provider_name": None,
        "limit_source": "openrouter_free_tier_daily",
    }
    message = (
        "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day"
    )
    return FixedResponse(status=429, body=error_body(429, message, metadata), headers=headers)


def page(status: int, title: bytes) -> FixedResponse:
    """Return an HTML page with this status."""
    return FixedResponse(status=status, body=PAGE % {b"title": title}, content_type=HTML)


def _script(name: str, summary: str, reply: FixedResponse) -> ScriptedModel:
    return ScriptedModel(slug=f"demo/error-{name}", summary=summary, respond=lambda _: reply)


HTTP_ERRORS = (
    *(_script(str(status), f"Answers with status {status}.", refuse(status)) for status in BODIES),
    ScriptedModel(
        slug="demo/error-429-daily", summary="The daily limit of free models.", respond=daily_limit
    ),
    _script("401-html", "Status 401 with an HTML page.", page(401, b"401 Authorization Required")),
    _script("502-html", "Status 502 with an HTML page.", page(502, b"502 Bad gateway")),
    _script("500-empty", "Status 500 without a body.", FixedResponse(status=500, body=b"")),
)
