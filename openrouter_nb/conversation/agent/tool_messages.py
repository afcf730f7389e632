"""Read the tool calls of a response, and build the assistant message that is sent back with the results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.history import answer_message
from openrouter_nb.tools.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatResult
    from openrouter_nb.tools.tool_results import Content
    from openrouter_nb.tools.toolset import Toolset


def tool_calls_from(result: ChatResult, toolset: Toolset | None, *, taken: set[str]) -> list[ToolCall]:
    """Return the calls of a response, each with a unique id, which is also set in the response.

    Args:
        result: The response.
        toolset: The tools that were offered.
        taken: Ids of earlier calls. Empty, null and repeated ids occur (recorded, several providers).
    """
    known = toolset.by_name if toolset else {}
    message = result.choices[0].message if result.choices else None
    calls = []
    for position, asked in enumerate((message.tool_calls if message else None) or ()):
        name = asked.function.name or ""
        given = asked.id or ""
        ident, number = given or f"call_{len(taken) + 1}", 1
        while ident in taken:
            number += 1
            ident = f"{given or f'call_{position + 1}'}_{number}"
        taken.add(ident)
        asked.id = ident
        calls.append(ToolCall(ident, name, asked.function.arguments or "", known.get(name)))
    return calls


def assistant_message(result: ChatResult, calls: Sequence[ToolCall]) -> dict[str, Any]:
    """Return the assistant message of a response as the next request carries it, with the unique ids of its calls.

    Everything else is sent back unchanged, reasoning details above all: providers verify their signatures.
    """
    message = answer_message(result)
    if calls:
        sent = []
        for asked, call in zip(message["tool_calls"], calls, strict=True):
            function = {**asked.get("function", {}), "name": call.name}
            # Providers that parse arguments to objects reject empty text.
            function["arguments"] = call.proposed or "{}"
            sent.append({**asked, "type": asked.get("type") or "function", "function": function})
        message["tool_calls"] = sent
    return message


def with_total_usage(result: ChatResult, earlier: Sequence[ChatResult]) -> ChatResult:
    """Return a result with the total usage of itself and earlier results."""
    used = [each.usage for each in (*earlier, result) if each.usage is not None]
    if not earlier or not used:
        return result
    together = _sum([usage.model_dump(exclude_none=True) for usage in used])
    return result.model_copy(update={"usage": type(used[0]).model_validate(together)})


def _sum(objects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    added: dict[str, Any] = {}
    for each in objects:
        for key, value in each.items():
            there = added.get(key)
            if isinstance(value, dict):
                added[key] = _sum([there or {}, value])
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                added[key] = (there or 0) + value
            else:
                added[key] = value
    return added


def with_note(text: str, content: Content) -> Content:
    """Return a content with a sentence prepended."""
    if isinstance(content, str):
        return f"{text}\n{content}"
    return [{"type": "text", "text": text}, *content]
