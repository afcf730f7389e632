"""What a reader sees from the start of a chat cell to its end, in JupyterLab and in Notebook 7."""

import re

import pytest
from playwright.sync_api import expect
from support.frontends import in_each
from support.says import says

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

WORDS = "The **first** words, `code` and\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nthe end"


@both
def test_status_and_stop_are_there_before_any_word(chat):
    lab = chat("%%chat -m demo/thinking-long -p simulator.wait_ms=600000\nHello")
    lab.start(0)
    live = lab.live(0)
    live.get_by_text("OpenRouter is processing…").wait_for()
    expect(live.locator(".orn-model")).to_have_text("demo/thinking-long")
    expect(live.get_by_role("button", name="Stop generating")).to_be_visible()
    expect(live.locator(".orn-body")).to_have_text("")
    lab.stop(0)
    lab.wait()


@in_each("load", "streams")
def test_words_are_on_screen_while_the_cell_runs(chat):
    lab = chat(f"%%chat -m demo/stall {says(WORDS)}\nHello")
    lab.start(0)
    body = lab.live(0).locator(".orn-body")
    body.get_by_text("the end").wait_for()
    assert lab.is_running(0)
    expect(body.locator("strong")).to_have_text("first")
    expect(body.locator("td")).to_have_text(["1", "2"])
    lab.stop(0)
    lab.wait()


def test_code_and_formulas_are_dressed_while_the_answer_arrives(chat):
    words = "Code:\n\n```python\ndef f(): return 1\n```\n\nand $a_b$ for\n\n$$\\frac{1}{2}$$\n\nand no more"
    lab = chat(f"%%chat -m demo/stall {says(words)}\nHello")
    lab.start(0)
    body = lab.live(0).locator(".orn-body")
    body.get_by_text("and no more").wait_for()
    body.locator("math").nth(1).wait_for()
    expect(body.locator("pre .orn-k")).to_have_text(["def", "return"])
    assert body.locator("pre").inner_text() == "def f(): return 1\n"
    expect(body.locator(".orn-display math")).to_have_count(1)
    lab.stop(0)
    lab.wait()
    output = lab.output(0)
    expect(output.locator("pre .orn-k")).to_have_text(["def", "return"])
    expect(output.locator("mjx-container")).to_have_count(2)


@both
def test_the_live_view_gives_way_to_the_answer_that_stays(chat):
    lab = chat("%%chat -m demo/tour\nShow me")
    lab.run(0)
    output = lab.output(0)
    output.locator("mjx-container").nth(1).wait_for()
    expect(lab.live(0)).to_have_count(0)
    expect(output.locator("h1")).to_have_text("A tour of what an answer can hold")
    expect(output.locator("tr")).to_have_count(4)
    expect(output.locator("mjx-merror")).to_have_count(0)
    assert "openrouter_nb" in lab.outputs(0)[0]["metadata"]
    expect(output).to_contain_text("simulator · ", ignore_case=True)
    colours = output.locator("pre span").evaluate_all(
        "(spans) => [...new Set(spans.map((span) => getComputedStyle(span).color))]"
    )
    assert len(colours) >= 4
    assert lab.watch.complaints == []


def test_reasoning_is_open_until_the_answer_begins(chat, simulator):
    # Held in the thought, which is 32 deltas, and again in the answer.
    lab = chat("%%chat -m demo/reasoner -p simulator.hold_after=[12,42]\nHello")
    lab.start(0)
    live = lab.live(0)
    fold = live.locator("details.orn-reasoning")
    expect(live).to_have_attribute("data-phase", "reasoning")
    expect(fold).to_have_attribute("open", "")
    simulator.release()
    expect(live).to_have_attribute("data-phase", "answering")
    expect(fold).not_to_have_attribute("open", "")
    simulator.release()
    lab.wait()
    expect(lab.output(0).locator("details:not([open]) > summary")).to_have_text(re.compile("^Reasoned for "))


def test_cells_that_wait_for_each_other_each_get_their_view(chat, simulator):
    slow = (
        "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=10 -p simulator.hold_after=20\nHello"
    )
    lab = chat(slow, slow)
    lab.start_all()
    lab.live(0).get_by_text("simulated answer").wait_for()
    simulator.release()
    lab.live(1).get_by_text("simulated answer").wait_for()
    expect(lab.live(0)).to_have_count(0)
    simulator.release()
    lab.wait()
    assert [set(lab.outputs(index)[0]["data"]) for index in (0, 1)] == [{"text/html", "text/plain"}] * 2


def test_twenty_cells_in_a_row_leave_nothing_behind(chat):
    lab = chat(*["%%chat -m demo/echo --once\nHello"] * 20)
    lab.run_all()
    for index in range(20):
        (output,) = lab.outputs(index)
        assert set(output["data"]) == {"text/html", "text/plain"}
    expect(lab.page.locator(".orn-live")).to_have_count(0)
    assert lab.watch.complaints == []
    # The first view stays, because later ones take the renderer from it.
    kept = (
        "from openrouter_nb.live.views.widget import WidgetView as W; assert len(W._kept) < 4, len(W._kept)"
    )
    lab.execute_silently(kept)
