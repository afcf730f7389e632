"""Minimal HTTP client for the local model's process.

A general client pools connections; here the connection must be closed, because that is what stops llama.cpp.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

from openrouter_nb.simulator.responses.sse import dump

PATH = "/v1/chat/completions"


class LocalRefusalError(Exception):
    """An error response of the model's server.

    Args:
        status: HTTP status.
        error: The `error` object of the body.
    """

    def __init__(self, status: int, error: Mapping[str, Any]) -> None:
        super().__init__(error.get("message", f"status {status}"))
        self.status = status
        self.error = error


async def events(address: tuple[str, int], body: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any]]:
    """Send a streamed chat request and yield its chunks; closing the iterator closes the connection.

    Raises:
        LocalRefusalError: The server returned an error.
        ConnectionError: The connection broke.
    """
    host, port = address
    reader, writer = await asyncio.open_connection(host, port)
    try:
        payload = dump(body)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        )
        writer.write(f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload)
        await writer.drain()
        head_lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        status = int(head_lines[0].split(" ")[1])
        if status != 200:
            refusal = json.loads(await reader.read())
            raise LocalRefusalError(status, refusal.get("error", refusal))
        async for data in _data(_unchunked(reader)):
            chunk: dict[str, Any] = json.loads(data)
            if "error" in chunk:
                raise LocalRefusalError(int(chunk["error"].get("code", 500)), chunk["error"])
            yield chunk
    except asyncio.IncompleteReadError as error:
        raise ConnectionError("the local model's process closed the connection") from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _unchunked(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]


async def _data(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    buffered = b""
    async for piece in pieces:
        buffered += piece
        *complete, buffered = buffered.split(b"\n\n")
        for event in complete:
            data = event.removeprefix(b"data: ")
            if data == b"[DONE]":
                return
            if not event.startswith(b":"):
                yield data
