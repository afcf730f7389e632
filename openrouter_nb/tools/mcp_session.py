"""Session with an MCP server. The only module that uses the package `mcp`.

A server is a subprocess or a URL. The session runs on the background event loop from the first use to `close()`, so that
cells, threads and event loops can share it.

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
# Exceptions of anyio, which the package mcp uses, when the other end of a stream is closed.
_CONNECTION_LOST = ("BrokenResourceError", "ClosedResourceError", "EndOfStream")


class McpSession:
    """A session, owned by one task: its context managers must be entered and exited by the same task.

    Args:
        server: A command to start, as a list or one string; or a URL.
        env: Additional environment variables for the command.
        headers: Additional HTTP headers for the URL.
    """

    def __init__(
        self, server: str | Sequence[str], *, env: Mapping[str, str] | None, headers: Mapping[str, str] | None
    ) -> None:
        self._server = server
        self._env = dict(env or {})
        self._headers = dict(headers or {})
        self._session: Any = None
        self._stopping: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> list[dict[str, Any]]:
        """Connect and return the tool descriptions of the server.

        Raises:
            ToolDefinitionError: the package `mcp` cannot be imported, or the server cannot be used.
        """
        try:
            import mcp  # noqa: F401 - availability check
        except ImportError as error:
            is_missing = isinstance(error, ModuleNotFoundError) and error.name == "mcp"
            raise ToolDefinitionError(
                "MCP servers require the package mcp: pip install 'openrouter-nb[mcp]'."
                if is_missing
                else f"The package mcp is installed but cannot be imported: {error}. Try to update it: pip install -U mcp."
            ) from None
        return background_loop.run_sync(self._start)

    async def call(self, name: str, arguments: dict[str, Any]) -> Any:
        """Call a tool and return its result: text, or content parts.

        Raises:
            RuntimeError: the session has ended, or the tool reported an error.
        """
        return await asyncio.wrap_future(background_loop.submit(self._call, name, arguments))

    def close(self) -> None:
        """End the session. Idempotent."""
        if self._task is not None:
            background_loop.run_cleanup(self._stop)

    async def _start(self) -> list[dict[str, Any]]:
        ready: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._run(ready))
        try:
            return await asyncio.wait_for(ready, _START_S)
        except BaseException as error:
            # The task may be waiting for a server that does not respond, so the event is not enough.
            self._task.cancel()
            await asyncio.wait([self._task], timeout=_START_S)
            if isinstance(error, TimeoutError):
                raise ToolDefinitionError(f"The MCP server did not answer within {_START_S:g} s.") from None
            raise

    async def _stop(self) -> None:
        if self._stopping is not None and self._task is not None:
            self._stopping.set()
            await asyncio.wait([self._task], timeout=_START_S)

    async def _run(self, ready: asyncio.Future[list[dict[str, Any]]]) -> None:
        stopping = self._stopping
        assert stopping is not None  # noqa: S101 - set by the only caller
        try:
            async with AsyncExitStack() as stack:
                self._session = await self._connect(stack)
                ready.set_result(await self._tools())
                await stopping.wait()
        except Exception as error:  # noqa: BLE001 - any failure of the server, its process or the network
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
            # Discard the server's stderr: a kernel's stderr has no file number.
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
            if type(error).__name__ in _CONNECTION_LOST or "Connection closed" in str(error):
                raise RuntimeError(
                    "The MCP server has ended, or the connection is lost. Reconnect with tools_from_mcp()."
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
    """Return an item of a result as a content part; unsupported types become a text placeholder."""
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
    """Return a result with the field names of the protocol; Python attribute names differ between versions of the package."""
    plain: dict[str, Any] = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return plain


def _innermost(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"[:300]
