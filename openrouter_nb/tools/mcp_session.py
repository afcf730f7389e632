"""A session with an MCP server: the only place that knows the package `mcp`.

A server is a process or an address; one session with it runs on the background event loop, from the first use to
`close()`, so that cells, threads and event loops can share it.

Source: Model Context Protocol, revision 2025-06-18, server/tools.
"""

from __future__ import annotations

import asyncio
import os
import shlex
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import background_loop
from openrouter_nb.tools.tool import ToolDefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_TOOLS = 500
_START_S = 60.0
# Of anyio, below the package mcp: what a stream says when nobody is at its other end.
_LOST = ("BrokenResourceError", "ClosedResourceError", "EndOfStream")


class McpSession:
    """One session, held open by a task of its own: it must be left by the task that entered it.

    Args:
        server: A command that is started, as words or as one line; or an address.
        env: Further environment variables of the command.
        headers: Further HTTP headers, for an address.
    """

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
        return background_loop.run_sync(self._start)

    async def call(self, name: str, arguments: dict[str, Any]) -> Any:
        """Call a tool and return its result as parts of a message, or as text."""
        return await asyncio.wrap_future(background_loop.submit(self._call, name, arguments))

    def close(self) -> None:
        """Leave the session."""
        if self._held is not None:
            background_loop.run_cleanup(self._stop)

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
