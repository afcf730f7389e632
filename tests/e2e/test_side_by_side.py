"""Several models in one cell, as a reader sees them."""

import pytest
from playwright.sync_api import expect
from support.says import says

pytestmark = pytest.mark.browser

CELL = (
    f"%%chat -m demo/stall,demo/tour,demo/error-402 -p simulator.pace_ms=20 {says('Half an answer')}\nShow me"
)


def test_columns_stream_beside_each_other_and_stop_one_by_one(chat, artifacts):
    lab = chat(CELL, "print(_.answers['demo/stall'].complete, list(_.errors))")
    lab.start(0)
    live = lab.live(0)
    live.nth(2).wait_for()
    live.nth(0).get_by_text("Half an answer").wait_for()
    live.nth(2).get_by_text("Not enough credits").wait_for()
    tops = {round(live.nth(index).bounding_box()["y"]) for index in range(3)}
    assert len(tops) == 1  # beside each other, not below
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        lab.screenshot(0, artifacts / f"columns-live-{theme.lower()}.png")
    live.nth(0).get_by_role("button", name="Stop").click()
    lab.wait()
    output = lab.output(0)
    output.locator("h4").nth(2).wait_for()
    expect(output.get_by_text("Stopped.")).to_have_count(1)
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        lab.screenshot(0, artifacts / f"columns-{theme.lower()}.png")
    lab.run(1)
    expect(lab.output(1)).to_have_text("False ['demo/error-402']")
    assert "widget-view" not in lab.save()


def test_in_the_background_they_fill_while_the_kernel_goes_on(chat):
    lab = chat(
        f"%%chat --bg -o both -m demo/stall,demo/tour -p simulator.pace_ms=20 {says('Half an answer')}\nShow me",
        "print('the kernel goes on', both.done)",
        "print((await both)['demo/tour'].text, both.answers['demo/stall'].complete)",
    )
    lab.run(0)
    live = lab.live(0)
    live.nth(0).get_by_text("Half an answer").wait_for()
    live.nth(1).get_by_text("Half an answer").wait_for()
    lab.run(1)
    assert lab.output(1).inner_text().strip() == "the kernel goes on False"
    live.nth(0).get_by_role("button", name="Stop").click()
    lab.output(0).locator("h4").nth(1).wait_for()
    lab.run(2)
    assert lab.output(2).inner_text().strip() == "Half an answer False"
    assert "both.keep('demo/tour')" in lab.output(0).inner_text()
    assert "widget-view" not in lab.save()
