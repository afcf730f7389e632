"""Why an answer has no object, although the request has a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.agent.events import LimitReached
    from openrouter_nb.tools.tool_call import ToolCall

# Reasons of a complete answer.
_COMPLETE = (None, "stop", "tool_calls")
_BY_FINISH_REASON = {
    "length": "the answer was cut off at the limit of output tokens (finish_reason length): raise max_completion_tokens",
    "content_filter": "a content filter ended the answer (finish_reason content_filter)",
}


def calls_without_object(calls: Sequence[ToolCall], limit: LimitReached) -> ValidationProblem:
    """Return the problem of an answer that has tool calls instead of an object, at the limit of the loop."""
    names = ", ".join(dict.fromkeys(call.name for call in calls))
    return ValidationProblem("", f"the answer is a call of {names}, and {limit.message.removesuffix('.')}")


def with_reason(error: WrongValueError, result: ChatResult) -> WrongValueError:
    """Return the error of an answer that does not fit its schema, with the reason that the response gives first."""
    choice = result.choices[0] if result.choices else None
    if choice is None:
        return error
    if refusal := choice.message.refusal:
        reason = f"the model refused: {refusal}"
    elif choice.finish_reason in _BY_FINISH_REASON:
        reason = _BY_FINISH_REASON[choice.finish_reason]
    elif choice.finish_reason not in _COMPLETE:
        reason = f"the answer ended with finish_reason {choice.finish_reason}"
    elif choice.message.reasoning and not result.text.strip():
        reason = "the answer has reasoning and no text"
    else:
        return error
    problems = error.problems if result.text.strip() else ()
    return WrongValueError([ValidationProblem("", reason), *problems])
