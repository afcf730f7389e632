"""The words for each failure: a title, what it means for the reader, and code to run.

By class of error; by `error_type` and by `availability.code`, where the service says more than its status. Sources:
OpenRouter docs, api_reference/errors-and-debugging and limits, August 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openrouter_nb import errors

if TYPE_CHECKING:
    from collections.abc import Mapping


class BannerText(NamedTuple):
    """What is said of one kind of failure.

    Attributes:
        title: A few words.
        meaning: What it means for the reader.
        remedy: Code to run, or `""`.
    """

    title: str
    meaning: str
    remedy: str = ""


_AGAIN = "%chat_retry"
_SET_KEY = f"%chat_key\n{_AGAIN}"
_ANEW = f"{_AGAIN} --new"
_OTHER = "%chat_retry -m openrouter/auto"
_NOTHING_KEPT = "Nothing of this turn was kept in the conversation. To ask again:"

#: The nearest class of an error's own line of classes counts.
BY_CLASS: Mapping[type[errors.OpenRouterError], BannerText] = {
    errors.OpenRouterError: BannerText("The request failed", _NOTHING_KEPT, _AGAIN),
    errors.ConfigurationError: BannerText(
        "The request was not sent", "Change what the message names and run the cell again."
    ),
    errors.MissingAPIKeyError: BannerText(
        "No API key",
        (
            "OpenRouter needs a key: make one at https://openrouter.ai/settings/keys. This asks for it without showing it"
            " and without writing it into the notebook:"
        ),
        _SET_KEY,
    ),
    errors.NoResponseError: BannerText(
        "No connection",
        (
            "The server cannot be reached: check the network, the proxy (HTTPS_PROXY) and OPENROUTER_BASE_URL. To ask"
            " again:"
        ),
        _AGAIN,
    ),
    errors.RequestTimeoutError: BannerText(
        "No answer in time",
        "The model or the network is slow. To ask again with more time, or of a faster model with -m:",
        "%chat_retry --timeout 300",
    ),
    errors.ChatError: BannerText("The service refused the request", _NOTHING_KEPT, _AGAIN),
    errors.OpenRouterDefaultError: BannerText("The service failed", _NOTHING_KEPT, _AGAIN),
    errors.BadRequestError: BannerText(
        "The request was rejected",
        "A parameter or the model id is not what the service takes. What was sent, without sending it:",
        "%chat_retry --dry-run",
    ),
    errors.ContextLengthError: BannerText(
        "Too long for this model",
        (
            "The conversation does not fit into the model's context. Shorten the prompt, take a model with a larger"
            " context with -m, or begin anew:"
        ),
        _ANEW,
    ),
    errors.ContentPolicyError: BannerText(
        "Refused for its content",
        "The provider does not answer this. Change the wording, or ask another model:",
        _OTHER,
    ),
    errors.UnauthorizedError: BannerText(
        "The API key was not accepted",
        "It is wrong, disabled or expired: see https://openrouter.ai/settings/keys. Set another one:",
        _SET_KEY,
    ),
    errors.PaymentRequiredError: BannerText(
        "Out of credits",
        "Add credits at https://openrouter.ai/settings/credits, allow fewer tokens with -n, or take a free model:",
        "%chat_retry -m openrouter/free",
    ),
    errors.ForbiddenError: BannerText(
        "Not allowed",
        (
            "Moderation, a guardrail, your region or the key's limit forbids this request. Change it, look at the key at"
            " https://openrouter.ai/settings/keys, or ask another model:"
        ),
        _OTHER,
    ),
    errors.NotFoundError: BannerText(
        "No such model, or no provider left",
        (
            "The id may be wrong, or your settings rule every provider out: https://openrouter.ai/settings/privacy says"
            " what you allow. What there is:"
        ),
        "%chat_models",
    ),
    errors.UpstreamTimeoutError: BannerText(
        "The provider took too long", "To ask again, or another model with -m:", _AGAIN
    ),
    errors.EdgeNetworkTimeoutError: BannerText(
        "The provider took too long", "To ask again, or another model with -m:", _AGAIN
    ),
    errors.ConflictError: BannerText("The request conflicts with another one", "To ask again:", _AGAIN),
    errors.PreconditionFailedError: BannerText(
        "A condition of the request does not hold",
        "Change what the message names. What was sent, without sending it:",
        "%chat_retry --dry-run",
    ),
    errors.PayloadTooLargeError: BannerText(
        "The request is too large",
        "Shorten the prompt, attach smaller files, or begin the conversation anew:",
        _ANEW,
    ),
    errors.UnprocessableEntityError: BannerText(
        "The request makes no sense to the service",
        "Change what the message names. What was sent, without sending it:",
        "%chat_retry --dry-run",
    ),
    errors.TooManyRequestsError: BannerText(
        "Too many requests",
        "Free models and busy providers have low limits. To ask again in a while, or another model with -m:",
        _AGAIN,
    ),
    errors.InternalServerError: BannerText(
        "OpenRouter failed", "Nothing is wrong with the request. To ask again:", _AGAIN
    ),
    errors.BadGatewayError: BannerText(
        "The provider failed",
        "Nothing is wrong with the request. To ask again, or another model with -m:",
        _AGAIN,
    ),
    errors.ServiceUnavailableError: BannerText(
        "No provider is free",
        "All providers of this model are busy or down. To ask again, or another model with -m:",
        _AGAIN,
    ),
    errors.ProviderOverloadedError: BannerText(
        "The provider is overloaded", "To ask again in a while, or another model with -m:", _AGAIN
    ),
    errors.OtherStatusError: BannerText("The service failed", _NOTHING_KEPT, _AGAIN),
    errors.UnexpectedContentError: BannerText(
        "That was not OpenRouter",
        (
            "Something between here and OpenRouter answered in its place: a login page, a proxy, or a wrong"
            " OPENROUTER_BASE_URL."
        ),
    ),
    errors.StreamError: BannerText("The answer broke off", _NOTHING_KEPT, _AGAIN),
    errors.StreamInterruptedError: BannerText(
        "The answer broke off",
        "The connection ended in the middle. To ask again:",
        _AGAIN,
    ),
    errors.StreamStalledError: BannerText(
        "The answer stopped arriving",
        "The provider went silent. To ask again, or another model with -m:",
        _AGAIN,
    ),
    errors.StreamProtocolError: BannerText(
        "The answer could not be read",
        (
            "The server sent something that the protocol does not allow. To ask again, or another model with -m:"
        ),
        _AGAIN,
    ),
}

_PICTURE = "Take a smaller or another picture, as PNG or JPEG, and run the cell again."

#: Where `error_type` says more than the class.
BY_TYPE: Mapping[str, BannerText] = {
    "max_tokens_exceeded": BannerText(
        "More tokens are asked for than the model can write",
        "Allow fewer with -n:",
        "%chat_retry -n 4096",
    ),
    "refusal": BannerText("The model refuses", "Change the wording, or ask another model:", _OTHER),
    "invalid_image": BannerText("A picture cannot be read", _PICTURE),
    "image_too_large": BannerText("A picture is too large", _PICTURE),
    "image_too_small": BannerText("A picture is too small", _PICTURE),
    "unsupported_image_format": BannerText("A picture has a format that the model does not read", _PICTURE),
    "image_download_failed": BannerText(
        "A picture could not be fetched",
        "The provider does not reach its address. Attach the file itself: -i with a path, and run the cell again.",
    ),
    "image_not_found": BannerText(
        "A picture was not found",
        "There is none at its address. Attach the file itself: -i with a path, and run the cell again.",
    ),
}

#: Where `availability.code` says why a model cannot answer. `{field}` and `{why}` are the service's own words.
BY_AVAILABILITY: Mapping[str, BannerText] = {
    "model_not_found": BannerText("No such model", "The id is wrong. What there is:", "%chat_models"),
    "wrong_endpoint": BannerText("This model is not for chat", "{why} Models that are:", "%chat_models"),
    "no_endpoints": BannerText(
        "No provider is left for this request",
        "Your settings or the request rule every provider out{why}. Ask for less, or another model:",
        _OTHER,
    ),
    "model_deprecated": BannerText(
        "The model is gone", "It is no longer offered. To ask another one:", _OTHER
    ),
    "model_unavailable_upstream": BannerText(
        "The model is not offered just now", "No provider has it. To ask another one:", _OTHER
    ),
    "capacity_exhausted": BannerText(
        "Too many requests",
        "All providers of this model are at their limits. To ask again in a while, or another model with -m:",
        _AGAIN,
    ),
    "temporarily_unavailable": BannerText(
        "No provider is free",
        "All providers of this model are busy or down. To ask again, or another model with -m:",
        _AGAIN,
    ),
    "region_restricted": BannerText(
        "Not offered in your region", "No provider may answer where you are. To ask another model:", _OTHER
    ),
    "privacy_restricted": BannerText(
        "Your privacy settings rule the model out",
        (
            "No provider of it keeps to them{why}: https://openrouter.ai/settings/privacy says what you allow. To ask"
            " another model:"
        ),
        _OTHER,
    ),
    "constraint_filtered": BannerText(
        "A constraint of the request leaves no provider",
        "It is {field}{why}. Relax it and run the cell again, or ask another model:",
        _OTHER,
    ),
    "free_variant_ended": BannerText(
        "The free variant has ended",
        "The model goes on for a price. To ask another free one:",
        "%chat_retry -m openrouter/free",
    ),
}

#: `availability.excluded_by` in words.
EXCLUDED: Mapping[str, str] = {
    "geo": "where you are",
    "data_region": "the region where data may go",
    "data_policy:zdr": "zero data retention",
    "data_policy:training": "no training on your prompts",
    "max_price": "the highest price",
    "context_length": "the length of the conversation",
    "require_parameters": "that every parameter must be supported",
    "quantization": "the quantization",
    "allowed_providers": "the providers you allow",
}
