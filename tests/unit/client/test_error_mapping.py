"""From what the service sent to the error that says it."""

import email.utils
import json
import pickle
import time

import pytest
from support.heads import Head

from openrouter_nb import errors
from openrouter_nb.client.error_mapping import (
    clean_message,
    error_from_finish_reason,
    error_from_payload,
    error_from_response,
)

SEEDED = {400, 401, 429, 500}
CLASSES = {
    400: errors.BadRequestError,
    401: errors.UnauthorizedError,
    402: errors.PaymentRequiredError,
    403: errors.ForbiddenError,
    404: errors.NotFoundError,
    408: errors.RequestTimeoutResponseError,
    409: errors.ConflictError,
    410: errors.GoneError,
    412: errors.PreconditionFailedError,
    413: errors.PayloadTooLargeError,
    422: errors.UnprocessableEntityError,
    429: errors.TooManyRequestsError,
    499: errors.ClientClosedRequestError,
    500: errors.InternalServerError,
    502: errors.BadGatewayError,
    503: errors.ServiceUnavailableError,
    504: errors.GatewayTimeoutError,
    524: errors.EdgeNetworkTimeoutError,
    529: errors.ProviderOverloadedError,
}
TYPES = {
    "context_length_exceeded": errors.ContextLengthError,
    "max_tokens_exceeded": errors.BadRequestError,
    "token_limit_exceeded": errors.ContextLengthError,
    "string_too_long": errors.ContextLengthError,
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
PAGE = b"<!DOCTYPE html><html><head><title>502 Bad\ngateway</title></head><body><b>sk-or-v1-abcdefghijk</b></body></html>"
NO_SERVICE_JSON = {
    "page": PAGE,
    "empty": b"",
    "noise": b"\xff\x00\x1b[31m" + b"<title" * 180_000,
    "json without a message": b'{"status": 1, "ok": false}',
    "array": b"[1]",
    "cut json": b'{"error": {"code": 400, "mess',
    "deep json": b'{"error":' + b"[" * 200_000,
}


def says(code, message="It failed.", **error):
    return json.dumps(
        {"error": {"code": code, "message": message, **error}, "user_id": "user_2abcDEF123"}
    ).encode()


def assert_fit_for_a_notebook(error):
    shown = str(error)
    assert shown.splitlines() == [shown]
    assert 0 < len(shown) <= 700
    assert shown.isprintable()
    for unwanted in ("user_", "sk-", "Bearer", "<html", "<title", "<b>", "</"):
        assert unwanted not in shown
    shown.encode()


@pytest.mark.parametrize("status", range(400, 530))
def test_the_services_own_json_is_a_chat_error_of_the_right_class(status):
    error = error_from_response(Head(status), says(status))
    assert type(error) is CLASSES.get(status, errors.OtherStatusError)
    assert isinstance(error, errors.ChatError)
    assert isinstance(error, errors.OpenRouterDefaultError) is (status not in SEEDED)
    assert (error.status_code, error.message) == (status, "It failed.")
    assert_fit_for_a_notebook(error)


@pytest.mark.parametrize("body", NO_SERVICE_JSON.values(), ids=NO_SERVICE_JSON)
@pytest.mark.parametrize("status", [*CLASSES, 418, 499, 507, 520, 599])
def test_anything_else_is_a_default_error_and_no_chat_error(status, body):
    error = error_from_response(Head(status, {"content-type": "text/html"}), body)
    assert type(error) is errors.OpenRouterDefaultError
    assert error.status_code == status
    assert error.retryable is (status in {408, 409, 429, 500, 502, 503, 504, 520, 524, 529})
    assert len(error.body) <= 1024 * 1024
    assert_fit_for_a_notebook(error)


def test_the_title_of_a_page_is_all_that_is_shown_of_it():
    assert str(error_from_response(Head(502), PAGE)) == "Bad Gateway (502 Bad gateway). (status 502)"


def test_a_megabyte_of_message_is_cut():
    error = error_from_response(Head(400), says(400, "word " * 200_000))
    assert type(error) is errors.BadRequestError
    assert_fit_for_a_notebook(error)


@pytest.mark.parametrize("status", [200, 201, 204, 301, 307])
def test_what_is_neither_answer_nor_error_is_unexpected_content(status):
    error = error_from_response(Head(status, {"content-type": "text/html"}), PAGE)
    assert type(error) is errors.UnexpectedContentError
    assert error.status_code == status
    assert ("redirects" if status > 300 else "a web page") in error.message
    assert_fit_for_a_notebook(error)


@pytest.mark.parametrize(("error_type", "kind"), TYPES.items())
def test_the_error_type_beats_code_and_status(error_type, kind):
    for place in ({"metadata": {"error_type": error_type}}, {"error_type": error_type}):
        error = error_from_response(Head(418), says(402, **place))
        assert type(error) is kind
        assert (error.error_type, error.status_code) == (error_type, 402)


def test_all_27_error_types_have_a_class():
    assert len(TYPES) == 27


@pytest.mark.parametrize("code", [404, "404", 404.0])
def test_the_code_beats_the_status(code):
    error = error_from_response(Head(500), says(code))
    assert (type(error), error.status_code) == (errors.NotFoundError, 404)


@pytest.mark.parametrize("code", [None, "server_error", 7, 1000, True, [], {}, "NaN"])
def test_a_code_that_is_no_status_leaves_the_status_or_that_of_the_type(code):
    typed = {"error": {"code": code, "metadata": {"error_type": "authentication"}}}
    assert error_from_payload(typed, Head(200)).status_code == 401
    assert error_from_response(Head(404), says(code)).status_code == 404
    assert (
        type(error_from_payload({"error": {"code": code, "message": "x"}}, Head(200)))
        is errors.BadGatewayError
    )


def test_an_unknown_error_type_leaves_the_code():
    error = error_from_response(Head(403), says(403, metadata={"error_type": "brand_new"}))
    assert (type(error), error.error_type) == (errors.ForbiddenError, "brand_new")


def test_http_status_stands_in_for_a_missing_code():
    body = json.dumps({"error": {"message": "x", "http_status": 404}}).encode()
    assert type(error_from_response(Head(200), body)) is errors.NotFoundError


@pytest.mark.parametrize(
    "message", ["This endpoint's maximum context length is 8192 tokens.", "exceeds the context window"]
)
def test_a_400_about_the_context_is_a_context_error(message):
    assert type(error_from_response(Head(400), says(400, message))) is errors.ContextLengthError


@pytest.mark.parametrize(
    "error", ["just text", {"error": {"code": 402, "message": "just text"}}, {"message": "just text"}]
)
def test_errors_of_other_shapes_keep_their_message(error):
    assert error_from_payload({"error": error}, Head(402)).message == "just text"


@pytest.mark.parametrize(
    "error", [[1], 7, True, {"message": None}, {"message": [], "metadata": 3, "availability": "x"}]
)
def test_errors_without_a_message_say_the_status(error):
    made = error_from_payload({"error": error}, Head(503))
    assert (type(made), made.message) == (errors.ServiceUnavailableError, "Service Unavailable")


@pytest.mark.parametrize(
    ("error", "quoted"),
    [
        ({"info": "busy", "code": 503}, '{"info": "busy"}'),
        ({"hint": ["a", 1], "type": "x"}, '{"hint": ["a", 1]}'),
    ],
)
def test_errors_without_a_message_quote_their_other_fields(error, quoted):
    body = json.dumps({"error": error}).encode()
    assert error_from_response(Head(503), body).message == f"Service Unavailable ({quoted})"


@pytest.mark.parametrize(
    "raw",
    [
        "deep down",
        '{"error":{"message":"deep down"}}',
        {"detail": {"msg": "deep down"}},
        '{"error":"{\\"message\\":\\"deep down\\"}"}',
        '[{"error": {"message": "deep down"}}]',
        [{"detail": [{"msg": "deep down"}]}],
    ],
)
@pytest.mark.parametrize("generic", ["Provider returned error", "Provider returned an error", ""])
def test_the_upstreams_own_reason_replaces_a_generic_message(raw, generic):
    error = error_from_response(Head(400), says(400, generic, metadata={"raw": raw, "provider_name": "Acme"}))
    assert (error.message, error.provider) == ("Acme: deep down", "Acme")


def test_a_message_that_says_something_stays():
    assert (
        error_from_response(Head(400), says(400, "Bad top_p", metadata={"raw": "x"})).message == "Bad top_p"
    )


def test_ids_and_provider_are_kept():
    headers = {"cf-ray": "ray", "x-generation-id": "gen-h"}
    error = error_from_payload(
        {"error": {"code": 502}, "provider": "Acme", "id": "gen-b"}, Head(200, headers)
    )
    assert (error.request_id, error.generation_id, error.provider) == ("ray", "gen-h", "Acme")
    assert error_from_payload({"error": {"code": 502}, "id": "gen-b"}, Head(200)).generation_id == "gen-b"


FIELD = {"loc": ["body", "model"], "msg": "field required", "type": "missing", "input": {"a": 1}}
SHAPES = [
    ({"detail": "no such model"}, "no such model"),
    ({"detail": [FIELD]}, "body.model: field required"),
    ({"detail": [FIELD, {**FIELD, "loc": ["body", "messages", 0]}]},
     "body.model: field required; body.messages.0: field required"),
    ([FIELD], "body.model: field required"),
    ({"detail": {"error": {"message": "no such model"}}}, "no such model"),
    ({"detail": {"reason": "no such model"}}, "no such model"),
    ([{"error": {"message": "no such model", "status": "INVALID_ARGUMENT"}}], "no such model"),
    ({"message": "no such model", "code": "model_not_found"}, "no such model"),
    ({"object": "error", "message": "no such model", "type": "NotFoundError", "param": None}, "no such model"),
    ({"Message": "no such model"}, "no such model"),
    ({"msg": "no such model"}, "no such model"),
    ({"error": "Not Found", "message": "no such model", "path": "/x", "timestamp": 1}, "no such model"),
    ({"error": "invalid_request", "error_description": "no such model"}, "no such model"),
    ({"error": True, "message": "no such model"}, "no such model"),
    ({"error": {"code": 1}, "message": "no such model"}, "no such model"),
    ({"error": {"message": {"text": 1, "detail": "no such model"}}}, "no such model"),
    ({"error": ["no such model"]}, "no such model"),
    ({"errors": ["no such model", "no such key", "no such model"]}, "no such model; no such key"),
    ({"success": False, "errors": [{"code": 10000, "message": "no such model"}], "result": None}, "no such model"),
    ({"errors": [{"status": "422", "title": "Invalid", "detail": "no such model"}]}, "no such model"),
    ({"errors": {"model": ["is unknown", "is old"], "top_p": "is high"}}, "model: is unknown; is old; top_p: is high"),
    ({"title": "Invalid request.", "errors": {"model": ["is unknown"]}}, "Invalid request: model: is unknown"),
    ({"title": "Invalid", "detail": "no such model"}, "no such model"),
    ({"fault": {"faultstring": "no such model", "detail": {"errorcode": "x"}}}, "no such model"),
    ({"base_resp": {"status_code": 1004, "status_msg": "no such model"}}, "no such model"),
    ({"err": "no such model"}, "no such model"),
    ({"err": {"reason": "no such model"}}, "no such model"),
    ({"data": {"error": "no such model"}, "success": False}, "no such model"),
    ({"response": {"error": {"message": "no such model"}}}, "no such model"),
    ({"model": ["is unknown", "is old"], "top_p": ["is high"]}, "model: is unknown; is old; top_p: is high"),
    ("no such model", "no such model"),
    ('{"error": {"message": "no such model"}}', "no such model"),
    ({"error": {"message": '{"detail": "no such model"}'}}, "no such model"),
    ({"message": "[gpt-5] no such model"}, "[gpt-5] no such model"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), SHAPES)
@pytest.mark.parametrize("status", [400, 401, 422, 429, 503])
def test_the_message_of_any_json_reaches_the_user_under_the_class_of_the_status(body, message, status):
    for sent in (json.dumps(body), f": comment\n\nevent: error\r\ndata: {json.dumps(body)}\n\n"):
        error = error_from_response(Head(status), sent.encode())
        assert error.message == message
        assert error.body == sent
        assert (type(error), error.status_code) == (CLASSES[status], status)
        assert_fit_for_a_notebook(error)


@pytest.mark.parametrize("name", ["code", "status", "status_code", "statusCode", "error_code"])
def test_a_status_in_the_body_counts_more_in_every_shape(name):
    error = error_from_response(Head(500), json.dumps({"message": "x", name: "404"}).encode())
    assert (type(error), error.status_code) == (errors.NotFoundError, 404)
    assert error_from_response(Head(500), json.dumps({"message": "x", name: 7}).encode()).status_code == 500


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("upstream connect error.\n", "Bad Gateway (upstream connect error)."),
        ("<html><body><h1>Out &amp; away</h1><p>x</p></body></html>", "Bad Gateway (Out & away)."),
        ("<html><script>var a = 1;</script><body><p>Out <b>of</b> order</p></body></html>", "Bad Gateway (Out of order)."),
        ('<?xml version="1.0"?><Error><Code>Slow</Code><Message>Wait</Message></Error>', "Bad Gateway (Slow Wait)."),
        ("", "Bad Gateway."),
        ('{"error": {"mess', "Bad Gateway."),
        ("a < b", "Bad Gateway."),
        ("{}", "Bad Gateway."),
        ('{"ok": false, "why": "no such model"}', 'Bad Gateway ({"ok": false, "why": "no such model"}).'),
        ('data: {"ok": false, "key": "sk-or-v1-abcdefghijk"}\n\n', 'Bad Gateway ({"ok": false, "key": "[hidden]"}).'),
    ],
)  # fmt: skip
def test_text_and_pages_are_quoted(body, message):
    error = error_from_response(Head(502), body.encode())
    assert (type(error), error.message) == (errors.OpenRouterDefaultError, message)
    assert_fit_for_a_notebook(error)


def test_a_body_that_is_text_is_quoted_also_with_status_200():
    error = error_from_response(Head(200, {"content-type": "text/plain"}), b"The model is loading.")
    assert type(error) is errors.UnexpectedContentError
    assert error.message == "The server sent other content instead of an answer (The model is loading)."


@pytest.mark.parametrize(
    "body", [[{"error": {"code": 429, "message": "slow"}}], {"error": "slow", "code": 429}]
)
def test_an_error_in_another_shape_within_status_200(body):
    error = error_from_response(Head(200), json.dumps(body).encode())
    assert (type(error), error.message) == (errors.TooManyRequestsError, "slow")


def test_lone_surrogates_of_a_body_are_replaced():
    error = error_from_response(
        Head(400), rb'{"error": {"message": "a\ud83d", "metadata": {"raw": "\ude00"}}}'
    )
    repr(vars(error)).encode()
    json.dumps(error.metadata, ensure_ascii=False).encode()


# --- waiting


def wait(headers=None, **error):
    return error_from_response(Head(429, headers or {}), says(429, **error)).retry_after


def test_retry_after_ms_comes_first():
    assert wait({"retry-after-ms": "1500", "retry-after": "9"}, availability={"retry_after": 8}) == 1.5


def test_retry_after_in_seconds_comes_second():
    assert wait({"retry-after": "9"}, availability={"retry_after": 8}) == 9
    assert wait({"retry-after": "0.5"}) == 0.5


def test_retry_after_as_a_date_is_read_against_the_clock():
    assert 3500 < wait({"retry-after": email.utils.formatdate(time.time() + 3600, usegmt=True)}) <= 3600
    assert wait({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0


def test_availability_comes_third():
    assert wait({"retry-after": "soon"}, availability={"retry_after": 8}) == 8


def test_the_rate_limits_reset_is_in_milliseconds_of_the_epoch():
    reset = str(int((time.time() + 60) * 1000))
    assert 50 < wait({"x-ratelimit-reset": reset}) <= 60
    assert 50 < wait(metadata={"headers": {"X-RateLimit-Reset": reset}}) <= 60
    assert wait({"x-ratelimit-reset": "60"}) is None


@pytest.mark.parametrize("value", ["", "-1", "nan", "inf", "1e99", "later", "Wed, 99 Oct"])
def test_nonsense_is_no_wait(value):
    assert wait({"retry-after-ms": value, "retry-after": value, "x-ratelimit-reset": value}) is None


def test_availability_decides_about_retrying_in_both_directions():
    assert error_from_response(Head(404), says(404, availability={"retryable": True})).retryable is True
    assert error_from_response(Head(503), says(503, availability={"retryable": False})).retryable is False


def test_the_daily_limit_is_not_retried():
    assert error_from_response(Head(429), says(429)).retryable
    assert not error_from_response(
        Head(429), says(429, metadata={"limit_source": "openrouter_free_tier_daily"})
    ).retryable


# --- what must not be shown

QUOTED = "Incorrect API key provided: sk-proj-abcDEF_123-456. Bearer abc.def/ghi is wrong for user_2x4ABC99 and org_99ABCdef"


def test_messages_hide_keys_and_account_ids():
    error = error_from_response(Head(401), says(401, QUOTED))
    assert (
        error.message == "Incorrect API key provided: [hidden]. [hidden] is wrong for [hidden] and [hidden]"
    )


def test_no_field_of_an_error_holds_a_key_that_the_server_quoted():
    body = says(401, QUOTED, metadata={"raw": QUOTED, "list": [QUOTED, {"x": QUOTED}]})
    inside = error_from_payload(json.loads(body), Head(200))
    for error in (
        error_from_response(Head(401), body),
        error_from_response(Head(401), QUOTED.encode()),
        inside,
    ):
        shown = repr(vars(error)) + repr(pickle.loads(pickle.dumps(error)).__dict__)  # noqa: S301 - made here
        assert "sk-proj" not in shown
        assert "abc.def" not in shown


@pytest.mark.parametrize("text", ["user_location is missing", "a task-or-two", "user_id", "Bearer"])
def test_ordinary_words_are_not_hidden(text):
    assert clean_message(text) == text


@pytest.mark.parametrize(
    "character", ["\n", "\x1b", "\x9b", "\u2028", "\u202e", "\u2066", "\ud800", "\0", "\x7f"]
)
def test_control_characters_become_spaces(character):
    assert clean_message(f"a{character}b") == "a b"


def test_hostile_text_costs_little():
    begin = time.process_time()
    for text in (
        "<title" * 200_000,
        "<html><title>" + "<" * 1_000_000,
        "user_" * 200_000,
        "sk-" * 300_000,
        "Bearer " + " " * 1_000_000,
    ):
        assert len(clean_message(text)) <= 600
    # A second is a hundred times what it takes, and a hundredth of what the quadratic patterns took.
    assert time.process_time() - begin < 1


def test_finish_reason_error_alone_names_the_providers_word():
    error = error_from_payload({"error": error_from_finish_reason("MALFORMED_FUNCTION_CALL")}, Head(200))
    assert type(error) is errors.BadGatewayError
    assert error.message == "The provider ended the answer with an error (MALFORMED_FUNCTION_CALL)."
    assert error_from_finish_reason(None)["message"].endswith("an error.")
