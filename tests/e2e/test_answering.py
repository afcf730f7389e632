"""What a reader sees from the start of a chat cell to its end, in JupyterLab and in Notebook 7."""

import pytest
from support.says import says

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

WORDS = "The **first** words, `code` and\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nthe end"


@both
def test_status_and_stop_are_there_before_any_word(chat):
    lab = chat("%%chat -m demo/thinking-long -p simulator.wait_ms=60000\nHello")
    lab.start(0)
    live = lab.live(0)
    live.get_by_text("OpenRouter is processing…").wait_for()
    assert live.locator(".orn-model").inner_text() == "demo/thinking-long"
    assert live.get_by_role("button", name="Stop generating").is_visible()
    assert live.locator(".orn-body").inner_text() == ""
    lab.stop(0)
    lab.wait()


@both
def test_words_are_on_screen_while_the_cell_runs(chat):
    lab = chat(f"%%chat -m demo/stall {says(WORDS)}\nHello")
    lab.start(0)
    body = lab.live(0).locator(".orn-body")
    body.get_by_text("the end").wait_for()
    assert lab.is_running(0)
    assert body.locator("strong").inner_text() == "first"
    assert body.locator("td").all_inner_texts() == ["1", "2"]
    lab.stop(0)
    lab.wait()


def test_code_and_formulas_are_dressed_while_the_answer_arrives(chat):
    words = "Code:\n\n```python\ndef f(): return 1\n```\n\nand $a_b$ for\n\n$$\\frac{1}{2}$$\n\nand no more"
    lab = chat(f"%%chat -m demo/stall {says(words)}\nHello")
    lab.start(0)
    body = lab.live(0).locator(".orn-body")
    body.get_by_text("and no more").wait_for()
    body.locator("math").nth(1).wait_for()
    assert body.locator("pre .orn-k").all_inner_texts() == ["def", "return"]
    assert body.locator("pre").inner_text() == "def f(): return 1\n"
    assert body.locator(".orn-display math").count() == 1
    lab.stop(0)
    lab.wait()
    output = lab.output(0)
    assert output.locator("pre .orn-k").all_inner_texts() == ["def", "return"]
    assert output.locator("mjx-container").count() == 2


@both
def test_the_live_view_gives_way_to_the_answer_that_stays(chat):
    lab = chat("%%chat -m demo/tour\nShow me")
    lab.run(0)
    output = lab.output(0)
    output.locator("mjx-container").nth(1).wait_for()
    assert lab.live(0).count() == 0
    assert output.locator("h1").inner_text() == "A tour of what an answer can hold"
    assert output.locator("tr").count() == 4
    assert output.locator("mjx-merror").count() == 0
    assert "openrouter_nb" in lab.outputs(0)[0]["metadata"]
    assert "simulator · " in output.inner_text().lower()
    colours = output.locator("pre span").evaluate_all(
        "(spans) => [...new Set(spans.map((span) => getComputedStyle(span).color))]"
    )
    assert len(colours) >= 4
    assert lab.watch.complaints == []


def test_reasoning_is_open_until_the_answer_begins(chat):
    lab = chat(
        "%%chat -m demo/reasoner -p simulator.pace_ms=25 -p simulator.wait_ms=0\nHello",
    )
    lab.page.evaluate(
        """() => {
            window.__folds = [];
            new MutationObserver(() => {
                const live = document.querySelector(".orn-live");
                const fold = live?.querySelector("details.orn-reasoning:not([hidden])");
                if (fold) window.__folds.push([live.dataset.phase, fold.open]);
            }).observe(document.body, { subtree: true, childList: true, attributes: true });
        }"""
    )
    lab.run(0)
    folds = lab.page.evaluate("() => window.__folds")
    assert ["reasoning", True] in folds
    assert ["answering", False] in folds
    assert lab.output(0).locator("details:not([open]) > summary").inner_text().startswith("Reasoned for ")


def test_cells_that_wait_for_each_other_each_get_their_view(chat):
    slow = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=10\nHello"
    lab = chat(slow, slow)
    lab.start_all()
    lab.live(0).get_by_text("simulated answer").wait_for()
    lab.live(1).get_by_text("simulated answer").wait_for()
    assert lab.live(0).count() == 0
    lab.wait()
    assert [set(lab.outputs(index)[0]["data"]) for index in (0, 1)] == [{"text/html", "text/plain"}] * 2


def test_twenty_cells_in_a_row_leave_nothing_behind(chat):
    lab = chat(*["%%chat -m demo/echo --once\nHello"] * 20)
    lab.run_all()
    for index in range(20):
        (output,) = lab.outputs(index)
        assert set(output["data"]) == {"text/html", "text/plain"}
    assert lab.page.locator(".orn-live").count() == 0
    assert lab.watch.complaints == []
    # The first view stays, because later ones take the renderer from it.
    kept = "from openrouter_nb.notebook.views.widget import WidgetView as W; assert len(W._kept) < 4, len(W._kept)"
    lab.execute_silently(kept)
