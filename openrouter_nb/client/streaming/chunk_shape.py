"""Convert chunks of other shapes to OpenRouter's: `message` or `text` instead of `delta`, other names, errors without `error`."""

from __future__ import annotations

from typing import Any

from openrouter_nb.client.error_words import error_object

# A chunk with one of these is part of an answer, or has its error already.
_ANSWER = ("choices", "usage", "debug", "error")


def normalize(chunk: dict[str, Any], *, has_deltas: bool) -> tuple[dict[str, Any], bool]:
    """Change a chunk to OpenRouter's shape, in place.

    Args:
        chunk: The chunk.
        has_deltas: Whether deltas with content have arrived. A message after them repeats them.

    Returns:
        A chunk with the fields or the error that were added, `{}` if there are none; and whether a message was added.
    """
    choices = chunk.get("choices")
    if isinstance(choices, list) and choices:
        added, has_message = [], False
        for choice in choices:
            if not isinstance(choice, dict):
                continue
            is_delta = isinstance(choice.get("delta"), (str, list)) and bool(choice["delta"])
            fields = place_content(choice, "delta") if is_delta or not has_deltas else {}
            has_message = has_message or bool(fields and not is_delta)
            if fields or isinstance(choice.get("delta"), dict):
                fields |= rename(choice["delta"])
            if fields:
                added.append({"index": choice.get("index"), "delta": fields})
        return {"choices": added} if added else {}, has_message
    if not any(map(chunk.get, _ANSWER)) and (error := error_object(chunk)):
        chunk["error"] = error
        return chunk, False
    return {}, False


def place_content(choice: dict[str, Any], name: str) -> dict[str, Any]:
    """Set `delta` or `message` of a choice to an object: from its own text, the other of them or `text`.

    Args:
        choice: A choice of a chunk or of a complete answer.
        name: The name that its content should have.

    Returns:
        A copy of the new value; `{}` if it is an object with content already, or there is none.
    """
    content = choice.get(name)
    if isinstance(content, dict) and any(value for key, value in content.items() if key != "role"):
        return {}
    if not (isinstance(content, (str, list)) and content):
        content = choice.pop("message" if name == "delta" else "delta", None)
    if isinstance(content, (str, list)) or content is None:
        content = {"content": content or choice.get("text")}
    if not (isinstance(content, dict) and any(content.values())):
        return {}
    choice[name] = with_indexes(content) if name == "delta" else content
    return dict(choice[name])


def rename(content: dict[str, Any]) -> dict[str, Any]:
    """Add OpenRouter's names to a delta or message with other ones: `reasoning_content` (DeepSeek, vLLM), `function_call`.

    Returns:
        The fields that were added.
    """
    added: dict[str, Any] = {}
    if content.get("reasoning_content") and not content.get("reasoning"):
        added["reasoning"] = content["reasoning_content"]
    if isinstance(call := content.get("function_call"), dict) and not content.get("tool_calls"):
        added["tool_calls"] = [{"index": 0, "type": "function", "function": call}]
    content |= added
    return added


def with_indexes(message: dict[str, Any]) -> dict[str, Any]:
    """Return a complete message as a delta: its tool calls are distinct and have an index each."""
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return message
    indexed = [
        {**call, "index": index} if isinstance(call, dict) else call for index, call in enumerate(calls)
    ]
    return {**message, "tool_calls": indexed}
