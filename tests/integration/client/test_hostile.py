"""Malicious servers: each leads to an `OpenRouterError`, in time, with little memory, without blocking the loop.

Each runs in a separate process, to measure its memory.
"""

import gzip
import json
import os
import subprocess
import sys
import time

import pytest
from support.wire import WAIT, chunked, events, reply, run, say, until_close

pytestmark = [
    pytest.mark.transport,
    pytest.mark.skipif(sys.platform == "win32", reason="the resource module is POSIX's"),
]

LIMITS = {"first_event_s": 5.0, "idle_s": 5.0, "max_event_bytes": 4_000_000, "max_bytes": 8_000_000}
#: Where it is time that ends the attack.
SOON = {"first_event_s": 0.5, "idle_s": 0.5}
SLACK_S = 20.0
MORE_MB = 64

SCRIPT = """
import asyncio, json, resource, sys, time
from openrouter_nb import OpenRouter, errors
from openrouter_nb.client import StreamLimits
from openrouter_nb.client.streaming.chat_stream import ChatStream

url, warm, mode, limits = sys.argv[1], sys.argv[2], sys.argv[3], StreamLimits(**json.loads(sys.argv[4]))
HI = [{"role": "user", "content": "Hi"}]
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)

async def ask(client, url, head_s=None):
    if mode == "whole":
        return await client.chat.send_async(
            messages=HI, server_url=url, retries=None, timeout_ms=int((head_s or limits.first_event_s) * 1000)
        )
    # As chat.send(stream=True) does, under limits that it has no keyword for.
    response = await client.open(
        "POST", "/chat/completions", body=b'{"messages":[]}', server_url=url, head_timeout=head_s or limits.first_event_s
    )
    async with ChatStream(response, limits) as stream:
        async for chunk in stream:
            pass

async def tick(gaps):
    last = time.process_time()
    while True:
        await asyncio.sleep(0.01)
        now = time.process_time()
        gaps.append(now - last)
        last = now

async def main():
    async with OpenRouter() as client:
        await ask(client, warm, head_s=60)
        gaps = []
        ticking = asyncio.ensure_future(tick(gaps))
        await asyncio.sleep(0.05)
        before, started, cpu = peak(), time.monotonic(), time.process_time()
        found = {"error": None, "message": "", "ours": False, "partial": None}
        try:
            await ask(client, url)
        except Exception as error:
            partial = getattr(error, "partial", None)
            found = {
                "error": type(error).__name__,
                "message": str(error),
                "ours": isinstance(error, errors.OpenRouterError),
                "partial": partial.text if partial else None,
            }
        found |= {
            "seconds": time.monotonic() - started,
            "cpu": time.process_time() - cpu,
            "more_mb": peak() - before,
            "longest_gap": max(gaps),
        }
        ticking.cancel()
        return found

print(json.dumps(asyncio.run(main())))
"""
WHOLE = json.dumps({"id": "gen-1", "choices": [{"message": {"role": "assistant", "content": "ok"}}]}).encode()


def attack(serve, *steps, mode="stream", limits=None):
    """Result of the client."""
    victim = serve(*steps)
    kind = "application/json" if mode == "whole" else "text/event-stream"
    warm = serve(reply(WHOLE if mode == "whole" else events(say("ok", "stop")), kind=kind))
    limits = LIMITS | (limits or {})
    command = [sys.executable, "-c", SCRIPT, victim.base_url, warm.base_url, mode, json.dumps(limits)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["ours"], found
    assert found["seconds"] <= limits["first_event_s"] + SLACK_S, found
    assert found["more_mb"] <= MORE_MB, found
    # In CPU time, which a busy machine does not add to; a decoder that never awaits takes seconds of it.
    assert found["longest_gap"] <= 0.5, found
    assert 0 < len(found["message"]) <= 1000
    assert "x" * 700 not in found["message"]
    return found


def endlessly(piece, *, start=b"", end=b""):
    """A chunked response of about a gigabyte, or until the client disconnects."""
    framed = b"%x\r\n%b\r\n" % (len(piece), piece)
    return (
        chunked(start, end=False) if start else chunked(end=False),
        *[framed] * (2**30 // len(piece)),
        end,
    )


# --- size


def test_a_line_without_an_end(serve):
    found = attack(serve, *endlessly(b"x" * 65536, start=b"data: "))
    assert found["error"] == "StreamProtocolError"
    assert "larger than 4000000 bytes" in found["message"]


def test_an_event_of_lines_without_an_end(serve):
    assert attack(serve, *endlessly(b"data: x\n" * 8192))["error"] == "StreamProtocolError"


def test_an_event_of_empty_lines_without_an_end(serve):
    assert attack(serve, *endlessly(b"data\n" * 8192))["error"] == "StreamProtocolError"


def test_an_answer_without_an_end(serve):
    piece = events(*[say("x" * 200)] * 200, done=False)
    found = attack(serve, *endlessly(piece), limits={"first_event_s": 20, "idle_s": 20})
    assert found["error"] == "StreamProtocolError"
    assert "larger than 8000000 bytes" in found["message"]


def test_a_flood_of_comments(serve):
    found = attack(serve, *endlessly(b": x\n\n" * 13107))
    assert found["error"] in ("StreamStalledError", "StreamProtocolError")


def test_a_flood_of_comments_that_no_size_stops(serve):
    found = attack(serve, *endlessly(b": x\n\n" * 13107), limits={**SOON, "max_bytes": 2**40})
    assert found["error"] == "StreamStalledError"


@pytest.mark.parametrize("mode", ["stream", "whole"])
def test_a_compressed_bomb_is_refused_at_once(serve, mode):
    bomb = gzip.compress(b": comment\n" * 4_000_000)
    assert 30_000 < len(bomb) < 130_000
    kind = "application/json" if mode == "whole" else "text/event-stream"
    found = attack(serve, reply(bomb, kind=kind, headers="Content-Encoding: gzip\r\n"), mode=mode)
    assert found["seconds"] < LIMITS["first_event_s"]
    assert found["error"] == "UnexpectedContentError"
    assert "gzip" in found["message"]


def test_a_compressed_answer_without_an_end_is_refused_at_once(serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n"
    found = attack(serve, head + gzip.compress(events(say("a"))), WAIT)
    assert found["seconds"] < LIMITS["first_event_s"]
    assert "gzip" in found["message"]


@pytest.mark.parametrize("mode", ["stream", "whole"])
def test_a_header_of_300_kb(serve, mode):
    found = attack(serve, reply(b"", headers=f"X-Big: {'x' * 300_000}\r\n"), mode=mode)
    assert found["error"] == "NoResponseError"


def test_headers_without_an_end(serve):
    line = b"X-More: " + b"x" * 1000 + b"\r\n"
    found = attack(serve, b"HTTP/1.1 200 OK\r\n", *[line * 64] * 16384)
    assert found["error"] in ("NoResponseError", "RequestTimeoutError")


@pytest.mark.parametrize("status", ["500 Oops", "429 Slow", "302 Elsewhere"])
@pytest.mark.parametrize("mode", ["stream", "whole"])
def test_the_body_of_an_error_without_an_end(serve, mode, status):
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\r\n".encode()
    attack(serve, head, *[b"x" * 65536] * 16384, mode="whole" if mode == "whole" else "stream")


WIDE = "\N{GRINNING FACE}".encode()
#: Pieces of JSON that take many times their size in memory, each in an array.
BOMBS = {
    "lists": b"[],",
    "objects": b"{},",
    "filled objects": b'{"a":1},',
    "strings": b'"ab",',
    "numbers": b"1.5,",
    "wide text": b'"' + WIDE + b"x" * 33_000_000 + b'",',
    "escaped wide text": b'"\\ud83d\\ude00' + b"x" * 33_000_000 + b'",',
}


@pytest.mark.parametrize("mode", ["stream", "whole", "other content"])
@pytest.mark.parametrize("megabytes", [4, 60])
@pytest.mark.parametrize("bomb", BOMBS)
def test_json_that_takes_many_times_its_size(serve, bomb, megabytes, mode):
    piece = BOMBS[bomb]
    filler = piece * max(1, megabytes * 1_000_000 // len(piece))
    body = b'{"choices":[{"delta":{"content":"ok"}}],"x":[' + filler + b"0]}"
    if mode == "stream":
        body = b"data: " + body + b"\n\n"
    kind = "application/json" if mode == "whole" else "text/event-stream"
    limits = {"first_event_s": 30.0, "max_event_bytes": 2**26, "max_bytes": 2**28}
    mode = "whole" if mode == "whole" else "stream"
    found = attack(serve, reply(body, kind=kind), mode=mode, limits=limits)
    assert found["error"] in ("StreamProtocolError", "UnexpectedContentError")
    assert "it has more than" in found["message"] or "an event has more than" in found["message"]


def test_a_body_of_white_space(serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    found = attack(serve, head, *[b" " * 65536] * 4096, mode="whole", limits={"first_event_s": 30.0})
    assert found["error"] == "UnexpectedContentError"


# --- slowness


def byte_by_byte(text):
    """One byte each tenth of a second, which is no less a trickle than one each second."""
    return [lambda _, byte=bytes([byte]): time.sleep(0.1) or byte for byte in text]


@pytest.mark.parametrize("mode", ["stream", "whole"])
def test_a_body_that_comes_byte_by_byte(serve, mode):
    # The beginning decides whether a body is an event stream, whatever its type.
    kind, start = ("application/json", b'{"a":"') if mode == "whole" else ("text/event-stream", b"data: ")
    found = attack(
        serve, until_close(b"", kind=kind), *byte_by_byte(start + b"x" * 300), mode=mode, limits=SOON
    )
    assert found["error"] == ("RequestTimeoutError" if mode == "whole" else "StreamStalledError")


def test_a_head_that_comes_byte_by_byte(serve):
    found = attack(
        serve, *byte_by_byte(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" * 5), limits=SOON
    )
    assert found["error"] == "RequestTimeoutError"


def test_an_event_that_comes_byte_by_byte_after_text(serve):
    head = until_close(events(say("a"), done=False))
    found = attack(serve, head, *byte_by_byte(b'data: {"choices": [' + b" " * 300), limits={"idle_s": 0.5})
    assert (found["error"], found["partial"]) == ("StreamStalledError", "a")


# --- JSON

DEEP = b"[" * 100_000
DEEP_AND_WHOLE = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
LONG = b"1" * 10_000
ODD = {"deep list": DEEP, "deep object": DEEP_AND_WHOLE, "long integer": LONG}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_json_as_an_event(serve, odd):
    body = events(say("a"), done=False) + b"data: " + odd + b"\n\n"
    found = attack(serve, until_close(body))
    assert (found["error"], found["partial"]) == ("StreamProtocolError", "a")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("field", ["error", "usage", "created", "choices"])
def test_odd_json_inside_an_event(serve, odd, field):
    body = events(say("a"), done=False) + b'data: {"' + field.encode() + b'":' + odd + b"}\n\n"
    attack(serve, until_close(body))


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("status", ["200 OK", "500 Oops"])
def test_odd_json_as_a_body(serve, odd, status):
    attack(serve, reply(odd, status=status, kind="application/json"), mode="whole")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("status", ["200 OK", "500 Oops"])
def test_odd_json_inside_an_error(serve, odd, status):
    for inside in (
        b'{"error": {"code": 500, "message": "a", "metadata": {"raw": %b}}}',
        b'{"error": %b}',
        b'{"error": {"code": %b, "message": "a"}}',
        b'{"error": {"code": 500, "message": %b}}',
    ):
        body = inside.replace(b"%b", odd)
        attack(serve, reply(body, status=status, kind="application/json"), mode="whole")


def test_a_deep_text_inside_an_error(serve):
    error = {"code": 500, "message": "Provider returned error", "metadata": {"raw": DEEP_AND_WHOLE.decode()}}
    body = json.dumps({"error": error}).encode()
    attack(serve, reply(body, status="500 Oops", kind="application/json"), mode="whole")


def test_a_long_integer_where_a_token_count_should_be_costs_no_text(serve):
    """An answer that was paid for must not be lost."""
    usage = b'data: {"choices":[],"usage":{"prompt_tokens":' + LONG + b"}}\n\n"
    server = serve(until_close(events(say("a", "stop"), done=False) + usage + b"data: [DONE]\n\n"))
    _, stream, _ = run(server.base_url)
    assert stream.result.text == "a"
