"""The programs that the client benchmarks compare: each client reads one answer, streamed or not.

Libraries are imported inside the functions, because the import is part of the measurement.
"""

BODY = {"model": "openai/gpt-5-mini", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
MODEL, MESSAGES = BODY["model"], BODY["messages"]


def every_attribute(chunk):
    """Read the fields of a chunk at every depth, and return its text."""
    text = None
    for choice in chunk.choices:
        delta = choice.delta
        text = delta.content
        for detail in delta.reasoning_details or ():
            _ = detail.text
        for call in delta.tool_calls or ():
            _ = call.function.name, call.function.arguments
        if choice.logprobs:
            for token in choice.logprobs.content or ():
                _ = token.token, token.logprob, [(top.token, top.logprob) for top in token.top_logprobs]
    if chunk.usage:
        _ = chunk.usage.total_tokens, chunk.usage.cost_details.upstream_inference_prompt_cost
    return text


def every_key(chunk):
    """Read the same fields of a parsed chunk."""
    text = None
    for choice in chunk["choices"]:
        delta = choice["delta"]
        text = delta.get("content")
        for detail in delta.get("reasoning_details") or ():
            _ = detail.get("text")
        for call in delta.get("tool_calls") or ():
            _ = call["function"].get("name"), call["function"].get("arguments")
        if choice.get("logprobs"):
            for token in choice["logprobs"].get("content") or ():
                _ = (
                    token["token"],
                    token["logprob"],
                    [(top["token"], top["logprob"]) for top in token["top_logprobs"]],
                )
    if chunk.get("usage"):
        _ = chunk["usage"]["total_tokens"], chunk["usage"]["cost_details"]["upstream_inference_prompt_cost"]
    return text


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


async def deep_ours(url):
    from openrouter_nb import OpenRouter

    async with OpenRouter(api_key="sk-or-x", server_url=url) as client:

        async def texts():
            async with await client.chat.send_async(model=MODEL, messages=MESSAGES, stream=True) as stream:
                async for chunk in stream:
                    yield every_attribute(chunk)

        yield texts


async def deep_sdk(url):
    from openrouter import OpenRouter

    async with OpenRouter(api_key="sk-or-x", server_url=url) as client:

        async def texts():
            async with await client.chat.send_async(model=MODEL, messages=MESSAGES, stream=True) as stream:
                async for chunk in stream:
                    yield every_attribute(chunk)

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


async def deep_json(url):
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
                            yield every_key(from_json(event[6:]))

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
    "ours, every field": deep_ours,
    "openrouter, every field": deep_sdk,
    "bytes + from_json, every field": deep_json,
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
