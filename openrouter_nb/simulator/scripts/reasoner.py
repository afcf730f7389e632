"""`demo/reasoner`: reasoning, then an answer.

The deltas are like those of Anthropic's models: an empty first detail, fragments, and a signature in a separate
detail after the text. Source: OpenRouter docs, guides/best-practices/reasoning-tokens, August 2026.
"""

from typing import Any

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.delta_merge import Delta
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say, words

THOUGHT = (
    "The question is simulated, and so is this thought. "
    "First I would look at what is asked, then at what is known, and then I would check the result twice."
)
TEXT = "After some simulated thought: **42**. The reasoning above this line came as `reasoning_details`."
SIGNATURE = "c2ltdWxhdGVkLXNpZ25hdHVyZQ=="


def reasoner(request: ParsedChatRequest) -> ScriptedAnswer:
    """Reason unless the request disables it; omit the reasoning if `reasoning.exclude` is set."""
    options = request.body.get("reasoning") or {}
    effort = options.get("effort") or request.body.get("reasoning_effort")
    hidden = options.get("enabled") is False or options.get("exclude") is True or effort == "none"
    return ScriptedAnswer(
        deltas=([] if hidden else thinking()) + say(TEXT, request), native_finish_reason="end_turn"
    )


def thinking() -> list[Delta]:
    """Return the deltas of the reasoning, with a signature at the end."""
    fragments = [_detail(text="", signature="")]
    fragments += [_detail(text=word) for word in words(THOUGHT)]
    fragments.append(_detail(signature=SIGNATURE))
    return [{"reasoning": detail.get("text") or None, "reasoning_details": [detail]} for detail in fragments]


def _detail(**fields: Any) -> dict[str, Any]:
    return {"type": "reasoning.text", **fields, "format": "anthropic-claude-v1", "index": 0}


REASONER = ScriptedModel(
    slug="demo/reasoner",
    summary="Reasoning with signed details, then an answer.",
    respond=reasoner,
    parameters=("reasoning", "include_reasoning", "reasoning_effort"),
)
