"""The exception hierarchy.

    OpenRouterError                         root; `.partial` holds the partial answer
    ├── ConfigurationError                  the request could not be made; nothing was sent
    │   ├── InvalidRequestError             also a BadRequestError: OpenRouter would answer 400
    │   ├── MissingAPIKeyError              also an UnauthorizedError
    │   ├── ReplayMissError                 the replay file has no answer, and replay is `only`
    │   └── BridgeRefusedError              a page may not request this
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
    │   ├── UpstreamTimeoutError       RequestTimeoutResponseError 408, GatewayTimeoutError 504, EdgeNetworkTimeoutError 524
    │   ├── ConflictError              409
    │   ├── GoneError                  410
    │   ├── PreconditionFailedError    412
    │   ├── PayloadTooLargeError       413
    │   ├── UnprocessableEntityError   422
    │   ├── ClientClosedRequestError   499
    │   ├── BadGatewayError            502  (EmptyAnswerError)
    │   ├── ServiceUnavailableError    503  (ProviderOverloadedError 529)
    │   ├── OtherStatusError                a status without a class
    │   └── UnexpectedContentError          a web page, a redirect or other content instead of an answer
    ├── ResponseValidationError             also one of the others: a body that is not the documented one
    │                                       (EmptyAnswerError, UnexpectedContentError, StreamProtocolError)
    ├── OtherEndpointError                  never raised: errors of endpoints that this client does not call
    └── StreamError                         the answer ended early
        ├── StreamInterruptedError          the connection ended (StreamStalledError: no data arrived)
        └── StreamProtocolError             a violation of the protocol or of the limits

`ChatError` and `OpenRouterDefaultError` are the two names of OpenRouter's Python SDK of early 2026, where the
first was raised for 400, 401, 429 and 500 and the second for every other status. The class names of the current SDK
(`TooManyRequestsResponseError`, ...) are aliases at the end of this file, so that its `except` clauses work.

Cancellation and Ctrl-C are outcomes, not errors: they stay `asyncio.CancelledError` and `KeyboardInterrupt`. If a part of the
answer has arrived, it is their `.partial`, too.
"""

from __future__ import annotations

from typing import Any

from openrouter_nb._error import Attempt as Attempt  # noqa: PLC0414 - exported
from openrouter_nb._error import OpenRouterError as OpenRouterError  # noqa: PLC0414 - exported


class ConfigurationError(OpenRouterError):
    """The request could not be made as configured. Nothing was sent.

    The status of a subclass is the one that OpenRouter would answer with.
    """

    def __str__(self) -> str:
        return self.message


class ReplayMissError(ConfigurationError):
    """The replay file has no answer to the request, and replay is `only`. Nothing was sent.

    Attributes:
        differences: Lines `path: recorded → requested` for the nearest recorded request; empty if there is none.
    """

    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = "".join(f"\n  {line}" for line in self.differences)
        return f"{self.message} The nearest recording differs:{lines}" if lines else self.message


class BridgeRefusedError(ConfigurationError):
    """The policy of a `ChatBridge` does not allow a request of its page. Nothing was sent.

    Args:
        message: One sentence.
        reason: `model`, `max_tokens`, `cost`, `cost_per_minute`, `budget`, `tools`, `plugins`, `field`, `headers`, `size`,
            `concurrency` or `closed`.
        facts: As for every error.
    """

    def __init__(self, message: str, *, reason: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.reason = reason


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


class InvalidRequestError(ConfigurationError, BadRequestError):
    """A parameter has a value that OpenRouter is known to reject. Nothing was sent."""


class ContextLengthError(BadRequestError):
    """400: the conversation is longer than the model's context."""


class ContentPolicyError(BadRequestError):
    """400: the input violates a content policy, or the model refused it."""


class UnauthorizedError(ChatError):
    """401: the key is missing, wrong, disabled or expired."""

    status_code: int | None = 401


class MissingAPIKeyError(ConfigurationError, UnauthorizedError):
    """The server needs an API key, and no key is set. Nothing was sent."""


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
    """OpenRouter timed out while waiting for the provider."""

    status_code: int | None = 408


class RequestTimeoutResponseError(UpstreamTimeoutError):
    """408: OpenRouter timed out while waiting for the provider."""

    status_code: int | None = 408


class GatewayTimeoutError(UpstreamTimeoutError):
    """504: the provider did not answer in time."""

    status_code: int | None = 504


class EdgeNetworkTimeoutError(UpstreamTimeoutError):
    """524: the network edge timed out while waiting for OpenRouter."""

    status_code: int | None = 524


class ConflictError(ChatError, OpenRouterDefaultError):
    """409: the request conflicts with the current state of a resource."""

    status_code: int | None = 409


class GoneError(ChatError, OpenRouterDefaultError):
    """410: the resource no longer exists."""

    status_code: int | None = 410


class PreconditionFailedError(ChatError, OpenRouterDefaultError):
    """412: a precondition of the request failed."""

    status_code: int | None = 412


class PayloadTooLargeError(ChatError, OpenRouterDefaultError):
    """413: the request is too large."""

    status_code: int | None = 413


class UnprocessableEntityError(ChatError, OpenRouterDefaultError):
    """422: the request is well-formed, but OpenRouter could not process it."""

    status_code: int | None = 422


class ClientClosedRequestError(ChatError, OpenRouterDefaultError):
    """499: the request was closed before its answer."""

    status_code: int | None = 499


class ResponseValidationError(OpenRouterError):
    """The body is not the one that the API documents."""

    @property
    def cause(self) -> BaseException | None:
        """The error that was found in the body, if another exception describes it."""
        return self.__cause__


class BadGatewayError(ChatError, OpenRouterDefaultError):
    """502: the provider is down or sent an invalid response."""

    status_code: int | None = 502


class EmptyAnswerError(BadGatewayError, ResponseValidationError):
    """An answer without any choice."""


class ServiceUnavailableError(ChatError, OpenRouterDefaultError):
    """503: no provider can process the request at the moment."""

    status_code: int | None = 503


class ProviderOverloadedError(ServiceUnavailableError):
    """529 (or 503 with type `provider_overloaded`): the provider has more requests than it can process."""

    status_code: int | None = 529


class OtherStatusError(ChatError, OpenRouterDefaultError):
    """A 4XX or 5XX with JSON from OpenRouter and a status without a class."""


class UnexpectedContentError(OpenRouterDefaultError, ResponseValidationError):
    """A web page, a redirect or other content instead of an answer: a proxy, a login page, a wrong address."""


class StreamError(OpenRouterError):
    """The answer ended early. `.partial` holds the partial answer."""


class StreamInterruptedError(StreamError):
    """The connection ended before the answer."""


class StreamStalledError(StreamInterruptedError):
    """No data arrived within the idle timeout; keep-alive comments are not data."""


class StreamProtocolError(StreamError, ResponseValidationError):
    """The stream violates the protocol or exceeds the limits."""


class OtherEndpointError(OpenRouterError):
    """Never raised: an error of an endpoint that this client does not call."""


# Names of the current SDK (package `openrouter`, 0.7.11 to 1.3.84).
BadRequestResponseError = BadRequestError
UnauthorizedResponseError = UnauthorizedError
PaymentRequiredResponseError = PaymentRequiredError
ForbiddenResponseError = ForbiddenError
NotFoundResponseError = NotFoundError
ConflictResponseError = ConflictError
GoneResponseError = GoneError
PayloadTooLargeResponseError = PayloadTooLargeError
UnprocessableEntityResponseError = UnprocessableEntityError
TooManyRequestsResponseError = TooManyRequestsError
ClientClosedRequestResponseError = ClientClosedRequestError
InternalServerResponseError = InternalServerError
BadGatewayResponseError = BadGatewayError
ServiceUnavailableResponseError = ServiceUnavailableError
GatewayTimeoutResponseError = GatewayTimeoutError
EdgeNetworkTimeoutResponseError = EdgeNetworkTimeoutError
ProviderOverloadedResponseError = ProviderOverloadedError

BadGateway = BadGatewayUnion = OtherEndpointError
BatchErrorResponse = BatchPaymentRequiredResponseError = OtherEndpointError
Conflict = ConflictUnion = OtherEndpointError
CreatePrivateEndpointValidationFailedResponseError = OtherEndpointError
InternalServerErrorUnion = OtherEndpointError
NotFound = NotFoundUnion = OtherEndpointError
OAuthErrorResponse = OtherEndpointError
UnprocessableEntity = UnprocessableEntityUnion = OtherEndpointError


def __getattr__(name: str) -> Any:
    # The classes of `data`, which are one here: `BadRequestResponseErrorData`, ...
    if name.endswith("Data") and name.removesuffix("Data") in globals():
        from openrouter_nb.components.responses.error_response import ErrorResponse

        return ErrorResponse
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
