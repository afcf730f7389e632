"""The key is in no message between page and kernel, in no trait, file or exported page; and an exported page is of use.

Everything that a panel shows is opened meanwhile, and the service quotes the key that it refuses.
"""

import json

import pytest
from nbconvert import HTMLExporter, MarkdownExporter
from playwright.sync_api import expect
from support.failing import Failing, refusal
from support.playground import KEY, PlaygroundView

from openrouter_nb.playground.protocol import CODE_FORMATS

pytestmark = pytest.mark.browser

QUOTED = f"Incorrect API key provided: {KEY}. You sent 'Bearer {KEY}'"
# The kernel reads it from a file, so that not even the test sends it.
READ_KEY = "import os, pathlib\nos.environ['OPENROUTER_API_KEY'] = pathlib.Path('key.txt').read_text()"
TABS = ("Next request", "Sent", "Upstream", "Chunks", "Headers", "Timeline")


@pytest.fixture
def failing():
    return Failing()


@pytest.fixture
def simulator(failing):
    with failing.simulator() as server:
        yield server


def hears_no_key(what):
    data = what if isinstance(what, bytes) else str(what).encode()
    assert KEY[9:].encode() not in data, data[max(0, data.index(KEY[9:].encode()) - 200) :][:400]


@pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)
def test_the_key_is_nowhere_and_an_exported_page_is_of_use(notebook, simulator, failing, tmp_path, browser):
    opening = (
        "p = Playground('test/model', debug={'echo_upstream_body': True})\np.settings = {'max_retries': 0}\np"
    )
    lab = notebook(READ_KEY, f"from openrouter_nb import Playground\n{opening}", "p")
    (lab.path.parent / "key.txt").write_text(KEY)
    traffic = lab.watch.traffic = []
    lab.execute_silently(f"import os; os.environ['OPENROUTER_NB_PRESETS'] = {str(tmp_path)!r}")
    lab.run_all()
    view = PlaygroundView(lab, 1).wait()
    failing.next = refusal(
        401,
        QUOTED,
        headers={"X-Echo": KEY},
        raw=QUOTED,
        provider_name=f"P {KEY}",
        error_type="authentication",
    )
    view.ask("First")
    view.wait_done()
    expect(view.banner()).to_have_attribute("data-kind", "UnauthorizedError")
    view.banner().get_by_text("Details").click()
    hears_no_key(view.banner().inner_text())
    view.tab("Raw")
    for name in TABS:
        view.root.get_by_role("tab", name=name, exact=True).click()
        view.root.locator(".orn-pane").last.wait_for()
    expect(view.root.locator(".orn-timeline")).to_contain_text("failed")
    view.tab("Chat")
    view.mark()
    view.banner().locator("[data-remedy=retry]").click()
    view.wait_done()
    view.ask("Then **this**")
    view.wait_done()
    assert {each.request.headers["authorization"] for each in simulator.exchanges} == {f"Bearer {KEY}"}

    # What was sent and what came, in each of its forms.
    view.tab("Raw")
    shown = {}
    for name, there in zip(TABS, ('"model"', '"Then **this**"', '"model"', "delta", "content-type", "first token"), strict=True):  # fmt: skip
        view.root.get_by_role("tab", name=name, exact=True).click()
        pane = view.root.locator(".orn-pane :is(pre, .orn-chunks, .orn-timeline)").first
        expect(pane).to_contain_text(there)
        shown[name] = pane.inner_text()
    assert json.loads(shown["Sent"]) == simulator.exchanges[-1].request.body
    assert json.loads(shown["Upstream"])["messages"] == simulator.exchanges[-1].request.body["messages"]
    expect(view.root.locator(".orn-pane select")).to_have_count(1)
    view.root.get_by_role("tab", name="Next request").click()
    expect(view.root.locator(".orn-pane")).to_contain_text("Bearer $OPENROUTER_API_KEY")
    view.tab("Code")
    for format_ in CODE_FORMATS:
        view.root.locator(".orn-pane [role=tab]").nth(CODE_FORMATS.index(format_)).click()
        expect(view.root.locator(".orn-pane pre")).to_contain_text("Then **this**")
        hears_no_key(view.root.locator(".orn-pane pre").inner_text())
    view.tab("History")
    view.tab("Calls of this panel")
    rows = view.root.locator(".orn-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("The API key was not accepted")
    expect(rows.last.locator("td").last).to_have_text("—")
    assert rows.first.locator("td").last.inner_text().startswith("$0.0000")
    view.tab("Chat")

    # A preset, and a damaged one.
    lab.execute_silently("p.params['temperature'] = 0.25; p.save_preset('mine')")
    (tmp_path / "broken.json").write_text('{"params": {"temprature": 1')
    lab.execute_silently("p.params['temperature'] = 1; p._controller.notify()")
    view.button("mine *").click()
    view.root.get_by_role("menuitemcheckbox", name="broken").click()
    expect(view.root.locator(".orn-notice[role=alert]")).to_contain_text(
        "broken.json is not a preset: it cannot be read as JSON."
    )
    lab.execute_silently("assert dict(p.params)['temperature'] == 1, p.params")
    for path in tmp_path.iterdir():
        hears_no_key(path.read_text())

    # Saved with the panel open, and closed; then as pages that no kernel is behind.
    expect(lab.output(1).locator("[class^=orn-kept]")).to_contain_text("Then this")
    open_, closed = lab.save(), None
    lab.execute_silently("p.close()")
    expect(lab.output(1).locator(".orn-pg")).to_have_count(0)
    closed = lab.save()
    lab.watch.traffic = None
    for text in (open_, closed):
        hears_no_key(text)
        hears_no_key(MarkdownExporter().from_filename(str(lab.path))[0])
    assert len(traffic) > 50
    for frame in traffic:
        hears_no_key(frame)
    hears_no_key(lab.page.content())
    assert_of_use(browser, lab, tmp_path, open_, ["run this cell again", "First", "Then this", "test/model"])
    assert_of_use(browser, lab, tmp_path, closed, ["First", "Then this", "test/model"])


def assert_of_use(browser, lab, folder, saved, words):
    """Convert a notebook and open the page: what is seen, and that it does no more than the same without outputs."""
    lab.path.write_text(saved)
    html, _ = HTMLExporter().from_filename(str(lab.path))
    hears_no_key(html)
    bare = json.loads(saved)
    for cell in bare["cells"]:
        cell["outputs"] = []
    lab.path.write_text(json.dumps(bare))
    plain, _ = HTMLExporter().from_filename(str(lab.path))
    seen = []
    for name, text in (("plain", plain), ("page", html)):
        path = folder / f"{name}.html"
        path.write_text(text)
        page, asked, failures = browser.new_page(), [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("pageerror", lambda error, failures=failures: failures.append(error.message))
        page.goto(path.as_uri(), wait_until="load")
        if name == "page":
            for word in words:
                expect(page.locator("main")).to_contain_text(word)
        seen.append((asked[1:], failures))
        page.close()
    # What nbconvert itself asks for and stumbles over where it is offline.
    assert seen[0] == seen[1]
