"""The classic notebook: chat cells, Stop, the panel, and the notebook opened again."""

import re

import pytest
from playwright.sync_api import expect
from support.classic import ClassicNotebook
from support.jupyter import write_notebook
from support.playground import KEY, PlaygroundView

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["shared"], indirect=True)]

LOAD = "%load_ext openrouter_nb"
PAUSES = [10, 20, 40, 80]
SLOW = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after=[10,20,40,80]\nHello"
SENTENCE = "This is a simulated answer that goes on and on, word after word, as long models do."
WORDS = SENTENCE.split() * 10
TOUR = "%%chat -m demo/tour\nShow me"
PANEL = "from openrouter_nb import Playground\np = Playground('demo/parrot')\np"
FONT = "(node) => { const { fontFamily, fontSize } = getComputedStyle(node); return [fontFamily, fontSize]; }"


@pytest.fixture
def lab(tab, page, server, simulator):
    write_notebook(server.root / "classic.ipynb", LOAD, SLOW, TOUR, PANEL)
    tab.watch.clear()
    lab = ClassicNotebook(page, server, "classic.ipynb").open()
    environment = {"OPENROUTER_BASE_URL": simulator.base_url, "OPENROUTER_API_KEY": KEY}
    lab.execute_silently(f"import os; os.environ |= {environment!r}")
    yield lab
    lab.close()
    assert tab.watch.errors == []
    assert tab.watch.dialogs == []
    assert tab.watch.foreign == []


@pytest.mark.frontend("nbclassic", "load", "streams", "Stop", "panel", "saved output")
def test_cells_stop_the_panel_and_the_saved_file(lab, simulator, artifacts):
    assert lab.run(0) == []
    lab.start(1)
    body = lab.live(1).locator(".orn-body")
    for pause in PAUSES:
        expect(body).to_have_text(" ".join(WORDS[:pause]))
        if pause != PAUSES[-1]:
            simulator.release()
    assert simulator.exchanges[-1].outcome == "running"
    font = body.evaluate(FONT)
    lab.live(1).get_by_role("button", name="Stop generating").click()
    lab.wait()
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    expect(lab.output(1)).to_contain_text("Stopped.")
    # The saved answer has the font of the live one.
    assert lab.output(1).locator("p").first.evaluate(FONT) == font

    lab.run(2)
    formulas = lab.output(2).locator(".MathJax")
    expect(formulas).to_have_count(2)

    lab.start(3)
    view = PlaygroundView(lab, 3).wait()
    view.ask("A word from the panel")
    view.wait_done()
    expect(view.words()).to_have_text("A word from the panel")
    # Between two prices there is no formula.
    expect(view.root).to_contain_text(re.compile(r"\$0\.2 / \$0\.8 per M"))
    saved = lab.output(3).locator("[class^=orn-kept]")
    expect(saved).to_contain_text("A word from the panel")
    expect(saved).to_be_hidden()
    lab.page.screenshot(path=artifacts / "classic.png", full_page=True)

    cells = lab.save()["cells"]
    for cell in cells[1:3]:
        (answer,) = cell["outputs"]
        assert set(answer["data"]) == {"text/html", "text/plain"}
    assert "".join(cells[3]["outputs"][1]["data"]["text/plain"]).count("A word from the panel") == 2
    lab.close()
    lab.open()
    expect(lab.output(1)).to_contain_text("Stopped.")
    expect(formulas).to_have_count(2)
    expect(saved).to_contain_text("A word from the panel")
    expect(saved).to_be_visible()
    expect(view.root).to_have_count(0)
