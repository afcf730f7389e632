"""What the file of a notebook holds of a playground that was used with the mouse, and what it shows when it is opened again."""

import json
import re

import pytest
from playwright.sync_api import expect
from support.jupyter import Notebook

pytestmark = pytest.mark.browser


def kept(lab):
    """What the file has below the panel."""
    panel, conversation = json.loads(lab.save())["cells"][0]["outputs"]
    assert "application/vnd.jupyter.widget-view+json" in panel["data"]
    return "".join(conversation["data"]["text/plain"])


def twice(words):
    """In the question and in the parrot's answer."""
    return re.compile(f"{words}.*{words}", re.DOTALL)


@pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)
def test_the_file_has_the_conversation_though_the_panel_was_never_closed_nor_built_anew(play):
    view = play("demo/parrot")
    lab = view.lab
    hidden = lab.output(0).locator("[class^=orn-kept]")
    view.root.evaluate("(node) => { window.__root = node; }")
    view.ask("Is it *there*?")
    view.wait_done()
    expect(hidden).to_contain_text(twice("Is it there"))
    expect(hidden).to_be_hidden()
    expect(lab.output(0).locator(".jp-OutputArea-child").nth(1)).to_be_hidden()
    assert view.page.evaluate("() => window.__root.isConnected")
    expect(view.message).to_be_focused()
    assert kept(lab).count("Is it *there*?") == 2
    # Formulas are typeset only when they are visible.
    view.ask("So $a^2$")
    view.wait_done()
    expect(hidden).to_contain_text(twice(r"So \$a\^2\$"))
    # Messages in another column, edits and undone edits are saved.
    lab.execute_silently("p.models = ['demo/parrot', 'demo/error-401']")
    view.ask("Both of you")
    view.wait_done(2)
    expect(hidden).to_contain_text(twice("Both of you"))
    expect(hidden).to_contain_text("demo/error-401")
    said = kept(lab)
    assert said.count("Both of you") == 2
    assert "demo/error-401: The API key was not accepted" in said
    # The kernel ends without closing its playgrounds.
    lab.execute_silently("import openrouter_nb.playground.shutdown as m; m.open_playgrounds.clear()")
    lab.close()
    again = Notebook(lab.page, lab.server, lab.name, lab.watch).open()
    expect(again.output(0).locator("[class^=orn-kept]")).to_contain_text("Both of you")
    expect(again.output(0).locator("[class^=orn-kept]")).to_be_visible()
    expect(again.output(0).locator("mjx-container").first).to_be_visible()


def test_where_the_panel_is_closed_the_conversation_comes_into_sight(play):
    view = play("demo/parrot")
    lab = view.lab
    view.ask("Now $b^2$")
    view.wait_done()
    lab.execute_silently("p.close()")
    output = lab.output(0)
    expect(output.get_by_text("The playground is no longer open")).to_be_visible()
    expect(output.locator("[class^=orn-kept]")).to_be_visible()
    expect(output.locator("mjx-container")).to_have_count(2)
    assert "widget-view" not in lab.save()


def test_a_kernel_that_is_shut_down_leaves_the_conversation_in_the_open_page(play):
    view = play("demo/parrot")
    lab = view.lab
    view.ask("The last words")
    view.wait_done()
    lab.page.evaluate("() => window.__panel.sessionContext.shutdown()")
    output = lab.output(0)
    expect(output.get_by_text("The playground is no longer open")).to_be_visible()
    expect(output.locator("[class^=orn-kept]")).to_be_visible()
    expect(output.locator("[class^=orn-kept]")).to_contain_text("tokens")
    assert "widget-view" not in lab.save()


def test_a_restart_takes_nothing_out_of_the_file(play):
    view = play("demo/parrot")
    lab = view.lab
    view.ask("Here to stay")
    view.wait_done()
    expect(lab.output(0).locator("[class^=orn-kept]")).to_contain_text("tokens")
    lab.page.evaluate("() => window.__panel.sessionContext.session.kernel.restart()")
    view.root.locator("[data-notice=gone]").wait_for()
    assert kept(lab).count("Here to stay") == 2
