"""Views of a playground: a second view, a reloaded page, a busy or dead kernel, another playground."""

import pytest
from playwright.sync_api import expect
from support.playground import PlaygroundView

pytestmark = pytest.mark.browser

FRONTENDS = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)
WORDS = 90
WHOLE = " ".join(
    ("This is a simulated answer that goes on and on, word after word, as long models do. " * 10).split()[
        :WORDS
    ]
)
# In its middle it pauses until the test resumes it.
HELD = f"extra_body={{'simulator': {{'pace_ms': 20, 'wait_ms': 0, 'chunks': {WORDS}, 'hold_after': 40}}}}"
# All controls, which a view without a kernel must not offer.
OFFERED = """(root) => [...root.querySelectorAll("button, input, select, textarea")]
    .filter((each) => each.checkVisibility() && !each.matches(":disabled"))
    .map((each) => each.outerHTML.slice(0, 120))"""


def words(view):
    """What a view shows of its newest answer."""
    return " ".join(view.words().inner_text().split())


def has_begun(view, some="simulated answer"):
    view.answers().last.get_by_text(some).first.wait_for()


@FRONTENDS
def test_every_view_has_the_whole_answer_in_order_however_late_it_comes(play, simulator):
    one = play("demo/slow", HELD, cells=("p",))
    lab, two = one.lab, PlaygroundView(one.lab, 1)
    one.ask("Go on")
    has_begun(one)
    # A second view, in mid-stream.
    lab.run(1)
    two.wait()
    has_begun(two)
    for view in (one, two):
        expect(view.root.locator(".orn-answer[aria-busy=true]")).to_have_count(1)
        assert WHOLE.startswith(words(view))
    # What is set in the one is set in the other; what is pressed leads to a place in the same view.
    one.open_rail()
    two.open_rail()
    one.row("temperature").locator("input[type=text]").fill("0.5")
    two.expect_state("temperature", "set")
    expect(two.row("temperature").locator("input[type=text]")).to_have_value("0.5")
    # The page is loaded again, and the kernel writes on.
    lab.save()
    lab.reload()
    for view in (one, two):
        view.wait()
        expect(view.root.locator(".orn-answer[aria-busy=true]")).to_have_count(1)
        assert WHOLE.startswith(words(view))
    simulator.release()
    for view in (one, two):
        expect(view.root.locator(".orn-answer[aria-busy=false]")).to_have_count(1)
        expect(view.words()).to_have_text(WHOLE)
    one.button("Send").wait_for()
    assert [exchange.outcome for exchange in simulator.exchanges] == ["done"]
    # And a view that is opened after the end.
    lab.run(1)
    two.wait()
    expect(two.root.locator(".orn-answer[aria-busy=false]")).to_have_count(1)
    expect(two.words()).to_have_text(WHOLE)
    # Where a press leads to a place, it is a place of the same view.
    lab.execute_silently(
        "from openrouter_nb import errors; column = p._controller.state.columns[0]\n"
        "column.error = errors.BadRequestError('temperature: wrong'); p._controller.notify()"
    )
    two.banner().locator("[data-remedy=field]").click()
    expect(two.row("temperature").locator(":focus")).to_have_count(1)
    expect(one.root.locator(":focus")).to_have_count(0)


@FRONTENDS
def test_two_playgrounds_and_a_busy_kernel_mix_nothing_up_and_a_lost_kernel_is_said(play, simulator):
    second = "from openrouter_nb import Playground\nq = Playground('demo/echo')\nq"
    busy = "import time\nwhile True: time.sleep(0.1)"
    one = play("demo/slow", HELD, cells=(second, busy))
    lab, other = one.lab, PlaygroundView(one.lab, 1)
    lab.run(1)
    other.wait()
    one.ask("Only here")
    has_begun(one)
    # The kernel computes without end: the answer still arrives, and requests and changes are shown as waiting.
    lab.start(2)
    other.ask("Only there")
    other.open_rail()
    other.row("temperature").locator("input[type=text]").fill("0.5")
    other.expect_state("temperature", "set")
    assert WHOLE.startswith(words(one))
    simulator.release()
    one.wait_done()
    expect(one.words()).to_have_text(WHOLE)
    lab.interrupt()
    lab.wait()
    other.wait_done()
    expect(other.words()).to_contain_text("Only there")
    assert "Only there" not in one.root.inner_text()
    lab.wait_idle()
    expect(other.root.locator("[data-notice=busy]")).to_have_count(0)
    lab.execute_silently("assert dict(q.params) == {'temperature': 0.5}, q.params")
    lab.execute_silently("assert 'temperature' not in p.params")
    assert [exchange.model for exchange in simulator.exchanges] == ["demo/slow", "demo/echo"]
    # The kernel is restarted in mid-answer.
    one.ask("Again")
    expect(one.answers()).to_have_count(2)
    has_begun(one, "This")
    lab.page.evaluate("() => window.__panel.sessionContext.session.kernel.restart()")
    for view in (one, other):
        view.root.locator("[data-notice=gone]").wait_for()
        expect(view.root.locator(".orn-answer[aria-busy=true]")).to_have_count(0)
        assert view.root.evaluate(OFFERED) == []
    expect(one.answers().last.locator(".orn-note")).to_have_text(
        "The kernel disconnected before the answer ended."
    )
    simulator.wait_for_close()
    lab.wait_idle()
    # Running the cell again makes a new one; the old view of the other says still what it is.
    lab.execute_silently(f"import os; os.environ['OPENROUTER_BASE_URL'] = {simulator.base_url!r}")
    lab.run(1)
    other.wait()
    expect(other.root.locator("[data-notice]")).to_have_count(0)
    other.ask("Anew")
    other.wait_done()
    expect(other.words()).to_contain_text("Anew")
    expect(one.root.locator("[data-notice=gone]")).to_have_count(1)
