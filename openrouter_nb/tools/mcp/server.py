"""Tools of MCP servers."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Self

from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.type_adapter import NoSchemaError
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.tools.mcp.empty_keywords import without_empty_keywords
from openrouter_nb.tools.mcp.session import McpSession
from openrouter_nb.tools.names import provider_names
from openrouter_nb.tools.provider_tool import provider_parameters
from openrouter_nb.tools.tool import TIMEOUT_S, Approval, Tool, ToolDefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_DESCRIPTION = 8_000
_MAX_PROBLEM = 500  # characters


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

    The model receives texts, `structuredContent` (unless a text repeats it) and images; of audio, binary files and links it
    receives a description. A result with `isError` is a failed call with the same content. A tool whose schema is invalid, or
    has no form that providers accept, is left out with a warning. Names that providers do not accept are replaced; calls use
    the original names.

    Args:
        server: A command to start, `["npx", "some-server"]` or one string; or the URL of a server, `https://…`, with the
            transport "streamable HTTP".
        only: Names of the tools to use, as on the server. Default: all.
        prefix: Prefix for the names, to avoid duplicates between servers.
        env: Additional environment variables for the command, which gets a short list of harmless ones, and never the
            OpenRouter key.
        headers: Additional HTTP headers for the URL.
        approve: `"auto"` runs calls without approval; `"ask"` always requires approval. None: as set for the
            conversation.
        timeout: Time limit of a call in seconds, at most 86,400.

    Returns:
        A list of tools. Its `close()`, the end of a `with` block, and interpreter exit end the session.

    Raises:
        ToolDefinitionError: the package `mcp` is missing; the server cannot be used, with its exit code and last lines on stderr,
            or its HTTP status and body; or it has no such tool, or only an invalid one.

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
    found: Sequence[Any],
    session: McpSession,
    *,
    only: Sequence[str] | None,
    prefix: str,
    approve: Approval | None,
    timeout: float,
) -> list[Tool]:
    """Return the tools of a server. One that cannot be used is left out with a warning, or an error if `only` names it."""
    items: dict[str, dict[str, Any]] = {}
    problems = []
    for item in found:
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name:
            problems.append("It has no name.")
        elif name in items:
            problems.append(f"{name}: another tool has this name.")
        else:
            items[name] = item
    for name in only or ():
        if name not in items:
            raise ToolDefinitionError(f"The MCP server has no tool {name!r}. It has {', '.join(items)}.")
    sent = provider_names([f"{prefix}{name}" for name in items])
    tools = []
    for name, item in items.items():
        if only is not None and name not in only:
            continue
        try:
            tools.append(_tool(item, sent[f"{prefix}{name}"], session, approve, timeout))
        except NoSchemaError as error:
            if only is not None:
                raise ToolDefinitionError(f"The MCP tool {name}: {error}.") from None
            problems.append(f"{name}: {error}.")
    for problem in problems:
        warnings.warn(f"A tool of the MCP server is left out. {problem[:_MAX_PROBLEM]}", stacklevel=3)
    return tools


def _tool(
    item: dict[str, Any], tool_name: str, session: McpSession, approve: Approval | None, timeout: float
) -> Tool:
    name = item["name"]
    try:
        schema = without_empty_keywords(item.get("inputSchema") or {"type": "object", "properties": {}})
    except RecursionError:
        raise NoSchemaError("its schema is nested too deeply") from None
    if not isinstance(schema, dict):
        raise NoSchemaError(f"its schema is not an object, but {schema!r:.100}")
    parameters, check = provider_parameters(
        schema, JsonSchemaValidator(schema).check, name=tool_name, strict=None
    )

    async def call(**arguments: Any) -> Any:
        return await session.call(name, arguments)

    description = escape_control(str(item.get("description") or item.get("title") or ""))
    if not all(map(str.isascii, name)):  # the model sees the name without these letters
        description = f"{escape_control(name)}: {description}"
    return Tool(
        name=tool_name,
        description=description
        if len(description) <= _MAX_DESCRIPTION
        else f"{description[:_MAX_DESCRIPTION]}…",
        parameters=parameters,
        function=call,
        check=check,
        approval=approve,
        timeout_s=timeout,
        signature=f"{escape_control(name)}({', '.join(map(escape_control, schema.get('properties') or ()))})",
    )
