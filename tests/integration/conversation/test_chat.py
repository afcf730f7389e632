"""`Chat`: a conversation in Python."""

import json

import pytest

from openrouter_nb import Chat, chat, errors


def said(body):
    return [(message["role"], message["content"]) for message in body["messages"]]


def test_it_sends_what_was_said_before(sent):
    talk = Chat(system="Be kind.", temperature=0)
    talk("One")
    talk.ask("Two", temperature=1)
    assert said(sent()[1]) == [("system", "Be kind."), ("user", "One"), ("assistant", "One"), ("user", "Two")]
    assert [body["temperature"] for body in sent()] == [0, 1]
    assert len(talk.turns) == 2
    assert talk.messages[1:3] == [{"role": "user", "content": "One"}, {"role": "assistant", "content": "One"}]
    assert talk.cost > 0


def test_a_failed_turn_leaves_no_trace_and_can_be_asked_again(sent):
    talk = Chat()
    talk("One")
    with pytest.raises(errors.BadGatewayError):
        talk("Two", model="demo/midstream-error")
    assert len(talk.turns) == 1
    assert talk.retry(model="demo/parrot").text == "Two"
    assert said(sent()[-1]) == [("user", "One"), ("assistant", "One"), ("user", "Two")]
    assert len(talk.turns) == 2


def test_a_stopped_turn_leaves_no_trace():
    talk = Chat()
    for _piece in talk.stream("one two three", extra_body={"simulator": {"chunks": 3, "pace_ms": 50}}):
        break
    assert talk.turns == ()


def test_a_retry_takes_the_place_of_the_turn_and_keeps_it_until_then(sent):
    talk = Chat()
    talk("One")
    with pytest.raises(errors.BadGatewayError):
        talk.retry(model="demo/midstream-error")
    assert talk.turns[0].answer["content"] == "One"
    talk.retry(model="demo/reasoner", seed=3)
    assert len(talk.turns) == 1
    assert talk.turns[0].answer["content"].startswith("After some simulated thought")
    assert sent()[-1]["seed"] == 3


def test_reasoning_details_go_back_unmodified(sent):
    talk = Chat(model="demo/reasoner")
    first = talk("Think")
    talk("Again")
    assert sent()[1]["messages"][1]["reasoning_details"] == first.result.choices[0].message.reasoning_details


def test_nothing_can_be_asked_again_or_taken_back_at_first():
    with pytest.raises(ValueError, match="no message"):
        Chat().retry()
    with pytest.raises(ValueError, match="no turn"):
        Chat().undo()
    talk = Chat()
    talk("One")
    with pytest.raises(ValueError, match="1 to 1"):
        talk.undo(2)
    assert talk.undo().messages == []


def test_a_fork_goes_its_own_way():
    talk = Chat(system="Be kind.", seed=1)
    talk("One")
    other = talk.fork()
    other("Two")
    talk("Three")
    assert [turn.question["content"] for turn in talk.turns] == ["One", "Three"]
    assert [turn.question["content"] for turn in other.turns] == ["One", "Two"]


def test_chat_goes_on_with_a_conversation():
    talk = Chat()
    talk("One")
    chat("Two", chat=talk)
    assert len(talk.turns) == 2


async def _both(talk):
    await talk.aask("One")
    return [piece async for piece in talk.stream("Two")]


def test_it_can_be_awaited():
    import asyncio

    talk = Chat()
    assert asyncio.run(_both(talk)) == ["Two"]
    assert len(talk.turns) == 2


@pytest.mark.parametrize(
    "call", [lambda: Chat(modle="x"), lambda: Chat()("Hi", modle="x"), lambda: Chat().retry(modle="x")]
)
def test_an_unknown_keyword_names_the_nearest(call):
    with pytest.raises(TypeError, match="Did you mean 'model'"):
        call()


def test_it_is_exported_as_text_and_as_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    talk = Chat()
    talk("One")
    assert talk.export() == talk.export("md") == "## You\n\nOne\n\n## Model\n\nOne\n"
    assert json.loads(talk.export("json")) == talk.messages
    assert "OpenRouter" in talk.export(tmp_path / "talk.py")
    assert (tmp_path / "talk.py").read_text() == talk.export("py")
    with pytest.raises(FileExistsError):
        talk.export(tmp_path / "talk.py")
    with pytest.raises(ValueError, match=r"writes md, json, py, not 'mdd'\. Did you mean 'md'"):
        talk.export("mdd")


def test_it_shows_the_conversation():
    talk = Chat(name="rivers")
    talk("One")
    assert "<strong>You</strong>" in talk._repr_mimebundle_()["text/html"]
    assert repr(talk) == "<Chat, 1 turn>"


def test_every_request_of_a_turn_with_tools_is_counted(simulator):
    def length(river: str) -> int:
        """Length of a river."""
        return len(river)

    talk = Chat(model="demo/tools", tools=[length], approve="auto")
    answer = talk("How long is the Rhine?")
    paid = sum(exchange.usage["cost"] for exchange in simulator.exchanges)
    assert len(simulator.exchanges) == 2
    assert answer.cost == talk.cost == pytest.approx(paid)
