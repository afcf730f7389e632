"""The pace of a live view: quick at first, never more than the channel bears, and nothing lost."""

import asyncio

from openrouter_nb.notebook.views.base import View


class Recorder(View):
    def __init__(self):
        super().__init__("a/b")
        self.painted = []

    def paint(self, reasoning, text):
        self.painted.append((self.phase, reasoning, text))


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


def test_messages_cost_no_more_than_the_text_once_it_flows():
    view = Recorder()
    view._messages, view._sent = 100, 1_000
    assert view._interval() == 0.25
    view._sent = 200_000
    assert view._interval() == 0.05
