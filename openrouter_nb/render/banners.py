"""What a person is told when a request fails: what happened, what it means, what to do next. One row for each class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openrouter_nb import errors

if TYPE_CHECKING:
    from collections.abc import Sequence


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

_SET_KEY = "%chat_key"
_AGAIN = "Run the cell again; nothing of this turn was kept in the conversation."

# (title, meaning, remedy). The nearest class of an error's own line of classes counts.
_ROWS: dict[type[errors.OpenRouterError], tuple[str, str, str]] = {
    errors.OpenRouterError: ("The request failed", _AGAIN, ""),
    errors.ConfigurationError: (
        "The request was not sent",
        "Change what the message names and run the cell again.",
        "",
    ),
    errors.MissingAPIKeyError: (
        "No API key",
        (
            "OpenRouter needs a key: make one at https://openrouter.ai/settings/keys. This asks for it without showing it"
            " and without writing it into the notebook:"
        ),
        _SET_KEY,
    ),
    errors.NoResponseError: (
        "No connection",
        "The server cannot be reached: check the network, the proxy (HTTPS_PROXY) and OPENROUTER_BASE_URL.",
        "",
    ),
    errors.RequestTimeoutError: (
        "No answer in time",
        "The model or the network is slow. Run the cell again, or try a faster model.",
        "",
    ),
    errors.ChatError: ("The service refused the request", _AGAIN, ""),
    errors.OpenRouterDefaultError: ("The service failed", _AGAIN, ""),
    errors.BadRequestError: (
        "The request was rejected",
        "A parameter or the model id is not what the service takes. `%chat_models` lists the ids.",
        "",
    ),
    errors.ContextLengthError: (
        "Too long for this model",
        (
            "The conversation does not fit into the model's context. Start it anew, shorten the prompt, or take a model"
            " with a larger context."
        ),
        "%%chat --new\n…",
    ),
    errors.ContentPolicyError: (
        "Refused for its content",
        "The provider does not answer this. Change the wording or take another model.",
        "",
    ),
    errors.UnauthorizedError: (
        "The API key was not accepted",
        "It is wrong, disabled or expired: see https://openrouter.ai/settings/keys. Set another one:",
        _SET_KEY,
    ),
    errors.PaymentRequiredError: (
        "Out of credits",
        "Add credits at https://openrouter.ai/settings/credits, allow fewer tokens, or take a free model:",
        "%%chat -m openrouter/free -n 500\n…",
    ),
    errors.ForbiddenError: (
        "Not allowed",
        (
            "Moderation, a guardrail, your region or the key's limit forbids this request. Change it, take another model,"
            " or look at the key at https://openrouter.ai/settings/keys."
        ),
        "",
    ),
    errors.NotFoundError: (
        "No such model, or no provider left",
        (
            "The id may be wrong, or your settings rule every provider out: https://openrouter.ai/models lists what there"
            " is, https://openrouter.ai/settings/privacy what you allow."
        ),
        "",
    ),
    errors.UpstreamTimeoutError: (
        "The provider took too long",
        "Run the cell again, or try another model.",
        "",
    ),
    errors.EdgeNetworkTimeoutError: (
        "The provider took too long",
        "Run the cell again, or try another model.",
        "",
    ),
    errors.ConflictError: ("The request conflicts with another one", "Run the cell again.", ""),
    errors.PreconditionFailedError: ("A condition of the request does not hold", "Change the request.", ""),
    errors.PayloadTooLargeError: (
        "The request is too large",
        "Shorten the prompt or start the conversation anew.",
        "%%chat --new\n…",
    ),
    errors.UnprocessableEntityError: (
        "The request makes no sense to the service",
        "Change what the message names.",
        "",
    ),
    errors.TooManyRequestsError: (
        "Too many requests",
        "Wait and run the cell again, or take another model: free ones have low limits.",
        "",
    ),
    errors.InternalServerError: (
        "OpenRouter failed",
        "Nothing is wrong with the request. Run the cell again.",
        "",
    ),
    errors.BadGatewayError: (
        "The provider failed",
        "Nothing is wrong with the request. Run the cell again, or take another model.",
        "",
    ),
    errors.ServiceUnavailableError: (
        "No provider is free",
        "All providers of this model are busy or down. Run the cell again, or take another model.",
        "",
    ),
    errors.ProviderOverloadedError: (
        "The provider is overloaded",
        "Run the cell again in a while, or take another model.",
        "",
    ),
    errors.OtherStatusError: ("The service failed", _AGAIN, ""),
    errors.UnexpectedContentError: (
        "That was not OpenRouter",
        (
            "Something between here and OpenRouter answered in its place: a login page, a proxy, or a wrong"
            " OPENROUTER_BASE_URL."
        ),
        "",
    ),
    errors.StreamError: ("The answer broke off", _AGAIN, ""),
    errors.StreamInterruptedError: (
        "The answer broke off",
        (
            "The connection ended in the middle. What arrived is above; it was not kept in the conversation. Run the cell"
            " again."
        ),
        "",
    ),
    errors.StreamStalledError: (
        "The answer stopped arriving",
        "The provider went silent. What arrived is above; it was not kept in the conversation. Run the cell again.",
        "",
    ),
    errors.StreamProtocolError: (
        "The answer could not be read",
        (
            "The server sent something that the protocol does not allow. What arrived before is above. Run the cell again,"
            " or take another model."
        ),
        "",
    ),
}


def banner(error: errors.OpenRouterError, *, similar: Sequence[str] = ()) -> Banner:
    """Return the words for an error.

    Args:
        error: What happened.
        similar: Ids of models like the one that was asked for.
    """
    title, meaning, remedy = next(_ROWS[kind] for kind in type(error).__mro__ if kind in _ROWS)
    if isinstance(error, errors.ChatError) and error.partial is not None:
        meaning += " What arrived before the error is above; it was not kept in the conversation."
    if similar:
        meaning += f" Did you mean {', '.join(similar)}?"
    if error.retry_after:
        meaning += f" The service asks to wait {_duration(error.retry_after)}."
    facts = [
        f"status {error.status_code}" if error.status_code else "",
        f"tried {len(error.attempts) + 1} times" if error.attempts else "",
        error.error_type or "",
        f"provider {error.provider}" if error.provider else "",
        f"generation {error.generation_id}" if error.generation_id else "",
        f"request {error.request_id}" if error.request_id else "",
    ]
    return Banner(title, error.message, meaning, remedy, " · ".join(fact for fact in facts if fact))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    if seconds < 5400:
        return f"{math.ceil(seconds / 60)} min"
    return f"{math.ceil(seconds / 3600)} h"
