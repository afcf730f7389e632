"""Messages of an MCP server as they were sent.

The package mcp validates a message as a whole: one tool without a schema fails the list of all tools, and one content item of a
new kind loses the result of a call that has run already. The filter keeps the original, and passes on a form that is
always valid.
"""

from __future__ import annotations

import json
from typing import Any, Self

from openrouter_nb.redaction import redact
from openrouter_nb.render.html.control_characters import escape_control

_MAX_SHOWN = 200  # characters
# Of the result of a call; `toolResult` in the revision 2024-10-07. No other request of a session has an empty result.
_RESULT_KEYS = frozenset({"content", "structuredContent", "isError", "toolResult"})


class MessageFilter:
    """A stream of messages with the interface of the stream it reads from.

    Attributes:
        tools: Descriptions of the tools received so far, as sent.
        malformed: The last line that was not a message; `""` if there was none.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.tools: list[Any] = []
        self.malformed = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def __aenter__(self) -> Self:
        await self._stream.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> Any:
        return await self._stream.__aexit__(*exc)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        received = await self._stream.__anext__()
        if isinstance(received, Exception):
            self.malformed = _shown(received)
            return received
        message = getattr(received.message, "root", received.message)  # version 1 of the package wraps it
        result = getattr(message, "result", None)
        if isinstance(result, dict):
            if isinstance(result.get("tools"), list):
                self.tools += result["tools"]
                message.result = {
                    **result,
                    "tools": [_valid(item) for item in result["tools"] if _has_name(item)],
                }
            elif not result or _RESULT_KEYS & result.keys():
                message.result = _packed(result)
        return received


def unpacked(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a call as it was sent."""
    original: dict[str, Any] = json.loads(result["content"][0]["text"])
    return original


def _shown(error: Exception) -> str:
    """Return the line that was not a message, which a validation error contains, or the error."""
    errors = getattr(error, "errors", None)
    text = str(errors()[0].get("input") if callable(errors) else error)
    return " ".join(redact(escape_control(text[:_MAX_SHOWN])).split())


def _packed(result: dict[str, Any]) -> dict[str, Any]:
    """Return a valid result that contains the original as text."""
    envelope = {key: value for key, value in result.items() if key not in _RESULT_KEYS}
    return {**envelope, "content": [{"type": "text", "text": json.dumps(result)}]}


def _has_name(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), str)


def _valid(item: dict[str, Any]) -> dict[str, Any]:
    """Return a valid tool of the same name. Without an output schema, because results are not validated against it."""
    schema = item.get("inputSchema")
    return {
        "name": item["name"],
        "inputSchema": {**schema, "type": "object"} if isinstance(schema, dict) else {"type": "object"},
    }
