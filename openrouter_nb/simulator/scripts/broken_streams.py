"""Streams that break: with an error event, a missing ending, or a lost connection.

Source of the error events: OpenRouter docs, api_reference/errors-and-debugging and api_reference/streaming,
August 2026, and streams quoted in public issues.
"""

from collections.abc import Callable
from typing import Any

from openrouter_nb.simulator.api_errors import error_body
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.broken_response import BrokenResponse, Ending, nothing
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer, chunk
from openrouter_nb.simulator.responses.sse import DONE, dump, event
from openrouter_nb.simulator.scripted_model import Responder, ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import equal, say

ERROR: dict[str, Any] = {
    "code": 502,
    "message": "Provider disconnected unexpectedly (simulated)",
    "metadata": {"error_type": "provider_unavailable"},
}
TEXT = "Some text that was already paid for "
BEFORE = 5


def beginning(request: ParsedChatRequest, deltas: int = BEFORE) -> ScriptedAnswer:
    """Return the answer before the break, in exactly `deltas` deltas unless overridden."""
    if request.overrides.text or request.overrides.chunks:
        return ScriptedAnswer(deltas=say(request.overrides.text or TEXT, request))
    return ScriptedAnswer(deltas=[{"content": piece} for piece in equal(TEXT, deltas)])


def error_event(request: ParsedChatRequest) -> bytes:
    """Return the documented error chunk: `error` next to a choice with the finish reason `error`."""
    return event({**chunk(request, {"content": ""}, finish="error"), "error": ERROR})


def error_choice(request: ParsedChatRequest) -> bytes:
    """Return the non-streamed form: partial text and `choices[0].error` inside a 200."""
    body = beginning(request).result(request)
    body["choices"][0] |= {"finish_reason": "error", "native_finish_reason": None, "error": ERROR}
    return dump(body)


def bare_error_event(request: ParsedChatRequest) -> bytes:
    """Return an event that contains only the error."""
    del request
    return event({"error": ERROR})


def bare_error_body(request: ParsedChatRequest) -> bytes:
    """Return an error body, sent with status 200."""
    del request
    return dump(error_body(ERROR["code"], ERROR["message"], ERROR["metadata"]))


def native_only(request: ParsedChatRequest) -> bytes:
    """Return a finish reason `error` explained only by `native_finish_reason`, as quoted from Gemini."""
    return event(chunk(request, finish="error", native="MALFORMED_FUNCTION_CALL")) + DONE


def native_only_body(request: ParsedChatRequest) -> bytes:
    """Return the non-streamed form of `native_only`."""
    body = beginning(request).result(request)
    body["choices"][0] |= {"finish_reason": "error", "native_finish_reason": "MALFORMED_FUNCTION_CALL"}
    return dump(body)


def half_event(request: ParsedChatRequest) -> bytes:
    """Return the first half of an event."""
    complete = event(chunk(request, {"content": "a piece that never arrives whole"}))
    return complete[: len(complete) // 2]


def bad_json(request: ParsedChatRequest) -> bytes:
    """Return an event with truncated JSON, followed by a valid event and a regular ending."""
    broken = event(chunk(request, {"content": "broken"})).rstrip(b"}\n") + b"\n\n"
    return broken + event(chunk(request, {"content": "after"}, finish="stop", native="stop")) + DONE


def _break(
    name: str,
    summary: str,
    *,
    tail: Callable[[ParsedChatRequest], bytes] = nothing,
    body: Callable[[ParsedChatRequest], bytes] | None = None,
    ending: Ending = "close",
    deltas: int = BEFORE,
) -> ScriptedModel:
    def respond(request: ParsedChatRequest) -> Responder:
        return BrokenResponse(answer=beginning(request, deltas), tail=tail, body=body, ending=ending)

    # Structured answers can break off, too.
    return ScriptedModel(
        slug=f"demo/{name}", summary=summary, respond=respond, parameters=("response_format",)
    )


BROKEN_STREAMS = (
    _break("midstream-error", "An error event after five deltas.", tail=error_event, body=error_choice),
    _break(
        "midstream-error-bare",
        "An error event without choices.",
        tail=bare_error_event,
        body=bare_error_body,
    ),
    _break(
        "finish-error-native",
        "Finishes with `error` and no error object.",
        tail=native_only,
        body=native_only_body,
    ),
    _break("truncated", "Ends cleanly, but without a finish reason and [DONE]."),
    _break("cut", "Closes the connection inside an event.", tail=half_event, ending="cut"),
    _break("reset", "Resets the TCP connection.", ending="reset"),
    _break("stall", "Sends nothing more after three deltas.", ending="stall", deltas=3),
    _break(
        "stall-comments",
        "Sends only keep-alives after three deltas.",
        ending="stall with comments",
        deltas=3,
    ),
    _break("bad-json", "One event is not JSON.", tail=bad_json),
)
