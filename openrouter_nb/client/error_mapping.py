"""Convert error responses and error payloads to exceptions.

Order of evidence: OpenRouter's `error_type`, then the code in the body, then the HTTP status. Sources: OpenRouter docs,
api_reference/errors-and-debugging and limits, August 2026; recorded bodies.
"""

from __future__ import annotations

import email.utils
import html
import json
import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb import errors
from openrouter_nb.client.error_words import error_object, failure_message, message_in
from openrouter_nb.redaction import redact, redact_url, redact_values
from openrouter_nb.surrogates import loads

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult

_BY_TYPE: dict[str, type[errors.OpenRouterError]] = {
    "context_length_exceeded": errors.ContextLengthError,
    "token_limit_exceeded": errors.ContextLengthError,
    "string_too_long": errors.ContextLengthError,
    "max_tokens_exceeded": errors.BadRequestError,
    "invalid_request": errors.BadRequestError,
    "invalid_prompt": errors.BadRequestError,
    "content_policy_violation": errors.ContentPolicyError,
    "refusal": errors.ContentPolicyError,
    "invalid_image": errors.BadRequestError,
    "image_too_large": errors.BadRequestError,
    "image_too_small": errors.BadRequestError,
    "unsupported_image_format": errors.BadRequestError,
    "image_download_failed": errors.BadRequestError,
    "authentication": errors.UnauthorizedError,
    "payment_required": errors.PaymentRequiredError,
    "permission_denied": errors.ForbiddenError,
    "not_found": errors.NotFoundError,
    "image_not_found": errors.NotFoundError,
    "precondition_failed": errors.PreconditionFailedError,
    "payload_too_large": errors.PayloadTooLargeError,
    "unprocessable": errors.UnprocessableEntityError,
    "rate_limit_exceeded": errors.TooManyRequestsError,
    "server": errors.InternalServerError,
    "unmapped": errors.InternalServerError,
    "provider_unavailable": errors.BadGatewayError,
    "provider_overloaded": errors.ProviderOverloadedError,
    "timeout": errors.UpstreamTimeoutError,
}
# By the status that a class names; the last class with it.
_BY_STATUS: dict[int, type[errors.OpenRouterError]] = {
    kind.status_code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, errors.OpenRouterError)
    and "status_code" in vars(kind)
    and kind.status_code is not None
}
_RETRYABLE = frozenset({408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_GENERIC = frozenset(
    {"", "provider returned error", "provider returned an error", "error", "internal server error"}
)
# Of an error object; the other fields are quoted if there is no message.
_KNOWN_FIELDS = frozenset(
    {"message", "code", "status", "http_status", "type", "error_type", "metadata", "availability", "param"}
)
_EVENT = re.compile(r"\s*(?:(?:event|id|retry)?:[^\n]*\n\s*)*data:(.*)")
_DATA = re.compile("[<\ufffd]")  # markup, or bytes that are not text
_CONTEXT = re.compile(r"maximum context length|context[ _-]length|context window", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_MAX_MESSAGE = 600
_MAX_SCANNED = 8_000  # a message is cut to this before patterns search it
_MAX_BODY = 1024 * 1024


def clean_message(text: str) -> str:
    """Return a message without secrets, HTML and control characters, of at most 600 characters."""
    text = text[:_MAX_SCANNED]
    if re.search(r"<(?:!doctype|html|head|body|script)\b", text, re.IGNORECASE):
        title = re.search(r"<(title|h1)[^<>]*>((?:[^<]|<(?!title|h1|/\1))*)</\1>", text, re.IGNORECASE)
        text = _without_tags(title[2] if title else text)
    text = _CONTROL.sub(" ", redact(text)).strip()
    return text if len(text) <= _MAX_MESSAGE else text[: _MAX_MESSAGE - 1] + "…"


class ResponseHead(Protocol):
    """Status, headers and request of a response."""

    status: int
    headers: dict[str, str]
    #: Method and URL.
    request: tuple[str, str]


def error_from_response(response: ResponseHead, body: bytes) -> errors.OpenRouterError:
    """Return the error for a response without an answer: a 3XX, 4XX or 5XX, or a 200 with other content."""
    status = response.status
    received = body[:_MAX_BODY].decode("utf-8-sig", "replace")
    event = _EVENT.match(received)
    content = event[1] if event else received
    parsed, text = _parse(content), redact(received)
    error = error_object(parsed)
    if not error and status >= 400 and (message := failure_message(parsed)):
        error = {"message": message}
    if error and (status >= 400 or isinstance(parsed, list) or _mapping(parsed).get("error")):
        payload = {**_mapping(parsed), "error": error}
        return error_from_payload(payload, response, body=text)
    common = response_arguments(response, text)
    if status < 300:
        what = "a web page" if "html" in response.headers.get("content-type", "") else "other content"
        return errors.UnexpectedContentError(
            f"The server sent {what} instead of an answer{_quoted(text)}.", status_code=status, **common
        )
    if status < 400:
        return errors.UnexpectedContentError(
            "The server redirects to another address, which is not followed.", status_code=status, **common
        )
    # Every class with a status is a ChatError, which promises JSON.
    return errors.OpenRouterDefaultError(
        f"{_phrase(status)}{_quoted(redact(content[: 2 * _MAX_SCANNED]), has_data=bool(parsed))}.",
        status_code=status,
        retryable=status in _RETRYABLE,
        retry_after=_retry_after(response.headers, {}, {}),
        **common,
    )


def error_from_payload(
    payload: Mapping[str, Any],
    response: ResponseHead,
    *,
    body: str = "",
    partial: ChatResult | None = None,
) -> errors.OpenRouterError:
    """Return the error for a body or a stream chunk that holds one: in `error`, or in another shape of `error_words`."""
    payload = redact_values(payload)
    error = error_object(payload) or {}
    metadata = _mapping(error.get("metadata"))
    availability = _mapping(error.get("availability"))
    error_type = _text(metadata.get("error_type")) or _text(error.get("error_type"))
    typed = _BY_TYPE.get(error_type or "")
    code = (
        _status_of(error.get("code"))
        or _status_of(error.get("http_status"))
        or (response.status if response.status >= 400 else (typed and typed.status_code) or 502)
    )
    message = _message(error, metadata, code)
    kind = _BY_STATUS.get(code, errors.OtherStatusError)
    if typed and not issubclass(kind, typed):
        kind = typed
    if kind is errors.BadRequestError and _CONTEXT.search(message):
        kind = errors.ContextLengthError
    retryable = availability.get("retryable")
    if retryable is None:
        retryable = code in _RETRYABLE and metadata.get("limit_source") != "openrouter_free_tier_daily"
    common = response_arguments(response, body)
    common["generation_id"] = common["generation_id"] or _text(payload.get("id"))
    return kind(
        message,
        status_code=code,
        error_type=error_type,
        provider=_text(metadata.get("provider_name")) or _text(payload.get("provider")),
        provider_code=_text(metadata.get("provider_code")),
        metadata=metadata,
        availability=availability,
        retry_after=_retry_after(response.headers, metadata, availability),
        retryable=bool(retryable),
        partial=partial,
        **common,
    )


def error_from_finish_reason(native_finish_reason: Any) -> dict[str, Any]:
    """Return the error payload of an answer that ended with `finish_reason: "error"` and no error object."""
    reason = f" ({native_finish_reason})" if native_finish_reason else ""
    return {"message": f"The provider ended the answer with an error{reason}.", "code": 502}


def error_from_empty_answer(
    payload: Mapping[str, Any], response: ResponseHead, *, partial: ChatResult | None, body: str = ""
) -> errors.OpenRouterError:
    """Return the error for an answer without a choice, as some providers send it (observed).

    Args:
        payload: The answer.
        response: Its response.
        partial: The answer with its usage, if there is one.
        body: The body without secrets; `""` for a stream.
    """
    payload = redact_values(payload)
    common = response_arguments(response, body)
    common["generation_id"] = common["generation_id"] or _text(payload.get("id"))
    return errors.EmptyAnswerError(
        "The service sent an empty answer.",
        retryable=True,
        provider=_text(payload.get("provider")),
        partial=partial,
        **common,
    )


def text_of(body: bytes) -> str:
    """Return the text of a body without secrets, at most 1 MiB: `body` of an error."""
    return redact(body[:_MAX_BODY].decode("utf-8-sig", "replace"))


def parse_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object in a text, or None. Keep-alive whitespace may precede it."""
    value = _parse(text)
    return value if isinstance(value, dict) else None


def _parse(text: str) -> Any:
    """Return the value of a JSON text, None for other text."""
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None


def response_arguments(response: ResponseHead, body: str = "") -> dict[str, Any]:
    """Return the arguments of an error that are the same for all errors of a response."""
    headers, (method, url) = response.headers, response.request
    return {
        "http_status": response.status,
        "request": (method, redact_url(url)),
        "request_id": headers.get("cf-ray") or headers.get("request-id"),
        "generation_id": headers.get("x-generation-id"),
        "headers": headers,
        "body": body,
    }


def _message(error: Mapping[str, Any], metadata: Mapping[str, Any], code: int) -> str:
    message = clean_message(_text(error.get("message")) or "")
    if message.lower().rstrip(".") in _GENERIC and (raw := clean_message(message_in(metadata.get("raw")))):
        provider = _text(metadata.get("provider_name"))
        message = f"{provider}: {raw}" if provider else raw
    if message:
        return message
    other = {key: value for key, value in error.items() if key not in _KNOWN_FIELDS and value}
    quoted = _quoted(json.dumps(other, ensure_ascii=False), has_data=True) if other else ""
    return f"{_phrase(code)}{quoted}"


def _retry_after(
    headers: Mapping[str, str], metadata: Mapping[str, Any], availability: Mapping[str, Any]
) -> float | None:
    """Return the seconds to wait: `retry-after-ms`, `Retry-After` (seconds or date), the body, then the rate limit reset."""
    if (ms := _number(headers.get("retry-after-ms"))) is not None:
        return ms / 1000
    if value := headers.get("retry-after"):
        if (seconds := _number(value)) is not None:
            return seconds
        try:
            return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
        except (ValueError, TypeError):
            pass
    if (seconds := _number(availability.get("retry_after"))) is not None:
        return seconds
    inner = {str(key).lower(): value for key, value in _mapping(metadata.get("headers")).items()}
    reset = _number(headers.get("x-ratelimit-reset") or inner.get("x-ratelimit-reset"))
    # Unix milliseconds (observed); a smaller value is not a date.
    return max(0.0, reset / 1000 - time.time()) if reset is not None and reset > 1e11 else None


def _quoted(text: str, *, has_data: bool = False) -> str:
    """Return the message of a body in brackets: the title of a page, or text.

    Args:
        text: The body.
        has_data: Whether to return JSON too, instead of `""`.
    """
    text = text[:_MAX_SCANNED].strip()
    if text.startswith("<?xml"):
        text = _without_tags(text)
    message = clean_message(text).rstrip(".")
    return (
        f" ({message})" if message and (has_data or text[0] not in "{[") and not _DATA.search(message) else ""
    )


def _without_tags(markup: str) -> str:
    """Return the text of a page, or of XML."""
    markup = re.sub(r"<(script|style)\b[^<>]*>[^<]*", " ", markup, flags=re.IGNORECASE)
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", markup)).split())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return {524: "The network edge timed out", 529: "The provider is overloaded"}.get(
            status, "The request failed"
        )


def _status_of(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and 400 <= number <= 599 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number < 1e15 else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
