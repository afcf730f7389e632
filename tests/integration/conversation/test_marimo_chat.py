"""`chat_model`: what a model for `mo.ui.chat` sends and yields. tests/e2e/test_other_frontends.py has it in marimo's page."""

import asyncio
import base64

import pytest
from marimo import ai

from openrouter_nb import OpenRouter
from openrouter_nb.marimo import chat_model

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# What marimo passes while its controls are hidden.
CONFIG = ai.ChatModelConfig(
    max_tokens=4096, temperature=0.5, top_p=1.0, top_k=40, frequency_penalty=0.0, presence_penalty=0.0
)
HELLO = [ai.ChatMessage(role="user", content="Hello")]


def data_url(media_type, data):
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def file_part(media_type, data, name):
    return {"type": "file", "media_type": media_type, "url": data_url(media_type, data), "filename": name}


@pytest.fixture
def answers(simulator):
    """Returns what a model yields: `answers(messages, model="demo/parrot")`."""

    def ask(messages, model="demo/parrot", config=CONFIG, **keywords):
        async def collect():
            async with OpenRouter(
                "sk-or-v1-test", server_url=simulator.base_url, retry_config=None
            ) as client:
                answer = chat_model(model, client=client, **keywords)
                return [piece async for piece in answer(messages, config)]

        return asyncio.run(collect())

    return ask


def sent(simulator):
    (request,) = [each.body for each in simulator.requests if each.path.endswith("completions")]
    return request


def test_the_conversation_of_marimo_is_sent_and_its_controls_are_not(answers, simulator):
    messages = [
        ai.ChatMessage(role="user", content="One", parts=[{"type": "text", "text": "One"}]),
        ai.ChatMessage(role="assistant", content="Two"),
        ai.ChatMessage(role="user", content=None, parts=[{"type": "text", "text": "Three"}]),
    ]
    pieces = answers(messages, system="Be brief.", temperature=0.2)
    assert "".join(pieces) == "Three"
    assert sent(simulator) == {
        "model": "demo/parrot",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "One"},
            {"role": "assistant", "content": "Two"},
            {"role": "user", "content": "Three"},
        ],
        "stream": True,
        "temperature": 0.2,
    }


def test_the_controls_are_sent_where_they_are_used(answers, simulator):
    config = ai.ChatModelConfig(max_tokens=50, temperature=0.0, top_k=None)
    answers(HELLO, config=config, use_controls=True)
    request = sent(simulator)
    assert {name: request[name] for name in request.keys() - {"model", "messages", "stream"}} == {
        "max_tokens": 50,
        "temperature": 0.0,
    }
    with pytest.raises(ValueError, match="temperature: set by the controls"):
        chat_model("demo/parrot", use_controls=True, temperature=0.2)


def test_files_become_parts_of_their_kind(answers, simulator):
    files = [
        file_part("image/png", PIXEL, "a.png"),
        file_part("application/pdf", b"%PDF-1.4", "b.pdf"),
        file_part("text/csv", "x,y\n1,ä".encode(), "c.csv"),
    ]
    text = {"type": "text", "text": "Look"}
    answers([ai.ChatMessage(role="user", content="Look", parts=[text, *files])])
    (message,) = sent(simulator)["messages"]
    assert message["content"][:3] == [
        text,
        {"type": "image_url", "image_url": {"url": data_url("image/png", PIXEL)}},
        {
            "type": "file",
            "file": {"filename": "b.pdf", "file_data": data_url("application/pdf", b"%PDF-1.4")},
        },
    ]
    assert 'name="c.csv"' in message["content"][3]["text"]
    assert "1,ä" in message["content"][3]["text"]


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,x",
        "data:text/plain;base64,!!!!",
        data_url("application/zip", b"PK\x03\xff"),
        "secret.txt",
        "file:///etc/hostname",
        "data:text/plain",
    ],
)
def test_a_file_that_cannot_be_sent_is_an_error_and_nothing_is_sent(
    answers, simulator, url, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("Only for the owner of the app.")
    part = {"type": "file", "media_type": "image/png", "url": url, "filename": "a.png"}
    (chunk,) = answers([ai.ChatMessage(role="user", content="Look", parts=[part])])
    assert chunk["type"] == "error"
    assert "a.png" in chunk["errorText"]
    assert simulator.requests == []


def test_the_reasoning_comes_before_the_text(answers):
    chunks = answers(HELLO, "demo/reasoner")
    assert [chunk["type"] for chunk in chunks[:3]] == ["reasoning-start", "reasoning-delta", "reasoning-end"]
    assert "simulated" in chunks[1]["delta"]
    assert "".join(chunks[3:]).startswith("After some simulated thought")


def test_images_and_sources_come_after_the_text(answers):
    image = answers(HELLO, "demo/images")[-1]
    assert image["type"] == "file"
    assert image["url"].startswith("data:image/png;base64,")
    sources = [chunk for chunk in answers(HELLO, "demo/citations") if isinstance(chunk, dict)]
    assert [(chunk["type"], chunk["url"], chunk["title"]) for chunk in sources] == [
        ("source-url", "https://example.org/a", "A simulated source"),
        ("source-url", "https://example.com/b", "Another"),
    ]


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("demo/tools", "The answer is empty. Finish reason: tool_calls."),
        ("demo/length", "The answer is incomplete. Finish reason: length."),
        ("demo/content-filter", "The answer is incomplete. Finish reason: content_filter."),
    ],
)
def test_an_empty_or_incomplete_answer_says_so(answers, model, text):
    # A definition without a function: the call is returned.
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    keywords = {"tools": tools} if model == "demo/tools" else {}
    assert answers(HELLO, model, **keywords)[-1] == {"type": "error", "errorText": text}


@pytest.mark.parametrize(
    ("model", "title"),
    [
        ("demo/error-402", "Not enough credits"),
        ("demo/midstream-error", "The provider failed"),
        ("demo/none", "No such model"),
    ],
)
def test_an_error_is_the_text_of_its_banner(answers, model, title):
    *before, chunk = answers(HELLO, model)
    assert chunk["type"] == "error"
    assert chunk["errorText"].startswith(f"✗ {title}")
    assert chunk["errorText"].count("\n") >= 1
    assert "not added" not in chunk["errorText"]  # marimo adds it
    assert all(isinstance(piece, str) for piece in before)


def test_leaving_the_answer_closes_its_request(simulator):
    async def leave():
        async with OpenRouter("sk-or-v1-test", server_url=simulator.base_url) as client:
            answer = chat_model("demo/stall", client=client)(HELLO, CONFIG)
            await anext(answer)
            await answer.aclose()
            await asyncio.to_thread(simulator.wait_for_close)

    asyncio.run(leave())
    assert simulator.exchanges[-1].outcome == "client gone"


def test_a_wrong_keyword_is_refused_at_once():
    with pytest.raises(TypeError, match="temperature"):
        chat_model("demo/parrot", temprature=1)
    with pytest.raises(TypeError, match="client"):
        chat_model("demo/parrot", client="key")
