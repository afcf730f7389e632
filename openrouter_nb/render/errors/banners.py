"""What a person is told when a request fails: what happened, what it means, what to do next."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb import errors
from openrouter_nb.redaction import redact
from openrouter_nb.render.errors.banner_text import BY_AVAILABILITY, BY_CLASS, BY_TYPE, EXCLUDED, BannerText
from openrouter_nb.render.errors.remedy_code import AGAIN, repeated, retried, without_lead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Banner:
    """The words of one failure.

    Attributes:
        title: A few words.
        message: What the service or the network said.
        meaning: What that means for the reader.
        remedy: Code to run, or `""`.
        details: Status, provider and ids, for a bug report.
    """

    title: str
    message: str
    meaning: str
    remedy: str
    details: str

    @property
    def plain(self) -> str:
        """The banner as plain text."""
        remedy = "\n".join(f"    {line}" for line in self.remedy.splitlines())
        return "\n".join(
            part for part in (f"✗ {self.title}", self.message, self.meaning, remedy, self.details) if part
        )


OWN_FAULT = Banner(
    "A fault in openrouter-nb",
    "Something went wrong here, in the notebook, not at the service.",
    (
        "What had arrived is above; it was not kept in the conversation and may have been charged. The lines below say"
        " where it happened: please report them."
    ),
    "",
    "",
)

_WEEK_S = 7 * 86_400
_MAX_MODELS = 3
_MAX_WORDS = 120
_MAX_MESSAGE = 400
# Of model ids, as the service and a list of models write them; what else a hostile server sends becomes no code.
_MODEL = re.compile(r"~?[A-Za-z0-9][\w.:-]*/[\w.:@-]+")
_COUNT = r"(\d[\d,]*)"
_LONGEST = re.compile(rf"(?:maximum )?context length (?:is|of) {_COUNT} tokens", re.IGNORECASE)
_ASKED = re.compile(
    rf"(?:requested|request has|resulted in|contains?)(?: about)? {_COUNT} (?:\w+ )?tokens", re.IGNORECASE
)
_AFFORDABLE = re.compile(rf"can only afford {_COUNT}", re.IGNORECASE)


def banner(error: errors.OpenRouterError, *, similar: Sequence[str] = (), again: str = AGAIN) -> Banner:
    """Return the words for an error.

    Args:
        error: What happened.
        similar: Ids of models like the one that was asked for.
        again: The line that does again what has failed; `""` where it was Python code, which no line can repeat.
    """
    title, meaning, remedy = _words(error)
    if models := named_models(error):
        meaning, remedy = f"{without_lead(meaning)}OpenRouter names {', '.join(models)}:", retried(models[0])
    elif near := [model for model in similar if _is_model(model)]:
        meaning, remedy = f"{without_lead(meaning)}Did you mean {', '.join(near)}?", retried(near[0])
    remedy = repeated(remedy, again)
    if not remedy and meaning.endswith(":"):
        meaning = without_lead(meaning)
        meaning = f"{meaning.strip().removesuffix(':')}." if meaning.strip().endswith(":") else meaning
    before = _arrived(error) + _wait(error.retry_after)
    details = [
        f"status {error.status_code}" if error.status_code else "",
        f"tried {len(error.attempts) + 1} times" if error.attempts else "",
        _short(error.error_type),
        f"provider {_short(error.provider)}" if error.provider else "",
        _others(error.metadata.get("previous_errors")),
        f"generation {_short(error.generation_id)}" if error.generation_id else "",
        f"request {_short(error.request_id)}" if error.request_id else "",
    ]
    message = _short(error.message, _MAX_MESSAGE)
    return Banner(
        title, message, (before + meaning).strip(), remedy, " · ".join(fact for fact in details if fact)
    )


def _words(error: errors.OpenRouterError) -> BannerText:
    code = str(error.availability.get("code") or "")
    if code in BY_AVAILABILITY:
        return _unavailable(BY_AVAILABILITY[code], error)
    if words := BY_TYPE.get(error.error_type or ""):
        return words
    words = next(BY_CLASS[kind] for kind in type(error).__mro__ if kind in BY_CLASS)
    match error:
        case errors.BadRequestError() if "valid model" in error.message:
            return BY_AVAILABILITY["model_not_found"]
        case errors.ContextLengthError():
            return _too_long(words, error.message)
        case errors.PaymentRequiredError():
            return _unpaid(words, error.message)
        case errors.ForbiddenError():
            return _forbidden(words, error)
        case errors.NotFoundError():
            return _not_found(words, error.message)
        case errors.TooManyRequestsError():
            return _limited(words, error)
        case _:
            return words


def _too_long(words: BannerText, message: str) -> BannerText:
    limit, asked = _LONGEST.search(message), _ASKED.search(message)
    if limit is None or asked is None:
        return words
    return words._replace(title=f"Too long: {_number(asked[1]):,} of {_number(limit[1]):,} tokens")


def _unpaid(words: BannerText, message: str) -> BannerText:
    if affordable := _AFFORDABLE.search(message):
        count = _number(affordable[1])
        meaning = (
            f"They are enough for {count:,} tokens of answer: add some at https://openrouter.ai/settings/credits, or"
            " allow no more than that:"
        )
        return words._replace(title="Not enough credits", meaning=meaning, remedy=f"{AGAIN} -n {count}")
    if _is_key_limit(message):
        return _key_limit(words)
    return words


def forbidden_for(error: errors.OpenRouterError) -> str:
    """Return what a request is forbidden for, as far as the service says: moderation's reasons, or a guardrail's patterns."""
    if reasons := _listed(error.metadata.get("reasons")):
        flagged = _short(error.metadata.get("flagged_input"))
        return f"Moderation flagged the prompt for: {reasons}" + (f" (“{flagged}”)." if flagged else ".")
    if patterns := _listed(error.metadata.get("patterns")):
        return f"A guardrail of your account stopped it: {patterns}."
    return ""


def _forbidden(words: BannerText, error: errors.OpenRouterError) -> BannerText:
    why = forbidden_for(error)
    if why and error.metadata.get("reasons"):
        return words._replace(
            title="Flagged by moderation", meaning=f"{why} Change the wording, or ask another model:"
        )
    if why:
        return BannerText("Stopped by a guardrail", f"{why} Change the prompt and run the cell again.")
    return _key_limit(words) if _is_key_limit(error.message) else words


def _not_found(words: BannerText, message: str) -> BannerText:
    if "support tool use" in message:
        return BannerText(
            "No provider of it takes tools",
            "Leave the tools away, or take a model with tools:",
            "%chat_models --tools",
        )
    if "No allowed providers" in message:
        return BannerText(
            "Your routing leaves no provider",
            "None of those that you allow has the model: change --provider, or leave it out.",
        )
    return words


def _is_key_limit(message: str) -> bool:
    return "key" in message.lower() and "limit" in message.lower()


def _key_limit(words: BannerText) -> BannerText:
    meaning = "Not the account but this key has spent what it may: raise its limit at https://openrouter.ai/settings/keys, or set another key:"
    return words._replace(title="The key's limit is reached", meaning=meaning, remedy=f"%chat_key\n{AGAIN}")


def _limited(words: BannerText, error: errors.OpenRouterError) -> BannerText:
    source = str(error.metadata.get("limit_source") or "")
    if source == "openrouter_free_tier_daily" or "per-day" in error.message:
        meaning = (
            "Free models answer 50 requests a day, 1,000 once 10 credits were bought. To ask the same model for its"
            " price, leave :free away:"
        )
        return words._replace(
            title="The day's free requests are used up",
            meaning=meaning,
            remedy="%chat_retry -m openrouter/auto",
        )
    if "free-models-per-min" in error.message:
        return words._replace(meaning="Free models answer 20 requests a minute. To ask again in a minute:")
    if source == "upstream_provider_shared_pool":
        meaning = f"Not you but all users together have reached a limit of {_short(error.provider) or 'the provider'}. To ask again in a while, or another model with -m:"
        return words._replace(title="The provider is at its limit", meaning=meaning)
    return words


def ruled_out_by(error: errors.OpenRouterError) -> tuple[str, str]:
    """Return the constraint that leaves no provider, and what the service says of it in brackets, or `""`."""
    constraint = _constraint(error.availability)
    excluded = _excluded(error.availability.get("excluded_by"))
    field = _short(constraint.get("field")) or excluded or "one of its routing preferences"
    detail = _short(constraint.get("detail"))
    return field, "".join(f" ({part})" for part in (excluded, detail) if part)


def _constraint(availability: Mapping[str, Any]) -> Mapping[str, Any]:
    found = availability.get("constraint")
    return found if isinstance(found, dict) else {}


def _unavailable(words: BannerText, error: errors.OpenRouterError) -> BannerText:
    field, why = ruled_out_by(error)
    if words.meaning.startswith("{why}"):
        why = _short(_constraint(error.availability).get("detail"))
    return words._replace(meaning=words.meaning.replace("{field}", field).replace("{why}", why).strip())


def _excluded(value: Any) -> str:
    names = value if isinstance(value, list) else [value] if value else []
    return ", ".join(EXCLUDED.get(str(name), _short(name)) for name in names[:_MAX_MODELS])


def named_models(error: errors.OpenRouterError) -> list[str]:
    """Return the models that the service itself offers in the place of the one that cannot answer, three at most."""
    offered = error.availability.get("fallback_models")
    return [model for model in offered if _is_model(model)][:_MAX_MODELS] if isinstance(offered, list) else []


def _is_model(model: Any) -> bool:
    return isinstance(model, str) and len(model) < _MAX_WORDS and bool(_MODEL.fullmatch(model))


def _arrived(error: errors.OpenRouterError) -> str:
    if error.partial is None or not error.partial.choices:
        return ""
    message = error.partial.choices[0].message
    if not (
        message.content
        or message.refusal
        or message.reasoning
        or message.reasoning_details
        or message.tool_calls
    ):
        return ""
    return "What arrived before the error is above; it was not kept in the conversation. "


def _wait(seconds: float | None) -> str:
    if not seconds or not math.isfinite(seconds) or seconds < 0:
        return ""
    return f"The service asks to wait {_duration(seconds)}. "


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    if seconds < 5400:
        return f"{math.ceil(seconds / 60)} min"
    return f"{math.ceil(seconds / 3600)} h" if seconds <= _WEEK_S else "more than a week"


def _others(previous: Any) -> str:
    """The providers that were tried before, from `previous_errors`."""
    tried = [entry for entry in previous if isinstance(entry, dict)] if isinstance(previous, list) else []
    said = [
        _short(
            f"{entry.get('provider') or entry.get('message') or '?'} {entry.get('status') or entry.get('code') or ''}"
        )
        for entry in tried[:_MAX_MODELS]
    ]
    return f"before: {', '.join(said)}" if said else ""


def _listed(value: Any) -> str:
    return ", ".join(_short(each) for each in value[:_MAX_MODELS]) if isinstance(value, list) else ""


def _short(value: Any, longest: int = _MAX_WORDS) -> str:
    text = redact(" ".join(str(value or "").split()))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _number(text: str) -> int:
    return int(text.replace(",", ""))
