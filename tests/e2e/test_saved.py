"""The notebook file, and what it shows when it is opened again."""

import json

import pytest
from playwright.sync_api import expect
from support.frontends import in_each
from support.jupyter import Notebook

pytestmark = pytest.mark.browser

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@in_each("saved output")
def test_the_file_holds_the_answer_and_nothing_of_the_live_view(chat):
    lab = chat("%%chat -m demo/tour\nShow me", "%%chat -m demo/error-401\nHello")
    lab.run_all()
    text = lab.save()
    saved = json.loads(text)
    (answer,) = saved["cells"][0]["outputs"]
    assert set(answer["data"]) == {"text/html", "text/plain"}
    assert "".join(answer["data"]["text/plain"]).startswith("# A tour of what an answer can hold")
    assert WIDGET_VIEW not in text
    assert "widgets" not in saved["metadata"]
    assert "orn-live" not in text


def test_reopened_on_a_new_kernel_it_shows_the_answer(chat):
    lab = chat("%%chat -m demo/tour\nShow me")
    lab.run(0)
    lab.save()
    again = reopen(lab)
    output = again.output(0)
    output.locator("mjx-container").nth(1).wait_for()
    expect(output.locator("h1")).to_have_text("A tour of what an answer can hold")
    expect(output.locator("tr")).to_have_count(4)
    assert "Error displaying widget" not in output.inner_text()
    assert again.watch.complaints == []


def test_saved_in_mid_stream_it_says_where_the_answer_went(chat):
    lab = chat(
        "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=40 -p simulator.hold_after=20\nHello"
    )
    lab.start(0)
    lab.live(0).get_by_text("simulated answer").wait_for()
    (output,) = json.loads(lab.save())["cells"][0]["outputs"]
    assert "Unless the kernel has ended since, Out[1] in a new cell" in "".join(output["data"]["text/plain"])
    lab.stop(0)
    lab.wait()


def reopen(lab):
    """Closed with its kernel and opened again."""
    lab.close()
    return Notebook(lab.page, lab.server, lab.name, lab.watch).open()
