"""The exception hierarchy.

    OpenRouterError                         root; `.partial` holds the partial answer
    ├── ConfigurationError                  the request could not be made; nothing was sent
    │   └── MissingAPIKeyError
    ├── NoResponseError                     no response: DNS, refused port, TLS, proxy, dropped connection
    │   └── RequestTimeoutError             no response within the timeout
    ├── ChatError                           OpenRouter returned an error in its JSON format
    │   ├── BadRequestError            400  (ContextLengthError, ContentPolicyError)
    │   ├── UnauthorizedError          401
    │   ├── TooManyRequestsError       429
    │   ├── InternalServerError        500
    │   └── the statuses below, which are an OpenRouterDefaultError as well
    ├── OpenRouterDefaultError              any other 4XX or 5XX, or a body in another format
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
    │   ├── OtherStatusError                a status without a class
    │   └── UnexpectedContentError          a web page, a redirect or other content instead of an answer
    └── StreamError                         the answer ended early
        ├── StreamInterruptedError          the connection ended (StreamStalledError: no data arrived)
        └── StreamProtocolError             a violation of the protocol or of the limits

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
        message: One sentence, without secrets and HTML.
        status_code: HTTP status, or the status that an error inside a 200 response names.
        error_type: OpenRouter's stable discriminator, e.g. `rate_limit_exceeded` (27 values, open).
        provider: Display name of the provider that failed, if OpenRouter names it.
        provider_code: The error code of the provider.
        metadata: `error.metadata` without secrets, or `{}`. Show single fields only.
        availability: `error.availability` without secrets, which says why a model cannot answer, or `{}`.
        retry_after: Seconds to wait before a retry, from headers or body.
        retryable: Whether sending the same request again can help.
        request_id: Edge request id (`cf-ray` or `request-id`), for a bug report.
        generation_id: `gen-...`, the key of `GET /generation`.
        body: The body without secrets, at most 1 MiB. Do not print it into a notebook: it may contain the prompt.
        headers: Response headers, names in lower case.
        partial: The partial answer, or None.

    Attributes:
        attempts: The failed attempts before the last one, oldest first.
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
    """A failed attempt that was or will be followed by another one.

    Attributes:
        number: From 1.
        error: The error of the attempt.
        waited_s: Seconds between its end and the next attempt.
    """

    number: int
    error: OpenRouterError
    waited_s: float


class ConfigurationError(OpenRouterError):
    """The request could not be made as configured. Nothing was sent."""


class MissingAPIKeyError(ConfigurationError):
    """The server needs an API key, and no key is set."""


class NoResponseError(OpenRouterError):
    """No response: name resolution, refused port, TLS, proxy or a connection dropped before the first byte."""


class RequestTimeoutError(NoResponseError):
    """No response within the timeout."""


class ChatError(OpenRouterError):
    """OpenRouter returned an error in its JSON format."""


class OpenRouterDefaultError(OpenRouterError):
    """Any 4XX or 5XX other than 400, 401, 429 and 500, or a body that is not JSON from OpenRouter."""


class BadRequestError(ChatError):
    """400: a parameter is missing or wrong, or the model id is unknown."""

    status_code: int | None = 400


class ContextLengthError(BadRequestError):
    """400: the conversation is longer than the model's context."""


class ContentPolicyError(BadRequestError):
    """400: the input violates a content policy, or the model refused it."""


class UnauthorizedError(ChatError):
    """401: the key is missing, wrong, disabled or expired."""

    status_code: int | None = 401


class TooManyRequestsError(ChatError):
    """429: rate limited, by OpenRouter or by the provider. See `retry_after`."""

    status_code: int | None = 429


class InternalServerError(ChatError):
    """500: OpenRouter failed."""

    status_code: int | None = 500


class PaymentRequiredError(ChatError, OpenRouterDefaultError):
    """402: no credits, the key's limit is reached, or `max_tokens` costs more than the remaining credits."""

    status_code: int | None = 402


class ForbiddenError(ChatError, OpenRouterDefaultError):
    """403: moderation, guardrail, region, permission, or the key's spend limit."""

    status_code: int | None = 403


class NotFoundError(ChatError, OpenRouterDefaultError):
    """404: no endpoint satisfies the filters of the request, or the model no longer exists."""

    status_code: int | None = 404


class UpstreamTimeoutError(ChatError, OpenRouterDefaultError):
    """408 or 504: OpenRouter timed out while waiting for the provider."""

    status_code: int | None = 408


class EdgeNetworkTimeoutError(UpstreamTimeoutError):
    """524: the network edge timed out while waiting for OpenRouter."""

    status_code: int | None = 524


class ConflictError(ChatError, OpenRouterDefaultError):
    """409: the request conflicts with the current state of a resource."""

    status_code: int | None = 409


class PreconditionFailedError(ChatError, OpenRouterDefaultError):
    """412: a precondition of the request failed."""

    status_code: int | None = 412


class PayloadTooLargeError(ChatError, OpenRouterDefaultError):
    """413: the request is too large."""

    status_code: int | None = 413


class UnprocessableEntityError(ChatError, OpenRouterDefaultError):
    """422: the request is well-formed, but OpenRouter could not process it."""

    status_code: int | None = 422


class BadGatewayError(ChatError, OpenRouterDefaultError):
    """502: the provider is down or sent an invalid response."""

    status_code: int | None = 502


class ServiceUnavailableError(ChatError, OpenRouterDefaultError):
    """503: no provider can process the request at the moment."""

    status_code: int | None = 503


class ProviderOverloadedError(ServiceUnavailableError):
    """529 (or 503 with type `provider_overloaded`): the provider has more requests than it can process."""

    status_code: int | None = 529


class OtherStatusError(ChatError, OpenRouterDefaultError):
    """A 4XX or 5XX with JSON from OpenRouter and a status without a class."""


class UnexpectedContentError(OpenRouterDefaultError):
    """A web page, a redirect or other content instead of an answer: a proxy, a login page, a wrong address."""


class StreamError(OpenRouterError):
    """The answer ended early. `.partial` holds the partial answer."""


class StreamInterruptedError(StreamError):
    """The connection ended before the answer."""


class StreamStalledError(StreamInterruptedError):
    """No data arrived within the idle timeout; keep-alive comments are not data."""


class StreamProtocolError(StreamError):
    """The stream violates the protocol or exceeds the limits."""


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
