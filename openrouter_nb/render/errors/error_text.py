"""The table of errors: for each one a title, its meaning and the remedies, the same in a cell and in the playground.

By class of error; by `error_type`, `availability.code` and `finish_reason`, where the service says more than its status.
Texts that depend on what else an error says are in `openrouter_nb.render.errors.conditions`. Sources: OpenRouter docs,
api_reference/errors-and-debugging and limits, August 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openrouter_nb import errors
from openrouter_nb.render.errors import remedies
from openrouter_nb.render.errors.remedies import OTHER_MODEL, RETRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.render.errors.remedies import Remedy

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The row of one kind of error.

    Attributes:
        title: A few words.
        meaning: What it means for the user, in full sentences.
        remedies: Best first. A cell shows the code of the first one that has code, the playground the first three
            buttons that apply.
        lead: The sentence after the meaning in a cell: with a colon it introduces the code, with a period it stands in
            place of the code. None for the lead of the remedy.
    """

    title: str
    meaning: str
    remedies: tuple[Remedy, ...]
    lead: str | None = None

    @property
    def in_cell(self) -> tuple[str, str]:
        """The lead and the code for a cell."""
        remedy = next((remedy for remedy in self.remedies if remedy.command), None)
        if self.lead is not None and not self.lead.endswith(":"):
            return self.lead, ""
        return (self.lead or remedy.lead, remedy.command) if remedy else ("", "")

    def fill(self, values: Mapping[str, str]) -> ErrorText:
        """Return the row with `{name}` replaced in its texts and its code."""

        def filled(text: str) -> str:
            return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text).strip()

        return replace(
            self,
            title=filled(self.title),
            meaning=filled(self.meaning),
            remedies=tuple(
                replace(remedy, command=filled(remedy.command)) if remedy.command else remedy
                for remedy in self.remedies
            ),
        )


#: The meaning of errors of which nothing else is known.
NOT_ADDED = "Nothing was added to the conversation."
_NO_FAULT = "Nothing is wrong with the request."
_CORRECT = "Correct what the message names."
_THEN_RUN = "Then run the cell again."
_OR_SWITCH = "Retry, or switch models with -m:"
_LATER = "Retry later, or switch models with -m:"
_REWORD = "Change the wording, or switch models:"

_REJECTED = (remedies.SHOW_FIELD, remedies.UNSET_FIELD, remedies.SHOW_REQUEST)
_SLOW = (RETRY, remedies.RAISE_TIMEOUT, remedies.SORT_LATENCY)
_LIMITED = (remedies.WAIT, RETRY, remedies.PAID_MODEL, remedies.ADD_FALLBACK)
_FAILED = (RETRY, remedies.ALLOW_FALLBACKS, remedies.IGNORE_PROVIDER, OTHER_MODEL)
_BROKEN = (RETRY, OTHER_MODEL)

_NOT_SENT = ErrorText(
    "The request was not sent",
    _CORRECT,
    (remedies.SHOW_FIELD, remedies.UNSET_FIELD, RETRY),
    _THEN_RUN,
)
_PROVIDER_FAILED = ErrorText("The provider failed", _NO_FAULT, _FAILED, _OR_SWITCH)
_UNREADABLE = ErrorText(
    "The answer could not be read",
    "The server sent something that the protocol does not allow.",
    _BROKEN,
    _OR_SWITCH,
)
_PROVIDER_TIMEOUT = ErrorText("The provider took too long", _NO_FAULT, _SLOW, _OR_SWITCH)
_SERVICE_FAILED = ErrorText("The service failed", NOT_ADDED, _BROKEN)
_UNAVAILABLE = ErrorText(
    "No provider is available",
    "All providers of this model are busy or down.",
    (remedies.WAIT, *_FAILED),
    _OR_SWITCH,
)

#: By class; of the classes in an error's MRO, the first in the table applies.
BY_CLASS: Mapping[type[errors.OpenRouterError], ErrorText] = {
    errors.OpenRouterError: ErrorText("The request failed", NOT_ADDED, _BROKEN),
    errors.ConfigurationError: _NOT_SENT,
    errors.InvalidRequestError: _NOT_SENT,
    errors.BridgeRefusedError: _NOT_SENT,
    errors.ReplayMissError: ErrorText("Not in the replay file", NOT_ADDED, (remedies.RECORD,)),
    errors.MissingAPIKeyError: ErrorText(
        "No API key",
        "OpenRouter needs an API key: create one at https://openrouter.ai/settings/keys.",
        (remedies.SET_KEY, remedies.KEY_PAGE, RETRY),
        "Enter it without showing it or saving it in the notebook:",
    ),
    errors.NoResponseError: ErrorText(
        "No connection",
        "The server cannot be reached. Check the network, the proxy (HTTPS_PROXY) and OPENROUTER_BASE_URL.",
        (RETRY, remedies.SHOW_PROXY),
    ),
    errors.RequestTimeoutError: ErrorText(
        "No answer in time",
        "The model or the network is slow.",
        (remedies.RAISE_TIMEOUT, RETRY, remedies.SORT_LATENCY),
        "Retry with a longer timeout, or switch to a faster model with -m:",
    ),
    errors.ChatError: ErrorText("The service refused the request", NOT_ADDED, _BROKEN),
    errors.OpenRouterDefaultError: _SERVICE_FAILED,
    errors.BadRequestError: ErrorText(
        "The request was rejected", "A parameter or the model id was not accepted.", _REJECTED
    ),
    errors.ContextLengthError: ErrorText(
        "Too long for this model",
        "The conversation does not fit into the model's context.",
        (remedies.DROP_OLDEST, remedies.COMPRESS, remedies.LARGER_MODEL),
        "Shorten the prompt, switch to a model with a larger context with -m, or start a new conversation:",
    ),
    errors.ContentPolicyError: ErrorText(
        "Refused for its content",
        "The provider does not answer this prompt.",
        (remedies.EDIT_MESSAGE, OTHER_MODEL),
        _REWORD,
    ),
    errors.UnauthorizedError: ErrorText(
        "The API key was not accepted",
        "It is wrong, disabled or expired: see https://openrouter.ai/settings/keys.",
        (remedies.SET_KEY, remedies.KEY_PAGE, RETRY),
    ),
    errors.PaymentRequiredError: ErrorText(
        "Out of credits",
        "Credits are used up, or the key's limit is reached: add credits at https://openrouter.ai/settings/credits.",
        (remedies.FREE_MODEL, remedies.CREDITS_PAGE, remedies.FEWER_TOKENS),
        "Or allow fewer tokens with -n, or switch to a free model:",
    ),
    errors.ForbiddenError: ErrorText(
        "Not allowed",
        "Moderation, a guardrail, your region or the limit of the key (https://openrouter.ai/settings/keys) forbids this request.",
        (remedies.EDIT_MESSAGE, OTHER_MODEL, remedies.KEY_PAGE),
        "Change the prompt, or switch models:",
    ),
    errors.NotFoundError: ErrorText(
        "No such model, or no provider left",
        "The id may be wrong, or your settings exclude every provider: see https://openrouter.ai/settings/privacy.",
        (
            remedies.SIMILAR_MODEL,
            remedies.SUGGESTED_MODEL,
            remedies.PAID_MODEL,
            remedies.RELAX_ROUTING,
            OTHER_MODEL,
        ),
    ),
    errors.UpstreamTimeoutError: _PROVIDER_TIMEOUT,
    errors.RequestTimeoutResponseError: _PROVIDER_TIMEOUT,
    errors.GatewayTimeoutError: _PROVIDER_TIMEOUT,
    errors.EdgeNetworkTimeoutError: _PROVIDER_TIMEOUT,
    errors.GoneError: ErrorText("The resource no longer exists", NOT_ADDED, _BROKEN),
    errors.ClientClosedRequestError: ErrorText(
        "The request was closed before its answer", NOT_ADDED, _BROKEN
    ),
    errors.ConflictError: ErrorText("The request conflicts with another one", NOT_ADDED, (RETRY,)),
    errors.PreconditionFailedError: ErrorText(
        "A precondition of the request failed",
        _CORRECT,
        (remedies.SHOW_FIELD, remedies.SHOW_REQUEST, RETRY),
    ),
    errors.PayloadTooLargeError: ErrorText(
        "The request is too large",
        "Shorten the prompt, or attach smaller files.",
        (
            remedies.SHRINK_IMAGES,
            remedies.DETACH,
            remedies.DROP_OLDEST,
            remedies.EDIT_MESSAGE,
            OTHER_MODEL,
        ),
    ),
    errors.UnprocessableEntityError: ErrorText(
        "OpenRouter could not process the request", _CORRECT, (*_REJECTED, RETRY)
    ),
    errors.TooManyRequestsError: ErrorText(
        "Too many requests", "Free models, new keys and busy providers have low limits.", _LIMITED, _LATER
    ),
    errors.InternalServerError: ErrorText("OpenRouter failed", _NO_FAULT, _BROKEN),
    errors.BadGatewayError: _PROVIDER_FAILED,
    errors.EmptyAnswerError: _PROVIDER_FAILED,
    errors.ServiceUnavailableError: _UNAVAILABLE,
    errors.ProviderOverloadedError: ErrorText(
        "The provider is overloaded",
        "It has more requests than it can process.",
        (remedies.WAIT, *_FAILED),
        _LATER,
    ),
    errors.OtherStatusError: _SERVICE_FAILED,
    errors.UnexpectedContentError: ErrorText(
        "That was not OpenRouter",
        (
            "Something between this machine and OpenRouter answered instead: a login page, a proxy, or a wrong"
            " OPENROUTER_BASE_URL."
        ),
        (RETRY, remedies.SHOW_PROXY),
        "",
    ),
    errors.StreamError: ErrorText("The answer broke off", NOT_ADDED, _BROKEN),
    errors.StreamInterruptedError: ErrorText(
        "The answer broke off", "The connection ended in the middle of the answer.", _BROKEN
    ),
    errors.StreamStalledError: ErrorText(
        "The answer stopped arriving", "The provider sent nothing more.", _BROKEN, _OR_SWITCH
    ),
    errors.StreamProtocolError: _UNREADABLE,
    errors.ResponseValidationError: _UNREADABLE,
    errors.OtherEndpointError: _SERVICE_FAILED,
}

_REFUSED = ErrorText(
    "The model refused",
    "It does not answer this prompt.",
    (remedies.EDIT_MESSAGE, OTHER_MODEL),
    _REWORD,
)


def _unusable_image(title: str) -> ErrorText:
    return ErrorText(
        title,
        "Use a smaller or another image, in PNG or JPEG format.",
        (remedies.SHRINK_IMAGES, remedies.DETACH, OTHER_MODEL),
        _THEN_RUN,
    )


def _missing_image(title: str, meaning: str) -> ErrorText:
    return ErrorText(
        title,
        meaning,
        (remedies.DETACH, remedies.EDIT_MESSAGE, OTHER_MODEL),
        "Use -i with a path, and run the cell again.",
    )


#: Where `error_type` says more than the class.
BY_TYPE: Mapping[str, ErrorText] = {
    "max_tokens_exceeded": ErrorText(
        "Too many output tokens requested",
        "The request allows more output tokens than the model supports.",
        (remedies.FEWER_TOKENS, remedies.SHOW_FIELD, OTHER_MODEL),
    ),
    "refusal": _REFUSED,
    "invalid_image": _unusable_image("An image cannot be read"),
    "image_too_large": _unusable_image("An image is too large"),
    "image_too_small": _unusable_image("An image is too small"),
    "unsupported_image_format": _unusable_image("An image has a format that the model does not support"),
    "image_download_failed": _missing_image(
        "An image could not be downloaded",
        "The provider cannot reach its address. Attach the file itself.",
    ),
    "image_not_found": _missing_image(
        "An image was not found", "There is none at its address. Attach the file itself."
    ),
}

#: Where `availability.code` says why a model cannot answer. `{field}`, `{why}` and `{detail}` are the service's words.
BY_AVAILABILITY: Mapping[str, ErrorText] = {
    "model_not_found": ErrorText(
        "No such model",
        "The id is wrong.",
        (remedies.SIMILAR_MODEL, remedies.SUGGESTED_MODEL, OTHER_MODEL),
    ),
    "wrong_endpoint": ErrorText(
        "This model is not for chat",
        "It has another endpoint. {detail}",
        (replace(OTHER_MODEL, command="%chat_models", lead="List the chat models:"),),
    ),
    "no_endpoints": ErrorText(
        "No provider is left for this request",
        "Your settings or the request exclude every provider{why}.",
        (remedies.SUGGESTED_MODEL, remedies.RELAX_ROUTING, OTHER_MODEL),
        "Relax the request, or switch models:",
    ),
    "model_deprecated": ErrorText(
        "The model is gone",
        "It is no longer offered.",
        (remedies.SUGGESTED_MODEL, OTHER_MODEL, remedies.SIMILAR_MODEL),
    ),
    "model_unavailable_upstream": ErrorText(
        "The model is not available now",
        "No provider offers it at the moment.",
        (remedies.SUGGESTED_MODEL, OTHER_MODEL, RETRY),
    ),
    "capacity_exhausted": ErrorText(
        "Too many requests", "All providers of this model are at their limits.", _LIMITED, _LATER
    ),
    "temporarily_unavailable": _UNAVAILABLE,
    "region_restricted": ErrorText(
        "Not offered in your region",
        "No provider answers requests from your region.",
        (remedies.SUGGESTED_MODEL, OTHER_MODEL),
    ),
    "privacy_restricted": ErrorText(
        "Your privacy settings exclude the model",
        "No provider of this model complies with them{why}: see https://openrouter.ai/settings/privacy.",
        (remedies.RELAX_ROUTING, remedies.SUGGESTED_MODEL, remedies.PRIVACY_PAGE, OTHER_MODEL),
    ),
    "constraint_filtered": ErrorText(
        "A constraint of the request excludes every provider",
        "The constraint is {field}{why}.",
        (remedies.RELAX_ROUTING, remedies.SUGGESTED_MODEL, OTHER_MODEL),
        "Relax it and run the cell again, or switch models:",
    ),
    "free_variant_ended": ErrorText(
        "The free variant has ended",
        "The model is still available for a price.",
        (remedies.PAID_MODEL, remedies.SUGGESTED_MODEL, remedies.FREE_MODEL),
    ),
}

#: Where `finish_reason` says that an answer is incomplete.
BY_FINISH_REASON: Mapping[str, ErrorText] = {
    "length": ErrorText(
        "Cut at the token limit",
        "The answer reached the limit before its end.",
        (remedies.CONTINUE, remedies.RAISE_LIMIT),
    ),
    "content_filter": ErrorText(
        "Stopped by the content filter",
        "The provider ended the answer.",
        (remedies.EDIT_MESSAGE, OTHER_MODEL),
        _REWORD,
    ),
    "refusal": _REFUSED,
}

#: In place of the meaning and the remedies in the playground, which adds an incomplete answer to the conversation.
PARTIAL_SAVED = "The partial answer is in the conversation; it may have been charged."
PARTIAL_REMEDIES = (remedies.CONTINUE, RETRY, remedies.KEEP)
#: Before the meaning in a cell, which does not.
PARTIAL_DISCARDED = "The partial answer is above; it was not added to the conversation."
