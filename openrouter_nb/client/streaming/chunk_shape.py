"""Convert chunks of other shapes to OpenRouter's: `message` or `text` instead of `delta`, errors without `error`."""

from __future__ import annotations

from typing import Any

from openrouter_nb.client.error_words import error_object

# A chunk with one of these is part of an answer, or has its error already.
_ANSWER = ("choices", "usage", "debug", "error")


def normalize(chunk: dict[str, Any], *, has_deltas: bool) -> dict[str, Any]:
    """Change a chunk to OpenRouter's shape, in place.

    Args:
        chunk: The chunk.
        has_deltas: Whether deltas with content have arrived. A message after them repeats them.

    Returns:
        A chunk with the deltas or the error that were added; `{}` if there are none.
    """
    choices = chunk.get("choices")
    if isinstance(choices, list) and choices and not has_deltas:
        placed = [
            {"index": choice.get("index"), "delta": choice["delta"]}
            for choice in choices
            if isinstance(choice, dict) and place_content(choice, "delta")
        ]
        return {"choices": placed} if placed else {}
    if not any(map(chunk.get, _ANSWER)) and (error := error_object(chunk)):
        chunk["error"] = error
        return chunk
    return {}


def place_content(choice: dict[str, Any], name: str) -> bool:
    """Set `delta` or `message` of a choice from the other of them, or from `text`, unless it has content.

    Args:
        choice: A choice of a chunk or of a complete answer.
        name: The name that its content should have.

    Returns:
        Whether it was set.
    """
    if isinstance(choice.get(name), dict) and choice[name]:
        return False
    content = choice.pop("message" if name == "delta" else "delta", None)
    if isinstance(content, str) or content is None:
        content = {"content": content or choice.get("text")}
    if not (isinstance(content, dict) and any(content.values())):
        return False
    choice[name] = with_indexes(content) if name == "delta" else content
    return True


def with_indexes(message: dict[str, Any]) -> dict[str, Any]:
    """Return a complete message as a delta: its tool calls are distinct and have an index each."""
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return message
    indexed = [
        {**call, "index": index} if isinstance(call, dict) else call for index, call in enumerate(calls)
    ]
    return {**message, "tool_calls": indexed}
