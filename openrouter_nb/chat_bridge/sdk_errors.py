"""Errors as pages get them: under the class names of OpenRouter's TypeScript SDK.

Source: npm package @openrouter/sdk 0.1.11, esm/funcs/chatSend.js, esm/lib/matchers.js and esm/models/errors.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from openrouter_nb.conversation.errors import failure_of
from openrouter_nb.errors import (
    BridgeRefusedError,
    InvalidRequestError,
    MissingAPIKeyError,
    NoResponseError,
    OpenRouterError,
    RequestTimeoutError,
    StreamError,
    StreamProtocolError,
    StreamStalledError,
)
from openrouter_nb.redaction import redact, redact_values

# Statuses of which the SDK expects JSON with an error; every other 4XX and 5XX is an OpenRouterDefaultError.
_CHAT_ERRORS = frozenset({400, 401, 429, 500})
_JSON = "application/json"
_EVENTS = "text/event-stream"
_LONG_BODY = 100
_MAX_QUOTED = 10_000  # characters of a body in the message


def sdk_error(error: BaseException) -> dict[str, Any]:
    """Return an error as JSON values, without secrets.

    Returns:
        `name` and `message`; for a response also `status_code`, `body`, `headers` and `content_type`; `retryable`; for a
        BridgeRefusedError `reason`.
    """
    if isinstance(error, asyncio.CancelledError):
        return named_error("RequestAbortedError", "Request aborted by client")
    if isinstance(error, BridgeRefusedError):
        return named_error("BridgeRefusedError", error.message, reason=error.reason)
    if not isinstance(error, OpenRouterError):
        error = failure_of(error, None) if isinstance(error, Exception) else OpenRouterError(repr(error))
    name = _name(error)
    found = named_error(name, _message(name, error), retryable=error.retryable)
    response = error.raw_response
    if response is not None:
        found |= {
            "status_code": response.status_code,
            "body": redact(error.body),
            "headers": redact_values(dict(error.headers)),
            "content_type": response.headers.get("content-type", ""),
        }
    elif isinstance(error, MissingAPIKeyError):
        found["status_code"] = error.status_code
    return found


def named_error(name: str, message: str, **more: Any) -> dict[str, Any]:
    """Return an error as JSON values.

    Args:
        name: Class name.
        message: One sentence.
        more: Further fields.
    """
    return {"name": name, "message": redact(message), **more}


def _name(error: OpenRouterError) -> str:
    if error.raw_response is None:
        return _name_without_response(error)
    status = error.raw_response.status_code
    content_type = error.raw_response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == 200 and content_type == _EVENTS:
        return _name_in_stream(error)
    if content_type == _JSON and (status == 200 or status in _CHAT_ERRORS):
        return "ChatError" if status != 200 and _error_object(error.body) else "ResponseValidationError"
    return "OpenRouterDefaultError"


def _name_without_response(error: OpenRouterError) -> str:
    if isinstance(error, RequestTimeoutError):
        return "RequestTimeoutError"
    if isinstance(error, NoResponseError):
        return "ConnectionError"
    if isinstance(error, InvalidRequestError):
        return "InvalidRequestError"
    # The service answers 401 to a request without a key.
    return "ChatError" if isinstance(error, MissingAPIKeyError) else "UnexpectedClientError"


def _name_in_stream(error: OpenRouterError) -> str:
    if isinstance(error, StreamProtocolError):
        return "ResponseValidationError"
    if isinstance(error, StreamStalledError):
        return "RequestTimeoutError"
    if isinstance(error, StreamError):
        return "ConnectionError"
    return "ChatError" if error.status_code in _CHAT_ERRORS else "OpenRouterDefaultError"


def _error_object(body: str) -> dict[str, Any] | None:
    """Return the error object that the SDK accepts: `message` is text, and `code` a number, text or null."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = value.get("error") if isinstance(value, dict) else None
    if not isinstance(found, dict) or not isinstance(found.get("message"), str) or "code" not in found:
        return None
    code, *texts = found["code"], found.get("param"), found.get("type")
    has_code = code is None or (isinstance(code, (int, float, str)) and not isinstance(code, bool))
    return found if has_code and all(text is None or isinstance(text, str) for text in texts) else None


def _message(name: str, error: OpenRouterError) -> str:
    """Return the message that the SDK's class has."""
    response = error.raw_response
    if response is None:
        return error.message
    content_type = response.headers.get("content-type", "")
    if response.status_code == 200 and content_type.startswith(_EVENTS):
        return error.message
    if name == "ChatError":
        return (_error_object(error.body) or {}).get("message") or error.message
    if name == "ResponseValidationError":
        return "Response validation failed"
    start = "API error occurred" if response.status_code >= 400 else "Unexpected Status or Content-Type"
    body = error.body or '""'
    if len(body) > _MAX_QUOTED:
        body = f"{body[:_MAX_QUOTED]}...and {len(body) - _MAX_QUOTED} more chars"
    shown_type = content_type or '""'
    kind = "" if content_type == _JSON else f" Content-Type {_quoted(shown_type)}"
    end = "\n" if len(error.body or '""') > _LONG_BODY else ". "
    return f"{start}: Status {response.status_code}{kind}{end}Body: {body}".strip()


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
