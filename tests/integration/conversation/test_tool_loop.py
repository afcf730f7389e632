"""The loop over a real server: what is called, what is not, what goes back, and where it ends."""

import asyncio
import json
import threading
from typing import Literal

import pytest
from pydantic import BaseModel

from openrouter_nb import OpenRouter
from openrouter_nb.components import ChatResult
from openrouter_nb.conversation.agent.events import (
    ChunksReceived,
    LimitReached,
    OutputInvalid,
    RequestStarted,
    ResponseStarted,
    RunFinished,
    ToolCallsRequested,
    ToolCallUpdated,
)
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.agent.tool_loop import LoopRequest, ToolLoop
from openrouter_nb.conversation.answer_events import TextDelta
from openrouter_nb.output import OutputSchema
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.tools import Toolset, tool
from openrouter_nb.tools.approval import approve_auto, deny_all
from openrouter_nb.tools.tool_call import Refuse, Respond, Run, RunWith


class Functions:
    """Functions that note how they were called."""

    def __init__(self):
        self.seen = []

    def weather(self, city: str, unit: Literal["C", "F"] = "C") -> dict:
        """Weather of a city."""
        self.seen.append(("weather", city, unit))
        return {"city": city, "degrees": 21}

    async def multiply(self, a: int, b: int) -> int:
        """Multiply."""
        self.seen.append(("multiply", a, b))
        return a * b


@pytest.fixture
def functions():
    return Functions()


@pytest.fixture
def ask(simulator):
    """Run a loop to its end; the loop, with `.events`."""

    def run(model, prompt, tools=None, *, stop_at=None, **options):
        request = {"model": model, "messages": [{"role": "user", "content": prompt}]}
        request |= options.pop("request", {})

        async def body():
            async with OpenRouter(server_url=simulator.base_url, retry_config=None) as client:
                loop = ToolLoop(client.chat.send_async, request, Toolset.of(tools), **options)
                loop.events = []
                task = asyncio.ensure_future(loop.run(lambda event: heard(loop, task, event)))
                try:
                    await task
                except asyncio.CancelledError:
                    loop.was_stopped = True
                return loop

        def heard(loop, task, event):
            loop.events.append(event)
            if stop_at is not None and stop_at(event):
                task.cancel()

        return asyncio.run(body())

    return run


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


def kinds(loop, kind):
    return [event for event in loop.events if isinstance(event, kind)]


def test_a_call_is_made_and_its_result_goes_back(ask, functions, simulator):
    loop = ask("demo/tools", "How warm is it in Lyon?", [functions.weather], approve=approve_auto)
    assert functions.seen == [("weather", "Lyon", "C")]
    first, second = sent(simulator)
    assert first["tools"] == second["tools"] == [tool(functions.weather).definition]
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "tool"]
    asked, result = second["messages"][1:]
    assert asked["content"] is None
    assert asked["tool_calls"] == [
        {
            "id": "call_simulated_0",
            "type": "function",
            "function": {"name": "weather", "arguments": '{"city": "Lyon", "unit": "C"}'},
        }
    ]
    assert result == {
        "role": "tool",
        "tool_call_id": "call_simulated_0",
        "content": '{"city":"Lyon","degrees":21}',
    }
    assert "degrees" in loop.result.text
    assert loop.new_messages == second["messages"][1:]
    assert len(loop.responses) == 2
    assert loop.total.usage.cost == loop.cost == sum(result.usage.cost for result in loop.responses)
    assert loop.total.text == loop.result.text
    assert isinstance(loop.events[-1], RunFinished)


def test_nothing_runs_without_approval(ask, functions):
    loop = ask("demo/tools", "Weather in Lyon?", [functions.weather])
    assert functions.seen == []
    assert [call.status for call in loop.calls] == ["refused"]
    assert "no user can be asked" in loop.result.text
    assert isinstance(loop.events[-1], RunFinished)


def test_only_a_function_marked_auto_runs_unasked(ask, functions):
    asked = []

    def approve(call):
        asked.append(call.name)
        return False

    ask(
        "demo/tools",
        "parallel, 6",
        [tool(functions.weather, approve="auto"), functions.multiply],
        approve=approve,
    )
    assert functions.seen == [("weather", "simulated", "C")]
    assert asked == ["multiply"]


def test_a_function_marked_ask_is_not_run_where_all_else_is(ask, functions):
    ask("demo/tools", "Lyon", [tool(functions.weather, approve="ask")], approve=approve_auto)
    assert functions.seen == []


@pytest.mark.parametrize(
    "case",
    [
        (Run(), "done", "21", [("weather", "Lyon", "C")]),
        (True, "done", "21", [("weather", "Lyon", "C")]),
        (RunWith({"city": "Paris"}), "done", "changed the arguments to", [("weather", "Paris", "C")]),
        (RunWith('{"city": "Rome", "unit": "F"}'), "done", "Rome", [("weather", "Rome", "F")]),
        (Respond("It snows."), "answered", "It snows.", []),
        (Refuse("Too dear."), "refused", "refused this call. Too dear.", []),
        (False, "refused", "refused this call.", []),
    ],
)
def test_whoever_is_asked_decides(ask, functions, case):
    decision, status, words, seen = case

    async def approve(call):
        assert call.status == "waiting"
        assert call.signature == "weather(city: str, unit: Literal['C', 'F'] = 'C') -> dict"
        assert json.loads(call.arguments_text) == {"city": "Lyon", "unit": "C"}
        return decision

    loop = ask("demo/tools", "Weather in Lyon?", [functions.weather], approve=approve)
    assert [call.status for call in loop.calls] == [status]
    assert words in loop.calls[0].text
    assert words in loop.result.text
    assert functions.seen == seen


def test_a_decision_may_come_later_from_another_thread_and_wrong_arguments_are_not_one(ask, functions):
    problems = []

    def decide(call):
        try:
            call.decide(RunWith({"town": "Lyon"}))
        except WrongValueError as error:
            problems.append(str(error))
        call.decide(Run())
        call.decide(Refuse())

    def approve_later(event):
        if isinstance(event, ToolCallUpdated) and event.call.status == "waiting":
            threading.Thread(target=decide, args=(event.call,)).start()
        return False

    loop = ask("demo/tools", "Weather in Lyon?", [functions.weather], approve=None, stop_at=approve_later)
    assert [call.status for call in loop.calls] == ["done"]
    assert functions.seen == [("weather", "Lyon", "C")]
    assert "city: is missing" in problems[0]


def test_parallel_calls_run_side_by_side_and_answer_in_their_order(ask):
    barrier = threading.Barrier(2, timeout=30)

    def one() -> str:
        barrier.wait()
        return "first"

    def two() -> str:
        barrier.wait()
        return "second"

    loop = ask("demo/tools", "parallel", [one, two], approve=approve_auto)
    assert [message["content"] for message in loop.new_messages[1:]] == ["first", "second"]


def test_calls_that_share_an_index_are_told_apart(ask, functions):
    loop = ask(
        "demo/tools-one-index",
        "6 times 7, in Lyon",
        [functions.multiply, functions.weather],
        approve=approve_auto,
    )
    assert sorted(functions.seen) == [("multiply", 6, 7), ("weather", "Lyon", "C")]
    assert [call.status for call in loop.calls] == ["done", "done"]


MALFORMED = [
    '{"a": 1, "b": 2',
    "{'a': 1, 'b': 2}",
    "[1, 2]",
    '"1, 2"',
    "null",
    '{"a": 1, "a": 2, "b": 2}',
    '{"a": 1, "b": NaN}',
    '{"a": 1, "b": 2, "c": 3}',
    '{"a": 1}',
    '{"a": "1", "b": 2}',
    '{"a": 1.5, "b": 2}',
    '{"a": 1, "b": ' + "[" * 40 + "]" * 40 + "}",
]


def test_twelve_malformed_sets_of_arguments_are_answered_and_never_run(ask, functions, simulator):
    never = []
    for arguments in MALFORMED:
        loop = ask(
            "demo/tools-wrong",
            "Go",
            [tool(functions.multiply, approve="auto")],
            approve=never.append,
            request={"extra_body": {"simulator": {"text": arguments}}},
        )
        assert [call.status for call in loop.calls] == ["invalid"], arguments
        assert "Not run: the arguments are wrong" in loop.result.text
        back = sent(simulator)[-1]["messages"][1]["tool_calls"][0]["function"]
        assert back["arguments"] == arguments
    assert functions.seen == []
    assert never == []


def test_cut_arguments_are_answered_and_never_run(ask, functions):
    loop = ask("demo/tools-cut", "6 and 7", [tool(functions.multiply, approve="auto")])
    assert functions.seen == []
    assert [call.status for call in loop.calls] == ["invalid"]


@pytest.mark.parametrize("name", ["exec", "os.system", "__import__", "weather2", "multiply.__call__", ""])
def test_what_is_not_registered_is_never_called(ask, functions, name):
    loop = ask(
        "demo/tools-unknown",
        "Go",
        [tool(functions.weather, approve="auto"), tool(functions.multiply, approve="auto")],
        approve=approve_auto,
        request={"extra_body": {"simulator": {"text": name or None}}},
    )
    assert functions.seen == []
    assert [call.status for call in loop.calls] == ["unknown"]
    assert "The tools are: multiply, weather." in loop.result.text
    if name == "weather2":
        assert "Did you mean weather?" in loop.result.text


def test_a_caller_without_end_is_stopped_after_eight_rounds(ask, functions, simulator):
    loop = ask("demo/tools-endless", "from 1 on, 2", [functions.multiply], approve=approve_auto)
    assert len(sent(simulator)) == 8
    assert len(functions.seen) == 7
    assert loop.limit_reached == "rounds"
    assert "8 rounds" in kinds(loop, LimitReached)[0].message
    # Every call has a result, so that the conversation can continue.
    asked = [call["id"] for message in loop.new_messages for call in message.get("tool_calls", ())]
    answered = [message["tool_call_id"] for message in loop.new_messages if message["role"] == "tool"]
    assert asked == answered
    assert len(set(asked)) == 8


def test_the_same_call_is_not_made_for_ever(ask, functions, simulator):
    loop = ask("demo/tools-identical", "6 and 7", [functions.multiply], approve=approve_auto)
    assert functions.seen == [("multiply", 6, 7)] * 3
    assert loop.limit_reached == "identical"
    assert len(sent(simulator)) == 4
    assert len({call.id for call in loop.calls}) == 4


@pytest.mark.parametrize(
    "case",
    [(Limits(calls=2), "calls", 3), (Limits(rounds=2), "rounds", 2), (Limits(cost=1e-9), "cost", 1)],
)
def test_each_limit_ends_the_loop(ask, functions, simulator, case):
    limits, reason, requests = case
    loop = ask("demo/tools-endless", "1 and 2", [functions.multiply], approve=approve_auto, limits=limits)
    assert loop.limit_reached == reason
    assert len(sent(simulator)) == requests
    assert len(functions.seen) == requests - 1


@pytest.mark.parametrize("wrong", [{"rounds": 0}, {"calls": True}, {"cost": 0}, {"identical": 1.5}])
def test_limits_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Limits(**wrong)


def test_reasoning_goes_back_with_the_calls_as_it_came(ask, functions, simulator):
    loop = ask("demo/tools-thinking", "in Lyon", [functions.weather], approve=approve_auto)
    assert "degrees" in loop.result.text
    details = sent(simulator)[1]["messages"][1]["reasoning_details"]
    assert details == loop.responses[0].choices[0].message.reasoning_details
    assert details[0]["signature"]
    assert "reasoning" not in sent(simulator)[1]["messages"][1]


def test_what_a_function_raises_is_told_without_what_is_nobodys_business(ask):
    key = "sk-or-v1-0123456789abcdef"

    def fail() -> str:
        raise RuntimeError(f"key {key} in /home/ada/project/settings.py")

    loop = ask("demo/tools", "in Lyon", [fail], approve=approve_auto)
    assert loop.calls[0].status == "failed"
    assert loop.calls[0].text == "The tool failed. RuntimeError: key [hidden] in settings.py"
    assert isinstance(loop.calls[0].error, RuntimeError)


class Hostile:
    """A value whose conversion to text raises."""

    def __init__(self, error):
        self.error = error

    def __repr__(self):
        raise self.error

    __str__ = __repr__


class HostileImage(Hostile):
    def _repr_png_(self):
        raise self.error


class HostileError(Exception):
    def __str__(self):
        raise SystemExit("in __str__")


def raise_(error):
    raise error


@pytest.mark.parametrize(
    "error", [SystemExit(1), KeyboardInterrupt(), asyncio.CancelledError(), BaseException("own")]
)
@pytest.mark.parametrize(
    "function",
    [
        Hostile,
        lambda error: [Hostile(error)],
        HostileImage,
        lambda error: raise_(HostileError(error)),
    ],
    ids=["repr", "repr in a list", "image", "str of an error"],
)
def test_a_result_that_raises_while_it_is_converted_is_a_failed_call(ask, function, error):
    async def fail() -> str:
        return function(error)

    loop = ask("demo/tools", "in Lyon", [fail], approve=approve_auto)
    assert loop.calls[0].status == "failed"
    assert loop.calls[0].text.startswith("The tool failed.")
    assert isinstance(loop.events[-1], RunFinished)


def test_output_is_kept_with_the_call_and_time_is_limited(ask, capsys):
    def talk(city: str) -> str:
        print("looking up", city)
        return "done"

    @tool(timeout=0.05)
    async def hang() -> str:
        await asyncio.Event().wait()

    loop = ask("demo/tools", "parallel, in Lyon", [talk, hang], approve=approve_auto)
    assert [(call.status, call.output) for call in loop.calls] == [
        ("done", "looking up Lyon\n"),
        ("failed", ""),
    ]
    assert "longer than 0.05 s" in loop.calls[1].text
    assert capsys.readouterr().out == ""


def test_stopping_while_a_function_runs_ends_it_and_sends_nothing_more(ask, simulator):
    ended = threading.Event()

    def for_ever() -> str:
        import time

        try:
            while True:
                time.sleep(0.001)
        finally:
            ended.set()

    running = lambda event: isinstance(event, ToolCallUpdated) and event.call.status == "running"  # noqa: E731
    loop = ask("demo/tools", "in Lyon", [for_ever], approve=approve_auto, stop_at=running)
    assert loop.was_stopped
    assert ended.wait(30)
    assert [call.status for call in loop.calls] == ["stopped"]
    assert len(sent(simulator)) == 1


def test_stopping_while_the_answer_arrives_closes_the_request(ask, simulator):
    arrived = lambda event: type(event).__name__ == "ChunksReceived" and event.chunks  # noqa: E731
    loop = ask(
        "demo/slow",
        "Hi",
        approve=deny_all,
        stop_at=arrived,
        request={"extra_body": {"simulator": {"wait_ms": 0}}},
    )
    assert loop.was_stopped
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    assert loop.result.text


def test_a_tool_without_a_function_waits_for_a_result_by_hand(ask):
    given = {
        "type": "function",
        "function": {
            "name": "oracle",
            "parameters": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]},
        },
    }
    loop = ask("demo/tools", "Go", [given], approve=lambda _call: Respond("42"))
    assert "42" in loop.result.text
    loop = ask("demo/tools", "Go", [given], approve=approve_auto)
    assert "no function here" in loop.result.text


def test_a_structured_answer_is_sent_for_and_read(ask, simulator):
    class City(BaseModel):
        name: str
        population: int

    schema = OutputSchema(list[City])
    loop = ask("demo/structured", "Cities", schema=schema)
    assert sent(simulator)[0]["response_format"] == schema.response_format
    assert loop.parsed == [City(name="simulated", population=42)]
    assert loop.validation_errors == ()


def test_a_wrong_answer_says_where_and_can_be_asked_for_once_more(ask, simulator):
    class_ = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    loop = ask("demo/structured-wrong", "A number", schema=OutputSchema(class_))
    assert loop.parsed is None
    assert [str(problem) for problem in loop.validation_errors] == ['n: integer is expected, not "wrong"']
    assert [event.repairing for event in kinds(loop, OutputInvalid)] == [False]

    loop = ask("demo/structured-wrong", "A number", schema=OutputSchema(class_), repairs=1)
    assert loop.parsed == {"n": 42}
    assert loop.validation_errors == ()
    _, wrong, complaint = sent(simulator)[-1]["messages"]
    assert wrong == {"role": "assistant", "content": '{"n": "wrong"}'}
    assert 'n: integer is expected, not "wrong"' in complaint["content"]
    assert loop.new_messages == []


def test_tools_and_a_schema_go_together(ask, functions, simulator):
    schema = OutputSchema({"type": "object", "properties": {"x": {"type": "string"}}})
    loop = ask("demo/tools", "in Lyon", [functions.weather], approve=approve_auto, schema=schema)
    assert all("response_format" in body for body in sent(simulator))
    assert loop.validation_errors[0].message.startswith("not JSON")


def responses(*results):
    """A `send` that returns these results in order, and the requests that it gets."""
    requests, left = [], list(results)

    async def send(**request):
        requests.append(request)
        return ChatResult.model_validate(left.pop(0))

    return send, requests


def text(content, cost=0.0):
    message = {"role": "assistant", "content": content}
    return {"choices": [{"message": message, "finish_reason": "stop"}], "usage": {"cost": cost}}


def call(name, arguments, id_="call"):
    function = {"name": name, "arguments": json.dumps(arguments)}
    tool_calls = [{"id": id_, "type": "function", "function": function}]
    message = {"role": "assistant", "content": None, "tool_calls": tool_calls}
    return {"choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": {"cost": 1.0}}


def test_each_request_can_be_prepared_and_the_loop_ends_where_none_is(functions):
    send, requests = responses(call("multiply", {"a": 6, "b": 7}), call("weather", {"city": "Lyon"}))
    offered = [functions.multiply, functions.weather]
    seen = []

    def prepare(loop):
        seen.append(len(loop.responses))
        if not offered:
            return None
        toolset = Toolset.of([tool(offered.pop(0), approve="auto")])
        fields = {"model": "m", "messages": [], "seed": len(seen), "stream": False}
        return LoopRequest(fields=fields, toolset=toolset)

    loop = ToolLoop(send, prepare)
    asyncio.run(loop.run())
    assert seen == [0, 1, 2]
    # What is prepared is sent as it is: messages and definitions of tools are not added.
    assert [request["seed"] for request in requests] == [1, 2]
    assert all(request["messages"] == [] and "tools" not in request for request in requests)
    assert functions.seen == [("multiply", 6, 7), ("weather", "Lyon", "C")]
    # The model repeats the id, and each call has its own.
    assert [each.id for each in loop.calls] == ["call", "call_2"]
    assert loop.limit_reached is None


def test_a_tool_that_the_last_request_did_not_offer_is_unknown(functions):
    send, _ = responses(call("multiply", {"a": 6, "b": 7}), call("multiply", {"a": 6, "b": 7}), text("Done"))
    toolsets = [Toolset.of([tool(functions.multiply, approve="auto")]), None, None]
    loop = ToolLoop(send, lambda _: LoopRequest(fields={"stream": False}, toolset=toolsets.pop(0)))
    asyncio.run(loop.run())
    assert [each.status for each in loop.calls] == ["done", "unknown"]


def test_a_model_that_calls_what_nobody_offered_is_told_once():
    send, requests = responses(*(call(f"name_{number}", {}) for number in range(8)))
    loop = ToolLoop(send, {"messages": [], "stream": False})
    asyncio.run(loop.run())
    assert len(requests) == 2
    assert (loop.limit_reached, [each.status for each in loop.calls]) == ("calls", ["unknown", "unknown"])


def test_a_response_that_is_not_streamed_has_the_same_events(functions, simulator, ask):
    loop = ask("demo/tools", "in Lyon", [functions.weather], approve=approve_auto, request={"stream": False})
    assert [body["stream"] for body in sent(simulator)] == [False, False]
    assert [call.status for call in loop.calls] == ["done"]
    received = kinds(loop, ChunksReceived)
    assert [event.chunks for event in received] == [[], []]
    written = [each.text for each in received[1].events if isinstance(each, TextDelta)]
    assert "".join(written) == loop.result.text
    assert kinds(loop, ResponseStarted) == []
    assert loop.partial_response is None


def test_a_streamed_response_starts_with_its_headers(functions, ask):
    loop = ask("demo/tools", "in Lyon", [functions.weather], approve=approve_auto)
    order = [type(event) for event in loop.events]
    assert order.index(RequestStarted) < order.index(ResponseStarted) < order.index(ChunksReceived)
    assert [event.headers["content-type"] for event in kinds(loop, ResponseStarted)] == [
        "text/event-stream"
    ] * 2
    (requested,) = kinds(loop, ToolCallsRequested)
    assert requested.message == loop.new_messages[0]


def test_a_stopped_loop_has_the_part_of_the_response_that_arrived(ask):
    arrived = lambda event: isinstance(event, ChunksReceived) and event.chunks  # noqa: E731
    loop = ask("demo/slow", "Hi", stop_at=arrived, request={"extra_body": {"simulator": {"wait_ms": 0}}})
    assert loop.partial_response.text == loop.result.text != ""
    assert loop.responses == []


def test_a_call_in_the_place_of_a_correction_is_made_and_the_invalid_answer_forgotten(functions):
    schema = OutputSchema({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    send, requests = responses(text('{"n": "wrong"}'), call("multiply", {"a": 6, "b": 7}), text('{"n": 42}'))
    request = {"model": "m", "messages": [{"role": "user", "content": "Go"}], "stream": False}
    tools = Toolset.of([tool(functions.multiply, approve="auto")])
    loop = ToolLoop(send, request, tools, schema=schema, repairs=1)
    asyncio.run(loop.run())
    roles = [[message["role"] for message in each["messages"]] for each in requests]
    assert roles == [["user"], ["user", "assistant", "user"], ["user", "assistant", "tool"]]
    assert (loop.parsed, loop.validation_errors, loop.repair_messages) == ({"n": 42}, (), [])


def test_corrections_end_where_the_cost_is_spent():
    schema = OutputSchema({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    send, requests = responses(text('{"n": 1.5}', cost=0.4), text('{"n": 2.5}', cost=0.6))
    request = {"model": "m", "messages": [], "stream": False}
    loop = ToolLoop(send, request, schema=schema, repairs=5, limits=Limits(cost=1.0))
    asyncio.run(loop.run())
    assert len(requests) == 2
    assert loop.validation_errors
