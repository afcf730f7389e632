"""Everything that can go wrong, as one tree.

    OpenRouterError                         root; `.partial` keeps what was already received
    ├── ConfigurationError                  the call could not be made; nothing was sent
    │   └── MissingAPIKeyError
    ├── NoResponseError                     no answer came: DNS, refused port, TLS, proxy, dropped connection
    │   └── RequestTimeoutError             ... within the time allowed
    ├── ChatError                           the service said no, in its own JSON
    │   ├── BadRequestError            400  (ContextLengthError, ContentPolicyError)
    │   ├── UnauthorizedError          401
    │   ├── TooManyRequestsError       429
    │   ├── InternalServerError        500
    │   └── the statuses below, which are an OpenRouterDefaultError as well
    ├── OpenRouterDefaultError              any other 4XX or 5XX, or a body that is not the service's JSON
    │   ├── PaymentRequiredError       402
    │   ├── ForbiddenError             403
    │   ├── NotFoundError              404
    │   ├── UpstreamTimeoutError       408, 504  (EdgeNetworkTimeoutError 524)
    │   ├── ConflictError              409
    │   ├── PreconditionFailedError    412
    │   ├── PayloadTooLargeError       413
    │   ├── UnprocessableEntityError   422
    │   ├── BadGatewayError            502
    │   ├── ServiceUnavailableError    503  (ProviderOverloadedError 529)
    │   ├── OtherStatusError                a status that no class above stands for
    │   └── UnexpectedContentError          a web page, a redirect or noise where an answer should be
    └── StreamError                         the answer began and did not end well
        ├── StreamInterruptedError          cut off (StreamStalledError: went silent)
        └── StreamProtocolError             not what the protocol allows, or larger than the limits

`ChatError` and `OpenRouterDefaultError` are the two names of OpenRouter's Python SDK of early 2026, where the
first was raised for 400, 401, 429 and 500 and the second for every other status. The class names of the current SDK
(`TooManyRequestsResponseError`, ...) are aliases at the end of this file, so that its `except` clauses work.

Cancellation and Ctrl-C are outcomes, not errors: they stay `asyncio.CancelledError` and `KeyboardInterrupt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb._traceback import ShortTraceback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components import ChatResult


class OpenRouterError(ShortTraceback, Exception):
    """Root of every error of this package.

    Args:
        message: One sentence for a person, already free of keys, account ids and HTML.
        status_code: HTTP status, or the status an error inside a 200 answer names.
        error_type: OpenRouter's stable discriminator, e.g. `rate_limit_exceeded` (27 values, open).
        provider: Display name of the upstream that failed, where the service names it.
        provider_code: The upstream's own error code.
        metadata: `error.metadata` as sent, or `{}`. May hold account data: show fields, never the whole.
        availability: `error.availability` as sent, which says why a model cannot answer, or `{}`.
        retry_after: Seconds that the service asks to wait, from headers or body.
        retryable: Whether sending the same request again can help.
        request_id: Edge request id (`cf-ray` or `request-id`), for a bug report.
        generation_id: `gen-...`, the key of `GET /generation`.
        body: The raw body, at most 1 MiB. May hold account data: never print it into a notebook.
        headers: Response headers, names in lower case.
        partial: What had arrived of the answer when it broke, or None.

    Attributes:
        attempts: The attempts that failed before the one that this error ended, oldest first.
    """

    status_code: int | None = None
    attempts: tuple[Attempt, ...] = ()

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        error_type: str | None = None,
        provider: str | None = None,
        provider_code: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        availability: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
        retryable: bool = False,
        request_id: str | None = None,
        generation_id: str | None = None,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        partial: ChatResult | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if status_code is not None:
            self.status_code = status_code
        self.error_type = error_type
        self.provider = provider
        self.provider_code = provider_code
        self.metadata: dict[str, Any] = dict(metadata or {})
        self.availability: dict[str, Any] = dict(availability or {})
        self.retry_after = retry_after
        self.retryable = retryable
        self.request_id = request_id
        self.generation_id = generation_id
        self.body = body
        self.headers: dict[str, str] = dict(headers or {})
        self.partial = partial

    def __str__(self) -> str:
        return f"{self.message} (status {self.status_code})" if self.status_code else self.message


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that failed and was, or is about to be, followed by another.

    Attributes:
        number: From 1.
        error: What ended it.
        waited_s: Seconds between its end and the next attempt.
    """

    number: int
    error: OpenRouterError
    waited_s: float


class ConfigurationError(OpenRouterError):
    """The call could not be made as configured. Nothing was sent."""


class MissingAPIKeyError(ConfigurationError):
    """The server needs a key and none is set."""


class NoResponseError(OpenRouterError):
    """No answer came: name resolution, refused port, TLS, proxy or a connection dropped before the first byte."""


class RequestTimeoutError(NoResponseError):
    """No answer came within the time allowed."""


class ChatError(OpenRouterError):
    """The service refused or failed, and said so in its own JSON."""


class OpenRouterDefaultError(OpenRouterError):
    """Any 4XX or 5XX other than 400, 401, 429 and 500, or a body that is not the service's JSON."""


class BadRequestError(ChatError):
    """400: a parameter is missing or wrong, or the model id is unknown."""

    status_code: int | None = 400


class ContextLengthError(BadRequestError):
    """400: the conversation is longer than the model's context."""


class ContentPolicyError(BadRequestError):
    """400: the input broke a content policy, or the model refused it."""


class UnauthorizedError(ChatError):
    """401: the key is missing, wrong, disabled or expired."""

    status_code: int | None = 401


class TooManyRequestsError(ChatError):
    """429: rate limited, by OpenRouter or by the upstream. See `retry_after`."""

    status_code: int | None = 429


class InternalServerError(ChatError):
    """500: OpenRouter failed."""

    status_code: int | None = 500


class PaymentRequiredError(ChatError, OpenRouterDefaultError):
    """402: no credits, the key's limit is reached, or `max_tokens` costs more than is left."""

    status_code: int | None = 402


class ForbiddenError(ChatError, OpenRouterDefaultError):
    """403: moderation, guardrail, region, permission, or the key's spend limit."""

    status_code: int | None = 403


class NotFoundError(ChatError, OpenRouterDefaultError):
    """404: no endpoint is left after the request's filters, or the model is gone."""

    status_code: int | None = 404


class UpstreamTimeoutError(ChatError, OpenRouterDefaultError):
    """408 or 504: the service gave up waiting."""

    status_code: int | None = 408


class EdgeNetworkTimeoutError(UpstreamTimeoutError):
    """524: the network edge gave up waiting for the service."""

    status_code: int | None = 524


class ConflictError(ChatError, OpenRouterDefaultError):
    """409: the request conflicts with the state of something."""

    status_code: int | None = 409


class PreconditionFailedError(ChatError, OpenRouterDefaultError):
    """412: a precondition of the request does not hold."""

    status_code: int | None = 412


class PayloadTooLargeError(ChatError, OpenRouterDefaultError):
    """413: the request is too large."""

    status_code: int | None = 413


class UnprocessableEntityError(ChatError, OpenRouterDefaultError):
    """422: the request is well formed and makes no sense to the service."""

    status_code: int | None = 422


class BadGatewayError(ChatError, OpenRouterDefaultError):
    """502: the upstream is down or answered nonsense."""

    status_code: int | None = 502


class ServiceUnavailableError(ChatError, OpenRouterDefaultError):
    """503: no provider can take the request just now."""

    status_code: int | None = 503


class ProviderOverloadedError(ServiceUnavailableError):
    """529 (or 503 with type `provider_overloaded`): the provider has more work than it can take."""

    status_code: int | None = 529


class OtherStatusError(ChatError, OpenRouterDefaultError):
    """A 4XX or 5XX with the service's own JSON that no other class stands for."""


class UnexpectedContentError(OpenRouterDefaultError):
    """A web page, a redirect or noise came where an answer should be: a proxy, a login page, a wrong address."""


class StreamError(OpenRouterError):
    """The answer began and did not end well. `.partial` holds what had arrived."""


class StreamInterruptedError(StreamError):
    """The connection ended before the answer did."""


class StreamStalledError(StreamInterruptedError):
    """The answer stopped arriving; keep-alive comments do not count as arriving."""


class StreamProtocolError(StreamError):
    """The stream held something that the protocol does not allow, or more than the limits allow."""


# Names of the current SDK (package `openrouter`, since 0.7.11).
BadRequestResponseError = BadRequestError
UnauthorizedResponseError = UnauthorizedError
PaymentRequiredResponseError = PaymentRequiredError
ForbiddenResponseError = ForbiddenError
NotFoundResponseError = NotFoundError
RequestTimeoutResponseError = UpstreamTimeoutError
ConflictResponseError = ConflictError
PayloadTooLargeResponseError = PayloadTooLargeError
UnprocessableEntityResponseError = UnprocessableEntityError
TooManyRequestsResponseError = TooManyRequestsError
InternalServerResponseError = InternalServerError
BadGatewayResponseError = BadGatewayError
ServiceUnavailableResponseError = ServiceUnavailableError
EdgeNetworkTimeoutResponseError = EdgeNetworkTimeoutError
ProviderOverloadedResponseError = ProviderOverloadedError
