"""Errors whose message or metadata says more than their class: the conditions, and their rows of the table.

Source: OpenRouter docs, api_reference/errors-and-debugging and limits, August 2026; recorded bodies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openrouter_nb import errors
from openrouter_nb.render.errors import remedies
from openrouter_nb.render.errors.error_facts import listed, shortened
from openrouter_nb.render.errors.error_text import BY_AVAILABILITY, BY_CLASS, ErrorText
from openrouter_nb.render.errors.remedies import AGAIN, OTHER_MODEL, RETRY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COUNT = r"(\d[\d,]*)"
_CONTEXT = re.compile(rf"(?:maximum )?context length (?:is|of) {_COUNT} tokens", re.IGNORECASE)
_REQUESTED = re.compile(
    rf"(?:requested|request has|resulted in|contains?)(?: about)? {_COUNT} (?:\w+ )?tokens", re.IGNORECASE
)
_AFFORDABLE = re.compile(rf"can only afford {_COUNT}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """A row of the table for errors that say more than their class.

    Attributes:
        kinds: Classes that it applies to.
        find: Return the values of the placeholders of `text`, or None where the condition is not met.
        text: The row.
    """

    kinds: tuple[type[errors.OpenRouterError], ...]
    find: Callable[[errors.OpenRouterError], Mapping[str, str] | None]
    text: ErrorText


def _says(*words: str) -> Callable[[errors.OpenRouterError], Mapping[str, str] | None]:
    """Return a condition: the message contains one of the words."""
    return lambda error: {} if any(word in error.message for word in words) else None


def _too_long(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    limit, requested = _CONTEXT.search(error.message), _REQUESTED.search(error.message)
    if limit is None or requested is None:
        return None
    return {"requested": f"{_number(requested[1]):,}", "limit": f"{_number(limit[1]):,}"}


def _affordable(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    found = _AFFORDABLE.search(error.message)
    return {"count": f"{_number(found[1]):,}", "n": str(_number(found[1]))} if found else None


def _flagged(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    reasons = listed(error.metadata.get("reasons"))
    flagged = shortened(error.metadata.get("flagged_input"))
    return {"reasons": reasons, "input": f" (“{flagged}”)" if flagged else ""} if reasons else None


def _guarded(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    patterns = listed(error.metadata.get("patterns"))
    return {"patterns": patterns} if patterns else None


def _key_limit(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    message = error.message.lower()
    return {} if "key" in message and "limit" in message else None


def _daily_limit(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    source = str(error.metadata.get("limit_source") or "")
    return {} if source == "openrouter_free_tier_daily" or "per-day" in error.message else None


def _shared_limit(error: errors.OpenRouterError) -> Mapping[str, str] | None:
    if error.metadata.get("limit_source") != "upstream_provider_shared_pool":
        return None
    return {"provider": shortened(error.provider) or "the provider"}


_PAYMENT = (errors.PaymentRequiredError,)
_FORBIDDEN = (errors.ForbiddenError, errors.ContentPolicyError)
_NOT_FOUND = (errors.NotFoundError,)
_LIMITED = (errors.TooManyRequestsError,)
_LIMITED_TEXT = BY_CLASS[errors.TooManyRequestsError]

#: The first condition that is met applies.
CONDITIONS: tuple[Condition, ...] = (
    Condition((errors.BadRequestError,), _says("valid model"), BY_AVAILABILITY["model_not_found"]),
    Condition(
        (errors.ContextLengthError,),
        _too_long,
        replace(BY_CLASS[errors.ContextLengthError], title="Too long: {requested} of {limit} tokens"),
    ),
    Condition(
        _PAYMENT,
        _affordable,
        ErrorText(
            "Not enough credits",
            "Your credits cover {count} output tokens: add credits at https://openrouter.ai/settings/credits.",
            (
                replace(remedies.FEWER_TOKENS, command=f"{AGAIN} -n {{n}}"),
                remedies.FREE_MODEL,
                remedies.CREDITS_PAGE,
            ),
            "Or allow fewer output tokens:",
        ),
    ),
    Condition(
        _FORBIDDEN,
        _flagged,
        ErrorText(
            "Flagged by moderation",
            "Moderation flagged the prompt for: {reasons}{input}.",
            (remedies.EDIT_MESSAGE, OTHER_MODEL),
            "Change the wording, or switch models:",
        ),
    ),
    Condition(
        _FORBIDDEN,
        _guarded,
        ErrorText(
            "Stopped by a guardrail",
            "A guardrail of your account stopped the request: {patterns}.",
            (remedies.EDIT_MESSAGE, OTHER_MODEL),
            "Change the prompt and run the cell again.",
        ),
    ),
    Condition(
        (*_PAYMENT, errors.ForbiddenError),
        _key_limit,
        ErrorText(
            "The key's limit is reached",
            "This key, not the account, has reached its limit: raise it at https://openrouter.ai/settings/keys.",
            (remedies.SET_KEY, remedies.KEY_PAGE, RETRY),
        ),
    ),
    Condition(
        _NOT_FOUND,
        _says("support tool use"),
        ErrorText(
            "No provider for this model supports tools",
            "Remove the tools, or use a model that supports them.",
            (
                replace(
                    OTHER_MODEL, command="%chat_models --tools", lead="List the models that support tools:"
                ),
            ),
        ),
    ),
    Condition(
        _NOT_FOUND,
        _says("No allowed providers"),
        ErrorText(
            "Your routing leaves no provider",
            "None of the providers that you allow offers the model.",
            (remedies.RELAX_ROUTING, remedies.SUGGESTED_MODEL, OTHER_MODEL),
            "Change `--provider`, or drop it.",
        ),
    ),
    Condition(
        _LIMITED,
        _daily_limit,
        ErrorText(
            "The daily limit of free requests is reached",
            "Free models answer 50 requests a day, or 1,000 after a purchase of 10 credits.",
            (remedies.PAID_MODEL, remedies.WAIT, OTHER_MODEL),
            "Drop `:free` to use the same model for its price, or switch models:",
        ),
    ),
    Condition(
        _LIMITED,
        _says("free-models-per-min"),
        replace(_LIMITED_TEXT, meaning="Free models answer 20 requests a minute.", lead="Retry in a minute:"),
    ),
    Condition(
        _LIMITED,
        _shared_limit,
        replace(
            _LIMITED_TEXT,
            title="The provider is at its limit",
            meaning="All users of OpenRouter together have reached a limit of {provider}.",
        ),
    ),
)


def _number(text: str) -> int:
    return int(text.replace(",", ""))
