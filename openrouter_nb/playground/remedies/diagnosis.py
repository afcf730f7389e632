"""Extract from an error the values that remedies need: field, wait, token limit, routing constraint."""

from __future__ import annotations

import math
import re
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.state import dotted_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openrouter_nb import errors
    from openrouter_nb.playground.state.state import Column, PlaygroundState

LIMITS = ("max_completion_tokens", "max_tokens")
# Some providers reject lower limits; and the limit to use if the error names none.
_LEAST_TOKENS, _FEW_TOKENS = 16, 500

# Parameters whose names are also English words.
_COMMON = ("model", "models", "stop", "stream", "user", "tools", "provider", "usage", "audio", "route", "messages", "trace", "seed", "reasoning", "preset", "debug")  # fmt: skip

# Values of `availability.excluded_by`, and their preferences. Source: OpenRouter docs, errors-and-debugging, August 2026.
_EXCLUDED_BY = {
    "data_policy:zdr": "provider.zdr",
    "data_policy:training": "provider.data_collection",
    "max_price": "provider.max_price",
    "require_parameters": "provider.require_parameters",
    "quantization": "provider.quantizations",
    "allowed_providers": "provider.only",
}


def named_field(error: errors.OpenRouterError | None) -> str:
    """Return the parameter in an error's message, `""` if there is none."""
    message = error.message if error else ""
    for word in re.findall(r"[A-Za-z_][A-Za-z0-9_.]*", message):
        top = word.split(".")[0]
        if top in PARAMETERS and (top not in _COMMON or f"'{top}'" in message or message.startswith(top)):
            return str(word).rstrip(".")
    return ""


def is_about_model(error: errors.OpenRouterError) -> bool:
    """Return whether an error is about the model id."""
    return error.status_code == 404 or "valid model" in error.message


def wait_s(column: Column) -> float | None:
    """Return the remaining seconds of the wait that the service requested; None without a usable hint."""
    hint = column.error.retry_after if column.error else None
    if hint is None or not math.isfinite(hint) or hint <= 0:
        return None
    return max(0.0, column.failed_at + hint - time.monotonic())


def to_relax(session: PlaygroundState, column: Column) -> str:
    """Return the routing preference that most likely excludes every provider, `""` if none is set."""
    given = session.effective_params(column)
    return next(
        (name for name in _suspects(column) if dotted_path.get(given, name) is not dotted_path.MISSING), ""
    )


def _suspects(column: Column) -> Iterator[str]:
    availability: dict[str, Any] = column.error.availability if column.error else {}
    constraint = availability.get("constraint")
    if isinstance(constraint, dict) and (named := str(constraint.get("field") or "")):
        yield from (named, f"provider.{named}")
    excluded = availability.get("excluded_by") or []
    for word in [excluded] if isinstance(excluded, str) else excluded:
        if found := _EXCLUDED_BY.get(str(word)):
            yield found
    yield from (*_EXCLUDED_BY.values(), "provider.order", "provider.ignore")


def limit_name(session: PlaygroundState, column: Column) -> str:
    """Return the parameter that limits output tokens: the one that is set, by default `max_completion_tokens`."""
    given = session.effective_params(column)
    return next((name for name in LIMITS if given.get(name) is not None), LIMITS[0])


def fewer_tokens(session: PlaygroundState, column: Column) -> int:
    """Return a token limit that the service accepts.

    This is the number of tokens that the credits cover, or the model's maximum, or 500; half of the present limit if that is
    not lower.
    """
    limit = session.effective_params(column).get(limit_name(session, column))
    found = re.search(r"can only afford ([\d,]+)", column.error.message if column.error else "")
    model = session.catalog.find(column.model)
    longest = model.top_provider.max_completion_tokens if model else None
    if found:
        allowed = int(found[1].replace(",", ""))
    elif column.error is not None and column.error.error_type == "max_tokens_exceeded" and longest:
        allowed = longest
    else:
        allowed = _FEW_TOKENS
    if isinstance(limit, int) and limit <= allowed:
        allowed = limit // 2
    return max(_LEAST_TOKENS, allowed)
