"""Statistics of an answer: end, times, tokens, cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult
    from openrouter_nb.playground.state.answer_record import SchemaCheck
    from openrouter_nb.playground.state.exchange_record import ExchangeRecord

_MAX_PROBLEMS = 20
_NOTES = {
    "length": "Cut at the token limit.",
    "content_filter": "Stopped by the provider's content filter.",
    "refusal": "The model refused.",
    "truncated": "The answer broke off before its end.",
    "error": "The answer broke off before its end.",
    "stopped": "Stopped.",
}


def end_reason(result: ChatResult | None, phase: str) -> str:
    """Return how an answer ended: `complete`, `tools`, `stopped`, `truncated`, `refusal`, or the finish reason."""
    if phase == "stopped":
        return "stopped"
    if phase == "failed":
        return "truncated"
    if result is None or not result.choices:
        return "error"
    choice = result.choices[0]
    if choice.message.refusal:
        return "refusal"
    if choice.finish_reason in ("length", "content_filter", "error"):
        return choice.finish_reason
    return "tools" if choice.message.tool_calls else "complete"


def answer_stats(
    record: ExchangeRecord, phase: str, *, asked: str, check: SchemaCheck | None = None
) -> dict[str, Any]:
    """Return the statistics of an answer for the panel. A value that the service did not report is None.

    Args:
        record: The exchange.
        phase: `finished`, `stopped` or `failed`.
        asked: The requested model.
        check: The check against the schema of the request.
    """
    result = record.result
    usage = result.usage if result else None
    choice = result.choices[0] if result and result.choices else None
    details = usage.completion_tokens_details if usage else None
    prompt_details = usage.prompt_tokens_details if usage else None
    tokens_out = usage.completion_tokens if usage else None
    writing_s = 0.0 if record.first_token_s is None else record.seconds - record.first_token_s
    end = end_reason(result, phase)
    return {
        "model": (result.model if result else None) or asked,
        "provider": (result.provider if result else None) or "",
        "finish_reason": (choice.finish_reason if choice else None) or "",
        "native_finish_reason": (choice.native_finish_reason if choice else None) or "",
        "end": end,
        "seconds": round(record.seconds, 3),
        "first_token_s": _rounded(record.first_token_s),
        "reasoning_s": _rounded(record.reasoning_s),
        # A rate over less than 50 ms is meaningless.
        "tokens_per_s": _rounded(tokens_out / writing_s) if tokens_out and writing_s > 0.05 else None,
        "tokens_in": usage.prompt_tokens if usage else None,
        "tokens_out": tokens_out,
        "tokens_reasoning": details.reasoning_tokens if details else None,
        "tokens_cached": prompt_details.cached_tokens if prompt_details else None,
        "cost": usage.cost if usage else None,
        "generation_id": (result.id if result else None) or "",
        "has_logprobs": bool(choice and choice.logprobs and choice.logprobs.content),
        "note": _note(result, end),
        "schema_note": check.note if check else "",
        "schema_problems": [str(problem) for problem in check.problems[:_MAX_PROBLEMS]] if check else [],
        "variable": "",  # set in `traits`: later messages change it
    }


def _note(result: ChatResult | None, end: str) -> str:
    if end == "complete" and result is not None and not _has_content(result):
        return "The model answered with nothing."
    return _NOTES.get(end, "")


def _has_content(result: ChatResult) -> bool:
    message = result.choices[0].message
    return bool(result.text or message.images or message.audio or message.tool_calls)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
