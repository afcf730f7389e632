"""Messages of an MCP server as they were sent.

The package mcp validates a message as a whole: one tool without a schema fails the list of all tools, and one content item of a
new kind loses the result of a call that has run already. A lone surrogate or deep nesting loses the whole message, and the
request waits for its time limit. The filter keeps the original, and passes on a form that is always valid.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.redaction import redact
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.surrogates import loads

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_SHOWN = 200  # characters
# Of the result of a call; `toolResult` in the revision 2024-10-07.
_RESULT_KEYS = frozenset({"content", "structuredContent", "isError", "toolResult"})


class MessageFilter:
    """A stream of messages with the interface of the stream it reads from.

    Args:
        stream: The stream.
        build: Returns the message of the package for the JSON value of a message.

    Attributes:
        tools: Descriptions of the tools received so far, as sent.
        malformed: The last line that was not a message; `""` if there was none.
    """

    def __init__(self, stream: Any, build: Callable[[Any], Any]) -> None:
        self._stream = stream
        self._build = build
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
            try:
                return self._parsed(_line(received))
            except (ValueError, RecursionError):
                self.malformed = _shown(_line(received))
                return received
        message = getattr(received.message, "root", received.message)  # version 1 of the package wraps it
        if isinstance(result := getattr(message, "result", None), dict):
            message.result = self._valid(result)
        return received

    def _parsed(self, line: str) -> Any:
        """Return the message of a line that the package cannot parse.

        Raises:
            ValueError: the line is not a message.
            RecursionError: it is nested too deeply.
        """
        value = loads(line)
        if isinstance(value, dict) and isinstance(value.get("result"), dict):
            value["result"] = self._valid(value["result"])
        return self._build(value)

    def _valid(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return a valid form of the result of an initialization, of a list of tools, or else of a call."""
        if "protocolVersion" in result:
            return result
        tools = result.get("tools")
        if not isinstance(tools, list) or _RESULT_KEYS & result.keys():
            return _packed(result)
        self.tools += tools
        return {**result, "tools": [_valid_tool(item) for item in tools if _has_name(item)]}


def unpacked(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a call as it was sent."""
    original: dict[str, Any] = json.loads(result["content"][0]["text"])
    return original


def _line(error: Exception) -> str:
    """Return the line that was not a message, which a validation error contains, or the text of the error."""
    errors = getattr(error, "errors", None)
    return str(errors()[0].get("input") if callable(errors) else error)


def _shown(text: str) -> str:
    return " ".join(redact(escape_control(text[:_MAX_SHOWN])).split())


def _packed(result: dict[str, Any]) -> dict[str, Any]:
    """Return a valid result that contains the original as text."""
    envelope = {key: value for key, value in result.items() if key not in _RESULT_KEYS}
    return {**envelope, "content": [{"type": "text", "text": json.dumps(result)}]}


def _has_name(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), str)


def _valid_tool(item: dict[str, Any]) -> dict[str, Any]:
    """Return a valid tool of the same name. Its schemas are validated elsewhere."""
    return {"name": item["name"], "inputSchema": {"type": "object"}}
