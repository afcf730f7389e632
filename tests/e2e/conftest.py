"""JupyterLab in Chromium: one server and one tab for the whole session, a notebook for each test.

A test that failed takes its tab, its kernels and its settings with it, so that it does not affect the next one."""

import contextlib
import itertools
import os
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect
from support.browser import Tab, chromium
from support.environments import interpreter
from support.jupyter import PATIENCE_MS, JupyterServer, Notebook, write_notebook
from support.playground import KEY, PlaygroundView

ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
# Read before the fixtures empty the environment.
CHROMIUM = os.environ.get("OPENROUTER_NB_CHROMIUM")
FIREFOX = os.environ.get("OPENROUTER_NB_FIREFOX", "firefox-esr")
# Applications in separate environments, with the groups of these.
ELSEWHERE = {
    "shared": ("lab", "frontends"),
    "oldest lab": ("lab", "oldest-jupyter"),
    "oldest notebook": ("notebook", "oldest-jupyter"),
}
# For a test that waits for something; a test that never gets it ends long before.
TEST_TIMEOUT_S = 900

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items):
    # Playwright's synchronous interface keeps an event loop running in this thread to the end of the session;
    # tests that start event loops must come first.
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(TEST_TIMEOUT_S))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.failed and (tab := item.funcargs.get("tab")):
        keep_picture(tab, item.name)
        tab.is_spoiled = True
    return report


def keep_picture(tab, name):
    ARTIFACTS.mkdir(exist_ok=True)
    with contextlib.suppress(Error):  # the page may be what has failed
        tab.page.screenshot(path=ARTIFACTS / f"failed-{name}.png", timeout=10_000)


@pytest.fixture(scope="session")
def browser():
    with chromium(CHROMIUM) as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox():
    """The path of Firefox."""
    return FIREFOX


@pytest.fixture(scope="session", params=["lab"])
def server(request, tmp_path_factory):
    """JupyterLab; Notebook 7 with `@pytest.mark.parametrize("server", ["notebook"], indirect=True)`.

    "shared" is the JupyterLab of an environment with jupyter-collaboration, whose server also has the classic notebook. "oldest lab"
    and "oldest notebook" are JupyterLab 4.0 and Notebook 7.0.
    """
    app, group = ELSEWHERE.get(request.param, (request.param, ""))
    python = interpreter(group) if group else sys.executable
    with JupyterServer(tmp_path_factory.mktemp("notebooks"), app=app, python=python) as server:
        yield server


@pytest.fixture(scope="session")
def tab(browser):
    tab = Tab(browser, patience_ms=PATIENCE_MS)
    yield tab
    tab.close()


@pytest.fixture
def page(tab, server):
    if tab.is_spoiled:
        server.reset()
        tab.renew()
    return tab.page


@pytest.fixture(scope="session")
def artifacts():
    """The folder for pictures that a person may want to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    return ARTIFACTS


@pytest.fixture(scope="session")
def _names():
    return (f"test-{number}.ipynb" for number in itertools.count(1))


@pytest.fixture
def notebook(tab, page, server, _names, request):
    """Opens a notebook: `notebook("print(1)", "%%chat\\nhello")`.

    In a test that asks for `simulator` as well, the kernel sends its requests there. Uncaught errors in the page and
    requests to other hosts fail the test.
    """
    watch = tab.watch
    simulator = request.getfixturevalue("simulator") if "simulator" in request.fixturenames else None
    opened = []
    watch.clear()

    def open_notebook(*cells, kernel="python3"):
        name = next(_names)
        write_notebook(server.root / name, *cells, kernel=kernel)
        notebook = Notebook(page, server, name, watch).open()
        opened.append(notebook)
        page.evaluate("() => localStorage.removeItem('openrouter-nb:groups')")
        if simulator:
            notebook.execute_silently(
                f"import os; os.environ['OPENROUTER_BASE_URL'] = {simulator.base_url!r}"
            )
        return notebook

    yield open_notebook
    for notebook in opened:
        notebook.close()
    assert watch.errors == []
    assert watch.dialogs == []
    assert watch.foreign == []


@pytest.fixture
def chat(notebook, simulator):  # noqa: ARG001 - the kernel sends its requests there
    """Opens a notebook as `notebook` does, its extension loaded."""

    def open_notebook(*cells, **options):
        opened = notebook(*cells, **options)
        opened.execute_silently("%load_ext openrouter_nb")
        return opened

    return open_notebook


@pytest.fixture
def play(notebook, simulator):  # noqa: ARG001 - the kernel sends its requests there
    """Opens a notebook with a playground: `play("demo/tour", "temperature=0.2")`."""

    def open_playground(model="demo/parrot", more="", *, cells=()):
        lab = notebook(
            f"from openrouter_nb import Playground\np = Playground({model!r}, {more})\np.settings = {{'max_retries': 0}}\np",
            *cells,
        )
        lab.execute_silently(f"import os; os.environ['OPENROUTER_API_KEY'] = {KEY!r}")
        lab.run(0)
        return PlaygroundView(lab).wait()

    return open_playground
