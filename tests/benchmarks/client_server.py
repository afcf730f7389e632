"""The server of the client benchmarks: one process, every answer made before the first request, sent as fast as it is read.

The first part of the path says which answer: `/tokens/api/v1/chat/completions`.
"""

import asyncio
import contextlib
import json
import sys

WHOLE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
# Lengths of streams for the plot of time over number of chunks.
COUNTS = (10, 100, 1_000, 3_000, 10_000, 20_000)
CHUNK = {
    "id": "gen-1790000000-AbCdEfGhIjKlMnOp",
    "object": "chat.completion.chunk",
    "created": 1790000000,
    "model": "openai/gpt-5-mini",
    "provider": "OpenAI",
}


def event(text, finish=None):
    """One event as OpenRouter sends it."""
    delta = {"role": "assistant", "content": text}
    choice = {
        "index": 0,
        "delta": delta,
        "finish_reason": finish,
        "native_finish_reason": finish,
        "logprobs": None,
    }
    return b"data: " + json.dumps({**CHUNK, "choices": [choice]}, separators=(",", ":")).encode() + b"\n\n"


def small(text):
    """One event with hardly anything in it."""
    return (
        b'data: {"id":"g","choices":[{"index":0,"delta":{"content":"%b"},"finish_reason":null}],"created":1,"model":"m","object":"chat.completion.chunk"}\n\n'
        % text
    )


def deep(number):
    """One event with a fragment of everything: reasoning, a tool call, log probabilities; usage in each hundredth."""
    top = [{"token": f"t{other}", "logprob": -1.5 - other, "bytes": [116]} for other in range(2)]
    delta = {
        "role": "assistant",
        "content": f"tok{number} ",
        "reasoning_details": [{"type": "reasoning.text", "text": "r ", "format": "unknown", "index": 0}],
        "tool_calls": [
            {
                "index": 0,
                "id": "call-1",
                "type": "function",
                "function": {"name": "f", "arguments": " "},
            }
        ],
    }
    logprobs = {
        "content": [{"token": "t", "logprob": -0.5, "bytes": [116], "top_logprobs": top}],
        "refusal": None,
    }
    chunk = {**CHUNK, "choices": [{"index": 0, "delta": delta, "finish_reason": None, "logprobs": logprobs}]}
    if number % 100 == 0:
        costs = {"upstream_inference_prompt_cost": 0.0001, "upstream_inference_completions_cost": 0.0002}
        counts = {"prompt_tokens": 9, "completion_tokens": number, "total_tokens": number + 9}
        chunk["usage"] = {**counts, "cost": 0.0003, "cost_details": costs}
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"


def whole():
    """The bytes of an answer that is not streamed, as OpenRouter sends it."""
    message = {"role": "assistant", "content": "one two", "refusal": None, "reasoning": None}
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": "stop",
        "native_finish_reason": "completed",
        "logprobs": None,
    }
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 3,
        "total_tokens": 12,
        "cost": 0.0001,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
    answer = {
        **CHUNK,
        "object": "chat.completion",
        "system_fingerprint": None,
        "choices": [choice],
        "usage": usage,
    }
    body = json.dumps(answer).encode()
    return WHOLE_HEAD % len(body) + body


def body_of(events):
    """The bytes of a whole event stream."""
    return b"".join(events) + event("", "stop") + b"data: [DONE]\n\n"


def chunked(pieces):
    """The bytes of a chunked response."""
    return HEAD + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def cut(body, size):
    """The same bytes in pieces of one size."""
    return [body[place : place + size] for place in range(0, len(body), size)]


def answers():
    """Every answer by name."""
    tokens = [event(f"tok{number} ") for number in range(20_000)]
    counts = {f"tokens{count}": chunked(cut(body_of(tokens[:count]), 4096)) for count in COUNTS}
    return {
        **counts,
        "deep": chunked(cut(body_of(deep(number) for number in range(5_000)), 4096)),
        "first": chunked([event("one "), event("two "), event("", "stop"), b"data: [DONE]\n\n"]),
        "whole": whole(),
        "tokens": chunked(cut(body_of(tokens), 4096)),
        "tokens-apart": chunked([*tokens, event("", "stop"), b"data: [DONE]\n\n"]),
        "small": chunked(cut(body_of([small(b"tok")] * 100_000), 4096)),
        "big10": chunked(cut(body_of([event("x" * 10_000_000)]), 1024)),
        "big20": chunked(cut(body_of([event("x" * 20_000_000)]), 1024)),
    }


async def serve():
    """Say the port on standard output and serve until standard input ends."""
    known = answers()

    async def connection(reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                await reader.readexactly(length)
                writer.write(known[head.split(b"/", 2)[1].decode()])
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
