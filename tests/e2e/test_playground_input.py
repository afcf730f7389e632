"""Presses and keys in the panel stay there; Ctrl+S reaches the notebook, and typed text stays."""

import os

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

# The kinds of elements that do not take the focus, and for one of them a point: a press and a text that arrives
# move the elements.
BESIDE = """(root, wanted) => {
    const stops = "a[href], button:enabled, input, select, textarea, summary, label, [tabindex]";
    const found = {};
    const isAt = (element, x, y) => document.elementFromPoint(x, y) === element;
    for (let y = 5; y < innerHeight; y += 9) for (let x = 5; x < innerWidth; x += 9) {
        const element = document.elementFromPoint(x, y);
        if (!root.contains(element) || element.closest(stops) !== root) continue;
        if (isAt(element, x - 1, y - 1) && isAt(element, x + 1, y + 1))
            found[`${element.localName} ${element.className}`] ??= [x, y];
        if (found[wanted]) return found[wanted];
    }
    return wanted ? undefined : Object.keys(found);
}"""
CELLS = "() => window.__panel.content.widgets.map((cell) => cell.model.sharedModel.getSource().length)"


@both
def test_a_press_beside_the_fields_keeps_commands_away_and_ctrl_s_saves(play):
    view = play("demo/parrot", cells=("a = 1",))
    root, page = view.root, view.page
    cells = page.evaluate(CELLS)
    parts = root.evaluate(BESIDE)
    pressed = set()
    for part in parts:
        at = root.evaluate(BESIDE, part)
        if at is None:
            continue  # a gap of a pixel between two buttons, which has moved by a part of one
        page.mouse.click(*at)
        pressed.add(part)
        assert root.evaluate("(root) => root.contains(document.activeElement)"), part
        for key in ("b", "a", "d", "d", "m", "Shift+Enter"):
            page.keyboard.press(key)
        assert page.evaluate(CELLS) == cells, part
    assert len(pressed) > 5, parts
    # Text can still be selected, and the whole panel shows no ring.
    root.locator(".orn-estimate").dblclick()
    assert page.evaluate("() => getSelection().toString()") != ""
    assert root.evaluate("(root) => getComputedStyle(root).outlineStyle") == "none"
    page.evaluate("() => { window.__panel.model.dirty = true; }")
    root.get_by_role("combobox", name="Model").press("ControlOrMeta+s")
    page.wait_for_function("() => !window.__panel.model.dirty")


PASTE = """(field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""


@both
def test_a_dialog_of_the_page_is_seen_from_the_full_size(play):
    view = play("demo/parrot")
    page = view.page
    view.message.click()
    page.keyboard.press("ControlOrMeta+Shift+f")
    expect(view.root.and_(page.locator(":popover-open"))).to_have_count(1)
    # The file has been changed elsewhere: saving asks, and its default overwrites the file.
    view.lab.path.write_text(view.lab.path.read_text().replace("nbformat_minor", " nbformat_minor", 1))
    later = view.lab.path.stat().st_mtime + 60
    os.utime(view.lab.path, (later, later))
    page.evaluate("() => { window.__panel.model.dirty = true; }")
    page.keyboard.press("ControlOrMeta+s")
    dialog = page.locator(".jp-Dialog")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(view.message).to_be_visible()


def test_a_text_that_is_refused_or_pasted_beside_another_stays(play):
    view = play("demo/slow", "extra_body={'simulator': {'pace_ms': 0, 'wait_ms': 0, 'hold_after': 3}}")
    root, page = view.root, view.page
    # An edited message whose answer is still being written, with the next message half written.
    view.ask("First")
    root.locator(".orn-answer[aria-busy=true]").wait_for()
    first = root.locator(".orn-message").first
    first.get_by_role("button", name="Edit").click()
    first.get_by_role("textbox").fill("First, and with many more words")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(root.get_by_role("alert")).to_contain_text("stop it first")
    expect(first.get_by_role("textbox")).to_have_value("First, and with many more words")
    view.button("Stop").click()
    view.wait_done()
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".orn-plain")).to_have_text("First, and with many more words")
    view.open_rail()
    stop = view.row("stop").locator("input")
    stop.press_sequentially("one")
    stop.evaluate(PASTE, "two\nthree")
    expect(view.row("stop").locator("code")).to_have_text(["onetwo", "three"])
    added = view.row("metadata").locator("input").last
    added.press_sequentially("note: ")
    added.evaluate(PASTE, "Hello, world")
    added.press("Enter")
    added.evaluate(PASTE, '{"cut": ')
    added.press("Tab")
    expect(added).to_have_value('{"cut": ')
    expect(added).to_have_attribute("aria-invalid", "true")
    view.until("p.params['metadata'] == {'note': 'Hello, world'}")


def test_an_arrow_key_after_digits_shows_the_number_that_is_sent(play):
    view = play("demo/parrot")
    view.open_rail()
    field = view.row("temperature").locator("input[type=text]")
    field.press_sequentially("0.5")
    field.press("ArrowUp")
    view.until("p.params['temperature'] == 0.55")
    expect(field).to_have_value("0.55")
    field.press_sequentially("5")
    view.until("p.params['temperature'] == 0.555")


TEXT_FIELDS = "textarea, input:not([type=range], [type=radio], [type=checkbox], [type=file])"


def test_each_text_field_has_a_direction_and_the_menu_of_the_browser(play):
    view = play("demo/tools", "stop=['עצור'], metadata={'עיר': 'א'}, tools=['web_search']")
    root, page = view.root, view.page
    view.lab.execute_silently("def weather(city: str) -> str: return city\np.add_tool(weather)")
    view.ask("What is the weather?")
    view.wait_done()
    view.open_rail()
    root.locator(".orn-tool").get_by_role("button", name="Result").click()
    view.button("Presets").press("Enter")
    root.get_by_role("menuitem").first.press("Enter")
    root.locator(".orn-preset-name").wait_for()
    without = "(all) => all.filter((each) => !each.dir).map((each) => each.outerHTML.slice(0, 200))"
    assert root.locator(TEXT_FIELDS).evaluate_all(without) == []
    assert root.locator(TEXT_FIELDS).count() > 40
    for words in root.get_by_label("Result for the model"), view.row("stop").locator("input"):
        words.fill("קר, 5°")
        expect(words).to_have_css("direction", "rtl")
    view.tab("History")
    root.get_by_label("Search conversations").wait_for()
    assert root.locator(".orn-pane").locator(TEXT_FIELDS).evaluate_all(without) == []
    # The menu of JupyterLab would offer to delete the cell instead of to paste.
    menu = page.locator(".lm-Menu")
    for field in view.message, view.row("stop").locator("input"), view.row("user").locator("input"):
        field.click(button="right")
        expect(menu).to_have_count(0)
    estimate = root.locator(".orn-estimate")
    estimate.click(button="right")
    expect(menu).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    view.message.press("ControlOrMeta+Shift+f")
    estimate.click(button="right")
    expect(menu).to_have_count(0)
    expect(root.and_(page.locator(":popover-open"))).to_have_count(1)
