"""The examples of OpenRouter's SDK documentation run unchanged but for the import."""

import contextlib
import json

import pytest
from support.wire import events, reply

from openrouter_nb import OpenRouter
from openrouter_nb.components import ChatResult, ChatStreamChunk

KEY = "sk-or-v1-sentinel5f1e9ac04b7"
QUESTION = [{"role": "user", "content": "Name three rivers."}]


def test_a_whole_answer_is_looped_over_as_the_example_does(simulator, capsys):
    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        res = open_router.chat.send(messages=QUESTION, model="demo/parrot", stream=False)

        with res as event_stream:
            for event in event_stream:
                # handle event
                print(event, flush=True)

    assert isinstance(res, ChatResult)
    assert list(res) == [res]
    assert "Name three rivers." in capsys.readouterr().out


def test_a_stream_is_looped_over_as_the_example_does(simulator, capsys):
    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        res = open_router.chat.send(messages=QUESTION, model="demo/parrot", stream=True)

        events = []
        with res as event_stream:
            for event in event_stream:
                # handle event
                print(event, flush=True)
                events.append(event)

    assert all(isinstance(event, ChatStreamChunk) for event in events)
    assert (
        "".join(event.choices[0].delta.content or "" for event in events if event.choices)
        == "Name three rivers."
    )
    assert "rivers" in capsys.readouterr().out


@pytest.mark.parametrize("stream", [True, False])
def test_a_stream_and_a_whole_answer_are_one_to_code_that_closes_what_it_gets(simulator, stream):
    with (
        OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router,
        open_router.chat.send(messages=QUESTION, model="demo/parrot", stream=stream) as answer,
        contextlib.suppress(StopIteration),
    ):
        while next(iter(answer)) is not answer:
            pass


def test_models_make_the_same_request_as_dicts(simulator):
    from openrouter_nb import components

    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        open_router.chat.send(
            model="demo/parrot",
            messages=[
                components.ChatSystemMessage(content="Answer in one sentence."),
                components.ChatUserMessage(
                    content=[
                        components.ChatContentText(text="What is in the picture?"),
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                    ]
                ),
            ],
            provider=components.ProviderPreferences(sort="throughput", data_collection="deny"),
            reasoning=components.ChatRequestReasoning(effort="low"),
        )
    assert simulator.requests[-1].body == {
        "model": "demo/parrot",
        "messages": [
            {"role": "system", "content": "Answer in one sentence."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is in the picture?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                ],
            },
        ],
        "provider": {"data_collection": "deny", "sort": "throughput"},
        "reasoning": {"effort": "low"},
        "stream": False,
    }
    # An answer goes back as the message that it was.
    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        answer = open_router.chat.send(model="demo/parrot", messages=QUESTION).choices[0].message
        open_router.chat.send(model="demo/parrot", messages=[*QUESTION, answer, *QUESTION])
    assert simulator.requests[-1].body["messages"][1]["content"] == "Name three rivers."


# --- all examples of the documentation

HEAD = "from openrouter_nb import OpenRouter\nimport os\n\n"
CHAT = """
with OpenRouter(
    api_key=os.getenv("OPENROUTER_API_KEY", ""),
) as open_router:

    res = open_router.chat.send(messages=[
        {
            "role": "user",
            "content": "Hello, how are you?",
        },
    ], stream=False, temperature=1, top_p=1ARGUMENTS)

    with res as event_stream:
        for event in event_stream:
            # handle event
            print(event, flush=True)
"""

# Source: github.com/OpenRouterTeam/python-sdk, README.md, README-PYPI.md and docs/sdks/chat/README.mdx, releases up to 1.3.84.
# Changed are the import, `chat.complete`, which is now `chat.send`, and what is invalid there: `event_stream` without its
# `with`, a positional argument after keywords, and `with` without a body.
EXAMPLES = {
    "docs/sdks/chat/README.mdx: send": HEAD
    + """
with OpenRouter(
    http_referer="<value>",
    x_open_router_title="<value>",
    x_open_router_categories="<value>",
    api_key=os.getenv("OPENROUTER_API_KEY", ""),
) as open_router:

    res = open_router.chat.send(messages=[
        {
            "content": "You are a helpful assistant.",
            "role": "system",
        },
        {
            "content": "What is the capital of France?",
            "role": "user",
        },
    ], stream=False)

    with res as event_stream:
        for event in event_stream:
            # handle event
            print(event, flush=True)
""",
    "README.md: SDK Usage": HEAD
    + """
with OpenRouter(
    api_key=os.getenv("OPENROUTER_API_KEY", ""),
) as open_router:

    res = open_router.chat.send(messages=[
        {
            "role": "user",
            "content": "Hello, how are you?",
        },
    ], model="anthropic/claude-4.5-sonnet", provider={
        "zdr": True,
        "sort": "price",
    }, stream=True)

    with res as event_stream:
        for event in event_stream:
            # handle event
            print(event, flush=True)
""",
    "README.md: SDK Usage, asynchronous": """
import asyncio
from openrouter_nb import OpenRouter
import os

async def main():

    async with OpenRouter(
        api_key=os.getenv("OPENROUTER_API_KEY", ""),
    ) as open_router:

        res = await open_router.chat.send_async(messages=[
        {
            "role": "user",
            "content": "Hello, how are you?",
        },
    ], model="anthropic/claude-4.5-sonnet", provider={
        "zdr": True,
        "sort": "price",
    }, stream=True)

        async with res as event_stream:
            async for event in event_stream:
                # handle event
                print(event, flush=True)

asyncio.run(main())
""",
    "README-PYPI.md: SDK Example Usage, asynchronous": """
import asyncio
from openrouter_nb import OpenRouter
import os

async def main():

    async with OpenRouter(
        api_key=os.getenv("OPENROUTER_API_KEY", ""),
    ) as open_router:

        res = await open_router.chat.send_async(messages=[
            {
                "role": "user",
                "content": "Hello, how are you?",
            },
        ], stream=False, temperature=1, top_p=1)

        async with res as event_stream:
            async for event in event_stream:
                # handle event
                print(event, flush=True)

asyncio.run(main())
""",
    "README.md: Web Search": """
from openrouter_nb import OpenRouter, components
import os


with OpenRouter(api_key=os.getenv("OPENROUTER_API_KEY", "")) as open_router:
    res = open_router.chat.send(
        model="openai/gpt-4o",
        messages=[{"role": "user", "content": "What changed in AI today?"}],
        tools=[
            components.OpenRouterWebSearchServerTool(
                type="openrouter:web_search",
                parameters=components.WebSearchConfig(
                    max_results=5,
                    search_context_size="medium",
                ),
            )
        ],
    )
    print(res)
""",
    "README.md: Debugging": """
from openrouter_nb import OpenRouter
import logging

s = OpenRouter(debug_logger=logging.getLogger("openrouter"))
print(s.chat.send(messages=[{"role": "user", "content": "Hello, how are you?"}]))
""",
    "README.md: Resource Management": HEAD
    + """
def main():

    with OpenRouter(
        http_referer="<value>",
        x_open_router_title="<value>",
        x_open_router_categories="<value>",
        api_key=os.getenv("OPENROUTER_API_KEY", ""),
    ) as open_router:
        # Rest of application here...
        print(open_router.chat.send(messages=[{"role": "user", "content": "Hello, how are you?"}]))

main()
""",
    "README-PYPI.md: Authentication": HEAD + CHAT.replace("ARGUMENTS", ""),
    "README-PYPI.md: Retries": HEAD
    + "from openrouter_nb.utils import BackoffStrategy, RetryConfig\n"
    + CHAT.replace(
        "ARGUMENTS",
        ',\n        retries=RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False)',
    ),
    "README-PYPI.md: Retries of the client": HEAD
    + "from openrouter_nb.utils import BackoffStrategy, RetryConfig\n"
    + CHAT.replace("ARGUMENTS", "").replace(
        "with OpenRouter(\n",
        'with OpenRouter(\n    retry_config=RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False),\n',
    ),
    "README-PYPI.md: Override Server URL Per-Client": HEAD
    + CHAT.replace("ARGUMENTS", "").replace(
        "with OpenRouter(\n", 'with OpenRouter(\n    server_url=os.environ["OPENROUTER_BASE_URL"],\n'
    ),
}
ERROR_HANDLING = """
from openrouter_nb import OpenRouter, errors
import os


with OpenRouter(
    api_key=os.getenv("OPENROUTER_API_KEY", ""),
) as open_router:
    res = None
    try:

        res = open_router.chat.send(messages=[
            {
                "role": "user",
                "content": "Hello, how are you?",
            },
        ], stream=False, temperature=1, top_p=1)

        with res as event_stream:
            for event in event_stream:
                # handle event
                print(event, flush=True)


    except errors.OpenRouterError as e:
        # The base class for HTTP error responses
        print(e.message)
        print(e.status_code)
        print(e.body)
        print(e.headers)
        print(e.raw_response)

        # Depending on the method different errors may be thrown
        if isinstance(e, errors.ChatError):
            print(e.data.error)  # models.Error
"""


@pytest.fixture
def answering(serve, monkeypatch):
    """A server that answers every request, as a stream if requested."""

    def answer(request):
        message = {"role": "assistant", "content": "Fine."}
        if request.body["stream"]:
            return reply(events({"choices": [{"index": 0, "delta": message, "finish_reason": "stop"}]}))
        whole = {"id": "gen-1", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        return reply(json.dumps(whole).encode(), kind="application/json")

    server = serve(answer)
    monkeypatch.setenv("OPENROUTER_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    return server


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_documentation_runs_with_the_import_changed(answering, capsys, name):
    exec(EXAMPLES[name], {})
    assert "Fine." in capsys.readouterr().out
    [request] = answering.requests
    assert request.body["messages"][-1]["role"] == "user"
    assert f"authorization: bearer {KEY}" in request.head.lower()


def test_the_example_of_error_handling_prints_every_attribute(serve, monkeypatch, capsys):
    """Source: README-PYPI.md, Error Handling."""
    body = json.dumps({"error": {"code": 401, "message": "No auth credentials found"}}).encode()
    server = serve(reply(body, status="401 Unauthorized", kind="application/json"))
    monkeypatch.setenv("OPENROUTER_BASE_URL", server.base_url)
    exec(ERROR_HANDLING, {})
    message, status, printed, headers, response, error = capsys.readouterr().out.splitlines()
    assert (message, status) == ("No auth credentials found", "401")
    assert json.loads(printed) == json.loads(body)
    assert "application/json" in headers
    assert response == "<Response [401 Unauthorized]>"
    assert "No auth credentials found" in error
