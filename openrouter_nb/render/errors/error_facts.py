"""What an error says beside its message, shortened and without secrets: models, constraints, waits, providers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.errors import OpenRouterError

_WEEK_S = 7 * 86_400
_MAX_ITEMS = 3
_MAX_CHARACTERS = 120
# Of model ids, as the service and a list of models write them; anything else from a hostile server does not become code.
_MODEL = re.compile(r"~?[A-Za-z0-9][\w.:-]*/[\w.:@-]+")

# `availability.excluded_by` in words.
_EXCLUDED_BY: Mapping[str, str] = {
    "geo": "your region",
    "data_region": "the region where data may go",
    "data_policy:zdr": "zero data retention",
    "data_policy:training": "no training on your prompts",
    "max_price": "the maximum price",
    "context_length": "the length of the conversation",
    "require_parameters": "support for every parameter",
    "quantization": "the quantization",
    "allowed_providers": "the providers you allow",
}


def received_status(error: OpenRouterError) -> int | None:
    """Return the status that was received: none for a request that was not sent."""
    return None if isinstance(error, ConfigurationError) else error.status_code


def shortened(value: Any, limit: int = _MAX_CHARACTERS) -> str:
    """Return a value of the service as one line without secrets, of at most `limit` characters."""
    text = redact(" ".join(str(value or "").split()))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def listed(value: Any) -> str:
    """Return the first items of a list, separated by commas, or `""`."""
    return ", ".join(shortened(item) for item in value[:_MAX_ITEMS]) if isinstance(value, list) else ""


def is_model_id(model: Any) -> bool:
    """Return whether a value has the form of a model id."""
    is_text = isinstance(model, str) and len(model) < _MAX_CHARACTERS
    return is_text and bool(_MODEL.fullmatch(model)) and redact(model) == model


def suggested_models(error: OpenRouterError) -> list[str]:
    """Return the models that the service suggests instead of the requested one, at most three."""
    models = error.availability.get("fallback_models")
    return [model for model in models if is_model_id(model)][:_MAX_ITEMS] if isinstance(models, list) else []


def availability_code(error: OpenRouterError) -> str:
    """Return `availability.code`, which says why a model cannot answer, or `""`."""
    return str(error.availability.get("code") or "")


def constraint(error: OpenRouterError) -> dict[str, str]:
    """Return the constraint that excludes every provider.

    Returns:
        `field`, its name; `detail`, the service's sentence about it or `""`; `why`, both in brackets or `""`.
    """
    found = error.availability.get("constraint")
    named = found if isinstance(found, dict) else {}
    excluded = error.availability.get("excluded_by")
    names = excluded if isinstance(excluded, list) else [excluded] if excluded else []
    causes = ", ".join(_EXCLUDED_BY.get(str(name), shortened(name)) for name in names[:_MAX_ITEMS])
    detail = shortened(named.get("detail"))
    return {
        "field": shortened(named.get("field")) or causes or "one of its routing preferences",
        "detail": detail,
        "why": "".join(f" ({part})" for part in (causes, detail) if part),
    }


def earlier_providers(error: OpenRouterError) -> str:
    """Return the providers tried before, from `previous_errors`, or `""`."""
    previous = error.metadata.get("previous_errors")
    tried = [entry for entry in previous if isinstance(entry, dict)] if isinstance(previous, list) else []
    return ", ".join(
        shortened(
            f"{entry.get('provider') or entry.get('message') or '?'} {entry.get('status') or entry.get('code') or ''}"
        )
        for entry in tried[:_MAX_ITEMS]
    )


def duration(seconds: float | None) -> str:
    """Return a wait in words: `12 s`, `10 min`, `5 h`; `""` for no wait."""
    if not seconds or not math.isfinite(seconds) or seconds < 0:
        return ""
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    if seconds < 5400:
        return f"{math.ceil(seconds / 60)} min"
    return f"{math.ceil(seconds / 3600)} h" if seconds <= _WEEK_S else "more than a week"
