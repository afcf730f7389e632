"""Stop, interrupt and failure: the screen, the request, and the cells below."""

import re

import pytest
from playwright.sync_api import expect
from support.frontends import in_each
from support.says import says
from support.wire import RawServer, events, reply, say

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

# It runs until it is stopped.
SLOW = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=40 -p simulator.hold_after=90\nHello"
AFTER = "print('after')"


def wait_for_words(lab):
    lab.live(0).locator(".orn-body").get_by_text("simulated answer").wait_for()


def assert_closed_by_us(simulator):
    simulator.wait_for_close()
    assert [exchange.outcome for exchange in simulator.exchanges] == ["client gone"]


@in_each("Stop")
def test_stop_ends_the_request_quietly_and_keeps_the_words(chat, simulator):
    lab = chat(SLOW, AFTER)
    lab.start_all()
    wait_for_words(lab)
    if lab.server.app == "lab":
        lab.stop(0)
    else:  # where Enter on what has the focus is a shortcut of the notebook, unless we say that it is not
        lab.live(0).locator(".orn-stop").press("Enter")
    lab.wait()
    assert_closed_by_us(simulator)
    (output,) = lab.outputs(0)
    assert output["output_type"] == "display_data"
    expect(lab.output(0)).to_contain_text("This is a simulated answer")
    expect(lab.output(0)).to_contain_text("Stopped.")
    assert lab.outputs(1)[0]["text"] == "after\n"


@both
def test_an_interrupt_ends_the_request_and_run_all(chat, simulator):
    lab = chat(SLOW, AFTER)
    lab.start_all()
    wait_for_words(lab)
    lab.interrupt()
    lab.wait()
    assert_closed_by_us(simulator)
    answer, error = lab.outputs(0)
    assert "Interrupted." in answer["data"]["text/plain"]
    assert error["ename"] == "KeyboardInterrupt"
    assert len(error["traceback"]) == 1
    expect(lab.output(0)).to_contain_text("This is a simulated answer")
    assert lab.outputs(1) == []
    assert lab.run(1)[0]["text"] == "after\n"


def test_a_press_on_stop_is_seen_at_once_and_sent_once(chat, simulator):
    lab = chat(SLOW)
    lab.start(0)
    wait_for_words(lab)
    label, disabled = (
        lab.live(0)
        .locator(".orn-stop")
        .evaluate(
            "(button) => { button.click(); button.click(); return [button.textContent, button.disabled]; }"
        )
    )
    lab.wait()
    assert (label, disabled) == ("stopping…", True)
    assert_closed_by_us(simulator)


@both
def test_a_refused_key_is_one_banner_and_one_line_and_ends_run_all(chat):
    lab = chat("%%chat -m demo/error-401\nHello", AFTER)
    lab.start_all()
    lab.wait()
    banner = lab.output(0).get_by_role("alert")
    expect(banner).to_have_count(1)
    expect(lab.live(0)).to_have_count(0)
    error = lab.output(0).locator("[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText pre")
    assert len(error.last.inner_text().strip().splitlines()) == 1
    assert [output["output_type"] for output in lab.outputs(0)] == ["display_data", "error"]
    assert lab.outputs(1) == []


def test_an_answer_that_breaks_keeps_its_words_above_the_banner(chat):
    lab = chat("%%chat -m demo/midstream-error\nHello")
    lab.run(0)
    banner = lab.output(0).get_by_role("alert").inner_text()
    shown = lab.output(0).inner_text()
    assert shown.index("already paid for") < shown.index(banner.splitlines()[0])


@pytest.mark.parametrize(("button", "requests"), [("Try now", 2), ("Cancel", 1)])
def test_a_known_wait_is_counted_down_and_can_be_ended(chat, button, requests):
    busy = reply(
        b'{"error": {"code": 429, "message": "Slow down"}}',
        status="429 No",
        kind="application/json",
        headers="Retry-After: 50\r\n",
    )
    whole = reply(events(say("At last."), say(finish="stop")))
    raw = RawServer((lambda _: busy if len(raw.requests) == 1 else whole,))
    lab = chat("%%chat -m a/b\nHello")
    lab.execute_silently(f"import os; os.environ['OPENROUTER_BASE_URL'] = {raw.base_url!r}")
    lab.start(0)
    card = lab.live(0).locator(".orn-card")
    expect(card.locator(".orn-countdown")).to_have_text(re.compile(r"^[1-4]\d s$"))
    expect(lab.live(0).get_by_role("status")).to_have_text("Too many requests: trying again in 50 seconds")
    card.get_by_role("button", name=button).click()
    lab.wait()
    raw.close()
    assert len(raw.requests) == requests
    if button == "Try now":
        expect(lab.output(0)).to_contain_text("At last.")
    else:
        expect(lab.output(0).get_by_role("alert")).to_contain_text("Retry after 50 s.")


def test_dollars_in_a_banner_are_no_formula(chat):
    lab = chat("%%chat --cost$1$2\nHello", f"%%chat -m demo/tour {says('$x$')}\nHello")
    lab.run(0)
    lab.run(1)
    lab.output(1).locator("mjx-container").wait_for()
    expect(lab.output(0).get_by_role("alert")).to_contain_text("--cost$1$2")
    expect(lab.output(0).locator("mjx-container")).to_have_count(0)
