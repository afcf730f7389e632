"""Two pages with the same notebook, whose outputs jupyter-collaboration keeps equal."""

import pytest
from playwright.sync_api import expect
from support.jupyter import Notebook, write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["shared"], indirect=True)]

PAUSES = [10, 20, 40]
SLOW = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.chunks=60 -p simulator.hold_after=[10,20,40]\nHello"
HELD = "%%chat -m demo/stall\nHello"
PANEL = "from openrouter_nb import Playground\np = Playground('demo/parrot')\np"
SENTENCE = "This is a simulated answer that goes on and on, word after word, as long models do."
WORDS = (SENTENCE.split() * 10)[:60]


@pytest.fixture
def both(tab, page, server, simulator, _names):
    """Opens a notebook in two pages, which trust it: `both("print(1)")`."""
    other = tab.page.context.browser.new_page()
    other.set_default_timeout(60_000)
    tab.watch.attach(other)
    opened = []

    def open_both(*cells, is_trusted=True):
        name = f"shared-{next(_names)}"  # the server keeps the outputs of a closed notebook for a minute
        write_notebook(server.root / name, *cells)
        if is_trusted:
            server.trust(name)
        first = Notebook(page, server, name).open()
        opened.append(first)
        first.execute_silently(
            f"import os; os.environ['OPENROUTER_BASE_URL'] = {simulator.base_url!r}\n%load_ext openrouter_nb"
        )
        return first, Notebook(other, server, name).open()

    tab.watch.clear()
    yield open_both
    other.close()
    for notebook in opened:
        notebook.close()
    assert tab.watch.errors == []
    assert tab.watch.complaints == []
    assert tab.watch.dialogs == []
    assert tab.watch.foreign == []


def expect_in_each(pages, index, text):
    """Wait until the outputs of a cell have this text in all pages."""
    for each in pages:
        expect(each.output(index)).to_contain_text(text)


@pytest.mark.frontend("jupyter-collaboration", "streams", "panel")
def test_both_pages_show_the_answer_while_it_arrives_at_its_end_and_after_a_reload(both, simulator):
    pages = first, second = both(SLOW, PANEL, "p.send('Is it **there**?')\nNone")
    first.start(0)
    for pause in PAUSES:
        for each in pages:
            expect(each.live(0).locator(".orn-body")).to_have_text(" ".join(WORDS[:pause]))
        if pause == PAUSES[1]:
            # A page that is loaded while the answer arrives.
            second.reload(is_running=True)
            expect(second.live(0).locator(".orn-body")).to_have_text(" ".join(WORDS[:pause]))
        simulator.release()
    first.wait()
    for each in pages:
        expect(each.page.locator(".orn-live")).to_have_count(0)
        expect(each.output(0).locator("p").first).to_have_text(" ".join(WORDS))
        assert len(each.outputs(0)) == 1

    first.run(1)
    first.run(2)
    for each in pages:
        expect(each.output(1).locator(".orn-pg .orn-markdown strong")).to_have_text("there")
        expect(each.output(1).locator("[class^=orn-kept]")).to_be_hidden()
        assert len(each.outputs(1)) == 2

    first.save()
    for each in pages:
        each.reload()
        expect(each.output(0).locator("p").first).to_have_text(" ".join(WORDS))
        expect(each.output(1).locator(".orn-pg .orn-markdown strong")).to_have_text("there")
        assert [len(each.outputs(index)) for index in (0, 1)] == [1, 2]


@pytest.mark.frontend("jupyter-collaboration", "Stop")
def test_the_other_page_stops_the_answer_and_both_keep_it(both, simulator):
    pages = first, second = both(HELD)
    first.start(0)
    expect_in_each(pages, 0, "already paid")
    second.stop(0)
    first.wait()
    simulator.wait_for_close()
    assert [exchange.outcome for exchange in simulator.exchanges] == ["client gone"]
    for each in pages:
        expect(each.output(0)).to_contain_text("Stopped.")
        expect(each.output(0)).to_contain_text("already paid")
        expect(each.page.locator(".orn-live")).to_have_count(0)


def test_a_page_that_does_not_trust_the_notebook_says_that_the_answer_will_follow(both):
    pages = first, second = both(HELD, is_trusted=False)
    first.start(0)
    expect(first.live(0)).to_contain_text("already paid")
    expect(second.output(0)).to_contain_text("The answer replaces this line")
    first.stop(0)
    first.wait()
    expect_in_each(pages, 0, "already paid")
    expect(second.output(0)).not_to_contain_text("replaces this line")
