"""Presses and keys in the panel stay there; Ctrl+S reaches the notebook."""

import pytest

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

# One visible point in each kind of element that does not take the focus.
BESIDE = """(root) => {
    const stops = "a[href], button:enabled, input, select, textarea, summary, label, [tabindex]";
    const found = {};
    for (let y = 5; y < innerHeight; y += 9) for (let x = 5; x < innerWidth; x += 9) {
        const element = document.elementFromPoint(x, y);
        if (!root.contains(element) || element.closest(stops) !== root) continue;
        found[`${element.localName} ${element.className}`] ??= [x, y];
    }
    return Object.entries(found);
}"""
CELLS = "() => window.__panel.content.widgets.map((cell) => cell.model.sharedModel.getSource().length)"


@both
def test_a_press_beside_the_fields_keeps_commands_away_and_ctrl_s_saves(play):
    view = play("demo/parrot", cells=("a = 1",))
    root, page = view.root, view.page
    cells = page.evaluate(CELLS)
    parts = dict(root.evaluate(BESIDE))
    assert len(parts) > 5, parts
    for part in parts:
        # A press and a text that arrives scroll the notebook.
        page.mouse.click(*dict(root.evaluate(BESIDE))[part])
        assert root.evaluate("(root) => root.contains(document.activeElement)"), part
        for key in ("b", "a", "d", "d", "m", "Shift+Enter"):
            page.keyboard.press(key)
        assert page.evaluate(CELLS) == cells, part
    # Text can still be selected, and the whole panel shows no ring.
    root.locator(".orn-estimate").dblclick()
    assert page.evaluate("() => getSelection().toString()") != ""
    assert root.evaluate("(root) => getComputedStyle(root).outlineStyle") == "none"
    page.evaluate("() => { window.__panel.model.dirty = true; }")
    root.get_by_role("combobox", name="Model").press("ControlOrMeta+s")
    page.wait_for_function("() => !window.__panel.model.dirty")
