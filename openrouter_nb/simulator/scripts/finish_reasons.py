"""Models with other finish reasons than `stop`.

Source: OpenRouter docs, api_reference/overview, finish reasons, August 2026.
"""

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say


def length(request: ParsedChatRequest) -> ScriptedAnswer:
    """End inside a sentence, as at the token limit."""
    text = request.overrides.text or "This simulated answer stops in the middle of a"
    return ScriptedAnswer(
        deltas=say(text, request), finish_reason="length", native_finish_reason="max_tokens"
    )


def refusal(request: ParsedChatRequest) -> ScriptedAnswer:
    """Refuse in the field `refusal`, with empty content."""
    deltas = [{"refusal": delta["content"]} for delta in say("I cannot help with that (simulated).", request)]
    return ScriptedAnswer(deltas=deltas, native_finish_reason="refusal")


def content_filter(request: ParsedChatRequest) -> ScriptedAnswer:
    """End early because of the provider's content filter."""
    deltas = say("This simulated answer was about to say", request)
    return ScriptedAnswer(deltas=deltas, finish_reason="content_filter", native_finish_reason="SAFETY")


ENDINGS = (
    ScriptedModel(slug="demo/length", summary="Stops at the token limit.", respond=length),
    ScriptedModel(slug="demo/refusal", summary="Refuses.", respond=refusal),
    ScriptedModel(
        slug="demo/content-filter", summary="Is stopped by a content filter.", respond=content_filter
    ),
)
