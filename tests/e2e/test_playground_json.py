"""A JSON field becomes an editor when it has the focus, and loses no key, selection or label by that."""

import pytest
from playwright.sync_api import expect
from support.playground import PlaygroundView

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]

NAME = "cache_control"
TEXT = '{\n  "type": "ephemeral"\n}'


@pytest.fixture
def view(notebook, simulator):  # noqa: ARG001 - the kernel sends its requests there
    lab = notebook("from openrouter_nb import Playground\np = Playground('demo/unlisted')\np")
    lab.run(0)
    view = PlaygroundView(lab).wait()
    view.open_rail()
    return view


def test_keys_typed_while_the_editor_loads_are_in_the_request(view):
    row = view.row(NAME)
    row.locator("textarea").click()
    # The module is not there yet at the first keys: it comes from the kernel.
    view.page.keyboard.type(TEXT.replace("\n", ""), delay=20)
    editor = row.locator(".cm-content")
    expect(editor).to_be_focused()
    expect(row.locator("textarea")).to_be_hidden()
    view.expect_state(NAME, "set")
    view.until(f"p.params[{NAME!r}] == {{'type': 'ephemeral'}}")
    # The editor has the focus: a value set from Python is shown.
    view.lab.execute_silently(f"p.params[{NAME!r}] = {{'ttl': '1h'}}")
    view.root.get_by_role("tab", name="Chat", exact=True).click()
    expect(editor).to_contain_text('"ttl": "1h"')


def test_the_editor_has_the_name_the_keys_and_the_problems_of_the_field(view):
    row = view.row(NAME)
    row.locator("textarea").fill("{}")
    expect(row.locator(".cm-editor")).to_be_visible()
    editor = row.get_by_role("textbox")
    assert "mono" in editor.evaluate("(node) => getComputedStyle(node).fontFamily")
    name = row.locator(".orn-param-name").inner_text().strip()
    expect(editor).to_have_accessible_name(name)

    view.page.keyboard.press("Control+A")
    view.page.keyboard.insert_text('{"type": ')  # one step of undo, however slow the machine
    expect(row.locator("small")).to_contain_text("JSON")
    expect(row.locator(".cm-lintRange-error")).to_be_visible()
    view.page.keyboard.press("Control+Z")
    expect(editor).to_have_text("{}")
    expect(row.locator("small")).to_have_count(0)

    view.page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    assert view.page.evaluate("document.activeElement.closest('.orn-pg') !== null")
    row.locator(".orn-param-name").click()
    expect(editor).to_be_focused()
    # Keys of the editor are not commands of the notebook.
    view.page.keyboard.type("dd")
    expect(editor).to_contain_text("dd")
    # Escape returns to the notebook, as in every field of the panel.
    view.page.keyboard.press("Escape")
    assert view.page.evaluate("document.activeElement.closest('.orn-pg') === null")


def test_the_conversation_as_json_is_edited_and_applied_with_the_keyboard(view):
    view.lab.execute_silently("p.messages = [{'role': 'user', 'content': 'Blue'}]")
    expect(view.root.locator(".orn-item")).to_have_count(1)

    view.button("More about the conversation").click()
    view.root.get_by_role("menuitem", name="Edit as JSON…").click()
    editor = view.root.locator(".orn-thread-json .cm-content")
    expect(editor).to_be_focused()
    expect(editor).to_contain_text('"content": "Blue"')
    view.page.keyboard.press("Control+A")
    view.page.keyboard.insert_text('[{"role": "user", "content": "Red"}]')
    view.page.keyboard.press("Control+Enter")
    expect(view.root.locator(".orn-item .orn-plain")).to_have_text("Red")
    view.until("p.messages == [{'role': 'user', 'content': 'Red'}]")
