"""Serve bodies truncated at any byte and ended in any way, on one port: `cutting_server.py BODY BODY …`.

Prints its port and serves until standard input ends. `POST /3/reset/120/…` sends the first 120 bytes of body 3 and
resets the connection. Runs in a separate process, so that thousands of truncations take seconds.
"""

import asyncio
import contextlib
import socket
import struct
import sys
from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CLOSE, CHUNKED = b"Connection: close\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"


def response(ending, prefix):
    """Return the bytes before the end: a body until close, complete chunks, or an incomplete chunk."""
    if ending == "clean end":
        return HEAD + CLOSE + prefix
    if ending == "incomplete chunk":
        return HEAD + CHUNKED + b"%x\r\n" % (len(prefix) + 9) + prefix
    return HEAD + CHUNKED + (b"%x\r\n%b\r\n" % (len(prefix), prefix) if prefix else b"")


async def serve(bodies):
    """Serve until standard input ends."""

    async def connection(reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            _, body, ending, cut, *_ = head.decode().replace("%20", " ").split("/")
            writer.write(response(ending, bodies[int(body)][: int(cut)]))
            await writer.drain()
            if ending == "reset":
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, backlog=128)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve([Path(name).read_bytes() for name in sys.argv[1:]]))
