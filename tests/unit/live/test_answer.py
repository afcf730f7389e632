"""The state of a live answer, its deltas and snapshots, and the rate at which they are sent."""

import asyncio
import json
from pathlib import Path

import pytest

from openrouter_nb.live import delta_sender
from openrouter_nb.live.answer import LiveAnswer
from openrouter_nb.live.cards import Card
from openrouter_nb.live.delta_sender import DeltaSender, Pacing
from openrouter_nb.live.protocol import deltas_message, snapshot_message

ROOT = Path(__file__).resolve().parents[3]
#: Read by `js/test/live/protocol.test.ts` as well.
FIXTURE = json.loads((ROOT / "tests/fixtures/live/messages.json").read_text())


def test_both_halves_use_the_same_messages(monkeypatch):
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    one, two, three = (LiveAnswer(run, "openai/gpt-5-mini") for run in ("r1", "r2", "r3"))
    one.update(phase="reasoning")
    one.append(reasoning="The user asks")
    two.update(phase="waiting", note="Too many requests")
    two.wait_for_retry(8.0, 1)
    three.update(phase="answering")
    three.append(text="See")
    three.put_card(Card(id="image-1", kind="media", title="image 1"))
    first = deltas_message([answer.take_delta().wire for answer in (one, two, three)])
    one.update(phase="answering", reasoning_s=0.8)
    one.append(text="Because")
    two.update(phase="processing", note="")
    two.wait_for_retry(None)
    three.update(tool_calls=[{"id": "1", "name": "add", "arguments": "{", "state": "waiting"}])
    three.drop_card("image-1")
    second = deltas_message([answer.take_delta().wire for answer in (one, two, three)])
    one.started = 100.0 - 1.234
    assert [first, second, snapshot_message(one.snapshot())] == FIXTURE["from_kernel"]


def test_without_a_change_there_is_no_delta():
    answer = LiveAnswer("r1", "a/b")
    assert answer.take_delta() is None
    answer.update(phase="connecting", note="")
    answer.append()
    answer.wait_for_retry(None)
    assert not answer.drop_card("none")
    assert (answer.take_delta(), answer.seq) == (None, 0)


def test_a_snapshot_excludes_text_that_was_not_sent():
    answer = LiveAnswer("r1", "a/b", text="Once")
    answer.append(text=" upon")
    assert answer.snapshot()["text"] == "Once"
    answer.take_delta()
    assert (answer.snapshot()["seq"], answer.snapshot()["text"]) == (1, "Once upon")


def test_the_deltas_of_all_answers_travel_together():
    async def run():
        sent = []
        sender = DeltaSender(sent.append)
        answers = [LiveAnswer(f"r{number}", "a/b") for number in range(4)]
        for answer in answers:
            sender.begin(answer)
        for _ in range(50):
            for answer in answers:
                answer.append(text="word ")
                sender.schedule(answer)
        for answer in answers:
            sender.end(answer)
        return sent, sender

    sent, sender = asyncio.run(run())
    assert len(sent) <= 5
    texts = {}
    for delta in (delta for deltas in sent for delta in deltas):
        texts[delta.wire["run"]] = texts.get(delta.wire["run"], "") + delta.text
    assert texts == {f"r{number}": "word " * 50 for number in range(4)}
    assert sender.snapshots() == {}


def test_messages_cost_no_more_than_the_text_once_it_flows():
    pacing = Pacing()
    for _ in range(100):
        pacing.count(10)
    assert pacing.interval_s == delta_sender._CALM_S
    pacing.count(200_000)
    assert pacing.interval_s == delta_sender._QUICK_S


@pytest.mark.parametrize("size", [0, 7_000])
def test_large_cards_and_lists_count_as_messages(size):
    answer = LiveAnswer("r1", "a/b")
    answer.put_card(Card(id="1", kind="tool", title="t", body="x" * size))
    answer.update(tool_calls=[{"arguments": "x" * size}])
    assert 2 * size <= answer.take_delta().extra_bytes <= 2 * size + 100
