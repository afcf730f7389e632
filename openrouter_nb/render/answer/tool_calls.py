"""Tool calls: name, arguments and result as plain text, since a model or a tool wrote them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openrouter_nb.components.responses.media_parts import MediaPart
from openrouter_nb.render.answer.media import media
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, details, prose
from openrouter_nb.render.html.syntax_highlight import code_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.components import ChatToolCall

_MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class ToolCallView:
    """The status and the result of a tool call.

    Attributes:
        status: A few words: `ran in 0.3 s`, `refused`, `failed`.
        text: The result sent to the model.
        output: Text that the tool printed.
        pictures: Images sent to the model, as `data:` URLs.
    """

    status: str
    text: str = ""
    output: str = ""
    pictures: Sequence[str] = ()


_NONE = ToolCallView("")


def tool_calls(calls: Sequence[ChatToolCall], outcomes: Mapping[str, ToolCallView] | None = None) -> HtmlPart:
    """Return the tool calls of one message.

    Args:
        calls: The calls as sent by the model.
        outcomes: Their status and results, by id; calls without an entry were not executed.
    """
    shown = [_call(call, (outcomes or {}).get(call.id or "")) for call in calls]
    made = [url for call in calls for url in (outcomes or {}).get(call.id or "", _NONE).pictures]
    if made:
        pictures = [MediaPart("image", url) for url in made]
        shown.append(media(pictures, what="tool ", kept="the tool returned it"))
    return HtmlPart("".join(part.html for part in shown), "\n\n".join(part.plain for part in shown))


def _call(call: ChatToolCall, outcome: ToolCallView | None) -> HtmlPart:
    name = escape_control(call.function.name or "a tool without a name")
    arguments = pretty(call.function.arguments)
    status = outcome.status if outcome else "requested, not run"
    title = f"{name} · {status}"
    html = f"<div><strong>{prose(name)}</strong> · {prose(status)}</div>{code_block(arguments, 'json')}"
    plain = [f"→ {title}", arguments]
    for what, text in (("printed", outcome.output), ("result", outcome.text)) if outcome else ():
        if text:
            said = _bounded(escape_control(text))
            html += details(f"{what} ({len(text):,} characters)", code_block(said))
            plain.append(f"{what}: {said}")
    return HtmlPart(html, "\n".join(part for part in plain if part))


def pretty(arguments: str | None) -> str:
    """Return arguments as indented JSON, or unchanged if they are not JSON."""
    text = escape_control(arguments or "")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _bounded(text)
    return _bounded(escape_control(json.dumps(value, ensure_ascii=False, indent=2))) if value != {} else ""


def _bounded(text: str) -> str:
    if len(text) <= _MAX_TEXT:
        return text
    return f"{text[:_MAX_TEXT]}\n[{len(text) - _MAX_TEXT:,} more characters]"
