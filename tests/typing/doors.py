"""Questions from Python code as an editor sees them: checked by mypy, never run."""

from typing import Any, assert_type

from openrouter_nb import (
    Answer,
    AnswerStream,
    Chat,
    Comparison,
    OpenRouter,
    Playground,
    achat,
    acompare,
    chat,
    compare,
    history,
    stream,
)
from openrouter_nb.components import ChatResult, ChatUsage
from openrouter_nb.components.responses.result import ChatToolCall
from openrouter_nb.conversation import Citation, Media
from openrouter_nb.errors import OpenRouterError


def ask(client: OpenRouter) -> None:
    answer = chat("Hi", model="demo/parrot", system="s", client=client, replay="auto", temperature=0.2)
    assert_type(answer, Answer)
    assert_type(answer.text, str)
    assert_type(answer.reasoning, str)
    assert_type(answer.model, str | None)
    assert_type(answer.usage, ChatUsage | None)
    assert_type(answer.cost, float | None)
    assert_type(answer.result, ChatResult)
    assert_type(answer.complete, bool)
    assert_type(answer.replayed, bool)
    assert_type(answer.messages, list[dict[str, Any]])
    assert_type(answer.tool_calls, list[ChatToolCall])
    assert_type(answer.media, list[Media])
    assert_type(answer.images, list[Media])
    assert_type(answer.audio, Media | None)
    assert_type(answer.citations, list[Citation])
    chat("Hi", replay="sometimes")  # type: ignore[arg-type]


async def wait() -> None:
    assert_type(await achat("Hi"), Answer)
    assert_type(await acompare("Hi", ["a/b"]), Comparison)
    async for piece in stream("Hi"):
        assert_type(piece, str)


def pieces() -> None:
    with stream("Hi") as arriving:
        assert_type(arriving, AnswerStream)
        for piece in arriving:
            assert_type(piece, str)
    assert_type(arriving.answer, Answer)


def talk() -> None:
    conversation = Chat(model="a/b", system="s", seed=1)
    assert_type(conversation("Hi"), Answer)
    assert_type(conversation.fork(), Chat)
    assert_type(conversation.undo(), Chat)
    assert_type(conversation.retry(model="c/d"), Answer)
    assert_type(conversation.export("md"), str)
    assert_type(conversation.cost, float)


def stored() -> None:
    for row in history.conversations("tides"):
        assert_type(row, history.ConversationSummary)
        assert_type(row.cost, float | None)
        assert_type(history.export_conversation(row.id, "markdown"), str)
        Playground().open_conversation(row.id, fork=True)


def several() -> None:
    comparison = compare("Hi", ["a/b", "c/d"], temperature=0)
    assert_type(comparison["a/b"], Answer)
    assert_type(comparison.answers, dict[str, Answer])
    assert_type(comparison.errors, dict[str, OpenRouterError])
    assert_type(comparison.cost, float)
    compare("Hi", models=1)  # type: ignore[arg-type]
