"""Tools of MCP servers: the only place that knows the package `mcp`.

A server is a process or an address; one session with it runs on the background event loop, from the first use to
`close()`, so that cells, threads and event loops can share it.

Source: Model Context Protocol, revision 2025-06-18, server/tools.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

from openrouter_nb.client import blocking
from openrouter_nb.conversation.schemas import Checker
from openrouter_nb.conversation.tools.tool import TIMEOUT_S, Approval, Tool, ToolDefinitionError
from openrouter_nb.conversation.values import NoSchemaError
from openrouter_nb.render.text import visible

_MAX_TOOLS = 500
_START_S = 60.0
_MAX_DESCRIPTION = 8_000
# Of anyio, below the package mcp: what a stream says when nobody is at its other end.
_LOST = ("BrokenResourceError", "ClosedResourceError", "EndOfStream")
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
    session = _Session(server, env=env, headers=headers)
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

    def __init__(self, session: _Session, tools: Sequence[Tool]) -> None:
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


class _Session:
    """One session, held open by a task of its own: it must be left by the task that entered it."""

    def __init__(
        self, server: str | Sequence[str], *, env: Mapping[str, str] | None, headers: Mapping[str, str] | None
    ) -> None:
        self._server = server
        self._env = dict(env or {})
        self._headers = dict(headers or {})
        self._session: Any = None
        self._over: asyncio.Event | None = None
        self._held: asyncio.Task[None] | None = None

    def start(self) -> list[dict[str, Any]]:
        """Connect and return the tools as the server describes them."""
        try:
            import mcp  # noqa: F401 - whether it is there
        except ImportError as error:
            is_missing = isinstance(error, ModuleNotFoundError) and error.name == "mcp"
            raise ToolDefinitionError(
                "MCP servers need the package mcp: pip install 'openrouter-nb[mcp]'."
                if is_missing
                else f"The package mcp is installed and cannot be imported: {error}. A newer one may: pip install -U mcp."
            ) from None
        return blocking.run(self._start)

    async def call(self, name: str, arguments: dict[str, Any]) -> Any:
        """Call a tool and return its result as parts of a message, or as text."""
        return await asyncio.wrap_future(blocking.submit(self._call, name, arguments))

    def close(self) -> None:
        """Leave the session."""
        if self._held is not None:
            blocking.finish(self._stop)

    async def _start(self) -> list[dict[str, Any]]:
        ready: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._over = asyncio.Event()
        self._held = asyncio.create_task(self._hold(ready))
        try:
            return await asyncio.wait_for(ready, _START_S)
        except BaseException as error:
            # It may wait for a server that says nothing, and would not look whether it is over.
            self._held.cancel()
            await asyncio.wait([self._held], timeout=_START_S)
            if isinstance(error, TimeoutError):
                raise ToolDefinitionError(f"The MCP server did not answer within {_START_S:g} s.") from None
            raise

    async def _stop(self) -> None:
        if self._over is not None and self._held is not None:
            self._over.set()
            await asyncio.wait([self._held], timeout=_START_S)

    async def _hold(self, ready: asyncio.Future[list[dict[str, Any]]]) -> None:
        over = self._over
        assert over is not None  # noqa: S101 - made by the only caller
        try:
            async with AsyncExitStack() as stack:
                self._session = await self._connect(stack)
                ready.set_result(await self._tools())
                await over.wait()
        except Exception as error:  # noqa: BLE001 - whatever a server, its process or the network does
            if ready.done():
                return
            name = self._server if isinstance(self._server, str) else " ".join(self._server)
            ready.set_exception(
                ToolDefinitionError(f"The MCP server {name[:200]!r} cannot be used: {_innermost(error)}")
            )
        finally:
            self._session = None

    async def _connect(self, stack: AsyncExitStack) -> Any:
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import get_default_environment, stdio_client

        server = self._server
        if isinstance(server, str) and server.startswith(("http://", "https://")):
            read, write = await self._http(stack, server)
        else:
            command, *arguments = shlex.split(server) if isinstance(server, str) else list(server)
            parameters = StdioServerParameters(
                command=command, args=arguments, env={**get_default_environment(), **self._env}
            )
            # What it complains about is for the terminal that runs Jupyter; a kernel's own stderr has no file number.
            errors = stack.enter_context(open(os.devnull, "w"))  # noqa: ASYNC230, PTH123, SIM115
            read, write = await stack.enter_async_context(stdio_client(parameters, errlog=errors))
        session = await stack.enter_async_context(ClientSession(read, write))
        await session.initialize()
        return session

    async def _http(self, stack: AsyncExitStack, url: str) -> tuple[Any, Any]:
        from mcp.client import streamable_http
        from mcp.shared._httpx_utils import create_mcp_http_client

        if hasattr(streamable_http, "streamable_http_client"):
            client = await stack.enter_async_context(create_mcp_http_client(headers=self._headers))
            streams = await stack.enter_async_context(
                streamable_http.streamable_http_client(url, http_client=client)
            )
        else:
            older = getattr(streamable_http, "streamablehttp_client")  # noqa: B009 - mcp 1 has this one
            streams = await stack.enter_async_context(older(url, headers=self._headers))
        return streams[0], streams[1]

    async def _tools(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = _plain(await self._session.list_tools())
        while True:
            found += page.get("tools", [])
            cursor = page.get("nextCursor")
            if not cursor or len(found) > _MAX_TOOLS:
                return found[:_MAX_TOOLS]
            page = _plain(await self._next(cursor))

    async def _next(self, cursor: str) -> Any:
        from mcp import types

        return await self._session.list_tools(params=types.PaginatedRequestParams(cursor=cursor))

    async def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        if self._session is None:
            raise RuntimeError("The session with the MCP server has ended.")
        try:
            result = _plain(await self._session.call_tool(name, arguments))
        except Exception as error:
            if type(error).__name__ in _LOST or "Connection closed" in str(error):
                raise RuntimeError(
                    "The MCP server has ended, or the connection with it is lost. tools_from_mcp() begins anew."
                ) from error
            raise
        parts = [_part(item) for item in result.get("content", [])]
        texts = [part["text"] for part in parts if part["type"] == "text"]
        if result.get("isError"):
            raise RuntimeError("\n".join(texts) or "The MCP server reports an error.")
        if len(texts) < len(parts):
            return parts
        return "\n".join(texts)


def _chosen(
    found: Sequence[dict[str, Any]],
    session: _Session,
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
    item: dict[str, Any], session: _Session, prefix: str, approve: Approval | None, timeout: float
) -> Tool:
    name = str(item.get("name"))
    known_as = _NOT_IN_NAMES.sub("_", f"{prefix}{name}")[:64]
    schema = item.get("inputSchema")
    schema = dict(schema) if isinstance(schema, Mapping) else {"type": "object", "properties": {}}

    async def call(**arguments: Any) -> Any:
        return await session.call(name, arguments)

    try:
        check = Checker(schema).check
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
    text = visible(text)
    return text if len(text) <= _MAX_DESCRIPTION else f"{text[:_MAX_DESCRIPTION]}…"


def _part(item: dict[str, Any]) -> dict[str, Any]:
    """Return a piece of a result as a content part; what a model cannot read is a word in its place."""
    kind = item.get("type")
    if kind == "text":
        return {"type": "text", "text": str(item.get("text"))}
    media_type = str(item.get("mimeType") or "")
    if kind == "image" and media_type in ("image/png", "image/jpeg", "image/webp", "image/gif"):
        return {"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{item.get('data')}"}}
    resource = item.get("resource")
    if kind == "resource" and isinstance(resource, dict) and isinstance(resource.get("text"), str):
        return {"type": "text", "text": resource["text"]}
    return {"type": "text", "text": f"[{kind}, {media_type or item.get('uri') or 'not shown'}]"}


def _plain(result: Any) -> dict[str, Any]:
    """Return a result under the names of the wire: Python's own differ between versions of the package."""
    plain: dict[str, Any] = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return plain


def _innermost(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"[:300]
