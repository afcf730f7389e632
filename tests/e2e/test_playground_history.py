"""Stored conversations and the full size of the panel, with keys alone."""

import pytest
from playwright.sync_api import expect
from support import axe
from support.keyboard import Keyboard

pytestmark = pytest.mark.browser


def test_stored_conversations_are_found_opened_run_again_deleted_and_restored(play):
    view = play("demo/parrot")
    view.lab.execute_silently(
        "from openrouter_nb import history\n"
        "history.file().unlink(missing_ok=True)\n"  # that of the tests before
        "for n in range(60):\n"
        "    history.import_conversation(f'## user\\nQuestion {n} about tides\\n## assistant\\nThe moon.')"
    )
    root, keys = view.root, Keyboard(view.root)
    view.ask("The one that I look for")
    view.wait_done()
    view.tab("History")
    rows = root.get_by_role("listitem").filter(has=view.page.locator(".orn-open"))
    expect(rows.first).to_contain_text("The one that I look for")
    expect(root.get_by_text("61 conversations")).to_be_visible()
    assert rows.count() < 40  # only those near the visible ones are in the page
    search = root.get_by_role("searchbox", name="Search conversations")
    keys.go(search)
    keys.type("tides 17")
    expect(rows).to_have_count(1)
    keys.press("Tab", "Tab", "Enter")
    expect(root.get_by_role("tab", name="Chat", exact=True)).to_have_attribute("aria-selected", "true")
    expect(root.locator(".orn-item").first).to_contain_text("Question 17 about tides")
    expect(view.message).to_be_focused()
    view.button("Undo: open conversation").click()
    expect(root.locator(".orn-item").first).to_contain_text("The one that I look for")
    # The first row: run again, then deleted and restored.
    view.tab("History")
    view.mark()
    keys.go(rows.first.locator(".orn-open"))
    keys.press("End")
    expect(rows.last.locator(".orn-open")).to_be_focused()
    expect(rows.last).to_contain_text("Question 0 about tides")
    keys.press("Home")
    expect(rows.first.locator(".orn-open")).to_be_focused()
    keys.press("Tab", "Enter", "ArrowDown", "Enter")
    view.wait_done()
    expect(root.locator(".orn-answer")).to_have_count(1)
    view.tab("History")
    expect(root.get_by_text("62 conversations")).to_be_visible()
    keys.go(rows.first.locator(".orn-open"))
    keys.press("ArrowDown")
    expect(rows.nth(1).locator(".orn-open")).to_be_focused()
    keys.press("Tab", "Enter", "End", "Enter")
    expect(root.get_by_text("61 conversations")).to_be_visible()
    keys.go(view.button("Restore"))
    keys.press("Enter")
    expect(root.get_by_text("62 conversations")).to_be_visible()
    # Exported and imported again.
    with view.page.expect_download() as download:
        view.button("More about The one that I look for").first.click()
        root.get_by_role("menuitem", name="Export as Markdown").click()
    assert download.value.suggested_filename == "the-one-that-i-look-for.md"
    root.locator(".orn-pane input[type=file]").set_input_files(download.value.path())
    expect(root.get_by_text("63 conversations")).to_be_visible()


@pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)
def test_the_panel_fills_the_page_and_returns_with_the_focus_where_it_was(play, simulator, artifacts):
    view = play("demo/slow", "extra_body={'simulator': {'hold_after': 3}}")
    root, keys = view.root, Keyboard(view.root)
    before = root.bounding_box()
    view.ask("Go on while I look")
    keys.press("Control+Shift+F")
    window = view.page.viewport_size
    assert root.bounding_box() == {"x": 0, "y": 0, "width": window["width"], "height": window["height"]}
    expect(view.message).to_be_focused()
    view.page.add_script_tag(path=axe.AXE)
    assert axe.violations(view.page, ".orn-pg") == []
    view.page.screenshot(path=artifacts / "full-size.png")
    simulator.release()
    view.wait_done()
    # A menu is above it, and its Escape is its own.
    view.button("More actions").last.click()
    expect(root.get_by_role("menu")).to_be_visible()
    keys.press("Escape")
    expect(root.get_by_role("menu")).to_have_count(0)
    assert root.bounding_box()["width"] == window["width"]
    keys.go(view.message)
    keys.press("Escape")
    assert root.bounding_box()["width"] == before["width"]
    expect(view.message).to_be_focused()
    view.button("Full size").click()
    assert root.bounding_box()["width"] == window["width"]
    keys.press("Enter")  # the same button
    assert root.bounding_box()["width"] == before["width"]
    expect(view.button("Full size")).to_be_focused()
