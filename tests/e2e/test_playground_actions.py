"""What can be done in the playground beside asking: presets, and cells from a request."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]


def test_a_preset_is_kept_and_taken_and_the_request_becomes_a_cell(play, tmp_path):
    view = play("demo/parrot", "temperature=0.25, messages=[{'role': 'user', 'content': 'Hi'}]")
    root, lab = view.root, view.lab
    lab.execute_silently(f"import os; os.environ['OPENROUTER_NB_PRESETS'] = {str(tmp_path)!r}")
    view.button("Presets").click()
    root.get_by_role("menuitem", name="Save as…").click()
    name = root.get_by_role("textbox", name="Name of the preset")
    name.fill("cool")
    name.press("Enter")
    preset = root.locator(".orn-head [aria-haspopup=menu]").first
    expect(preset).to_have_text("cool")
    assert json.loads((tmp_path / "cool.json").read_text())["params"] == {"temperature": 0.25}
    view.open_rail()
    view.row("temperature").locator("input[type=text]").fill("1")
    expect(preset).to_have_text("cool *")
    preset.click()
    root.locator(".orn-menu [role=menuitemcheckbox]").get_by_text("cool", exact=True).click()
    expect(view.row("temperature").locator("input[type=text]")).to_have_value("0.25")
    expect(preset).to_have_text("cool")

    view.tab("Code")
    code = root.locator(".orn-pane pre")
    expect(code).to_contain_text("%%chat")
    written = code.inner_text()
    view.button("Insert as cell").click()
    expect(root.locator(".orn-pane [role=status]")).to_have_text("Inserted below.")
    sources = "() => window.__panel.content.widgets.map((cell) => cell.model.sharedModel.source)"
    assert lab.page.evaluate(sources)[1].split() == written.split()
