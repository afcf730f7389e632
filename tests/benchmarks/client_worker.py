"""One measurement of the client benchmarks, in a separate process: `client_worker.py CLIENT URL MEASUREMENT`.

Prints the result as JSON. Libraries are imported inside the functions, because the import is part of the measurement.
"""

import sys
import time

BODY = {"model": "openai/gpt-5-mini", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
MODEL, MESSAGES = BODY["model"], BODY["messages"]


# Each client is an asynchronous generator function that opens what it needs once, and yields a function that makes one
# request and yields the texts of the answer. A blocking client does the same without `async`.


async def ours(url):
    from openrouter_nb import OpenRouter

    async with OpenRouter(api_key="sk-or-x", server_url=url) as client:

        async def texts():
            async with await client.chat.send_async(model=MODEL, messages=MESSAGES, stream=True) as stream:
                async for chunk in stream:
                    for choice in chunk.choices:
                        yield choice.delta.content

        yield texts


def ours_blocking(url):
    from openrouter_nb import OpenRouter

    with OpenRouter(api_key="sk-or-x", server_url=url) as client:

        def texts():
            with client.chat.send(model=MODEL, messages=MESSAGES, stream=True) as stream:
                for chunk in stream:
                    for choice in chunk.choices:
                        yield choice.delta.content

        yield texts


async def sdk(url):
    from openrouter import OpenRouter

    async with OpenRouter(api_key="sk-or-x", server_url=url) as client:

        async def texts():
            async with await client.chat.send_async(model=MODEL, messages=MESSAGES, stream=True) as stream:
                async for chunk in stream:
                    for choice in chunk.choices:
                        yield choice.delta.content

        yield texts


async def openai(url):
    from openai import AsyncOpenAI

    async with AsyncOpenAI(api_key="sk-or-x", base_url=url) as client:

        async def texts():
            async with await client.chat.completions.create(
                model=MODEL, messages=MESSAGES, stream=True
            ) as stream:
                async for chunk in stream:
                    for choice in chunk.choices:
                        yield choice.delta.content

        yield texts


async def httpx_sse(url):
    import json

    import httpx
    from httpx_sse import aconnect_sse

    async with httpx.AsyncClient() as client:

        async def texts():
            async with aconnect_sse(client, "POST", f"{url}/chat/completions", json=BODY) as source:
                async for event in source.aiter_sse():
                    if event.data != "[DONE]":
                        for choice in json.loads(event.data)["choices"]:
                            yield choice["delta"].get("content")

        yield texts


async def plain(url):
    import httpx

    async with httpx.AsyncClient() as client:

        async def texts():
            async with client.stream("POST", f"{url}/chat/completions", json=BODY) as response:
                async for chunk in response.aiter_raw():
                    yield chunk

        yield texts


async def plain_json(url):
    import httpx
    from pydantic_core import from_json

    async with httpx.AsyncClient() as client:

        async def texts():
            async with client.stream("POST", f"{url}/chat/completions", json=BODY) as response:
                held = []
                async for chunk in response.aiter_raw():
                    held.append(chunk)
                    if b"\n\n" not in chunk and not chunk.startswith(b"\n"):
                        continue
                    *events, rest = b"".join(held).split(b"\n\n")
                    held = [rest]
                    for event in events:
                        if event != b"data: [DONE]":
                            for choice in from_json(event[6:])["choices"]:
                                yield choice["delta"].get("content")

        yield texts


async def httpx_json(url):
    """What the shortest script does: httpx and json, line by line."""
    import json

    import httpx

    async with httpx.AsyncClient() as client:

        async def texts():
            async with client.stream("POST", f"{url}/chat/completions", json=BODY) as response:
                async for line in response.aiter_lines():
                    if line.startswith("data: ") and line != "data: [DONE]":
                        for choice in json.loads(line[6:])["choices"]:
                            yield choice["delta"].get("content")

        yield texts


CLIENTS = {
    "ours": ours,
    "ours, httpx2": ours,
    "ours, blocking": ours_blocking,
    "openrouter": sdk,
    "openai": openai,
    "httpx-sse + json": httpx_sse,
    "httpx lines + json": httpx_json,
    "bytes": plain,
    "bytes + from_json": plain_json,
}


# Each of these makes one request that is not streamed, and returns the text of the answer.


async def whole_ours(url):
    from openrouter_nb import OpenRouter

    async with OpenRouter(api_key="sk-or-x", server_url=url) as client:
        result = await client.chat.send_async(model=MODEL, messages=MESSAGES)
    return result.choices[0].message.content


async def whole_sdk(url):
    from openrouter import OpenRouter

    async with OpenRouter(api_key="sk-or-x", server_url=url) as client:
        result = await client.chat.send_async(model=MODEL, messages=MESSAGES)
    return result.choices[0].message.content


async def whole_openai(url):
    from openai import AsyncOpenAI

    async with AsyncOpenAI(api_key="sk-or-x", base_url=url) as client:
        result = await client.chat.completions.create(model=MODEL, messages=MESSAGES)
    return result.choices[0].message.content


async def whole_httpx(url):
    import httpx

    async with httpx.AsyncClient() as client:
        response = await client.post(f"{url}/chat/completions", json={"model": MODEL, "messages": MESSAGES})
    return response.json()["choices"][0]["message"]["content"]


WHOLE = {
    "ours": whole_ours,
    "ours, httpx2": whole_ours,
    "openrouter": whole_sdk,
    "openai": whole_openai,
    "httpx lines + json": whole_httpx,
}


def measure_whole(name, url):
    """Import and one request that is not streamed."""
    cpu = time.process_time()
    import asyncio

    if asyncio.run(WHOLE[name](url)) != "one two":
        raise ValueError("another answer")
    return {"cpu": time.process_time() - cpu}


async def drive(opened, measure):
    """Run a measurement with an asynchronous client."""

    async def first(texts):
        generator = texts()
        try:
            return await anext(generator)
        finally:
            async for _ in generator:
                pass

    async def every(texts):
        count = 0
        async for _ in texts():
            count += 1
        return count

    texts = await anext(opened)
    try:
        return await measure(lambda: first(texts), lambda: every(texts))
    finally:
        await opened.aclose()


def drive_blocking(opened, measure):
    """Run a measurement with a blocking client, whose steps are finished as soon as they are called."""
    import asyncio

    async def first(texts):
        generator = texts()
        found = next(generator)
        for _ in generator:
            pass
        return found

    async def every(texts):
        return sum(1 for _ in texts())

    texts = next(opened)
    try:
        return asyncio.run(measure(lambda: first(texts), lambda: every(texts)))
    finally:
        opened.close()


def measurements():
    """Every measurement by name."""
    started, cpu = time.perf_counter(), time.process_time()

    async def cold(first, every):
        del every
        await first()
        return {"wall": time.perf_counter() - started, "cpu": time.process_time() - cpu}

    async def warm(first, every):
        del every
        for _ in range(20):
            await first()
        walls, before = [], time.process_time()
        for _ in range(150):
            begun = time.perf_counter()
            await first()
            walls.append(time.perf_counter() - begun)
        return {"wall": sorted(walls)[len(walls) // 2], "cpu": (time.process_time() - before) / len(walls)}

    async def stream(first, every):
        import resource

        del first
        runs, spent = [], 0.0
        while len(runs) < 5 and spent < 3:
            before = time.process_time()
            count = await every()
            runs.append(time.process_time() - before)
            spent += runs[-1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"cpu": min(runs), "chunks": count, "rss": peak}

    return {"cold": cold, "warm": warm, "stream": stream}


def main():
    """Measure and print."""
    name, url, what = sys.argv[1:]
    if what == "whole":
        found = measure_whole(name, url)
    elif name == "ours, blocking":
        found = drive_blocking(CLIENTS[name](url), measurements()[what])
    else:
        measure = measurements()[what]
        import asyncio

        found = asyncio.run(drive(CLIENTS[name](url), measure))
    import json

    print(json.dumps(found))


if __name__ == "__main__":
    main()
