"""The extension of JupyterLab and Notebook 7: chat cells as prose, commands, the button under a traceback."""

import json

import pytest
from playwright.sync_api import expect
from support.jupyter import JupyterServer, Notebook, write_notebook

pytestmark = [pytest.mark.browser]
EACH = pytest.mark.parametrize("server", ["lab", "notebook", "oldest lab", "oldest notebook"], indirect=True)
BOTH = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

PROSE = ".cm-editor.orn-prose"
FAILS = "row = {'city': 'Lyon'}\nrow['town']"
MODEL = "demo/parrot"
ASK = "Ask about this error"
SOURCES = "() => window.__panel.content.widgets.map((cell) => cell.model.sharedModel.getSource())"


@pytest.fixture
def asking(notebook, simulator):  # noqa: ARG001 - the kernel sends its requests there
    """Opens a notebook whose chat cells repeat their prompt; the extension is not loaded."""

    def open_notebook(*cells):
        lab = notebook(*cells)
        lab.execute_silently(f"import os; os.environ['OPENROUTER_NB_MODEL'] = {MODEL!r}")
        return lab

    return open_notebook


def question(simulator):
    """Return the content of the last user message that the server has received."""
    return simulator.exchanges[-1].request.body["messages"][-1]["content"]


def sources(lab):
    return lab.page.evaluate(SOURCES)


def command(lab, name):
    lab.page.evaluate(
        "async (id) => { await window.jupyterapp.commands.execute(id); }", f"openrouter-nb:{name}"
    )


def choose(lab, index):
    lab.page.evaluate("(i) => { window.__panel.content.activeCellIndex = i; }", index)


def is_prose(lab, index):
    return lab.cell(index).locator(PROSE).count() == 1


def expect_prose(lab, index, count=1):
    expect(lab.cell(index).locator(PROSE)).to_have_count(count)


@EACH
def test_a_cell_is_prose_while_it_begins_with_the_magic(notebook):
    lab = notebook("", "%%chat\nfor x in y", "md:%%chat\nfor x in y", "for x in y: pass")
    expect_prose(lab, 1)
    assert not is_prose(lab, 2)
    assert not is_prose(lab, 3)
    editor, keyboard = lab.cell(0).locator(".cm-content"), lab.page.keyboard
    editor.click()
    keyboard.type("%%cha")
    assert not is_prose(lab, 0)
    keyboard.type("t -t 0.2 Don't stop\nfor all of us")
    expect_prose(lab, 0)
    assert sources(lab)[0] == "%%chat -t 0.2 Don't stop\nfor all of us"
    # The MIME type tells the kernel, formatters and language servers what the cell is.
    types = "() => window.__panel.content.widgets.map((cell) => cell.model.mimeType)"
    assert lab.page.evaluate(types)[:2] == ["text/x-ipython"] * 2
    while sources(lab)[0]:
        keyboard.press("Control+z")
    expect_prose(lab, 0, 0)
    while sources(lab)[0] != "%%chat -t 0.2 Don't stop\nfor all of us":
        keyboard.press("Control+Shift+z")
    expect_prose(lab, 0)
    keyboard.press("Control+Home")
    keyboard.type("# ")
    expect_prose(lab, 0, 0)


@BOTH
def test_prose_has_no_words_of_python(notebook):
    lab = notebook(
        "%%chat -m a/b It is\nfor all of *us* in {{ [x for x in y] }}\n\n```python\nfor x in y: pass\n```"
    )
    expect_prose(lab, 0)
    lines = lab.cell(0).locator(".cm-line")
    weight = "(node) => [...node.querySelectorAll('span')].filter((s) => getComputedStyle(s).fontWeight > 400).map((s) => s.textContent)"
    expect(lines.nth(3).locator("span")).not_to_have_count(0)
    assert lines.nth(0).evaluate(weight) == []
    assert lines.nth(1).evaluate(weight) == ["for", "in"]  # those of the expression
    expect(lines.nth(1).locator(".orn-expression").first).to_contain_text("{{")
    assert lines.nth(4).evaluate(weight) == ["for", "in", "pass"]


def test_prose_stays_after_moving_reloading_and_in_cells_that_cannot_be_edited(notebook):
    lab = notebook("%%chat\nfor x in y", "1")
    lab.page.evaluate(
        "() => window.__panel.content.widgets[0].model.sharedModel.setMetadata('editable', false)"
    )
    expect_prose(lab, 0)
    choose(lab, 0)
    lab.command("notebook:move-cell-down")
    expect_prose(lab, 1)
    lab.command("docmanager:save")
    lab.reload()
    expect_prose(lab, 1)


def test_lines_of_a_prompt_are_wrapped_unless_the_setting_says_otherwise(notebook):
    lab = notebook("%%chat\n" + "word " * 200, "# " + "word " * 200)
    wraps = "(node) => node.classList.contains('cm-lineWrapping')"
    expect_prose(lab, 0)
    assert lab.cell(0).locator(".cm-content").evaluate(wraps)
    assert not lab.cell(1).locator(".cm-content").evaluate(wraps)
    set_value = """async (value) => {
        const settings = await window.jupyterapp.serviceManager.settings.fetch("openrouter-nb:prose");
        return Object.keys(settings.schema.properties);
    }"""
    assert lab.page.evaluate(set_value) == ["wrapLines"]


@EACH
def test_new_chat_cell_writes_the_magic_and_what_loads_it(asking):
    lab = asking("x = 1", "y = 2")
    choose(lab, 0)
    command(lab, "new-chat-cell")
    lab.page.keyboard.type("Hello")
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 4")
    assert sources(lab) == ["x = 1", "%load_ext openrouter_nb", "%%chat\nHello", "y = 2"]
    lab.page.wait_for_function("() => window.__panel.content.widgets[1].model.executionCount === 1")
    lab.run(2)
    expect(lab.output(2)).to_contain_text("Hello")


@BOTH
def test_a_new_chat_cell_by_key_is_removed_by_one_step_of_undo(notebook):
    lab = notebook("%load_ext openrouter_nb", "y = 2")
    lab.cell(0).locator(".jp-InputPrompt").click()
    lab.page.keyboard.press("Alt+Shift+c")
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 3")
    assert sources(lab)[1] == "%%chat\n"
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("z")
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 2")


def test_the_commands_are_in_the_toolbar_the_menu_and_the_palette(notebook):
    lab = notebook("x = 1")
    lab.cell(0).locator(".cm-content").click()
    lab.cell(0).locator(".jp-cell-toolbar [title^='Insert a %%chat cell']").click()
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 3")
    lab.cell(0).locator(".cm-content").click(button="right")
    menu = lab.page.locator(".lm-Menu-item")
    expect(menu.filter(has_text="New Chat Cell Below")).to_have_count(1)
    menu.filter(has_text="Ask about This Cell").click()
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 4")
    cell_id = lab.page.evaluate("() => window.__panel.content.widgets[0].model.id")
    assert sources(lab)[1] == f"%%chat --context cell:{cell_id}\n"
    lab.command("apputils:activate-command-palette")
    lab.page.keyboard.type("OpenRouter")
    items = lab.page.locator(".lm-CommandPalette-item")
    for label in ("New Chat Cell Below", "Ask about This Cell", "Ask about This Error"):
        expect(items.filter(has_text=label)).to_have_count(1)
    lab.page.keyboard.press("Escape")


@EACH
def test_the_button_under_a_traceback_asks_about_its_own_error(asking, simulator):
    lab = asking(FAILS, "1 / 0", "%load_ext openrouter_nb")
    lab.run(2)
    for index in (0, 1):
        lab.run(index)
    expect(lab.output(1).get_by_role("button", name=ASK)).to_be_visible()
    lab.output(0).get_by_role("button", name=ASK).click()
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 4")
    assert simulator.exchanges == []  # it waits
    lab.output(0).get_by_role("button", name=ASK).click()  # the same cell again
    lab.run(1)
    assert len(sources(lab)) == 4
    sent = question(simulator)
    assert "KeyError: 'town'" in sent
    assert "row['town']" in sent
    assert "ZeroDivisionError" not in sent
    assert sent.endswith("Why does this fail, and how do I fix it?")


def test_the_button_works_in_a_kernel_that_has_not_run_the_cell(notebook, simulator):
    lab = notebook(FAILS, "%load_ext openrouter_nb")
    lab.run(0)
    lab.command("docmanager:save")
    lab.close()
    lab = Notebook(lab.page, lab.server, lab.name, lab.watch).open()
    lab.execute_silently(
        f"import os; os.environ |= {{'OPENROUTER_BASE_URL': {simulator.base_url!r}, 'OPENROUTER_NB_MODEL': {MODEL!r}}}"
    )
    lab.output(0).get_by_role("button", name=ASK).click()
    lab.page.wait_for_function("() => window.__panel.content.widgets.length === 3")
    # Run All: the page sends the cell before the extension is loaded in the kernel.
    lab.page.evaluate(
        "() => window.__panel.content.widgets[0].model.sharedModel.setSource('%load_ext openrouter_nb')"
    )
    lab.run(0)
    lab.run(1)
    assert "row" not in sources(lab)[0]
    sent = question(simulator)
    assert "%load_ext openrouter_nb" in sent
    lab.close()


def test_errors_of_chat_cells_have_their_own_remedies(chat):
    lab = chat("%%chat --nonsense\nHi", "1 / 0")
    lab.run(0)
    lab.run(1)
    expect(lab.output(1).get_by_role("button", name=ASK)).to_be_visible()
    assert lab.output(0).get_by_role("button", name=ASK).is_hidden()


@EACH
def test_a_run_of_all_cells_sends_the_whole_notebook(asking, simulator):
    lab = asking(
        "%load_ext openrouter_nb",
        "md:# Sales",
        "print('printed')\n6 * 7",
        "%%chat --context notebook\nWhat is this?",
    )
    lab.run_all()
    sent = question(simulator)
    assert "# cell 2, markdown\n# Sales" in sent
    assert "# cell 3\nprint('printed')" in sent
    # The page sent the cells when the run was started, before their outputs.
    lab.run(3)
    sent = question(simulator)
    assert "# printed:\nprinted" in sent
    assert "# displayed:\n42" in sent


def absent_module(route):
    """Answer with a container that asks JupyterLab for a module that JupyterLab does not share."""
    response = route.fetch()
    route.fulfill(response=response, body=response.text().replace('"@lezer/highlight"', '"@lezer/absent"'))


@BOTH
def test_a_fault_of_the_extension_leaves_the_page_as_it_is_without_it(browser, server):
    name = f"fault-{server.app}.ipynb"
    write_notebook(server.root / name, "%%chat\nfor x in y", "1 / 0")
    page = browser.new_page()
    page.route("**/openrouter-nb/static/*.js*", absent_module)
    lines = []
    page.on("console", lambda message: lines.append(message.text))
    lab = Notebook(page, server, name).open()
    lab.run(1)
    assert any("openrouter-nb: the extension is not loaded" in line for line in lines)
    expect(lab.output(1)).to_contain_text("ZeroDivisionError")
    assert not is_prose(lab, 0)
    lab.close()
    page.close()


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_a_disabled_extension_leaves_no_trace(browser, simulator, tmp_path, app):
    with JupyterServer(tmp_path, app=app, disabled=("openrouter-nb",)) as server:
        write_notebook(
            tmp_path / "a.ipynb", "%load_ext openrouter_nb", "%%chat -m demo/parrot\nfor x in y", "1 / 0"
        )
        page = browser.new_page()
        lines = []
        page.on("console", lambda message: lines.append(message.text))
        lab = Notebook(page, server, "a.ipynb").open()
        lab.execute_silently(f"import os; os.environ['OPENROUTER_BASE_URL'] = {simulator.base_url!r}")
        for index in range(3):
            lab.run(index)
        expect(lab.output(1)).to_contain_text("for x in y")
        expect(lab.output(2)).to_contain_text("ZeroDivisionError")
        assert lab.page.get_by_role("button", name=ASK).count() == 0
        assert not is_prose(lab, 1)
        assert not [line for line in lines if "openrouter" in json.dumps(line).lower()]
        lab.close()
        page.close()
