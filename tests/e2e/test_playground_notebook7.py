"""The core of the playground in Notebook 7."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["notebook"], indirect=True)]


def test_asking_setting_editing_and_stopping_work_as_in_jupyterlab(play, simulator):
    view = play("demo/parrot")
    root = view.root

    def body():
        return simulator.exchanges[-1].request.body

    # A parameter by hand, a question by key; the notebook has no part in the keys.
    view.open_rail()
    view.row("temperature").locator("input[type=text]").fill("0.5")
    view.row("reasoning.effort").get_by_role("radio", name="low").check(force=True)
    view.expect_state("reasoning.effort", "ignored")
    view.message.fill("One")
    view.message.press("Shift+Enter")
    view.ask("One")
    view.wait_done()
    assert body()["temperature"] == 0.5
    assert "reasoning" not in body()
    assert len(view.page.evaluate("() => window.__panel.content.widgets.map((cell) => cell.model.id)")) == 1
    # The conversation edited, a branch and back.
    items = root.locator(".orn-item")
    view.button("Edit", within=items.nth(0)).click()
    editor = items.nth(0).locator("textarea")
    expect(editor).to_be_focused()
    editor.fill("Two")
    view.mark()
    editor.press("Control+Enter")
    view.wait_done()
    assert body()["messages"] == [{"role": "user", "content": "Two"}]
    view.button("Previous alternative", within=items.nth(0)).click()
    expect(view.answers().locator(".orn-markdown")).to_have_text("One")
    view.button("Add a system message").click()
    expect(items.nth(0).locator("textarea")).to_be_focused()
    view.page.keyboard.type("Be terse.")
    view.button("Save").click()
    expect(items.nth(0).locator(".orn-plain")).to_have_text("Be terse.")
    view.button("Delete", within=items.nth(1)).click()
    expect(items).to_have_count(2)
    view.button("Undo: delete message").click()
    expect(items).to_have_count(3)
    # Another model, picked from the list; its answer is stopped and kept.
    picker = root.get_by_role("combobox", name="Model")
    picker.fill("demo/slo")
    root.get_by_role("option").filter(has_text="demo/slow").first.click()
    expect(picker).to_have_value("demo/slow")
    view.lab.execute_silently("p.params = {'extra_body': {'simulator': {'hold_after': 90}}}")
    view.ask("Go on")
    view.answers().get_by_text("simulated answer").first.wait_for()
    view.button("Stop").click()
    simulator.wait_for_close()
    view.wait_done()
    assert simulator.exchanges[-1].outcome == "client gone"
    expect(view.words()).to_contain_text("This is a simulated answer")
    view.until("[m['role'] for m in p.messages] == ['system', 'user', 'assistant', 'user', 'assistant']")
