"""Answers that are objects in the panel: validated and repaired."""

import pytest
from pydantic import BaseModel, field_validator
from support.wire import RawServer, events, reply, say

from openrouter_nb import Limits, OpenRouter
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.tools import tool


class Line(BaseModel):
    text: str
    price: float


class Invoice(BaseModel):
    number: str
    lines: list[Line]


def answers(page):
    return [card for item in page.state["thread"] for card in item["cards"] if item["role"] == "assistant"]


def test_a_type_of_python_makes_the_answer_an_object_of_it(panel):
    playground, page = panel("demo/structured", schema=Invoice)
    answer = playground.send("The invoice")
    assert answer.parsed == Invoice(number="simulated", lines=[Line(text="simulated", price=42.0)])
    (card,) = answers(page)
    assert card["is_object"] is True
    assert (card["stats"]["schema_note"], card["stats"]["schema_problems"]) == ("fits the schema", [])
    assert page.op("repair", item=page.state["thread"][-1]["id"]) == "This answer has no problem to repair."


def test_what_does_not_fit_is_said_field_by_field_and_put_right_on_demand(panel, sent):
    playground, page = panel("demo/structured-wrong", schema=Invoice)
    wrong = playground.send("The invoice")
    assert wrong.parsed is None
    assert [problem.path for problem in wrong.problems] == ["lines"]
    (card,) = answers(page)
    assert card["stats"]["schema_note"] == "does not fit the schema"
    assert card["stats"]["schema_problems"] == ['lines: input should be a valid array, not "wrong"']

    assert page.op("repair", item=page.state["thread"][-1]["id"]) == ""
    page.wait_for(lambda: answers(page)[0]["branch"] == {"index": 1, "count": 2} and not page.column()["run"])
    assert playground.result.parsed.number == "simulated"
    question, wrong_one, asked = sent()[1]["messages"]
    assert (question["content"], wrong_one["role"]) == ("The invoice", "assistant")
    assert 'lines: input should be a valid array, not "wrong"' in asked["content"]
    # The history does not contain the invalid answer.
    playground.send("Thank you")
    assert [message["role"] for message in sent()[2]["messages"]] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    ("options", "requests"),
    [
        ({"repairs": 1}, 2),
        ({"repairs": 0}, 1),
        ({"repairs": 3, "limits": Limits(cost=0.000_001)}, 1),
    ],
)
def test_it_is_put_right_by_itself_as_often_as_is_allowed_and_can_be_paid(panel, sent, options, requests):
    playground, _ = panel("demo/structured-wrong", schema=Invoice, **options)
    answer = playground.send("The invoice")
    assert len(sent()) == requests
    assert (answer.parsed is not None) == (requests == 2)
    assert playground.status == "idle"


def test_a_schema_by_hand_and_any_json_are_checked_as_well(panel):
    playground, page = panel("demo/structured-wrong")
    schema = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
    playground.params["response_format"] = {
        "type": "json_schema",
        "json_schema": {"name": "x", "strict": True, "schema": schema},
    }
    playground.send("A number")
    assert answers(page)[0]["stats"]["schema_problems"] == ['n: number is expected, not "wrong"']
    playground.params["response_format"] = {"type": "json_object"}
    assert playground.send("Anything").parsed is not None
    assert answers(page)[-1]["stats"]["schema_note"] == "valid JSON"


def endless(city: str) -> str:
    return city


@pytest.mark.parametrize(
    ("limits", "requests", "words"),
    [
        (Limits(rounds=2), 2, "the limit of 2 rounds is reached."),
        (Limits(calls=3), 4, "the limit of 3 calls is reached."),
        (Limits(cost=0.000_001), 1, "the limit of 1e-06 US dollars is reached."),
    ],
)
def test_limits_bound_a_question_and_are_rows_of_the_rail(panel, sent, limits, requests, words):
    playground, page = panel("demo/tools-endless", tools=[tool(endless, approve="auto")], limits=limits)
    playground.send("in Lyon")
    assert len(sent()) == requests
    assert f"Not run: {words}" in playground.messages[-1]["content"]
    assert page.state["settings"] == playground.settings
    assert set(playground.settings) <= {"max_rounds", "max_calls", "max_cost"}
    # Each question has its own: the second is asked as far as the first.
    playground.send("in Rome")
    assert len(sent()) == 2 * requests


def test_the_cost_of_a_question_counts_all_its_answers(panel, sent):
    playground, _ = panel("demo/tools-endless", tools=[tool(endless, approve="auto")])
    playground.send("in Lyon")
    each = playground.cost / len(sent())
    playground.messages = []
    playground.settings["max_cost"] = 2.5 * each
    before = len(sent())
    playground.send("in Lyon")
    assert 2 <= len(sent()) - before <= 4


@pytest.mark.parametrize(
    ("setting", "value"),
    [("max_cost", 0), ("max_calls", 0), ("max_calls", 1.5), ("repairs", 6), ("repairs", True)],
)
def test_a_wrong_limit_is_refused(panel, setting, value):
    playground, page = panel("demo/parrot")
    assert setting in page.op("set_setting", name=setting, value=value)
    assert playground.settings == {}


class Trip(BaseModel):
    city: str
    days: int

    @field_validator("days")
    @classmethod
    def check(cls, days):
        return {1: 1, 2: 2}[days]


def end(finish, text="", **delta):
    return reply(events(say(text), {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}))


ODD = {
    "thoughts": (end("stop", '<think>{"city": "P", "days": 1}</think>{"city": "L", "days": 2}'), ""),
    "prose": (end("stop", 'Here:\n```json\n{"city": "L", "days": 2.0}\n```\nEnjoy!'), ""),
    "byte order mark": (end("stop", '\ufeff{"city": "L", "days": 2}'), ""),
    "refusal": (end("stop", refusal="I cannot help"), "the model refused: I cannot help"),
    "length": (end("length", '{"city": "L'), "the answer was cut off at the limit of output tokens"),
    "filter": (end("content_filter"), "a content filter ended the answer"),
    "digits": (end("stop", f'{{"days": {"9" * 5000}}}'), "a number of 5,000 digits is too long"),
    "levels": (end("stop", "[" * 100_000), "nested more than 200 levels deep"),
    "validator": (end("stop", '{"city": "L", "days": 3}'), "validation failed with KeyError: 3"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_is_a_value_or_says_why_it_is_none(panel, monkeypatch, name):
    answer, reason = ODD[name]
    server = RawServer((answer,))
    monkeypatch.setenv("OPENROUTER_BASE_URL", server.base_url)
    playground, page = panel("m", schema=Trip)
    result = playground.send("A trip")
    assert (result.parsed == Trip(city="L", days=2)) is (reason == "")
    problems = answers(page)[0]["stats"]["schema_problems"]
    assert problems == [] if not reason else problems[0].startswith(reason)
    server.close()


class FailingChat:
    """The chat resource of a client that the user has changed."""

    async def send_async(self, **_):
        raise KeyError("mine")


def test_an_exception_of_the_users_client_ends_the_column(panel, simulator):
    with OpenRouter(server_url=simulator.base_url) as client:
        client.chat = FailingChat()
        playground, page = panel("demo/echo", client=client)
        with pytest.raises(OpenRouterError, match="KeyError: 'mine'"):
            playground.send("Hi")
        assert (page.column()["run"], page.column()["status"]) == (None, "failed")
