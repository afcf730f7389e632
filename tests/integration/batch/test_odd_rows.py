"""Rows whose prompt, answer or callback is odd: each has an answer or an error that says why, and keeps its cost."""

import asyncio
import json

import pandas as pd
import pytest
from pydantic import BaseModel, field_validator
from support.wire import RawServer, events, reply, say

from openrouter_nb import achat_map, chat_map, errors, tool
from openrouter_nb.batch.progress import progress
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.errors import WrongAnswerError
from openrouter_nb.prompt import PromptError

SAY = "Say {{row}}"
GOOD = '{"n": 1}'


class Own(BaseException):
    pass


class Checked(BaseModel):
    n: int

    @field_validator("n")
    @classmethod
    def check(cls, n):
        failures = {2: KeyError(n), 3: RecursionError(), 4: Own(), 5: SystemExit(1), 6: StopIteration()}
        if n in failures:
            raise failures[n]
        return n


class Loud(BaseModel):
    """A type whose values have no text."""

    n: int

    def __str__(self):
        raise LookupError("no text")

    __repr__ = __str__


ODD = {
    "5,000 digits": f'{{"n": {"9" * 5000}}}',
    "NaN": '{"n": NaN}',
    "infinite": '{"n": 1e999}',
    "Infinity": '{"n": -Infinity}',
    "10,000 levels": f'{{"n": {"[" * 10_000}{"]" * 10_000}}}',
    "half a pair": '{"n": "\\ud800"}',
    "a name twice": '{"n": 1, "n": 1}',
    "prose": "I would rather not.",
    **{f"validator {n}": f'{{"n": {n}}}' for n in range(2, 7)},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_answer_is_the_error_of_its_row_and_is_paid(odd):
    batch = chat_map(SAY, [GOOD, odd, GOOD], schema=Checked)
    assert [row.error is None for row in batch] == [True, False, True]
    assert isinstance(batch[1].error, WrongAnswerError)
    assert batch.cost == pytest.approx(0.03)
    assert batch[1].cost == batch[1].error.partial.usage.cost == 0.01
    assert batch.to_frame()["error"].notna().tolist() == [False, True, False]
    assert str(batch[1].error)[:20] in batch._repr_mimebundle_()["text/plain"].replace("\n", " ")


def test_values_without_a_text_are_shown():
    batch = chat_map(SAY, [GOOD, GOOD], schema=list[Loud])
    assert all(row.error is not None for row in batch)
    batch = chat_map(SAY, [f'{{"value": [{GOOD}]}}'], schema=list[Loud])
    assert [row.error for row in batch] == [None]
    assert "1 rows" in batch._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize(
    "error", [KeyError("x"), Own("x"), SystemExit(1), StopIteration()], ids=lambda error: type(error).__name__
)
def test_a_prompt_that_fails_is_the_error_of_its_row(rows, error):
    def template(row):
        if row == "bad":
            raise error
        return f"Say {row}"

    batch = chat_map(template, ["a", "bad", "c"], max_cost=1)
    assert [str(row.answer) if row.answer else None for row in batch] == ["a", None, "c"]
    assert isinstance(batch[1].error, PromptError)
    assert str(batch[1].error).startswith("Row 1: the template fails with ")
    assert batch.to_frame()["error"].notna().tolist() == [False, True, False]
    batch.run()
    assert sorted(rows.asked) == ["a", "c"]
    with pytest.raises(PromptError, match="Row 0: "):
        chat_map(template, ["bad", "bad"])


def test_a_column_that_a_row_does_not_have_is_the_error_of_that_row(rows):
    batch = chat_map("Say {{word}}", [{"word": "a"}, {"wrd": "b"}])
    assert [row.error is None for row in batch] == [True, False]
    assert "Row 1: " in str(batch.errors[1])
    assert rows.asked == ["a"]


@pytest.mark.parametrize(
    "error",
    [KeyError("x"), Own("x"), SystemExit(1), StopIteration(), StopAsyncIteration()],
    ids=lambda error: type(error).__name__,
)
def test_a_callback_that_raises_is_the_error_of_its_row(error):
    def hear(event):
        if "bad" in str(getattr(event, "result", "")):
            raise error

    batch = chat_map(SAY, ["a", "bad", "c"], on_event=hear, concurrency=1)
    assert [row.error is None for row in batch] == [True, False, True]
    assert isinstance(batch[1].error, errors.OpenRouterError)
    assert type(error).__name__ in str(batch[1].error)
    assert batch[1].error.partial.text == "bad"
    assert batch.cost == pytest.approx(0.03)


def test_a_retry_callback_that_raises_is_the_error_of_its_row():
    def on_retry(_):
        raise KeyError("x")

    batch = chat_map(SAY, ["a", "busy 1", "c"], on_retry=on_retry)
    assert [row.error is None for row in batch] == [True, False, True]


class Calls:
    """Answers each question with a call of `look`, at the given cost, and after its result with another one."""

    def __init__(self, last):
        self._last = last
        self.server = RawServer((self._answer,))

    def _answer(self, request):
        if request.body is None:  # GET /models
            return reply(b"{}", status="404 X", kind="application/json")
        results = [message for message in request.body["messages"] if message["role"] == "tool"]
        if results and self._last is not None:
            return self._last
        function = {"name": "look", "arguments": json.dumps({"at": len(results)})}
        call = {"index": 0, "id": f"c{len(results)}", "type": "function", "function": function}
        asked = {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}
        return reply(events(asked, say("", "tool_calls") | {"usage": {"cost": 0.25}}))


@tool(approve="auto")
def look(at: int) -> int:
    """Look."""
    return at


@pytest.fixture
def calls(monkeypatch):
    made = []

    def serve(last):
        made.append(Calls(last))
        monkeypatch.setenv("OPENROUTER_BASE_URL", made[-1].server.base_url)

    yield serve
    for each in made:
        each.server.close()


def test_an_error_after_tool_calls_keeps_what_the_calls_cost(calls):
    calls(reply(b'{"error": {"code": 400, "message": "no"}}', status="400 X", kind="application/json"))
    (row,) = chat_map(SAY, ["a"], tools=look)
    assert row.error.status_code == 400
    assert row.cost == row.error.partial.usage.cost == 0.25


def test_a_row_that_ends_at_a_limit_of_tool_calls_has_an_error(calls):
    calls(None)
    (row,) = chat_map(SAY, ["a"], tools=look, limits=Limits(rounds=3))
    assert str(row.error) == "The model asked for more tool calls at the limit of rounds."
    assert row.cost == 0.75


@pytest.mark.parametrize(
    "cost", ["NaN", "1e999", '"0.01"', "[]", "9" * 5000], ids=["NaN", "1e999", "text", "list", "digits"]
)
def test_a_cost_that_is_no_number_ends_nothing(monkeypatch, cost):
    chunk = json.dumps(say("a", "stop") | {"usage": {"cost": "COST"}}).replace('"COST"', cost)
    server = RawServer((reply(f"data: {chunk}\n\ndata: [DONE]\n\n".encode()),))
    monkeypatch.setenv("OPENROUTER_BASE_URL", server.base_url)
    batch = chat_map(SAY, ["a", "b"], retries=None, max_cost=1)
    assert batch.cost in (0, 0.02)
    assert all(row.answer is not None or row.error is not None for row in batch)
    batch._repr_mimebundle_()
    server.close()


def test_rows_that_were_not_asked_say_why(rows):
    batch = chat_map(SAY, [f"w{number}" for number in range(40)], max_cost=0.05, concurrency=1)
    assert len(rows.asked) == 5
    frame = batch.to_frame()
    assert frame["error"][5:].tolist() == ["not asked: the limit of $0.05"] * 35
    assert frame["error"][:5].isna().all()
    assert frame["cost"][5:].isna().all()
    assert frame["cost"].sum() == pytest.approx(0.05)
    assert batch.errors == {}
    assert "35 not asked: the limit of $0.05" in progress(batch)
    bundle = batch._repr_mimebundle_()
    assert "free" not in bundle["text/plain"] + bundle["text/html"]
    assert bundle["text/plain"].count("not asked: the limit of $0.05") == 15


def test_where_nothing_was_asked_nothing_is_free(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    batch = chat_map(SAY, ["a", "b"], max_cost=0.000001, model="demo/tour")
    assert "free" not in batch._repr_mimebundle_()["text/plain"]
    failed = chat_map(SAY, ["a", "b"], model="demo/none")
    assert "2 failed" in progress(failed)
    assert "free" not in progress(failed)
    assert batch.to_frame()["error"].str.startswith("not asked: the limit of $0.000001").all()


def test_an_interrupt_gives_the_batch(rows):
    async def cancelled():
        asked = asyncio.create_task(achat_map(SAY, ["a", "wait", "c"], concurrency=1))
        await asyncio.to_thread(rows.server.waiting.acquire, timeout=30)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await asked
        return caught.value.partial

    batch = asyncio.run(cancelled())
    assert [str(row.answer) if row.answer else None for row in batch] == ["a", None, None]
    assert batch.to_frame()["error"].tolist()[1:] == ["interrupted before an answer"] * 2
    rows.waits = False
    assert len(pd.Series(batch.run().answers).dropna()) == 3


class ClosedStream:
    def write(self, _):
        raise BrokenPipeError

    def flush(self):
        raise AssertionError


def test_a_progress_line_that_cannot_be_written_ends_nothing(monkeypatch):
    monkeypatch.setenv("OPENROUTER_NB_LIVE", "1")
    monkeypatch.setattr("sys.stderr", ClosedStream())
    assert [str(answer) for answer in chat_map(SAY, ["a", "b"]).answers] == ["a", "b"]
