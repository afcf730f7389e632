"""Models that end a complete response for another reason than `stop`.

Source: OpenRouter docs, api_reference/overview, finish reasons, August 2026.
"""

from openrouter_nb.simulator.parsed_request import ChatRequest
from openrouter_nb.simulator.responses.scripted_answer import Answer
from openrouter_nb.simulator.scripted_model import Script
from openrouter_nb.simulator.scripts.text_deltas import say


def length(request: ChatRequest) -> Answer:
    """Stop in the middle of a sentence, as at the token limit."""
    text = request.tuning.text or "This simulated answer stops in the middle of a"
    return Answer(deltas=say(text, request), finish_reason="length", native_finish_reason="max_tokens")


def refusal(request: ChatRequest) -> Answer:
    """Refuse in the field `refusal`, with empty content."""
    deltas = [{"refusal": delta["content"]} for delta in say("I cannot help with that (simulated).", request)]
    return Answer(deltas=deltas, native_finish_reason="refusal")


def content_filter(request: ChatRequest) -> Answer:
    """Break off because a filter of the provider struck."""
    deltas = say("This simulated answer was about to say", request)
    return Answer(deltas=deltas, finish_reason="content_filter", native_finish_reason="SAFETY")


ENDINGS = (
    Script(slug="demo/length", summary="Stops at the token limit.", play=length),
    Script(slug="demo/refusal", summary="Refuses.", play=refusal),
    Script(slug="demo/content-filter", summary="Is stopped by a content filter.", play=content_filter),
)
