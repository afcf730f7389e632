"""A server that sends given bytes, and clients that are closed at the end."""

import asyncio
import contextlib
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

from openrouter_nb import OpenRouter

HI = [{"role": "user", "content": "Hi"}]
#: What is sent where the error of the first attempt is looked at.
ONCE = {"messages": HI, "retries": None}
RESET, WAIT = "reset", "wait"


@dataclass(frozen=True)
class Received:
    """A request: its head as text, its body as JSON."""

    head: str
    body: dict


@dataclass
class RawServer:
    """Runs steps for every request: bytes are sent, RESET resets the connection, WAIT waits until the client disconnects.

    Otherwise the connection is closed after the last byte. A function instead of a step gets the request and returns a
    step. A `deaf` server accepts connections and never reads a request.
    """

    steps: tuple
    deaf: bool = False
    requests: list = field(default_factory=list)
    gone: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/api/v1"
        self._open = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(60)
            received = None
            if not self.deaf:
                received = _receive(connection)
                self.requests.append(received)
            self._play(connection, received)
        self._open.discard(connection)

    def _play(self, connection, received):
        for given in self.steps:
            step = given(received) if callable(given) else given
            if step == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if step == WAIT:
                self.waiting.release()
                with contextlib.suppress(ConnectionError):
                    while connection.recv(65536):
                        pass
                self.gone.release()
                return
            connection.sendall(step)

    def close(self):
        # shutdown() wakes a thread in accept(), close() does not.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _receive(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        body += _more(connection)
    return Received(head.decode(), json.loads(body or b"null"))


def _more(connection):
    data = connection.recv(65536)
    if not data:
        raise ConnectionResetError
    return data


def reply(body, *, status="200 OK", kind="text/event-stream", declared=None, headers=""):
    """Return a response with a declared length, by default the actual one.

    It has `Connection: close`: otherwise a client may reuse the connection while it is being closed, and require another
    attempt.
    """
    length = len(body) if declared is None else declared
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n".encode()
        + body
    )


def until_close(body, *, kind="text/event-stream"):
    """Return a response that ends with the connection."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n".encode() + body


def chunked(*pieces, end=True):
    """Return a chunked response."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + (
        b"0\r\n\r\n" if end else b""
    )
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def events(*objects, done=True):
    """Return the body of an event stream."""
    return (
        b"".join(b"data: " + json.dumps(item).encode() + b"\n\n" for item in objects)
        + done * b"data: [DONE]\n\n"
    )


def say(text="", finish=None, **other):
    """Return one chunk."""
    delta = {"content": text} if text is not None else {}
    return {"id": "gen-1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **other}


async def ask(base_url, *, client=None, **request):
    """Stream one answer; return the chunks, the stream, and the error that ended it."""
    chunks, error = [], None
    owned = client or OpenRouter(server_url=base_url)
    request = {**ONCE, "model": "demo/tour"} | request
    try:
        async with await owned.chat.send_async(stream=True, **request) as stream:
            try:
                async for chunk in stream:
                    chunks.append(chunk)  # noqa: PERF401 - those before an error count
            except Exception as caught:  # noqa: BLE001 - tests look at it
                error = caught
    finally:
        if client is None:
            await owned.aclose()
    return chunks, stream, error


def run(base_url, **request):
    """Run `ask` from a synchronous test."""
    return asyncio.run(ask(base_url, **request))


def text_of(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def wait_for(semaphore):
    assert semaphore.acquire(timeout=60), "the server never saw it"


def until(condition, *, seconds=60):
    """Wait for a condition that another thread makes true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)
