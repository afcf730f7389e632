"""Tools of MCP servers, to be handed over like functions."""

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
# What a model's tools may not be called, and MCP allows: `files/read`, `shop.multiply`.
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
    """Connect to an MCP server and return its tools, to be handed over wherever tools are taken.

    Each call needs the same yes as a call of a function. What the server says of its tools is a stranger's text: read it.

    Args:
        server: A command, `["npx", "some-server"]` or one line of it, which is started; or the address of a server,
            `https://…`, of the transport "streamable HTTP".
        only: Names of the tools to take, as the server calls them; all if left out.
        prefix: Put before each name, where two servers have tools of one name. What models cannot call, such as the dot of
            `files.read`, becomes `_`.
        env: Further environment variables of the command. It gets a short list of harmless ones and these, and never
            the OpenRouter key.
        headers: Further HTTP headers, for an address.
        approve: `"auto"` runs these tools unasked, `"ask"` asks even where all else runs unasked.
        timeout: Seconds that a call may take.

    Returns:
        A list of tools with `close()`, which ends the session; leaving a `with` block does, and so does the end of Python.

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
            session, _chosen(found, session, only=only, prefix=prefix, approve=approve, timeout=timeout)
        )
    except BaseException:
        session.close()
        raise


class McpTools(list[Tool]):
    """The tools of an MCP server, and the session with it."""

    def __init__(self, session: McpSession, tools: Sequence[Tool]) -> None:
        super().__init__(tools)
        self._session = session

    def close(self) -> None:
        """End the session, and the process if there is one. Safe to call twice."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<McpTools {', '.join(tool.name for tool in self)}>"


def _chosen(
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
    known_as = _NOT_IN_NAMES.sub("_", f"{prefix}{name}")[:64]
    schema = item.get("inputSchema")
    schema = dict(schema) if isinstance(schema, Mapping) else {"type": "object", "properties": {}}

    async def call(**arguments: Any) -> Any:
        return await session.call(name, arguments)

    try:
        check = JsonSchemaValidator(schema).check
    except NoSchemaError as error:
        raise ToolDefinitionError(f"The MCP tool {known_as}: {error}") from None
    return Tool(
        name=known_as,
        description=_described(str(item.get("description") or item.get("title") or "")),
        parameters=schema,
        function=call,
        check=check,
        approval=approve,
        timeout_s=timeout,
        signature=f"{known_as}({', '.join(schema.get('properties') or ())})",
    )


def _described(text: str) -> str:
    """Return what a server says of a tool, bounded and without what a reader of the request would not see."""
    text = escape_control(text)
    return text if len(text) <= _MAX_DESCRIPTION else f"{text[:_MAX_DESCRIPTION]}…"
