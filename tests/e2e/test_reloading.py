"""A page that is loaded again, and a second view, while the answer arrives."""

import json
import re

import pytest
from playwright.sync_api import expect
from support.jupyter import Notebook
from support.says import says

pytestmark = pytest.mark.browser

PHASE = "data-phase"
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)


def test_a_reload_in_mid_stream_brings_the_view_back_and_it_goes_on_to_the_end(chat, simulator):
    lab = chat(
        "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.chunks=60 -p simulator.pace_ms=10 "
        "-p simulator.hold_after=30\nHello",
        "Out[1]",
    )
    lab.start(0)
    lab.live(0).locator(".orn-body").get_by_text("simulated answer").wait_for()
    lab.save()
    lab.reload(is_running=True)
    live = lab.live(0)
    live.wait_for()
    assert simulator.exchanges[-1].outcome == "running"
    simulator.release()
    expect(live).to_have_attribute(PHASE, "finished")
    whole = " ".join(
        ["This is a simulated answer that goes on and on, word after word, as long models do."] * 10
    )
    assert whole.startswith(live.locator(".orn-body").inner_text())
    assert len(live.locator(".orn-body").inner_text().split()) == 60
    assert simulator.exchanges[-1].outcome == "done"
    live.get_by_text("Out[1] in a new cell puts it there").wait_for()
    expect(live.locator(".orn-note")).to_contain_text("main, turn 1")
    (output,) = json.loads(lab.save())["cells"][0]["outputs"]
    assert "Out[1] in a new cell shows the whole answer" in "".join(output["data"]["text/html"])
    lab.run(1)
    (saved,) = json.loads(lab.save())["cells"][1]["outputs"]
    assert "".join(saved["data"]["text/plain"]).startswith("This is a simulated answer")
    expect(lab.output(1)).to_contain_text(re.compile("(word after word.*){3}", re.DOTALL))


def test_a_reloaded_page_can_stop_the_answer(chat, simulator):
    lab = chat("%%chat -m demo/stall\nHello")
    lab.start(0)
    lab.live(0).locator(".orn-body").get_by_text("already paid").wait_for()
    lab.save()
    lab.reload(is_running=True)
    lab.stop(0)
    expect(lab.live(0)).to_have_attribute(PHASE, "stopped")
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    expect(lab.live(0)).to_contain_text("Stopped.")
    expect(lab.live(0)).to_contain_text("already paid")


def test_a_second_view_shows_the_same_and_ends_the_same(chat):
    lab = chat(f"%%chat -m demo/stall {says('One **two** three, the end')}\nHello")
    lab.start(0)
    lab.live(0).get_by_text("the end").wait_for()
    lab.command("notebook:create-output-view")
    second = lab.page.locator(".jp-LinkedOutputView, .jp-MainAreaWidget").last
    second.locator(".orn-live").get_by_text("the end").wait_for()
    assert second.locator(".orn-body").inner_html() == lab.live(0).locator(".orn-body").inner_html()
    second.get_by_role("button", name="Stop generating").click()
    lab.wait()
    second.get_by_text("Stopped.").wait_for()
    expect(lab.output(0)).to_contain_text("Stopped.")
    expect(lab.page.locator(".orn-live")).to_have_count(0)
    second.evaluate(
        """(node) => {
            for (const widget of window.jupyterapp.shell.widgets("main"))
                if (widget.node.contains(node)) widget.dispose();
        }"""
    )


@pytest.fixture
def second_page(browser, server):
    """Opens a notebook in a second page of the browser."""
    opened = browser.new_page()
    yield lambda lab: Notebook(opened, server, lab.name).open(is_running=True)
    opened.close()


@both
def test_a_second_page_keeps_the_answer_that_ends_in_the_first_one(chat, simulator, second_page):
    # The widget of the first answer is never closed.
    lab = chat(
        "%%chat -m demo/echo\nHello",
        "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.chunks=60 -p simulator.hold_after=30\nHello",
    )
    lab.run(0)
    lab.start(1)
    lab.live(1).locator(".orn-body").get_by_text("simulated answer").wait_for()
    lab.save()
    second = second_page(lab)
    second.live(1).locator(".orn-body").get_by_text("simulated answer").wait_for()
    simulator.release()
    lab.wait()
    expect(lab.page.locator(".orn-live")).to_have_count(0)
    lab.execute_silently("pass")  # after the message that the first page has removed its view
    expect(second.live(1)).to_have_attribute(PHASE, "finished")
    assert len(second.live(1).locator(".orn-body").inner_text().split()) == 60
    second.execute_silently("pass")
    assert len(second.live(1).locator(".orn-body").inner_text().split()) == 60


def test_a_second_page_stops_the_answer_of_the_first_one(chat, simulator, second_page):
    lab = chat("%%chat -m demo/stall\nHello")
    lab.start(0)
    lab.live(0).get_by_text("already paid").wait_for()
    lab.save()
    second = second_page(lab)
    second.stop(0)
    lab.wait()
    simulator.wait_for_close()
    expect(lab.output(0)).to_contain_text("Stopped.")
    expect(lab.output(0)).to_contain_text("already paid")
    expect(second.live(0)).to_have_attribute(PHASE, "stopped")
    expect(second.live(0)).to_contain_text("already paid")


@both
def test_a_restarted_killed_or_shut_down_kernel_ends_the_live_view_with_its_text(chat, simulator):
    lab = chat("%%chat -m demo/stall\nHello", "import os\nprint(os.getpid())")
    process = int(lab.run(1)[0]["text"])
    for how in ("kill", "restart", "shutdown"):
        if how != "kill":
            lab.execute_silently(f"%env OPENROUTER_BASE_URL={simulator.base_url}\n%load_ext openrouter_nb")
        lab.start(0)
        lab.live(0).get_by_text("already paid").wait_for()
        if how == "kill":
            lab.kill(process)
        elif how == "restart":
            lab.page.evaluate("() => window.__panel.sessionContext.session.kernel.restart()")
        else:
            # No event reports it, and the kernel may have the time to put the text in place of the view.
            lab.page.evaluate("() => window.__panel.sessionContext.shutdown()")
            expect(lab.output(0).locator(".orn-live:not([data-phase=interrupted])")).to_have_count(0)
            expect(lab.output(0)).to_contain_text("already paid")
            return
        expect(lab.live(0)).to_have_attribute(PHASE, "interrupted")
        expect(lab.live(0)).to_contain_text("The kernel was restarted, was shut down or died")
        expect(lab.live(0)).to_contain_text("already paid")
        expect(lab.live(0).get_by_role("button", name="Stop generating")).to_be_hidden()
        lab.wait_idle()


@both
def test_a_cleared_output_is_shown_again_and_a_reload_without_it_is_announced(chat, simulator):
    held = (
        "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.chunks=60 -p simulator.pace_ms=10 "
        "-p simulator.hold_after=30\nHello"
    )
    lab = chat(held, held, "1 + 1")
    lab.start(0)
    lab.live(0).locator(".orn-body").get_by_text("simulated answer").wait_for()
    lab.command("notebook:clear-all-cell-outputs")
    lab.live(0).locator(".orn-body").get_by_text("simulated answer").wait_for()
    simulator.release()
    lab.wait()
    (output,) = lab.outputs(0)
    assert "simulated answer" in output["data"]["text/plain"]
    lab.save()
    lab.start(1)
    lab.live(1).locator(".orn-body").get_by_text("simulated answer").wait_for()
    lab.reload(is_running=True)
    assert lab.outputs(1) == []
    simulator.release()
    lab.wait_idle()
    # The page opens the kernel's widgets after the notebook.
    outputs = next(outputs for _ in range(50) if len(outputs := lab.run(2)) == 2)
    assert "Out[2] in a new cell shows the answer" in outputs[0]["data"]["text/plain"]
    assert len(lab.run(2)) == 1


def test_a_comparison_that_is_cleared_or_moved_is_shown_again_as_a_whole(chat):
    lab = chat(
        "0", f"%%chat -m demo/stall,demo/parrot {says('Half an answer')}\nHello", "Out[1]['demo/stall'].text"
    )
    lab.start(1)
    live = lab.live(1)
    live.nth(0).get_by_text("Half an answer").wait_for()
    expect(live.nth(1)).to_have_attribute(PHASE, "finished")
    lab.command("notebook:clear-all-cell-outputs")
    expect(live).to_have_count(0)
    expect(live).to_have_count(2)
    expect(live.nth(0)).to_contain_text("Half an answer")
    expect(live.nth(1)).to_have_attribute(PHASE, "finished")
    assert len(lab.outputs(1)) == 1
    lab.command("notebook:move-cell-down")
    moved = lab.live(2)
    expect(moved.nth(1)).to_have_attribute(PHASE, "finished")
    moved.nth(0).get_by_role("button", name="Stop generating").click()
    expect(moved.nth(0)).to_have_attribute(PHASE, "stopped")
    expect(lab.output(2).get_by_text("Out[1] in a new cell puts them there")).to_be_visible()
    assert "Half an answer" in lab.run(1)[0]["data"]["text/plain"]
    lab.start(2)
    expect(moved.nth(0)).to_contain_text("Half an answer")
    lab.command("notebook:clear-all-cell-outputs")
    expect(moved).to_have_count(2)
    moved.nth(0).get_by_role("button", name="Stop generating").click()
    lab.wait()
    (output,) = lab.outputs(2)
    assert output["data"]["text/html"].count("<h4>") == 2
    assert "widget-view" not in lab.save()


def test_a_background_answer_whose_cell_is_deleted_is_announced_and_comes_back_with_the_cell(chat):
    lab = chat("0", "%%chat --bg -m demo/stall\nHello", "1 + 1")
    lab.run(1)
    lab.live(1).get_by_text("already paid").wait_for()
    lab.command("notebook:delete-cell")
    (said, _) = next(outputs for _ in range(50) if len(outputs := lab.run(1)) == 2)
    assert "Out[1].stop() ends it" in said["data"]["text/plain"]
    lab.command("notebook:undo-cell-action")
    lab.stop(1)
    expect(lab.live(1)).to_have_attribute(PHASE, "stopped")
    expect(lab.live(1).get_by_text("Out[1] in a new cell puts it there")).to_be_visible()


def test_answers_in_a_loop_are_stopped_one_by_one(chat, simulator):
    lab = chat("for _ in 1, 2:\n    %chat --once -m demo/stall Hello", "Out[1]")
    lab.start(0)
    for _ in range(2):
        lab.live(0).get_by_text("already paid").wait_for()
        lab.stop(0)
        expect(lab.live(0).locator(".orn-stop:disabled:visible")).to_have_count(0)
    lab.wait()
    simulator.wait_for_close()
    assert [output["data"]["text/plain"].count("Stopped.") for output in lab.outputs(0)] == [1, 1]
    assert "already paid" in lab.run(1)[0]["data"]["text/plain"]
