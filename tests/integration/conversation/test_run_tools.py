"""Tools and types of answers from Python: `run_tools`, `chat`, `Chat`, `stream`."""

import asyncio
import json
import threading
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from openrouter_nb import (
    Chat,
    Limits,
    Respond,
    RunWith,
    WrongAnswerError,
    achat,
    chat,
    run_tools,
    run_tools_async,
    stream,
    tool,
)
from openrouter_nb.tools.terminal_approval import TerminalApprover
from openrouter_nb.tools.tool_call import Refuse, Run, ToolCall
from openrouter_nb.tools.tool_call import Respond as Answered


@pytest.fixture(autouse=True)
def _server(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    monkeypatch.setenv("OPENROUTER_NB_MODEL", "demo/tools")


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


@tool(approve="auto")
def multiply(a: int, b: int) -> int:
    "Multiply."
    return a * b


def weather(city: str) -> str:
    "Weather."
    return f"sunny in {city}"


def test_the_answer_has_its_calls_and_the_whole_conversation(simulator):
    answer = run_tools("What is 6 times 7?", multiply)
    assert "42" in answer.text
    assert [(call.name, call.arguments, call.value) for call in answer.calls] == [
        ("multiply", {"a": 6, "b": 7}, 42)
    ]
    assert [message["role"] for message in answer.messages] == ["user", "assistant", "tool", "assistant"]
    assert answer.messages[:-1] == sent(simulator)[1]["messages"]
    assert answer.complete
    bundle, _ = answer._repr_mimebundle_()
    assert "multiply · ran in" in bundle["text/plain"]


def test_the_picture_that_a_tool_returned_is_sent_and_saved(simulator):
    @tool(approve="auto")
    def plot(colour: Literal["red"]) -> Any:
        from PIL import Image

        return Image.new("RGB", (4, 4), colour)

    answer = run_tools("Plot it", plot)
    (_, sent_picture) = sent(simulator)[1]["messages"][-1]["content"]
    bundle, _ = answer._repr_mimebundle_()
    assert f'<img src="{sent_picture["image_url"]["url"]}"' in bundle["text/html"]
    assert "[image_url]" not in bundle["text/plain"].partition("The tools answered")[0]


def test_messages_go_on_and_events_are_heard(simulator):
    events = []
    answer = run_tools(
        [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "6 times 7?"}],
        [multiply],
        on_event=events.append,
    )
    assert sent(simulator)[0]["messages"][0] == {"role": "system", "content": "Be brief."}
    assert answer.messages[-1]["role"] == "assistant"
    names = [type(event).__name__ for event in events]
    assert names[0] == "RequestStarted"
    assert names[-1] == "RunFinished"
    assert "ToolCallsRequested" in names


def test_asynchronously_coroutines_run_on_the_callers_loop():
    async def body():
        here = threading.current_thread()
        where = []

        @tool(approve="auto")
        async def add(a: int, b: int) -> int:
            "Add."
            where.append(threading.current_thread())
            return a + b

        answer = await run_tools_async("1 and 2", [add])
        assert where == [here]
        return answer.calls[0].value

    assert asyncio.run(body()) == 3


def test_a_callers_function_decides_on_the_callers_thread():
    seen = []

    def approve(call):
        seen.append((call.name, threading.current_thread()))
        return RunWith({"city": "Rome"})

    answer = run_tools("in Lyon", weather, approve=approve)
    assert seen == [("weather", threading.main_thread())]
    assert "sunny in Rome" in answer.text


def test_auto_runs_all_but_what_insists_on_being_asked(monkeypatch):
    asked = []
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or "n")
    answer = run_tools(
        "in parallel, Lyon", [weather, tool(weather, name="other", approve="ask")], approve="auto"
    )
    assert {call.name: call.status for call in answer.calls} == {"weather": "done", "other": "refused"}
    assert len(asked) == 1


def test_without_anybody_to_ask_nothing_is_called():
    answer = run_tools("in Lyon", weather)
    assert [call.status for call in answer.calls] == ["refused"]
    assert "no user can be asked" in answer.text


def test_input_asks_where_it_reaches_somebody(monkeypatch):
    prompts = []

    def type_r(prompt=""):
        prompts.append((prompt, threading.current_thread()))
        return "r"

    monkeypatch.setattr("builtins.input", type_r)
    assert "sunny in Lyon" in run_tools("in Lyon", weather).text
    ((prompt, thread),) = prompts
    assert "weather(city: str) -> str" in prompt
    assert '"city": "Lyon"' in prompt
    assert thread is threading.main_thread()


@pytest.mark.parametrize(
    ("lines", "decision"),
    [
        (["r"], Run()),
        (["Yes"], Run()),
        (["a", "It rains"], Answered("It rains")),
        (["e", "[]", '{"city": 1}', '{"city": "Rome"}'], RunWith('{"city": "Rome"}')),
        (["e", ""], Refuse()),
        (["n"], Refuse()),
        ([""], Refuse()),
        ([], "refused"),
    ],
)
def test_what_is_typed_is_the_decision(lines, decision):
    typed = iter(lines)

    def read(_prompt):
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    call = ToolCall("1", "weather", '{"city": "Lyon"}', tool(weather))
    found = asyncio.run(TerminalApprover(read)(call))
    if decision == "refused":
        assert "no user" in found.reason
    else:
        assert found == decision


def test_the_question_names_the_model_where_it_is_known():
    asked = []

    def read(prompt):
        asked.append(prompt)
        return "n"

    call = ToolCall("1", "weather", '{"city": "Lyon"}', tool(weather))
    asyncio.run(TerminalApprover(read)(call, "demo/tools"))
    asyncio.run(TerminalApprover(read)(call))
    assert [prompt.partition("\n")[0] for prompt in asked] == [
        "demo/tools wants to call",
        "The model wants to call",
    ]


def test_a_conversation_remembers_calls_and_results(simulator):
    talk = Chat(tools=[multiply])
    assert "42" in talk("6 times 7?").text
    talk("And hello", model="demo/parrot")
    roles = [message["role"] for message in sent(simulator)[-1]["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]
    assert sent(simulator)[-1]["tools"][0]["function"]["name"] == "multiply"
    assert "tool_calls" in talk.export("py")
    assert len(talk.turns) == 2


def test_tools_that_were_called_are_named_where_no_other_tools_are(simulator):
    talk = Chat(model="demo/parrot")
    talk("6 times 7?", model="demo/tools", tools=[multiply])
    talk("And hello")
    talk("And again", tools=[weather])
    talk.fork()("Once more", tools=None)
    named = [[each["function"]["name"] for each in body.get("tools", ())] for body in sent(simulator)]
    assert named == [["multiply"], ["multiply"], ["multiply"], ["weather"], ["multiply"]]
    assert [body.get("tool_choice") for body in sent(simulator)] == [None, None, "none", None, "none"]


def test_the_text_of_all_rounds_streams(simulator):
    pieces = stream("6 times 7?", tools=[multiply])
    assert "".join(pieces) == pieces.answer.text
    assert len(sent(simulator)) == 2


def test_leaving_the_loop_stops_the_call_that_runs(simulator):
    ended = threading.Event()

    @tool(approve="auto")
    def endless() -> str:
        import time

        try:
            while True:
                time.sleep(0.001)
        finally:
            ended.set()

    def hear(event):
        if getattr(getattr(event, "call", None), "status", "") == "running":
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        run_tools("Go", endless, on_event=hear)
    assert ended.wait(30)
    assert len(sent(simulator)) == 1


def test_a_limit_is_said_and_nothing_is_remembered(simulator):
    talk = Chat(model="demo/tools-endless", tools=[multiply], limits=Limits(rounds=3))
    answer = talk("1 and 2")
    assert (answer.complete, answer.stopped_by) == (False, "rounds")
    assert len(sent(simulator)) == 3
    assert talk.turns == ()


def test_definitions_without_functions_are_the_callers_own_to_answer(simulator):
    definition = tool(weather).definition
    answer = chat("in Lyon", tools=[definition])
    assert answer.tool_calls[0].function.name == "weather"
    assert len(sent(simulator)) == 1


@dataclass
class City:
    name: str
    population: int
    rivers: list[str]


def test_a_type_makes_the_answer_an_object_sync_and_async():
    expected = City("simulated", 42, ["simulated"])
    assert chat("A city", model="demo/structured", schema=City).parsed == expected
    assert asyncio.run(achat("A city", model="demo/structured", schema=City)).parsed == expected


def test_an_object_can_be_watched_while_it_is_written():
    slowly = {"simulator": {"pace_ms": 30}}
    pieces = stream("A city", model="demo/structured", schema=City, extra_body=slowly)
    seen = [pieces.partial for _ in pieces]
    assert seen[-1] == {"name": "simulated", "population": 42, "rivers": ["simulated"]}
    assert any(value != seen[-1] for value in seen)
    assert all(set(value) <= {"name", "population", "rivers"} for value in seen if value)
    assert pieces.answer.parsed == City("simulated", 42, ["simulated"])


def test_in_the_background_nobody_is_asked(monkeypatch):
    from openrouter_nb.client import background_loop

    monkeypatch.setattr("builtins.input", lambda _prompt: pytest.fail("asked"))
    answer = background_loop.submit(run_tools_async, "in Lyon", weather).result(30)
    assert [call.status for call in answer.calls] == ["refused"]


def test_a_wrong_object_raises_and_can_be_put_right(simulator):
    with pytest.raises(WrongAnswerError) as caught:
        chat("A city", model="demo/structured-wrong", schema=City)
    assert [problem.path for problem in caught.value.problems] == ["population", "rivers"]
    assert json.loads(caught.value.answer.text)["name"] == "wrong"
    assert "population" in caught.value.answer._repr_mimebundle_()[0]["text/plain"]
    answer = chat("A city", model="demo/structured-wrong", schema=City, repairs=1)
    assert answer.parsed == City("simulated", 42, ["simulated"])
    assert len(sent(simulator)) == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"approve": "always"}, "'ask', 'auto' or a function"),
        ({"limits": 3}, "Limits(rounds="),
        ({"repairs": True}, "whole number"),
        ({"schema": 3}, "no form in JSON"),
        ({"scheme": City}, "Did you mean 'schema'?"),
        ({"tools": "web_serch"}, "Did you mean 'web_search'?"),
    ],
)
def test_wrong_keywords_are_refused_before_anything_is_sent(simulator, options, words):
    with pytest.raises(TypeError) as caught:
        chat("Hi", **options)
    assert words in str(caught.value)
    assert sent(simulator) == []


def test_answering_by_hand_needs_no_function(simulator):
    assert "It snows" in run_tools("in Lyon", weather, approve=lambda _call: Respond("It snows")).text
    assert sent(simulator)[1]["messages"][-1]["content"] == "It snows"
