"""Errors under the class names of OpenRouter's TypeScript SDK 0.1.11."""

import asyncio
import json

import pytest

from openrouter_nb.chat_bridge.sdk_errors import sdk_error
from openrouter_nb.client.error_mapping import error_from_payload, error_from_response
from openrouter_nb.errors import (
    BridgeRefusedError,
    ConfigurationError,
    InvalidRequestError,
    MissingAPIKeyError,
    NoResponseError,
    RequestTimeoutError,
    StreamInterruptedError,
    StreamProtocolError,
    StreamStalledError,
)

KEY = "sk-or-v1-0123456789abcdef0123456789abcdef"
JSON = "application/json"


class Head:
    request = ("POST", "https://openrouter.ai/api/v1/chat/completions")

    def __init__(self, status, content_type):
        self.status = status
        self.headers = {"content-type": content_type, "x-request": KEY}


def error_json(code, message="No.", **more):
    return json.dumps({"error": {"code": code, "message": message, **more}})


def received(status, body, content_type=JSON):
    return sdk_error(error_from_response(Head(status, content_type), body.encode()))


@pytest.mark.parametrize(
    ("status", "body", "content_type", "name", "message"),
    [
        (400, error_json(400), JSON, "ChatError", "No."),
        (401, error_json(401), "application/json; charset=utf-8", "ChatError", "No."),
        (429, error_json("rate_limited", param=None), JSON, "ChatError", "No."),
        (500, error_json(None, type="server"), JSON, "ChatError", "No."),
        (400, '{"error": {"message": "No."}}', JSON, "ResponseValidationError", "Response validation failed"),
        (400, '{"message": "No."}', JSON, "ResponseValidationError", "Response validation failed"),
        (500, "", JSON, "ResponseValidationError", "Response validation failed"),
        (
            401,
            "<html></html>",
            "text/html; charset=UTF-8",
            "OpenRouterDefaultError",
            'API error occurred: Status 401 Content-Type "text/html; charset=UTF-8". Body: <html></html>',
        ),
        (
            402,
            error_json(402),
            JSON,
            "OpenRouterDefaultError",
            f"API error occurred: Status 402. Body: {error_json(402)}",
        ),
        (
            503,
            error_json(503, "m" * 100),
            JSON,
            "OpenRouterDefaultError",
            f"API error occurred: Status 503\nBody: {error_json(503, 'm' * 100)}",
        ),
        (529, "", JSON, "OpenRouterDefaultError", 'API error occurred: Status 529. Body: ""'),
        (200, error_json(502), JSON, "ResponseValidationError", "Response validation failed"),
        (
            200,
            "welcome",
            "text/plain",
            "OpenRouterDefaultError",
            "Unexpected Status or Content-Type: Status 200 Content-Type text/plain. Body: welcome",
        ),
    ],
)
def test_a_response_has_the_class_and_the_message_of_the_sdk(status, body, content_type, name, message):
    error = received(status, body, content_type)
    assert (error["name"], error["message"]) == (name, message)
    assert (error["status_code"], error["content_type"]) == (status, content_type)
    assert error["body"] == body


def test_a_response_has_no_secrets():
    error = received(402, error_json(402, f"The key {KEY} has no credits."))
    assert KEY not in json.dumps(error)
    assert error["headers"]["x-request"] == "[hidden]"


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (asyncio.CancelledError(), "RequestAbortedError"),
        (RequestTimeoutError("late"), "RequestTimeoutError"),
        (NoResponseError("refused"), "ConnectionError"),
        (InvalidRequestError("wrong"), "InvalidRequestError"),
        (MissingAPIKeyError("no key"), "ChatError"),
        (ConfigurationError("address"), "UnexpectedClientError"),
        (ZeroDivisionError(KEY), "UnexpectedClientError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value,
)
def test_an_error_without_a_response_has_the_class_of_the_sdk(error, name):
    found = sdk_error(error)
    assert found["name"] == name
    assert KEY not in json.dumps(found)
    assert "body" not in found


STREAM = {"http_status": 200, "headers": {"content-type": "text/event-stream"}, "request": Head.request}


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (StreamInterruptedError("ended", **STREAM), "ConnectionError"),
        (StreamStalledError("silent", **STREAM), "RequestTimeoutError"),
        (StreamProtocolError("not JSON", **STREAM), "ResponseValidationError"),
        (
            error_from_payload({"error": {"code": 429, "message": "No."}}, Head(200, "text/event-stream")),
            "ChatError",
        ),
        (
            error_from_payload({"error": {"code": 502, "message": "No."}}, Head(200, "text/event-stream")),
            "OpenRouterDefaultError",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value,
)
def test_an_error_in_a_stream_has_the_class_of_its_kind(error, name):
    found = sdk_error(error)
    assert (found["name"], found["message"]) == (name, error.message)


def test_a_refusal_has_its_reason():
    assert sdk_error(BridgeRefusedError("Pages may not.", reason="model")) == {
        "name": "BridgeRefusedError",
        "message": "Pages may not.",
        "reason": "model",
    }
