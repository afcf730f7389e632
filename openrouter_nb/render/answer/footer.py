"""The line below an answer: model, provider, tokens, cost and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openrouter_nb.redaction import redact
from openrouter_nb.render.html.control_characters import escape_control

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult

_NOTES = {
    "length": "cut at the token limit: raise it with -n",
    "content_filter": "stopped by the provider's content filter",
    "tool_calls": "asks for tools",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of one exchange.

    Attributes:
        first_token_s: From sending to the first reasoning, text or tool call; None without one.
        total_s: From sending to the end.
        reasoning_s: From the first reasoning to the first content; None without reasoning.
        acted: Whether tools ran or were approved in between: the time is then not only that of the model.
    """

    first_token_s: float | None
    total_s: float
    reasoning_s: float | None = None
    acted: bool = False


def footer(
    result: ChatResult,
    *,
    timing: Timing | None = None,
    turn: str = "",
    asked_model: str = "",
    totals: str = "",
) -> str:
    """Return the footer as one line of plain text.

    Args:
        result: The answer.
        timing: Times to show; None omits them, so that outputs can be compared.
        turn: Place in the conversation.
        asked_model: Shown if the service names no model.
        totals: Cost of the conversation and the notebook.
    """
    parts = [escape_control(redact(name or "")) for name in (result.model or asked_model, result.provider)]
    usage = result.usage
    if usage and usage.prompt_tokens is not None and usage.completion_tokens is not None:
        parts.append(f"{usage.prompt_tokens:,} → {usage.completion_tokens:,} tokens{_details(result)}")
    if usage and usage.cost is not None:
        parts.append(cost(usage.cost))
    if timing is not None:
        parts += _times(timing, usage.completion_tokens if usage else None)
    parts += [turn, totals]
    if result.choices and (note := _NOTES.get(result.choices[0].finish_reason or "")):
        parts.append(note)
    return " · ".join(part for part in parts if part)


def cost(usd: float) -> str:
    """Return an amount in US dollars with the significant digits: `free`, `$0.000012`, `$0.0123`, `$1.50`."""
    if usd == 0:
        return "free"
    if usd >= 1:
        return f"${usd:,.2f}"
    digits = f"{usd:.6f}".rstrip("0")
    return f"${digits}" if float(digits) else "< $0.000001"


def _details(result: ChatResult) -> str:
    usage = result.usage
    if usage is None:
        return ""
    reasoning = usage.completion_tokens_details.reasoning_tokens if usage.completion_tokens_details else None
    cached = usage.prompt_tokens_details.cached_tokens if usage.prompt_tokens_details else None
    said = [f"{count:,} {word}" for count, word in ((reasoning, "reasoning"), (cached, "cached")) if count]
    return f" ({', '.join(said)})" if said else ""


def _times(timing: Timing, tokens: int | None) -> list[str]:
    if timing.first_token_s is None:
        return [f"{timing.total_s:.1f} s"]
    shown = [f"first token {timing.first_token_s:.2f} s"]
    if timing.acted:
        return [*shown, f"{timing.total_s:.1f} s in all"]
    writing = timing.total_s - timing.first_token_s
    if tokens and tokens > 1 and writing > 0.05:
        rate = tokens / writing
        shown.append(f"{f'{rate:,.0f}' if rate >= 10 else f'{rate:.2g}'} tokens/s")
    return shown
