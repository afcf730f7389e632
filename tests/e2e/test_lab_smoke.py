import json

import pytest
from playwright.sync_api import expect
from support.jupyter import Notebook, write_notebook

pytestmark = pytest.mark.browser


def test_a_cell_runs_and_its_output_is_saved(notebook, artifacts):
    lab = notebook("md:# Smoke", "print('hello', 6 * 7)")
    assert [output["text"] for output in lab.run(1)] == ["hello 42\n"]
    expect(lab.output(1)).to_contain_text("hello 42")
    saved = json.loads(lab.save())
    assert saved["cells"][1]["outputs"][0]["text"] == ["hello 42\n"]
    assert lab.watch.frames > 0
    lab.screenshot(1, artifacts / "smoke.png")


def test_a_running_cell_can_be_interrupted(notebook):
    lab = notebook("import time\nprint('begun', flush=True)\ntime.sleep(60)")
    lab.start(0)
    lab.output(0).get_by_text("begun").wait_for()
    lab.interrupt()
    lab.wait()
    assert lab.outputs(0)[-1]["ename"] == "KeyboardInterrupt"


def test_a_reload_keeps_the_kernel_and_what_was_saved(notebook):
    lab = notebook("x = 1", "print(x + 1)")
    lab.run(0)
    lab.save()
    lab.reload()
    assert lab.run(1)[0]["text"] == "2\n"


def test_the_theme_changes_there_and_back_as_fast_as_it_can(notebook):
    lab = notebook("1")
    for theme in ("Dark", "Light", "Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        assert lab.page.evaluate("() => document.body.dataset.jpThemeLight") == str(theme == "Light").lower()


@pytest.mark.parametrize("server", ["notebook"], indirect=True)
def test_notebook_7_works_the_same(notebook):
    assert notebook("print('seven')").run(0)[0]["text"] == "seven\n"


def test_a_tab_in_which_a_test_failed_leaves_nothing_to_the_next(tab, page, server):
    write_notebook(server.root / "failed.ipynb", "input()")
    lab = Notebook(page, server, "failed.ipynb", tab.watch).open()
    lab.theme("JupyterLab Dark")
    page.set_viewport_size({"width": 700, "height": 500})
    lab.start(0)
    lab.output(0).locator("input").wait_for()
    page.evaluate("() => { window.jupyterapp.commands.execute('help:about'); }")
    page.locator(".jp-Dialog").first.wait_for()
    server.reset()
    tab.renew()
    assert server.get("/api/kernels") == []
    again = Notebook(tab.page, server, "failed.ipynb", tab.watch).open()
    assert again.page.evaluate("() => document.body.dataset.jpThemeName") == "JupyterLab Light"
    assert again.page.evaluate("() => innerWidth") == 1280
    expect(again.page.locator(".jp-Dialog")).to_have_count(0)
    assert len(server.get("/api/kernels")) == 1
    again.close()
    assert tab.watch.errors == []
