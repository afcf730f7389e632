"""The base class of all errors, with the attributes of those of OpenRouter's Python SDK."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from openrouter_nb._traceback import ShortTraceback

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from openrouter_nb.components import ChatResult
    from openrouter_nb.components.responses.error_response import ErrorResponse


class OpenRouterError(ShortTraceback, Exception):
    """Root of every error of this package.

    Args:
        message: One sentence, without secrets and HTML.
        raw_response: An `httpx.Response`, from which status, headers and body are taken.
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
        headers: Response headers, without cookies.
        partial: The partial answer, or None.
        http_status: HTTP status of the response, None if there is none.
        request: Method and URL of its request.

    Attributes:
        attempts: The failed attempts before the last one, oldest first.
    """

    __module__ = "openrouter_nb.errors"
    status_code: int | None = None
    attempts: tuple[Attempt, ...] = ()

    def __init__(
        self,
        message: str,
        raw_response: httpx.Response | None = None,
        body: str | None = None,
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
        headers: Mapping[str, str] | None = None,
        partial: ChatResult | None = None,
        http_status: int | None = None,
        request: tuple[str, str] | None = None,
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
        self.body = body or ""
        self.partial = partial
        self._headers = dict(headers or {})
        self._http_status = http_status
        self._request = request
        if raw_response is not None:
            self.raw_response = raw_response
            self._headers = dict(raw_response.headers)
            self.status_code = raw_response.status_code
            self.body = raw_response.text if body is None else body

    @cached_property
    def headers(self) -> httpx.Headers:
        """Response headers: a mapping without regard to case."""
        import httpx

        return httpx.Headers(self._headers)

    @cached_property
    def raw_response(self) -> httpx.Response | None:
        """The response without secrets, None if there is none.

        Its body is `body`, which is empty for a stream. Its request has a method and a URL, but no headers and no body.
        """
        if self._http_status is None:
            return None
        import httpx

        # The body is decoded text.
        coding = {"content-encoding", "content-length", "transfer-encoding"}
        headers = {name: value for name, value in self._headers.items() if name not in coding}
        request = httpx.Request(*self._request) if self._request else None
        return httpx.Response(self._http_status, headers=headers, content=self.body.encode(), request=request)

    @property
    def data(self) -> ErrorResponse:
        """The body as an object: `data.error.code`, `.message` and `.metadata`, `data.user_id`."""
        from openrouter_nb.components.responses.error_response import ErrorResponse

        return ErrorResponse.of(self.body) or ErrorResponse(
            {
                "error": {
                    "code": self.status_code,
                    "message": self.message,
                    "metadata": self.metadata or None,
                }
            }
        )

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
