"""`chat_map`: one prompt over many rows, against a real server."""

import asyncio
import dataclasses
import os
import re
import signal
import threading

import pandas as pd
import pytest
from support.interrupting import interrupted_at

from openrouter_nb import RetryPolicy, achat_map, chat_map, errors, tool
from openrouter_nb.batch import api
from openrouter_nb.batch import batch as batch_module
from openrouter_nb.batch.progress import progress
from openrouter_nb.client import background_loop
from openrouter_nb.prompt import PromptError
from openrouter_nb.render.answer.footer import cost

SAY = "Say {{row}}"


def round_up(number: float) -> int:
    """Round up."""
    return int(number) + 1


def abs_(number: float) -> float:
    """Return the size of a number."""
    return abs(number)


def texts(batch):
    return [answer.text if answer else None for answer in batch.answers]


def test_each_row_gets_its_own_answer_in_order(rows):
    words = [f"w{number}" for number in range(40)]
    batch = chat_map(SAY, words)
    assert texts(batch) == words
    assert sorted(rows.asked) == sorted(words)
    assert batch.cost == pytest.approx(0.40)
    assert (batch.errors, batch.stopped_by) == ({}, None)
    assert all(len(row.answer.messages) == 2 for row in batch)  # no row sees another


def test_awaited_it_is_the_same(rows):
    assert texts(asyncio.run(achat_map(SAY, ["a", "b"]))) == ["a", "b"]
    assert sorted(rows.asked) == ["a", "b"]


def test_as_many_run_at_once_as_asked_for(rows):
    rows.held.clear()
    done = threading.Thread(target=chat_map, args=(SAY, list("abcdefghi")), kwargs={"concurrency": 3})
    done.start()
    while len(rows.asked) < 3:
        rows.held.wait(0.01)
    rows.held.set()
    done.join(30)
    assert len(rows.asked) == 9
    assert rows.most == 3


def test_a_row_that_fails_stops_no_other_and_is_asked_again_by_run(rows):
    policy = RetryPolicy(max_retries=0)
    batch = chat_map(SAY, {"x": "a", "y": "500 b", "z": "c"}, retries=policy)
    assert texts(batch) == ["a", None, "c"]
    assert list(batch.errors) == ["y"]
    assert batch.errors["y"].status_code == 500
    assert repr(batch) == "<Batch of 3 rows, 2 answered, 1 failed>"
    batch.run()
    assert rows.asked.count("500 b") == 2
    assert rows.asked.count("a") == 1


def test_a_rate_limit_is_waited_for(rows):
    batch = chat_map(SAY, [f"busy {number}" for number in range(6)])
    assert texts(batch) == [f"busy {number}" for number in range(6)]
    assert len(rows.asked) == 12


@pytest.mark.parametrize("status", [401, 402, 404])
def test_an_error_that_every_row_would_meet_is_raised_and_not_paid_a_thousand_times(rows, once, status):
    with pytest.raises(errors.OpenRouterError) as caught:
        chat_map(SAY, [f"{status} {number}" for number in range(1000)], client=once, concurrency=4)
    assert caught.value.status_code == status
    assert len(rows.asked) <= 8


@pytest.mark.parametrize("status", [400, 503])
def test_ten_failures_without_an_answer_are_enough(rows, once, status):
    with pytest.raises(errors.ChatError) as caught:
        chat_map(SAY, [f"{status} {number}" for number in range(1000)], client=once, concurrency=4)
    assert caught.value.status_code == status
    assert 10 <= len(rows.asked) <= 14


def test_credits_that_run_out_half_way_keep_what_there_is(rows, once):
    batch = chat_map(SAY, ["a", "b", "402 c", *map(str.format, ["d"] * 50)], client=once, concurrency=1)
    assert texts(batch)[:3] == ["a", "b", None]
    assert batch.stopped_by.status_code == 402
    assert len(rows.asked) == 3
    assert repr(batch) == "<Batch of 53 rows, 2 answered, 1 failed, 50 not asked>"
    assert "50 not asked (" in batch._repr_mimebundle_()["text/plain"]


def test_the_cost_limit_holds_and_run_goes_on_only_with_room(rows):
    batch = chat_map(SAY, [f"w{number}" for number in range(50)], max_cost=0.1)
    assert batch.cost <= 0.1 + 1e-9
    assert 9 <= len(rows.asked) <= 10  # by the last bit of a sum
    assert batch.stopped_by == "the limit of $0.1"
    asked = len(rows.asked)
    batch.run()
    assert len(rows.asked) == asked
    shown = batch._repr_mimebundle_()["text/html"]
    assert f"{50 - asked} not asked (the limit of $0.1): .run(max_cost=…) asks them" in shown.replace(
        "<span>", ""
    ).replace("</span>", "")
    with pytest.raises(ValueError, match="max_cost takes US dollars"):
        batch.run(max_cost=-1)
    assert len(rows.asked) == asked
    assert batch.run(max_cost=1).stopped_by is None
    assert all(batch.answers)


@pytest.mark.parametrize(
    ("keyword", "nearest"), [("max_cots", "max_cost"), ("conccurency", "concurrency"), ("shema", "schema")]
)
def test_an_unknown_keyword_is_refused_with_the_nearest_of_chat_map(rows, keyword, nearest):
    with pytest.raises(
        TypeError, match=rf"chat_map\(\) has no parameter '{keyword}'. Did you mean '{nearest}'\?"
    ):
        chat_map(SAY, ["a"], **{keyword: 1})
    assert rows.asked == []


def test_nothing_is_sent_without_a_key(rows, monkeypatch):
    monkeypatch.delenv("OPENROUTER_BASE_URL")
    with pytest.raises(errors.MissingAPIKeyError):
        chat_map(SAY, range(10))
    assert rows.asked == []


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        ({"concurrency": 0}, ValueError, "from 1 to 100"),
        ({"concurrency": True}, ValueError, "from 1 to 100"),
        ({"max_cost": 0}, ValueError, "more than 0"),
        ({"temprature": 1}, TypeError, "temperature"),
        ({"temperature": 9}, errors.ConfigurationError, "temperature"),
        ({"tools": round_up}, ValueError, "no user can be asked"),
        ({"tools": [round_up, tool(approve="auto")(abs_)]}, ValueError, "no user can be asked"),
        ({"template": "Say it"}, PromptError, "the same for every row"),
        ({"template": "{{rwo}}"}, PromptError, "Row 0: .*Did you mean 'row'"),
        ({"rows": 5}, TypeError, "not int"),
    ],
    ids=lambda value: re.sub(
        " at 0x[0-9a-f]+", "", str(value)
    ),  # xdist needs the same names in every process
)
def test_a_wrong_call_is_refused_before_anything_is_sent(rows, call, error, says):
    call = {"template": SAY, "rows": ["a", "b"], **call}
    with pytest.raises(error, match=says):
        chat_map(call.pop("template"), call.pop("rows"), **call)
    assert rows.asked == []


def test_functions_that_need_no_yes_go_along(rows):
    chat_map(SAY, ["a"], tools=tool(approve="auto")(round_up))
    assert rows.server.requests[0].body["tools"][0]["function"]["name"] == "round_up"


def test_no_rows_are_no_questions(rows):
    assert len(chat_map(SAY, [])) == 0
    assert rows.asked == []


def interrupt(rows, *call, **options):
    """Call `chat_map`, press Ctrl-C when the server pauses, and let it answer from then on."""

    def press():
        rows.server.waiting.acquire(timeout=30)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    with pytest.raises(KeyboardInterrupt):
        chat_map(*call, **options)
    assert rows.server.gone.acquire(timeout=30)  # the request was closed
    rows.waits = False


def test_an_interrupt_keeps_the_rows_that_are_done_and_the_same_call_asks_the_rest(rows):
    words = ["a", "b", "wait", "c"]
    interrupt(rows, SAY, words, concurrency=1)
    assert texts(chat_map(SAY, words, concurrency=1)) == words
    assert rows.asked == ["a", "b", "wait", "wait", "c"]
    assert texts(chat_map(SAY, words[:1])) == ["a"]  # another call, and so no part of it
    assert rows.asked.count("a") == 2


@pytest.mark.filterwarnings("ignore:coroutine .*guarded. was never awaited:RuntimeWarning")
def test_what_was_answered_before_an_interrupt_is_kept_through_any_number_of_further_ones(rows):
    words = ["a", "b", "wait", "c"]
    interrupt(rows, SAY, words, concurrency=1)
    nth = 0
    while "c" not in rows.asked:
        nth += 1
        interrupted_at(nth, [api, batch_module, background_loop], lambda: chat_map(SAY, words, concurrency=1))
    assert nth > 20
    assert texts(chat_map(SAY, words, concurrency=1)) == words
    assert rows.asked[:3] == ["a", "b", "wait"]
    assert {"a", "b"}.isdisjoint(rows.asked[3:])


def test_a_call_that_goes_on_from_an_interrupted_one_has_its_own_limit(rows):
    words = ["a", "b", "wait", "c"]
    interrupt(rows, SAY, words, concurrency=1)
    batch = chat_map(SAY, words, concurrency=1, max_cost=0.025)
    assert texts(batch) == ["a", "b", None, None]
    assert batch.stopped_by == "the limit of $0.025"


def test_an_awaited_call_that_is_cancelled_goes_on_as_well(rows):
    words = ["a", "wait"]

    async def cancelled():
        asked = asyncio.create_task(achat_map(SAY, words, concurrency=1))
        await asyncio.to_thread(rows.server.waiting.acquire, timeout=30)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(cancelled())
    rows.waits = False
    assert texts(chat_map(SAY, words, concurrency=1)) == words
    assert rows.asked == ["a", "wait", "wait"]


def test_a_file_beside_the_notebook_spares_the_second_payment(rows, tmp_path):
    words = [f"w{number}" for number in range(30)]
    first = chat_map(SAY, [*words, "500 x"], replay="auto", retries=None)
    assert len(first.errors) == 1
    again = chat_map(SAY, [*words, "500 x", "new"], replay="auto", retries=None)
    assert texts(again) == [*words, None, "new"]
    assert len(rows.asked) == 31 + 2
    assert again.cost == pytest.approx(0.01)
    assert "$0.31]" in again._repr_mimebundle_()["text/plain"]  # as recorded, and without a time
    assert sum(record["cost"] for record in again.records) == pytest.approx(0.31)
    # 31 answers and the error, once.
    assert len((tmp_path / "notebook.openrouter.jsonl").read_text().splitlines()) == 32


def test_records_and_frames_keep_labels_fields_and_errors(rows):
    @dataclasses.dataclass
    class Verdict:
        stars: int
        word: str

    frame = pd.DataFrame({"said": ['{"stars": 5, "word": "good"}', '{"stars": "many"}']}, index=["p", "q"])
    batch = chat_map("Say {{said}}", frame, schema=Verdict)
    made = frame.join(batch.to_frame())
    assert list(made.index) == ["p", "q"]
    assert made.loc["p", ["stars", "word", "cost"]].tolist() == [5, "good", 0.01]
    assert "stars: " in made.loc["q", "error"]
    assert batch.cost == pytest.approx(0.02)  # a wrong answer is paid for as well
    assert batch.records[0]["row"] == "p"
    assert sorted(rows.asked) == sorted(frame["said"])  # two rows are asked at once, in any order


def test_it_shows_a_table_in_which_hostile_text_is_text(rows):
    hostile = "<script>alert(1)</script>![x](http://example.com/x.png)"
    shown = chat_map(SAY, [hostile, "500 b", *map(str, ["ok"] * 40)], retries=None)._repr_mimebundle_()
    assert "<script" not in shown["text/html"]
    assert "<img" not in shown["text/html"]
    assert "&lt;script&gt;" in shown["text/html"]
    assert shown["text/html"].count("<tr>") == 21
    assert "42 rows, 22 of them not shown · 1 failed · 123 → 41 tokens" in shown["text/plain"]
    assert rows.asked


def test_the_limit_holds_for_the_first_row_where_prices_are_known(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    options = {"model": "demo/tour", "max_completion_tokens": 1_000_000}
    batch = chat_map(SAY, ["a", "b"], max_cost=0.001, **options)
    assert batch.estimate.is_bounded
    assert batch.estimate.usd > 0.002
    assert batch.stopped_by.startswith("the limit of $0.001 is below the cost of a row, about $")
    assert [request.path for request in simulator.requests] == ["/api/v1/models"]
    whole = batch.estimate.usd
    assert len(chat_map(SAY, ["a", "b"], max_cost=2 * whole, **options).answers) == 2
    replayed = chat_map(SAY, ["a"], replay="auto", **options)
    assert replayed.estimate is not None
    assert chat_map(SAY, ["a"], replay="only", **options).estimate is None


def test_the_line_has_a_forecast_before_the_first_answer(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    batch = chat_map(SAY, ["a", "b"], max_cost=0.000001, model="demo/tour", progress=False)
    usd = float(f"{batch.estimate.usd:.2g}")
    reason = f"the limit of $0.000001 is below the cost of a row, about {cost(batch.estimate.usd / 2)}"
    line = f"{'░' * 10} 0 of 2 rows · about {cost(usd)} in all · 0 s"
    assert progress(batch) == f"{line} · 2 not asked: {reason}"
    batch.stopped_by = None
    assert progress(batch) == line


def test_the_cost_of_many_rows_is_estimated_from_some(rows, monkeypatch, once):
    monkeypatch.setattr(api, "_SAMPLE", 2)
    batch = chat_map(SAY, ["a"] * 5, client=once, max_completion_tokens=10)
    assert (batch.estimate.tokens_out, batch.estimate.usd) == (50, None)
    assert len(rows.asked) == 5


def test_the_line_tells_how_far_it_is(capsys, monkeypatch):
    monkeypatch.setenv("OPENROUTER_NB_LIVE", "1")
    chat_map(SAY, ["a", "500 b"], retries=None)
    last = capsys.readouterr().err.split("\r")[-1]
    assert last.startswith("██████████ 2 of 2 rows · 1 failed · $0.01 · ")
    assert last.endswith(" s\n")
    chat_map(SAY, ["a"], progress=False)
    assert capsys.readouterr().err == ""
    batch = chat_map(SAY, list("abcdefgh"), progress=False)
    for row in batch[4:]:
        row.answer, row.cost = None, 0.0
    batch.seconds = 3.0
    assert progress(batch) == "█████░░░░░ 4 of 8 rows · $0.04, about $0.08 in all · 3 s, 3 s left"


def test_answers_join_a_table_that_has_a_column_of_texts():
    frame = pd.DataFrame({"text": ["a", "b"]})
    assert frame.join(chat_map("Say {{text}}", frame).to_frame())["answer"].tolist() == ["a", "b"]
