"""No silent truncation: twenty recordings, cut and ended in every way, are whole or a typed error with what had arrived.

Success means that [DONE] had come, if only without its blank line, or that HTTP ended well after a finish reason and not
inside an event. Everything else is a StreamInterruptedError with the partial answer.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from support import cutting_server
from support.recorded import client_of, recorded_bodies
from support.wire import ONCE

from openrouter_nb import OpenRouter, errors
from openrouter_nb.client.transport.http_transport import installed_library

CLEAN, INCOMPLETE, RESET = ENDINGS = ("clean end", "incomplete chunk", "reset")
TOGETHER = 32


@pytest.fixture(scope="module")
def streams(recordings):
    """The twenty smallest: with and without comments, reasoning, tool calls, repeated finishes, empty content."""
    known = [body for body in recorded_bodies(recordings) if body.expected]
    return sorted((body.body for body in known), key=len)[:20]


def boundaries(body):
    """Where an event ends, and the start."""
    return [0, *(place + 2 for place in range(len(body)) if body[place : place + 2] == b"\n\n")]


def tail(body):
    """Every byte of the last two events."""
    return range(body.rindex(b"data: ", 0, body.index(b"data: [DONE]")), len(body) + 1)


class Arrived:
    """What a prefix holds, by its whole events."""

    def __init__(self, prefix):
        whole, _, self.rest = prefix.rpartition(b"\n\n")
        data = [part[6:] for part in whole.split(b"\n\n") if part.startswith(b"data: ")]
        chunks = [json.loads(item) for item in data if item != b"[DONE]"]
        choices = [choice for chunk in chunks for choice in chunk["choices"]]
        self.text = "".join(choice["delta"].get("content") or "" for choice in choices)
        self.usage = next((chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage")), None)
        self.anything = bool(choices)
        self.finished = any(choice.get("finish_reason") for choice in choices)
        self.done = b"[DONE]" in data
        self.inside = bool(self.rest) and not (self.rest.startswith(b":") and self.rest.endswith(b"\n"))

    def is_whole(self, ending):
        over = (self.finished and not self.inside) or self.rest.rstrip(b"\n") == b"data: [DONE]"
        return self.done or (ending == CLEAN and over)


async def end_of(client, **request):
    """The stream, and the error that ended it."""
    async with await client.chat.send_async(**ONCE, stream=True, **request) as stream:
        try:
            async for _ in stream:
                pass
        except errors.OpenRouterError as error:
            return stream.result, error
    return stream.result, None


def check(prefix, ending, result, error, *, where):
    arrived = Arrived(prefix)
    assert (error is None) is arrived.is_whole(ending), (where, prefix[-60:])
    assert result.text == arrived.text, where
    if error is not None:
        assert type(error) is errors.StreamInterruptedError, where
        assert error.message
        assert error.retryable
        assert (error.partial is not None) is arrived.anything, where
        if error.partial is not None:
            assert error.partial == result
            assert (error.partial.usage is not None) is (arrived.usage is not None)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stream_cut_anywhere_is_whole_or_an_error_with_what_had_arrived(streams, ending):
    """Every event boundary and every byte of the last two events, through everything but the socket."""
    library = installed_library()
    how = {
        CLEAN: [],
        INCOMPLETE: [
            library.RemoteProtocolError(
                "peer closed connection without sending complete message body (incomplete chunked read)"
            )
        ],
        RESET: [library.ReadError("")],
    }[ending]
    waiting = []

    async def every_cut():
        count = 0
        async with client_of(waiting.pop) as client:
            for number, body in enumerate(streams):
                for cut in sorted({*boundaries(body), *tail(body)}):
                    waiting.append((200, "text/event-stream", [body[:cut], *how]))
                    result, error = await end_of(client)
                    check(body[:cut], ending, result, error, where=(number, cut))
                    count += 1
        return count

    assert asyncio.run(every_cut()) > 5_000


@contextlib.contextmanager
def cutter(streams, folder):
    files = [folder / f"{number}.sse" for number in range(len(streams))]
    for file, body in zip(files, streams, strict=True):
        file.write_bytes(body)
    command = [sys.executable, str(Path(cutting_server.__file__)), *map(str, files)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.stdin.close()


@pytest.mark.transport
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stream_cut_on_a_real_socket_is_whole_or_an_error_with_what_had_arrived(streams, ending, tmp_path):
    """Every event boundary, the bytes of [DONE], and each ninth byte of the event before it."""
    cuts = [
        (number, cut)
        for number, body in enumerate(streams)
        for cut in sorted({*boundaries(body), *tail(body)[::9], *tail(body)[-16:]})
    ]

    async def every_cut(base_url):
        limit = asyncio.Semaphore(TOGETHER)

        async def one(number, cut):
            async with limit:
                return await end_of(
                    client, server_url=f"{base_url}/{number}/{ending.replace(' ', '%20')}/{cut}/api/v1"
                )

        async with OpenRouter() as client:
            return await asyncio.gather(*(one(number, cut) for number, cut in cuts))

    with cutter(streams, tmp_path) as base_url:
        ends = asyncio.run(every_cut(base_url))
    complete = 0
    for (number, cut), (result, error) in zip(cuts, ends, strict=True):
        prefix = streams[number][:cut]
        if ending == RESET and error is not None:
            # A reset may discard sent data: then less arrived, and that is still an error.
            assert type(error) is errors.StreamInterruptedError
            assert Arrived(prefix).text.startswith(result.text)
            complete += result.text == Arrived(prefix).text
        else:
            check(prefix, ending, result, error, where=(number, cut))
            complete += 1
    assert len(cuts) > 1_500
    assert complete > len(cuts) / 2
