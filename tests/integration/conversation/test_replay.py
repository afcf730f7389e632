"""Replay: what was asked before is answered from a file, as it was answered then."""

import asyncio
import json

import pytest

from openrouter_nb import Chat, OpenRouter, chat, compare, errors, stream, tool
from openrouter_nb.replay.client import ReplayChat
from openrouter_nb.replay.file import ReplayFile
from openrouter_nb.simulator.scripts import SCRIPTS

WHOLE = [
    slug
    for slug in SCRIPTS
    if not any(word in slug for word in ("error", "stall", "cut", "reset", "truncated", "bad-json", "html"))
    and slug not in ("demo/redirect", "demo/empty-choices", "demo/slow", "demo/thinking-long", "demo/huge")
]
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def lines(folder):
    text = (folder / "notebook.openrouter.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_the_second_time_nothing_is_sent_and_nothing_paid(sent, folder):
    first = chat("Hello", replay="auto")
    second = chat("Hello", replay="auto")
    assert len(sent()) == 1
    assert (first.replayed, second.replayed) == (False, True)
    assert second.result == first.result
    assert second._repr_mimebundle_() == first._repr_mimebundle_()
    (line,) = lines(folder)
    assert line["request"] == {"messages": [{"content": "Hello", "role": "user"}], "model": "demo/parrot"}
    assert line["answer"]["choices"][0]["message"]["content"] == "Hello"


def test_live_neither_reads_nor_writes(sent, folder):
    chat("Hello", replay="auto")
    assert not chat("Hello", replay="live").replayed
    assert not chat("Hello").replayed
    assert len(sent()) == 3
    assert len(lines(folder)) == 1


def test_only_never_sends_and_says_what_is_different(sent):
    with pytest.raises(errors.ReplayMissError, match=r"notebook\.openrouter\.jsonl has no recordings\.$"):
        chat("Hello", replay="only")
    chat("Hello", replay="auto", seed=1)
    with pytest.raises(errors.ReplayMissError, match="nothing was sent") as caught:
        chat("Hello", replay="only", seed=2)
    assert caught.value.differences == ("seed: 1 → 2",)
    assert str(caught.value).endswith("The nearest recording differs:\n  seed: 1 → 2")
    assert chat("Hello", replay="only", seed=1).text == "Hello"
    assert len(sent()) == 1


def test_only_needs_neither_key_nor_server(monkeypatch):
    chat("Hello", replay="auto")
    monkeypatch.setenv("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1")
    monkeypatch.setenv("OPENROUTER_NB_REPLAY", "only")
    assert chat("Hello").text == "Hello"


@pytest.mark.parametrize("model", WHOLE)
def test_every_answer_comes_back_as_it_was(model):
    parameters = {"logprobs": True, "top_logprobs": 2} if model == "demo/logprobs" else {}
    parameters |= {"tools": [TOOL]} if model == "demo/tools" else {}
    first = chat("parallel", model=model, replay="auto", **parameters)
    second = chat("parallel", model=model, replay="only", **parameters)
    assert second.result.model_dump() == first.result.model_dump()
    assert second.messages == first.messages


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    "model",
    [
        "demo/midstream-error",
        "demo/error-402",
        "demo/error-429",
        "demo/finish-error-native",
        "demo/error-in-200",
    ],
)
def test_an_error_of_the_service_is_sent_again_by_auto_and_given_again_by_only(sent, folder, model, streams):
    with OpenRouter() as open_router:
        file = ReplayFile(folder / "a.openrouter.jsonl")

        def send(mode):
            answer = ReplayChat(open_router, mode, file).send(
                model=model, messages=[{"role": "user", "content": "Hi"}], stream=streams
            )
            if streams:
                with answer as events:
                    list(events)

        def fail(mode):
            with pytest.raises(errors.OpenRouterError) as caught:
                send(mode)
            return caught.value

        kept = [fail(mode) for mode in ("auto", "auto", "only")]
    facts = [
        (
            type(error),
            str(error),
            error.retry_after,
            error.generation_id,
            error.partial and error.partial.text,
        )
        for error in kept
    ]
    assert facts[2] == facts[1]
    assert len(kept[2].attempts) == len(kept[1].attempts)
    assert len(sent()) == 2 * (1 + len(kept[0].attempts))


@pytest.mark.parametrize("model", ["demo/truncated", "demo/reset", "demo/error-502-html"])
def test_a_failure_of_the_connection_is_never_kept(folder, model):
    with pytest.raises(errors.OpenRouterError):
        chat("Hello", model=model, replay="auto", retries=None)
    assert not list(folder.iterdir())


def test_what_was_stopped_is_never_kept(folder):
    for _piece in stream("a b c", replay="auto", extra_body={"simulator": {"chunks": 3, "pace_ms": 50}}):
        break
    assert not list(folder.iterdir())


def test_an_answer_that_was_not_streamed_serves_both_ways(simulator, folder):
    request = {"model": "demo/parrot", "messages": [{"role": "user", "content": "Hello"}]}
    file = ReplayFile(folder / "a.openrouter.jsonl")
    with OpenRouter() as open_router:
        first = ReplayChat(open_router, "auto", file).send(**request)
        assert ReplayChat(open_router, "only", file).send(**request) == first
        with ReplayChat(open_router, "only", file).send(**request, stream=True) as events:
            assert "".join(event.choices[0].delta.content or "" for event in events) == "Hello"
    assert len(simulator.exchanges) == 1


def test_a_whole_conversation_is_replayed(sent):
    for _ in range(2):
        talk = Chat(replay="auto", system="Be kind.")
        talk("One")
        talk("Two")
    assert len(sent()) == 2
    assert len(talk.turns) == 2
    assert talk.cost == 0


def test_a_loop_of_calls_is_replayed_request_by_request_and_only_what_was_sent_is_paid(sent):
    degrees = [21]

    @tool(approve="auto")
    def weather(city: str) -> int:
        return degrees[0] if city else 0

    def ask(mode="auto"):
        talk = Chat(model="demo/tools", tools=[weather], replay=mode)
        return talk("Warm in Lyon?"), talk.cost

    first, paid = ask()
    assert (len(sent()), first.replayed) == (2, False)
    assert paid == pytest.approx(first.cost)
    again, nothing = ask("only")
    assert (len(sent()), again.replayed, nothing) == (2, True, 0)
    assert (again.text, again.messages, again.cost) == (first.text, first.messages, first.cost)

    # The function runs again. If it returns something else, the next request is new.
    degrees[0] = 22
    with pytest.raises(errors.ReplayMissError, match=r"messages\[2\].content: 21 → 22"):
        ask("only")
    partly, some = ask()
    assert (len(sent()), partly.replayed) == (3, False)
    assert 0 < some == pytest.approx(partly.result.usage.cost - partly.earlier[0].usage.cost)


def test_a_comparison_is_replayed_where_it_can_be(sent):
    for _ in range(2):
        both = compare(
            "Hello", ["demo/parrot", "demo/error-402", "demo/reasoner"], replay="auto", retries=None
        )
    assert both["demo/parrot"].replayed
    assert both.cost == 0
    assert [body["model"] for body in sent()].count("demo/error-402") == 2
    assert len(sent()) == 4


def test_what_is_not_kept_for_its_key_is_said(folder):
    answer = chat("My key: sk-or-v1-0123456789abcdef", replay="auto")
    assert (
        "not recorded: it contains something like an API key" in answer._repr_mimebundle_()[0]["text/plain"]
    )
    assert not list(folder.iterdir())


def test_lines_that_cannot_be_read_are_said(folder):
    (folder / "notebook.openrouter.jsonl").write_text("half a li", encoding="utf-8")
    assert "1 line of the replay file cannot be read" in str(chat("Hi", replay="auto")._repr_mimebundle_())
    assert chat("Hi", replay="auto").replayed


def test_a_replayed_answer_can_be_awaited_and_gone_through():
    chat("one two", replay="auto")

    async def cell():
        return [piece async for piece in stream("one two", replay="only")]

    assert asyncio.run(cell()) == ["one two"]
    with pytest.raises(errors.ConfigurationError, match="Did you mean 'only'"):
        stream("Hi", replay="onyl")
