"""JupyterLite: this package in Pyodide, in a worker of the page, without a server for kernels."""

import time

import pytest
from playwright.sync_api import expect
from support.jupyter import Notebook
from support.jupyterlite import LiteSite
from support.playground import KEY, PlaygroundView

pytestmark = pytest.mark.browser

INSTALL = "%pip install -q openrouter-nb\n%load_ext openrouter_nb"
HELD = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after=[4,8,12,16,20]\nHello"
AFTER = "print('after', _.complete)"
AWAITED = """\
from typing import TypedDict
from openrouter_nb import Playground, achat, chat
Found = TypedDict("Found", {"name": str})
print((await achat("Hello", model="demo/parrot")).text)"""
OBJECT = "%%chat -m demo/structured --schema Found -o found\nHello"
BLOCKING = "print(chat('Hello', model='demo/parrot').text, found['name'])"
INNER = "%%time\n%%chat -m demo/parrot\nHello"
BACKGROUND = "%%chat --bg -m demo/parrot\nFrom the background"
# A function of JavaScript between two of Python cannot be suspended, as nothing can be in a browser without JSPI.
WITHOUT_JSPI = (
    "import js\njs.Function.new('call', 'return call()')(lambda: chat('Hello', model='demo/parrot'))"
)
NO_SERVER = """\
from openrouter_nb import OpenRouter
client = OpenRouter(server_url="http://127.0.0.1:9/api/v1", retry_config=None)
await achat("Hello", model="demo/parrot", client=client)"""
REDIRECTED = """\
import os
target = {"location": os.environ["OPENROUTER_BASE_URL"] + "/followed"}
await achat("Hello", model="demo/redirect", extra_body={"simulator": target}, retries=None)"""
IN_PROCESS = "%env OPENROUTER_BASE_URL=simulator:\nprint(chat('Hello', model='demo/parrot').text)"
PANEL = "p = Playground('demo/reasoner')\np"
CELLS = (
    INSTALL,
    HELD,
    AFTER,
    AWAITED,
    OBJECT,
    BLOCKING,
    INNER,
    BACKGROUND,
    WITHOUT_JSPI,
    PANEL,
    NO_SERVER,
    REDIRECTED,
    IN_PROCESS,
)

LENGTH = "() => document.querySelector('.orn-live .orn-body')?.innerText.length ?? 0"

# The file is in the storage of the browser.
SAVED = """async () => {
    const { context } = window.__panel;
    await context.save();
    return (await window.jupyterapp.serviceManager.contents.get(context.path, { content: true })).content;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with LiteSite(tmp_path_factory.mktemp("lite"), *CELLS) as site:
        yield site


@pytest.fixture
def lab(tab, site, simulator, artifacts):
    tab.watch.clear()
    started = time.monotonic()
    lab = Notebook(tab.page, site, site.notebook, tab.watch)
    lab.reload()
    ready = time.monotonic()
    lab.run(CELLS.index(INSTALL))
    figures = (
        f"cold start {ready - started:.1f} s, then %pip and %load_ext {time.monotonic() - ready:.1f} s;"
        f" the site has {site.megabytes:.0f} MB"
    )
    print(figures)
    (artifacts / "jupyterlite.txt").write_text(f"{figures}\n")
    settings = {"OPENROUTER_BASE_URL": simulator.base_url, "OPENROUTER_API_KEY": KEY}
    lab.execute_silently(f"import os; os.environ.update({settings!r})")
    yield lab
    tab.page.goto("about:blank")


@pytest.mark.frontend("JupyterLite", "load", "streams", "Stop", "panel", "saved output")
def test_chat_cells_calls_and_the_panel(lab, simulator, tab):
    held = CELLS.index(HELD)
    lab.start(held)
    sizes = [0]
    for _ in range(4):
        tab.page.wait_for_function(f"(last) => ({LENGTH})() > last", arg=sizes[-1])
        sizes.append(tab.page.evaluate(LENGTH))
        simulator.release()
    assert sizes == sorted(set(sizes))
    lab.stop(held)
    lab.wait()
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    expect(lab.output(held)).to_contain_text("Stopped.")
    assert lab.run(CELLS.index(AFTER))[0]["text"] == "after False\n"
    saved = tab.page.evaluate(SAVED)
    answer, result = saved["cells"][held]["outputs"]
    assert set(answer["data"]) == {"text/html", "text/plain"}
    assert "This is a simulated answer" in "".join(answer["data"]["text/plain"])
    assert result["data"] == {}  # Pyodide's kernel shows a result that is not displayed as an empty one
    assert "widgets" not in saved["metadata"]

    assert lab.run(CELLS.index(AWAITED))[0]["text"] == "Hello\n"
    lab.run(CELLS.index(OBJECT))
    assert lab.run(CELLS.index(BLOCKING))[0]["text"] == "Hello simulated\n"
    lab.run(CELLS.index(INNER))
    expect(lab.output(CELLS.index(INNER))).to_contain_text("Wall time")
    lab.run(CELLS.index(BACKGROUND))
    expect(lab.output(CELLS.index(BACKGROUND))).to_contain_text("From the background")

    sent = len(simulator.exchanges)
    (error,) = lab.run(CELLS.index(WITHOUT_JSPI))
    assert "await achat" in error["evalue"]
    assert "Nothing was sent" in error["evalue"]
    assert len(simulator.exchanges) == sent

    panel = CELLS.index(PANEL)
    lab.run(panel)
    view = PlaygroundView(lab, panel).wait()
    view.ask("Hello")
    view.wait_done()
    expect(view.words()).to_contain_text("After some simulated thought: 42.")

    (error,) = lab.run(CELLS.index(NO_SERVER))
    assert "NoResponseError" in error["ename"]
    assert "the server cannot be reached" in error["evalue"]
    (error,) = lab.run(CELLS.index(REDIRECTED))
    assert "redirects to another address" in error["evalue"]
    assert not [request.path for request in simulator.requests if "/followed" in request.path]

    sent = len(simulator.exchanges)
    assert lab.run(CELLS.index(IN_PROCESS))[0]["text"].endswith("Hello\n")
    assert len(simulator.exchanges) == sent
    assert lab.watch.errors == []
    assert lab.watch.foreign == []
