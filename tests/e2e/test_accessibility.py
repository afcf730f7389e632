"""Without a mouse, and with a screen reader."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement.className || document.activeElement.localName"


def test_stop_is_reached_and_pressed_with_the_keyboard(chat, simulator):
    lab = chat("%%chat -m demo/stall\nHello", "print('after')")
    lab.start(0)
    lab.live(0).locator(".orn-body").get_by_text("already paid").wait_for()
    lab.live(0).locator(".orn-phase").click()
    for _ in range(12):  # past the cell's own toolbar
        lab.page.keyboard.press("Tab")
        if lab.page.evaluate(FOCUSED) == "orn-stop":
            break
    assert (
        lab.live(0).locator(".orn-stop").evaluate("(button) => getComputedStyle(button).outlineStyle")
        == "solid"
    )
    lab.page.keyboard.press("Enter")
    lab.wait()
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    expect(lab.output(0)).to_contain_text("Stopped.")


def test_the_beginning_and_the_end_are_announced_and_the_words_are_not(chat):
    lab = chat("%%chat -m demo/stall\nHello")
    lab.start(0)
    live = lab.live(0)
    live.locator(".orn-body").get_by_text("already paid").wait_for()
    expect(live.get_by_role("status")).to_have_text(["Generating"])
    # A live region would read the complete answer again with every word.
    regions = "[aria-live], [role=status], [role=alert], [role=log], [role=marquee], [role=timer]"
    for part in (".orn-body", ".orn-reasoning", ".orn-elapsed"):
        assert not live.locator(part).evaluate("(node, regions) => !!node.closest(regions)", regions)
    assert live.locator(".orn-dot").get_attribute("aria-hidden") == "true"
    lab.stop(0)
    lab.wait()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_reasoning_is_unfolded_with_the_keyboard(chat, key):
    lab = chat("%%chat -m demo/reasoner -p simulator.hold_after=12\nHello")
    lab.start(0)
    fold = lab.live(0).locator("details.orn-reasoning")
    fold.get_by_text("this thought").wait_for()
    expect(fold).to_have_attribute("open", "")
    fold.locator("summary").focus()
    lab.page.keyboard.press(key)
    expect(fold).not_to_have_attribute("open", "")
    lab.stop(0)
    lab.wait()
    saved = lab.output(0).locator("details")
    saved.locator("summary").focus()
    lab.page.keyboard.press(key)
    expect(saved).to_have_attribute("open", "")
    expect(saved).to_contain_text("The question is simulated")
