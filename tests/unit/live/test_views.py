"""The pace of a live view: quick at first, never more than the channel bears, and nothing lost."""

import asyncio
import functools
import itertools

import pytest

from openrouter_nb.live.cards import Action, Card
from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.terminal import TerminalView
from openrouter_nb.live.views.widget import WidgetView
from openrouter_nb.live.views.widget_display import WidgetDisplay


class Recorder(LiveView):
    def __init__(self):
        super().__init__("a/b")
        self.painted = []

    def paint(self, delta):
        self.painted.append((self.phase, delta.reasoning, delta.text))
        self.changed = delta.cards


def stream(deltas, *, pause_s=0.0):
    async def run():
        view = Recorder()
        view.begin()
        for delta in deltas:
            view.show("answering", text=delta)
            if pause_s:
                await asyncio.sleep(pause_s)
        view.end("finished", {}, {})
        await asyncio.sleep(0.3)  # nothing may come after the end
        return view

    return asyncio.run(run())


def test_the_first_piece_is_shown_at_once():
    view = Recorder()
    view.show("answering", text="a")
    assert view.painted == [("answering", "", "a")]


def test_a_burst_is_shown_in_a_few_pieces_and_whole():
    view = stream([f"{number} " for number in range(5000)])
    assert "".join(text for _, _, text in view.painted) == "".join(f"{number} " for number in range(5000))
    assert len(view.painted) <= 3
    assert view.painted[-1][0] == "finished"


def test_a_slow_stream_begins_piece_by_piece():
    view = stream(list("abcdef"), pause_s=0.06)
    assert [text for _, _, text in view.painted[:3]] == ["a", "b", "c"]


def test_a_change_of_phase_without_text_is_shown():
    view = Recorder()
    view.show("processing")
    assert view.painted == [("processing", "", "")]


def test_the_same_phase_without_text_is_not_shown_again():
    view = Recorder()
    view.show("processing")
    view.flush()
    view.flush()
    assert len(view.painted) == 1


def on_a_loop(test):
    """Run a test where a view can set its timer."""

    @functools.wraps(test)
    def run(*args, **kwargs):
        async def inside():
            test(*args, **kwargs)

        asyncio.run(inside())

    return run


TOOL = Card(id="1", kind="tool", title="add", body='{"a": 1}', actions=(Action("run", "Run"),))


@on_a_loop
def test_cards_are_shown_by_id_and_know_how_much_text_stands_above_them():
    view = Recorder()
    view.show("answering", text="é𝄞\n")
    view.card(TOOL)
    view.flush()
    assert view.changed == ("1",)
    assert view.answer.cards["1"].wire()["at"] == 4  # as JavaScript counts
    view.show("answering", text="more")
    view.card(Card(id="1", kind="tool", title="add", status="done"))
    view.drop_card("nobody")
    view.flush()
    assert view.answer.cards["1"].wire() == {
        "id": "1",
        "kind": "tool",
        "title": "add",
        "at": 4,
        "status": "done",
    }
    view.drop_card("1")
    view.flush()
    assert view.changed == ("1",)
    assert view.answer.cards == {}


@pytest.mark.parametrize(
    ("wait_s", "shown"),
    [
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (-1, None),
        (0, 0),
        (86_400.0, 86_400_000),
        (1e15, 604_800_000),
    ],
)
def test_only_a_time_is_counted_down(wait_s, shown):
    view = Recorder()
    view.card(Card(id="w", kind="wait", title="Busy", status="trying again", wait_s=wait_s))
    wire = view.answer.cards["w"].wire()
    if shown is None:
        assert "wait_ms" not in wire
        assert view.answer.cards["w"].card.line == "Busy: trying again"
    else:
        assert shown - 5_000 <= wire["wait_ms"] <= shown
        assert view.answer.cards["w"].card.line.startswith("Busy: trying again in ")


def test_a_long_body_shows_its_end():
    view = Recorder()
    view.card(Card(id="1", kind="tool", title="t", body="x" * 30_000 + "the end"))
    body = view.answer.cards["1"].wire()["body"]
    assert body.startswith("[10,007 characters before this]")
    assert body.endswith("the end")


@on_a_loop
def test_what_no_page_can_bear_is_not_sent_to_one():
    view = Recorder()
    for _ in range(100):
        view.show("answering", text="word " * 200_000)
    view.flush()
    shown = sum(len(text) for _, _, text in view.painted)
    assert shown == 300_000
    assert "the whole answer is in `_`" in view.answer.cards["cut-text"].card.title


@on_a_loop
def test_a_terminal_writes_a_card_as_a_line_when_the_line_changes(capsys):
    view = TerminalView("a/b")
    view.card(TOOL)
    view.flush()
    view.card(Card(id="1", kind="tool", title="add", body="more"))
    view.flush()
    view.card(Card(id="1", kind="tool", title="add\x1b[31m", status="done"))
    view.flush()
    assert capsys.readouterr().out == "[add]\n[add: done]\n"


IDS = itertools.count()


async def press(view, **content):
    view._on_message(None, {"kind": "action", "id": next(IDS), **content}, [])
    await asyncio.sleep(0)


def test_a_press_counts_only_on_a_button_that_is_there_and_once():
    async def run():
        pressed = []
        view = WidgetView("a/b", None)
        view._display = WidgetDisplay(None, "a/b", "_", view.close)
        view.on_action = lambda *press: pressed.append(press)
        view.card(
            Card(
                id="1",
                kind="tool",
                title="t",
                actions=(Action("run", "Run"), Action("edit", "Edit", takes_text=True)),
            )
        )
        for wrong in (
            {},
            {"card": "1"},
            {"card": "1", "action": "other"},
            {"card": "2", "action": "run"},
            {"card": ["1"], "action": "run"},
            {"card": "1", "action": {"run": 1}},
            {"card": "1", "action": "run", "id": None},
        ):
            await press(view, **wrong)
        for _ in range(2):
            await press(view, card="1", action="run", value="ignored", id=2**48)
        await press(view, card="1", action="edit", value="typed")
        await press(view, card="1", action="edit", value=5)
        view.answer.update(phase="finished")
        await press(view, card="1", action="run")
        return pressed

    assert asyncio.run(run()) == [("1", "run", None), ("1", "edit", "typed"), ("1", "edit", None)]
