"""The mime bundle of an answer that is saved in the notebook, complete or partial, with its error if it failed.

`text/html` that is safe in every frontend, and `text/plain` with the raw text. No widget (it would show "model not
found" after the kernel ends), and no Markdown or HTML from the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.components.responses.media_parts import audio_format, message_media
from openrouter_nb.json_extraction import largest_json
from openrouter_nb.render.answer.citations import Citations, read_citations
from openrouter_nb.render.answer.display_formats import (
    DEFAULT_FORMAT,
    DisplayFormat,
    Format,
    shown_as,
)
from openrouter_nb.render.answer.footer import Timing, footer
from openrouter_nb.render.answer.logprobs import probabilities
from openrouter_nb.render.answer.media import media
from openrouter_nb.render.answer.structured_output import structured
from openrouter_nb.render.answer.text_bundle import banner_part, marked_part, plain_part, text_part
from openrouter_nb.render.answer.tool_calls import tool_calls
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, boxed, bundle, details, secondary
from openrouter_nb.render.html.syntax_highlight import code_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.components import ChatResult
    from openrouter_nb.render.answer.tool_calls import ToolCallView
    from openrouter_nb.render.errors.banners import Banner

_REFUSED = "The model refuses to answer this."
_NOTHING = "The model answered with nothing."
_SENT_BACK = "An invalid answer was sent back to the model"


def result_bundle(
    result: ChatResult | None,
    *,
    earlier: Sequence[ChatResult] = (),
    outcomes: Mapping[str, ToolCallView] | None = None,
    timing: Timing | None = None,
    label: str = "",
    asked_model: str = "",
    note: str = "",
    banner: Banner | None = None,
    errors: Sequence[str] | None = None,
    parsed: Any = None,
    asked: Mapping[str, Any] | None = None,
    totals: str = "",
    style: DisplayFormat = DEFAULT_FORMAT,
) -> dict[str, str]:
    """Return the mime bundle of an answer.

    Args:
        result: The answer, complete or partial; None if nothing arrived.
        earlier: The answers before it with tool calls or validation errors, oldest first: shown above it.
        outcomes: The tool calls with their results, by id.
        timing: Times for the footer and the reasoning; None omits them, so that outputs can be compared.
        label: Place in the conversation, for the footer.
        asked_model: Shown if the service names no model.
        note: One sentence in a box, such as "stopped".
        banner: The banner of an error, shown below the partial answer.
        errors: Validation errors of a structured answer, `()` if it is valid. It is then shown as an object. None for any
            other answer.
        parsed: The validated value of a structured answer, None if it is not valid.
        asked: The request; a few of its fields change the display.
        totals: Cost of the conversation and the notebook, for the footer.
        style: Format of the text, and whether the reasoning is expanded.
    """
    parts: list[HtmlPart] = []
    for before in earlier:
        parts += [_sent_back(before)] if _is_sent_back(before) else _message(before, outcomes, asked={})
    if result is not None:
        parts += _message(
            result, outcomes, timing=timing, asked=asked or {}, errors=errors, parsed=parsed, style=style
        )
    if not note and banner is None and result is not None and not any(part.html for part in parts):
        note = _NOTHING
    if note:
        parts.append(boxed(note))
    if banner is not None:
        parts.append(banner_part(banner))
    if result is not None:
        line = footer(result, timing=timing, turn=label, asked_model=asked_model, totals=totals)
        if line:
            parts.append(secondary(line))
    return bundle(parts)


def _is_sent_back(result: ChatResult) -> bool:
    """Return whether an earlier answer has no tool calls: it failed validation and was sent back to the model."""
    return bool(result.choices and result.text and not result.choices[0].message.tool_calls)


def _sent_back(result: ChatResult) -> HtmlPart:
    return HtmlPart(details(_SENT_BACK, code_block(escape_control(result.text), "json")), f"[{_SENT_BACK}.]")


def reasoning_text(result: ChatResult) -> str:
    """Return the reasoning; its details repeat the plain text and are used only without it."""
    if not result.choices:
        return ""
    message = result.choices[0].message
    if message.reasoning:
        return message.reasoning
    details = [detail for detail in message.reasoning_details or [] if isinstance(detail, dict)]
    return "\n\n".join(str(detail.get("text") or detail.get("summary") or "") for detail in details).strip()


def _message(
    result: ChatResult,
    outcomes: Mapping[str, ToolCallView] | None,
    *,
    timing: Timing | None = None,
    asked: Mapping[str, Any],
    errors: Sequence[str] | None = None,
    parsed: Any = None,
    style: DisplayFormat = DEFAULT_FORMAT,
) -> list[HtmlPart]:
    if not result.choices:
        return []
    choice = result.choices[0]
    message = choice.message
    citations = read_citations(message.annotations or (), result.text)
    parts = [
        _reasoning(result, timing, is_open=style.shows_reasoning),
        _text(citations, errors, parsed, style.form),
    ]
    if message.refusal:
        parts += [text_part(message.refusal), boxed(_REFUSED)]
    parts.append(media(message_media(message), asked_format=audio_format(asked)))
    if message.tool_calls:
        parts.append(tool_calls(message.tool_calls, outcomes))
    parts.append(citations.notes)
    parts.append(probabilities(choice.logprobs, asked=bool(asked.get("logprobs")) and bool(result.text)))
    return parts


def _text(citations: Citations, errors: Sequence[str] | None, parsed: Any, form: Format) -> HtmlPart:
    text = citations.text
    if errors is None and form == "md":
        return marked_part(citations.marks)
    if errors is None or not text:
        shown = shown_as(text, form)
        part = plain_part(shown.text) if shown.is_plain else text_part(shown.text)
        if not shown.note or not text:
            return part
        return HtmlPart(part.html + boxed(shown.note).html, f"{part.plain}\n\n[{shown.note}]")
    try:
        value = largest_json(text)
    except ValueError:
        part = text_part(text)
        return HtmlPart(part.html + boxed("This is not JSON.").html, f"{part.plain}\n\n[This is not JSON.]")
    return structured(value, errors, parsed=parsed)


def _reasoning(result: ChatResult, timing: Timing | None, *, is_open: bool) -> HtmlPart:
    html = text_part(reasoning_text(result)).html
    return HtmlPart(details(reasoning_label(result, timing), html, is_open=is_open) if html else "", "")


def reasoning_label(result: ChatResult, timing: Timing | None = None) -> str:
    """Return the title of the reasoning: `Reasoned for 3.1 s · 412 tokens`, without unknown values."""
    usage = result.usage
    details = usage.completion_tokens_details if usage else None
    seconds = timing.reasoning_s if timing else None
    title = f"Reasoned for {seconds:.1f} s" if seconds is not None else "Reasoning"
    tokens = details.reasoning_tokens if details else None
    return f"{title} · {tokens:,} tokens" if tokens else title
