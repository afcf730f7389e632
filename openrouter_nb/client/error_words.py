"""Find the error object and its message in bodies of any shape.

OpenRouter sends `{"error": {"code", "message", "metadata"}}`. Gateways, proxies and providers send other shapes: `detail` as
text or as a list of problems (FastAPI), a list of errors (Gemini), `message` alone (vLLM), `errors` as a list (JSON:API) or by
field (RFC 9457), `fault` (Apigee), `error_description` (OAuth), `base_resp` (MiniMax), and JSON inside text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# In order of evidence: `error` may be a status phrase beside a message, `title` one beside a detail.
_MESSAGE = (
    "message",
    "error_description",
    "error_message",
    "errormessage",
    "error_msg",
    "error",
    "err",
    "detail",
    "details",
    "msg",
    "status_msg",
    "faultstring",
    "fault",
    "base_resp",
    "title",
    "description",
    "reason",
)
# Of an object around the error; an answer may have them, too.
_AROUND = ("data", "result", "response", "body")
_CODE = ("code", "status", "status_code", "statuscode", "error_code", "http_status")
_PASSED_ON = ("metadata", "availability", "error_type")
_MAX_DEPTH = 5
_MAX_LISTED = 5


def error_object(body: Any) -> Mapping[str, Any] | None:
    """Return the error in a parsed body, with `message` and `code` as OpenRouter names them; None if it holds no error."""
    if isinstance(body, list):
        return next((found for item in body[:_MAX_LISTED] if (found := error_object(item))), None)
    if isinstance(body, str):
        return {"message": body} if body.strip() else None
    if not isinstance(body, Mapping):
        return None
    error = body.get("error")
    if isinstance(error, Mapping) and error:
        # `{"error": {"error": {...}}}`, which OpenRouter sent in March 2025.
        inner = error.get("error")
        error = {**error, **inner} if isinstance(inner, Mapping) else error
        return {**error, "message": message_in(error) or message_in({**body, "error": None})}
    message = message_in(body)
    if not message and not error:
        return None
    fields = {str(key).lower(): value for key, value in body.items()}
    code = next((fields[key] for key in _CODE if is_status(fields.get(key))), None)
    return {**{key: body[key] for key in _PASSED_ON if key in body}, "message": message, "code": code}


def message_in(value: Any, depth: int = 0) -> str:
    """Return the message in an error value of any shape, `""` if there is none."""
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, str):
        return _in_text(value.strip(), depth)
    if isinstance(value, list):
        messages = (message_in(item, depth + 1) for item in value[:_MAX_LISTED])
        return "; ".join(dict.fromkeys(filter(None, messages)))
    if not isinstance(value, Mapping):
        return ""
    fields = {str(key).lower(): item for key, item in value.items()}
    if fields.get("status_code") == 0:  # MiniMax: success
        return ""
    message = next((found for key in _MESSAGE if (found := message_in(fields.get(key), depth + 1))), "")
    if message and isinstance(fields.get("loc"), list):
        message = f"{'.'.join(map(str, fields['loc']))}: {message}"
    problems = _problems(fields.get("errors"), depth)
    return f"{message.rstrip('.')}: {problems}" if message and problems else message or problems


def failure_message(body: Any) -> str:
    """Return the message in the body of a failed request without a known error.

    It is in an object around it (`{"data": {"error": ...}}`), or there are lists of problems by field (Django).
    """
    if not isinstance(body, Mapping):
        return ""
    if message := next((found for key in _AROUND if (found := message_in(body.get(key)))), ""):
        return message
    return _problems(body, 0) if all(isinstance(value, list) for value in body.values()) else ""


def is_status(value: Any) -> bool:
    """Return whether a value is an HTTP status of an error, as a number or as text."""
    text = str(value)
    return not isinstance(value, bool) and text[:1] in ("4", "5") and len(text) == 3 and text.isdecimal()


def _in_text(text: str, depth: int) -> str:
    """Return the message of an error that is JSON inside text, else the text."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return message_in(json.loads(text), depth + 1) or text
    except (ValueError, RecursionError):
        return text


def _problems(errors: Any, depth: int) -> str:
    """Return the messages of `errors`: a list of errors, or errors by field."""
    if not isinstance(errors, Mapping):
        return message_in(errors, depth + 1)
    found = ((field, message_in(error, depth + 1)) for field, error in list(errors.items())[:_MAX_LISTED])
    return "; ".join(f"{field}: {message}" for field, message in found if message)
