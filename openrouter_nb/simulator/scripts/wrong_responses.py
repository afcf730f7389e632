"""Responses with a success or redirect status whose body is not an answer."""

from openrouter_nb.simulator.api_errors import error_body
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.fixed_response import FixedResponse
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.http_errors import page

ERROR_IN_200 = error_body(
    502, "Upstream failed after the status was sent (simulated)", {"error_type": "provider_unavailable"}
)


def portal(request: ParsedChatRequest) -> FixedResponse:
    """Answer 200 with the login page of a captive portal."""
    del request
    return page(200, b"Welcome to the airport Wi-Fi")


def error_in_200(request: ParsedChatRequest) -> FixedResponse:
    """Answer 200 with an error body."""
    del request
    return FixedResponse(status=200, body=ERROR_IN_200)


def empty_choices(request: ParsedChatRequest) -> FixedResponse:
    """Answer 200 with empty `choices`, as observed when the upstream produced nothing."""
    return FixedResponse(status=200, body={**ScriptedAnswer(deltas=[]).result(request), "choices": []})


def redirect(request: ParsedChatRequest) -> FixedResponse:
    """Answer 307 to another address: `simulator.location`, or a name that cannot exist."""
    location = request.overrides.location or "http://elsewhere.invalid/api/v1/chat/completions"
    return FixedResponse(status=307, body=b"", content_type="text/plain", headers={"Location": location})


WRONG_BODIES = (
    ScriptedModel(
        slug="demo/html-200", summary="Status 200 with the page of a captive portal.", respond=portal
    ),
    ScriptedModel(
        slug="demo/error-in-200", summary="Status 200 with an error as JSON.", respond=error_in_200
    ),
    ScriptedModel(slug="demo/empty-choices", summary="Status 200 without choices.", respond=empty_choices),
    ScriptedModel(slug="demo/redirect", summary="A redirect to another origin.", respond=redirect),
)
