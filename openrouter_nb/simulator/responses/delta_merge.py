"""Merge the deltas of a script into the message of a non-streamed response.

Scripts emit well-formed deltas only, so this does not show how a client must handle real ones.
"""

from collections.abc import Iterable
from typing import Any

Delta = dict[str, Any]


def merge_deltas(deltas: Iterable[Delta]) -> dict[str, Any]:
    """Return the assistant message that the deltas form."""
    message: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None, "reasoning": None}
    texts: dict[str, list[str]] = {"content": [], "reasoning": [], "refusal": []}
    for delta in deltas:
        for key, value in delta.items():
            if key in texts:
                texts[key].append(value or "")
            elif key == "reasoning_details":
                _add_details(message.setdefault(key, []), value)
            elif key == "audio":
                audio = message.setdefault(key, {})
                audio |= {name: audio.get(name, "") + piece for name, piece in value.items()}
            elif key == "tool_calls":
                _add_calls(message.setdefault(key, []), value)
            else:
                message.setdefault(key, []).extend(value)
    for key, pieces in texts.items():
        message[key] = "".join(pieces) or message[key]
    return message


def _add_details(details: list[Delta], fragments: list[Delta]) -> None:
    for fragment in fragments:
        if details and details[-1]["index"] == fragment["index"]:
            last = details[-1]
            last["text"] += fragment.get("text", "")
            last |= {key: value for key, value in fragment.items() if key != "text"}
        else:
            details.append(dict(fragment))


def _add_calls(calls: list[Delta], fragments: list[Delta]) -> None:
    for fragment in fragments:
        if "id" in fragment:  # only in the first fragment of a call; the index may not be unique
            calls.append({**fragment, "function": dict(fragment["function"])})
        else:
            calls[fragment["index"]]["function"]["arguments"] += fragment["function"]["arguments"]
