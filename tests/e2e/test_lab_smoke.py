import json

import pytest

pytestmark = pytest.mark.browser


def test_a_cell_runs_and_its_output_is_saved(notebook, artifacts):
    lab = notebook("md:# Smoke", "print('hello', 6 * 7)")
    assert [output["text"] for output in lab.run(1)] == ["hello 42\n"]
    assert "hello 42" in lab.output(1).inner_text()
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
