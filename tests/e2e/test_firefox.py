"""JupyterLab in Firefox: chat cells, Stop, a hostile answer, the playground, and the notebook opened again."""

import pytest
from support.attacks import ATTACKS, EVIL, NEWLINES, STATE, TOUCH, WATCH, cell
from support.bidi import CONTROL, ENTER, Firefox, Page
from support.jupyter import Notebook, write_notebook
from support.playground import KEY

pytestmark = pytest.mark.browser

# It pauses after twenty words, in the first line of the answer, so that the button stays where it is.
SLOW = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.hold_after=20\nHello"
PARROT = "%%chat -m demo/parrot\nA word from a cell"
HOSTILE = cell(NEWLINES.join(ATTACKS.values()))
PLAYGROUND = "from openrouter_nb import Playground\nPlayground('demo/parrot')"

SIZE = "() => document.querySelector('.orn-live .orn-body')?.textContent.length ?? 0"
STOP = ".orn-live .orn-stop"
CARELESS = f"""() => {{
    new Image().src = "{EVIL}/image";
    setTimeout(() => {{ throw new Error("careless"); }});
    setTimeout(() => alert("careless"));
}}"""


def output(index):
    return f".jp-Cell[data-windowed-list-index='{index}'] .jp-Cell-outputArea"


def touch(page, selector):
    page.evaluate(f"(selector) => ({TOUCH})(document.querySelector(selector))", selector)


@pytest.fixture(scope="module")
def page(tmp_path_factory, firefox):
    """The tab of a Firefox."""
    with Firefox(firefox, tmp_path_factory.mktemp("profile")) as running, Page(running) as page:
        yield page


@pytest.fixture
def lab(page, server, simulator):
    """A notebook, its extension loaded. Uncaught errors, dialogs and requests to other hosts fail the test."""
    name = "firefox.ipynb"
    write_notebook(server.root / name, SLOW, PARROT, HOSTILE, PLAYGROUND)
    page.watch.clear()
    lab = Notebook(page, server, name, page.watch).open()
    environment = {"OPENROUTER_BASE_URL": simulator.base_url, "OPENROUTER_API_KEY": KEY}
    lab.execute_silently(f"import os; os.environ |= {environment!r}\n%load_ext openrouter_nb")
    yield lab
    lab.close()
    assert page.watch.errors == []
    assert page.watch.dialogs == []
    assert page.watch.foreign == []


def test_the_watch_sees_what_a_careless_page_does(page, server):
    page.goto(f"{server.url}/static/favicon.ico")
    page.evaluate(CARELESS)
    watch = page.watch
    page.wait_until(lambda: watch.errors and watch.dialogs and watch.foreign)
    assert "careless" in watch.errors[0]
    assert watch.dialogs == ["careless"]
    assert watch.foreign == [f"{EVIL}/image"]


@pytest.mark.frontend("JupyterLab in Firefox", "load", "streams", "Stop", "panel", "saved output")
def test_cells_stop_a_hostile_answer_and_the_panel(lab, simulator):
    page = lab.page
    lab.start(0)
    sizes = set()
    page.wait_until(lambda: sizes.add(page.evaluate(SIZE)) or len(sizes) > 4)  # zero is one of them
    page.click(STOP)
    lab.wait()
    simulator.wait_for_close()
    assert [exchange.outcome for exchange in simulator.exchanges] == ["client gone"]
    page.wait_for(output(0), "Stopped.")

    assert "A word from a cell" in lab.run(1)[0]["data"]["text/plain"]

    page.evaluate(WATCH)
    before = page.evaluate(STATE)
    lab.start(2)
    page.wait_for(".orn-live .orn-body", "The end.")
    touch(page, ".orn-live")
    page.click(STOP)
    lab.wait()
    page.wait_for(f"{output(2)} mjx-container")
    touch(page, output(2))
    assert page.evaluate(STATE) == {**before, "found": [], "pwned": []}

    lab.start(3)
    page.click(".orn-pg textarea[aria-label=Message]")
    page.type("A word from the panel")
    page.press(CONTROL, ENTER)
    page.wait_for(".orn-pg .orn-answer .orn-markdown", "A word from the panel")

    lab.save()
    lab.close()
    lab.open()
    page.wait_for(f"{output(2)} mjx-container")
    touch(page, output(2))
    assert page.evaluate(STATE) == {**before, "found": [], "pwned": []}
