"""Tools of MCP servers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.type_adapter import NoSchemaError
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.tools.mcp_session import McpSession
from openrouter_nb.tools.tool import TIMEOUT_S, Approval, Tool, ToolDefinitionError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_DESCRIPTION = 8_000
# Characters that MCP allows in tool names and OpenRouter does not: `files/read`, `shop.multiply`.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


def tools_from_mcp(
    server: str | Sequence[str],
    *,
    only: Sequence[str] | None = None,
    prefix: str = "",
    env: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    approve: Approval | None = None,
    timeout: float = TIMEOUT_S,
) -> McpTools:
    """Connect to an MCP server and return its tools, which are accepted wherever functions are.

    Calls require the same approval as calls of functions. Tool descriptions of a server are untrusted text: read them.

    Args:
        server: A command to start, `["npx", "some-server"]` or one string; or the URL of a server, `https://…`, with the
            transport "streamable HTTP".
        only: Names of the tools to use, as on the server. Default: all.
        prefix: Prefix for the names, to avoid duplicates between servers. Characters that are not allowed, such as the dot
            of `files.read`, become `_`.
        env: Additional environment variables for the command, which gets a short list of harmless ones, and never the
            OpenRouter key.
        headers: Additional HTTP headers for the URL.
        approve: `"auto"` runs calls without approval; `"ask"` always requires approval. None: as set for the
            conversation.
        timeout: Time limit of a call in seconds, at most 86,400.

    Returns:
        A list of tools. Its `close()`, the end of a `with` block, and interpreter exit end the session.

    Raises:
        ToolDefinitionError: the package `mcp` is missing, the server cannot be reached, or it has no such tool.

    Example:
        >>> from openrouter_nb import run_tools, tools_from_mcp
        >>> with tools_from_mcp(["python", "-m", "my_server"]) as tools:  # doctest: +SKIP
        ...     print(run_tools("What is in the log?", tools, model="openai/gpt-5-mini"))
    """
    session = McpSession(server, env=env, headers=headers)
    try:
        found = session.start()
        return McpTools(
            session, _selected(found, session, only=only, prefix=prefix, approve=approve, timeout=timeout)
        )
    except BaseException:
        session.close()
        raise


class McpTools(list[Tool]):
    """The tools of an MCP server and its session."""

    def __init__(self, session: McpSession, tools: Sequence[Tool]) -> None:
        super().__init__(tools)
        self._session = session

    def close(self) -> None:
        """End the session, and the server process if there is one. Idempotent."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<McpTools {', '.join(tool.name for tool in self)}>"


def _selected(
    found: Sequence[dict[str, Any]],
    session: McpSession,
    *,
    only: Sequence[str] | None,
    prefix: str,
    approve: Approval | None,
    timeout: float,
) -> list[Tool]:
    names = [str(item.get("name")) for item in found]
    for name in only or ():
        if name not in names:
            raise ToolDefinitionError(f"The MCP server has no tool {name!r}. It has {', '.join(names)}.")
    return [
        _tool(item, session, prefix, approve, timeout)
        for item in found
        if only is None or item.get("name") in only
    ]


def _tool(
    item: dict[str, Any], session: McpSession, prefix: str, approve: Approval | None, timeout: float
) -> Tool:
    name = str(item.get("name"))
    tool_name = _NOT_IN_NAMES.sub("_", f"{prefix}{name}")[:64]
    schema = item.get("inputSchema")
    schema = dict(schema) if isinstance(schema, Mapping) else {"type": "object", "properties": {}}

    async def call(**arguments: Any) -> Any:
        return await session.call(name, arguments)

    try:
        check = JsonSchemaValidator(schema).check
    except NoSchemaError as error:
        raise ToolDefinitionError(f"The MCP tool {tool_name}: {error}") from None
    return Tool(
        name=tool_name,
        description=_described(str(item.get("description") or item.get("title") or "")),
        parameters=schema,
        function=call,
        check=check,
        approval=approve,
        timeout_s=timeout,
        signature=f"{tool_name}({', '.join(schema.get('properties') or ())})",
    )


def _described(text: str) -> str:
    """Return a tool description, truncated and with invisible characters escaped."""
    text = escape_control(text)
    return text if len(text) <= _MAX_DESCRIPTION else f"{text[:_MAX_DESCRIPTION]}…"
