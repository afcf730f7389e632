"""Session with an MCP server. The only module that uses the package `mcp`.

A server is a subprocess or a URL. The session runs on the background event loop from the first use to `close()`, so that
cells, threads and event loops can share it.

Source: Model Context Protocol, revision 2025-06-18, server/tools.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shlex
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import background_loop
from openrouter_nb.redaction import HIDDEN, redact, redact_values
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.tools.mcp.message_filter import MessageFilter, unpacked
from openrouter_nb.tools.mcp.results import result_content
from openrouter_nb.tools.mcp.server_process import ServerProcess
from openrouter_nb.tools.tool import ToolDefinitionError
from openrouter_nb.tools.tool_results import Content, ToolReportedError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence

_MAX_TOOLS = 500
_START_S = 60.0
# Exceptions of anyio, which the package mcp uses, when the other end of a stream is closed.
_CONNECTION_LOST = ("BrokenResourceError", "ClosedResourceError", "EndOfStream")
_MAX_BODY = 65_536  # bytes of an HTTP error body that are read
_MAX_REASON = 500  # characters
_MIN_SECRET = 8  # characters; shorter values are words such as `true`


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
        self._process: ServerProcess | None = None
        self._filter: MessageFilter | None = None
        self._failure = ""
        self._stopping: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> list[Any]:
        """Connect and return the tool descriptions of the server, as sent.

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
        # The package logs what it also raises. Without a handler, Python writes it to stderr, with tracebacks.
        logging.getLogger("mcp").addHandler(logging.NullHandler())
        return background_loop.run_sync(self._start)

    async def call(self, name: str, arguments: dict[str, Any]) -> Content:
        """Call a tool and return its result: text, or content parts.

        Raises:
            RuntimeError: the session has ended.
            ToolReportedError: the tool or the server reported an error.
        """
        return await asyncio.wrap_future(background_loop.submit(self._call, name, arguments))

    def close(self) -> None:
        """End the session. Idempotent."""
        if self._task is not None:
            background_loop.run_cleanup(self._stop)

    async def _start(self) -> list[Any]:
        ready: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._run(ready))
        try:
            return await asyncio.wait_for(ready, _START_S)
        except BaseException as error:
            is_late = isinstance(error, TimeoutError)
            reason = self._reason() if is_late else ""
            # The task may be waiting for a server that does not respond, so the event is not enough.
            self._task.cancel()
            await asyncio.wait([self._task], timeout=_START_S)
            if is_late:
                raise self._unusable(f"It did not answer within {_START_S:g} s. {reason}".strip()) from None
            raise

    async def _stop(self) -> None:
        if self._stopping is not None and self._task is not None:
            self._stopping.set()
            await asyncio.wait([self._task], timeout=_START_S)

    async def _run(self, ready: asyncio.Future[list[Any]]) -> None:
        stopping = self._stopping
        assert stopping is not None  # noqa: S101 - set by the only caller
        reason = ""
        try:
            async with AsyncExitStack() as stack:
                try:
                    self._session = await self._connect(stack)
                    ready.set_result(await self._tools())
                except Exception as error:
                    if _is_lost(error) and self._process:  # known only inside of the block
                        await self._process.wait()
                        reason = self._reason()
                    raise
                await stopping.wait()
        except Exception as error:  # noqa: BLE001 - any failure of the server, its process or the network
            if not ready.done():
                ready.set_exception(
                    self._unusable(reason or self._failure or self._clean(_error_text(error)))
                )

    def _reason(self) -> str:
        """Return what is known about a server that failed: its output, the end of its process, its HTTP error."""
        malformed = self._filter.malformed if self._filter else ""
        parts = (
            f"It sent a line that is not a message of MCP: {malformed}" if malformed else "",
            self._process.last_words() if self._process else self._failure,
        )
        return "\n".join(filter(None, parts))

    def _unusable(self, reason: str) -> ToolDefinitionError:
        name = self._server if isinstance(self._server, str) else " ".join(self._server)
        return ToolDefinitionError(f"The MCP server {self._clean(name)[:200]!r} cannot be used: {reason}")

    def _clean(self, text: str) -> str:
        """Return text without control characters and secrets, including the values given to the server."""
        text = redact(escape_control(text))
        for value in (*self._env.values(), *self._headers.values()):
            for word in value.split():
                if len(word) >= _MIN_SECRET:
                    text = text.replace(word, HIDDEN)
        return text

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
            self._process = stack.enter_context(ServerProcess(self._clean))
            stdio = stdio_client(parameters, errlog=self._process.stderr)
            read, write = await stack.enter_async_context(stdio)
            self._process.attach(stdio)
        self._filter = MessageFilter(read, _message)
        session = await stack.enter_async_context(ClientSession(self._filter, write))
        await session.initialize()
        return session

    async def _http(self, stack: AsyncExitStack, url: str) -> tuple[Any, Any]:
        from mcp.client import streamable_http
        from mcp.shared._httpx_utils import create_mcp_http_client

        def create_client(**options: Any) -> Any:
            client = create_mcp_http_client(**options)
            client.event_hooks["response"].append(self._note_http_failure)
            return client

        if hasattr(streamable_http, "streamable_http_client"):
            client = await stack.enter_async_context(create_client(headers=self._headers))
            streams = await stack.enter_async_context(
                streamable_http.streamable_http_client(url, http_client=client)
            )
        else:
            older = getattr(streamable_http, "streamablehttp_client")  # noqa: B009 - mcp 1 has this one
            streams = await stack.enter_async_context(
                older(url, headers=self._headers, httpx_client_factory=create_client)
            )
        return streams[0], streams[1]

    async def _note_http_failure(self, response: Any) -> None:
        """Keep status and body of an error response, which the package mcp replaces by a general message."""
        if response.request.method != "POST":  # servers without an event stream answer GET with 405
            return
        self._failure = ""
        if response.status_code >= 300:
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MAX_BODY:
                    break
            text = " ".join(self._clean(body.decode(errors="replace")).split())[:_MAX_REASON]
            self._failure = f"HTTP {response.status_code} {response.reason_phrase}: {text}"

    async def _tools(self) -> list[Any]:
        assert self._filter is not None  # noqa: S101 - set by _connect
        page = await self._session.list_tools()
        while (cursor := _plain(page).get("nextCursor")) and len(self._filter.tools) < _MAX_TOOLS:
            page = await self._next(cursor)
        return self._filter.tools[:_MAX_TOOLS]

    async def _next(self, cursor: str) -> Any:
        from mcp import types

        return await self._session.list_tools(params=types.PaginatedRequestParams(cursor=cursor))

    async def _call(self, name: str, arguments: dict[str, Any]) -> Content:
        if self._stopping is None or self._stopping.is_set():
            raise RuntimeError("The session with the MCP server has ended.")
        try:
            result = unpacked(_plain(await self._until_the_end(self._session.call_tool(name, arguments))))
        except Exception as error:
            if not _is_lost(error):
                raise ToolReportedError(self._failure or self._clean(_error_text(error))) from error
            if self._process:
                await self._process.wait()
            words = "The MCP server has ended, or the connection is lost."
            remedy = "Reconnect with tools_from_mcp()."
            raise ToolReportedError(" ".join(filter(None, (words, self._reason(), remedy)))) from error
        content = result_content(result)
        if result.get("isError"):
            raise ToolReportedError(redact_values(content))
        return content

    async def _until_the_end(self, request: Coroutine[Any, Any, Any]) -> Any:
        """Return the result of a request, or fail if the session ends: version 1 of the package does not end it."""
        assert self._task is not None  # noqa: S101 - set by _start
        if self._task.done():
            request.close()
            raise ConnectionError("The session has ended.")
        sent = asyncio.ensure_future(request)
        try:
            await asyncio.wait({sent, self._task}, return_when=asyncio.FIRST_COMPLETED)
            if not sent.done():
                raise ConnectionError("The session has ended.")
            return await sent
        finally:
            sent.cancel()


def _message(value: Any) -> Any:
    """Return the message of the package for a JSON value.

    Raises:
        ValueError: it is not a message.
    """
    from mcp import types
    from mcp.shared.message import SessionMessage

    if hasattr(types, "jsonrpc_message_adapter"):
        return SessionMessage(types.jsonrpc_message_adapter.validate_python(value))
    older: Any = types.JSONRPCMessage  # mcp 1 has a class
    return SessionMessage(older.model_validate(value))


def _plain(result: Any) -> dict[str, Any]:
    """Return a result with the field names of the protocol; Python attribute names differ between versions of the package."""
    plain: dict[str, Any] = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return plain


def _is_lost(error: Exception) -> bool:
    return (
        isinstance(error, ConnectionError)
        or type(error).__name__ in _CONNECTION_LOST
        or "Connection closed" in str(error)
    )


def _error_text(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, FileNotFoundError) and error.filename:
        return f"there is no command {error.filename!r}. Install it, or write its full path."
    data = getattr(getattr(error, "error", None), "data", None)  # of an error sent instead of a result
    details = "" if data is None else f" {json.dumps(data)}"
    return f"{type(error).__name__}: {error}{details}"[:_MAX_REASON]
