"""Odd answers: each ends as a value, a result of a tool, or an error that says why and has what was paid for."""

from dataclasses import dataclass
from typing import Annotated, NewType

import pytest
from pydantic import BaseModel
from support.wire import RawServer, events, reply, say
from typing_extensions import TypedDict

from openrouter_nb import Chat, OpenRouter, Playground, chat, chat_map, compare, run_tools
from openrouter_nb.conversation.errors import WrongAnswerError
from openrouter_nb.prompt import PromptError
from openrouter_nb.tools.tool_call import RunWith

USAGE = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4, "cost": 0.01}
ARGUMENTS = {
    "5,000 digits": f'{{"days": {"9" * 5000}}}',
    "NaN": '{"days": NaN}',
    "an infinite number": '{"days": 1e999}',
    "10,000 levels": f'{{"days": {"[" * 10_000}',
    "10,000 closed levels": f'{{"days": {"[" * 10_000}{"]" * 10_000}}}',
    "half a pair": '{"days": "\\ud800"}',
    "a name twice": '{"days": 1, "days": 2}',
    "prose": 'Sure: {"days": 1}',
}


class Trip(BaseModel):
    city: str
    days: int


def says(text, finish="stop"):
    return reply(events(say(text), say("", finish) | {"usage": USAGE}))


def calls(name, arguments, id_="c1"):
    function = {"name": name, "arguments": arguments}
    part = {"index": 0, "id": id_, "type": "function", "function": function}
    delta = {"choices": [{"index": 0, "delta": {"tool_calls": [part]}, "finish_reason": None}]}
    return reply(events(delta, say("", "tool_calls") | {"usage": USAGE}))


@pytest.fixture
def serve(monkeypatch):
    """Start a server that answers each request with the next reply, and all others with the last one."""
    started = []

    def serve(*replies):
        def step(_request):
            return replies[min(len(server.requests), len(replies)) - 1]

        server = RawServer((step,))
        started.append(server)
        monkeypatch.setenv("OPENROUTER_BASE_URL", server.base_url)
        return server

    yield serve
    for server in started:
        server.close()


def results(server):
    return [
        message["content"] for message in server.requests[-1].body["messages"] if message["role"] == "tool"
    ]


def stay(days: int) -> int:
    """Stay some days."""
    return days


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
@pytest.mark.parametrize(
    "approve", ["auto", lambda call: bool(call.arguments_text)], ids=["auto", "function"]
)
def test_the_model_is_told_about_arguments_that_cannot_be_used(serve, arguments, approve):
    server = serve(calls("stay", arguments), says("done"))
    answer = run_tools("q", stay, approve=approve)
    assert results(server)[0].startswith("Not run: the arguments are wrong.")
    assert (answer.text, answer.calls[0].status, answer.calls[0].arguments_text) == (
        "done",
        "invalid",
        arguments,
    )
    assert answer.cost == pytest.approx(0.02)


@pytest.mark.parametrize("arguments", ['{"days": 3.0}', '\ufeff{"days": 3}', '{"days": 3e0}'])
def test_whole_numbers_are_integers_in_arguments(serve, arguments):
    server = serve(calls("stay", arguments), says("done"))
    assert run_tools("q", stay, approve="auto").calls[0].value == 3
    assert results(server) == ["3"]


@pytest.mark.parametrize("error", [KeyError("n"), RecursionError(), StopIteration()])
def test_whatever_an_approval_raises_the_call_is_not_run_and_the_model_is_told(serve, error):
    server = serve(calls("stay", '{"days": 3}'), says("done"))

    def approve(_):
        raise error

    answer = run_tools("q", stay, approve=approve)
    assert results(server)[0].startswith("Not run: the approval failed. ")
    assert (answer.text, answer.calls[0].status) == ("done", "refused")
    assert error in (answer.calls[0].error, answer.calls[0].error.__cause__)


@pytest.mark.parametrize(
    ("decision", "says_why"),
    [
        ("yes", "approve() returns Run()"),
        (RunWith({"days": "many"}), "days: "),
        (RunWith({"days": object()}), "not JSON serializable"),
        (RunWith("{"), "not JSON"),
    ],
    ids=["text", "wrong type", "an object", "cut off"],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_decision_that_cannot_be_used_runs_nothing(serve, decision, says_why, is_async):
    server = serve(calls("stay", '{"days": 3}'), says("done"))

    async def later(_):
        return decision

    answer = run_tools("q", stay, approve=later if is_async else lambda _: decision)
    assert results(server)[0].startswith("Not run: ")
    assert says_why in results(server)[0]
    assert answer.text == "done"


class Odd:
    def __repr__(self):
        raise LookupError("no text")


def test_a_result_without_a_text_is_a_result(serve):
    server = serve(calls("odd", "{}"), says("done"))

    def odd():
        "Return an object that has no text."
        return Odd()

    assert run_tools("q", odd, approve="auto").text == "done"
    assert len(results(server)) == 1


def test_calls_in_the_place_of_an_object_are_its_error(serve):
    server = serve(calls("ghost", "{}"))
    with pytest.raises(WrongAnswerError, match="a call of ghost, and no function is offered") as caught:
        chat("q", schema=Trip)
    assert (caught.value.answer.stopped_by, len(server.requests)) == ("calls", 2)


REASONS = {
    "refusal": (
        [
            {"choices": [{"index": 0, "delta": {"refusal": "I cannot help"}, "finish_reason": None}]},
            say("", "stop"),
        ],
        "the model refused: I cannot help",
    ),
    "length": (
        [say('{"city": "L', "length")],
        "the answer was cut off at the limit of output tokens (finish_reason length): raise max_completion_tokens; not JSON",
    ),
    "length without text": ([say("", "length")], "the answer was cut off at the limit of output tokens"),
    "content filter": (
        [say("", "content_filter")],
        "a content filter ended the answer (finish_reason content_filter)",
    ),
    "other reason": ([say("No.", "refusal")], "the answer ended with finish_reason refusal; not JSON: 'No.'"),
    "empty": ([say("", "stop")], "the answer is empty"),
    "reasoning": (
        [{"choices": [{"index": 0, "delta": {"reasoning": "hm"}, "finish_reason": "stop"}]}],
        "the answer has reasoning and no text",
    ),
    "thoughts": ([say("<think>hm", "stop")], "nothing follows the thoughts"),
    "prose": ([say("I would rather not.", "stop")], "not JSON: 'I would rather not.'"),
}


@pytest.mark.parametrize("name", REASONS)
def test_the_error_says_why_there_is_no_object(serve, name):
    chunks, reason = REASONS[name]
    serve(reply(events(*chunks[:-1], chunks[-1] | {"usage": USAGE})))
    with pytest.raises(WrongAnswerError) as caught:
        chat("q", schema=Trip)
    assert str(caught.value).startswith(reason)
    assert caught.value.answer.cost == 0.01


def test_a_whole_object_is_the_answer_although_the_prose_behind_it_is_cut_off(serve):
    serve(says('{"city": "L", "days": 2} is a good', "length"))
    assert chat("q", schema=Trip).parsed == Trip(city="L", days=2)


class TripDict(TypedDict):
    city: str
    days: int


@dataclass
class TripData:
    city: str
    days: int


@pytest.mark.parametrize(
    "kind",
    [TripDict, TripData, Trip | None, Annotated[Trip, "a"], NewType("Journey", Trip), dict[str, int | str]],
)
def test_any_type_as_the_response_format_is_a_schema(serve, kind):
    serve(says('{"city": "L", "days": 2}'))
    parsed = chat("q", response_format=kind).parsed
    assert (parsed if isinstance(parsed, dict) else vars(parsed)) == {"city": "L", "days": 2}


def test_a_list_as_the_response_format_is_a_schema(serve):
    serve(says('{"value": [{"city": "L", "days": 2}]}'))
    assert chat("q", response_format=list[Trip]).parsed == [Trip(city="L", days=2)]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: chat(Trip), PromptError, "class Trip is not a value; .* schema=Trip"),
        (lambda: chat(["q", Trip]), PromptError, "class Trip is not a value"),
        (lambda: chat("q", system=Trip), TypeError, "system takes text or None, not the class Trip"),
        (lambda: chat("q", system=3), TypeError, "system takes text or None, not 3"),
        (lambda: Chat(system=Trip), TypeError, "system takes text or None, not the class Trip"),
        (
            lambda: chat("q", client=OpenRouter),
            TypeError,
            r"such as OpenRouter\(\), not the class OpenRouter",
        ),
        (lambda: run_tools("q", stay, client=OpenRouter), TypeError, r"such as OpenRouter\(\)"),
        (lambda: Playground(client=OpenRouter), TypeError, r"such as OpenRouter\(\)"),
        (lambda: chat("q", chat=Chat), TypeError, r"such as Chat\(\), not the class Chat"),
        (lambda: compare("q", Trip), TypeError, "takes a list of model ids"),
        (lambda: chat_map("{{row}}", Trip), TypeError, "a list of rows, not"),
    ],
)
def test_a_class_in_the_place_of_an_object_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("response_format", [{"type": "json_object"}, TripDict])
def test_two_formats_of_one_answer_are_refused(serve, response_format):
    server = serve(says("{}"))
    with pytest.raises(TypeError, match="schema and response_format exclude each other"):
        chat("q", schema=Trip, response_format=response_format)
    assert server.requests == []


def test_a_type_as_the_response_format_is_a_schema(serve):
    server = serve(says('Sure: {"city": "L", "days": 2.0}'))
    assert chat("q", response_format=Trip).parsed == Trip(city="L", days=2)
    assert server.requests[0].body["response_format"]["json_schema"]["name"] == "Trip"
    serve(says("No."))
    with pytest.raises(WrongAnswerError, match=r"not JSON: 'No\.'"):
        chat("q", response_format=Trip)
