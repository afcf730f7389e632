"""Up to four models side by side: each with its own values, figures and errors, and none in the way of another."""

import pytest
from playwright.sync_api import expect
from support.browser import VIEWPORT
from support.failing import Failing, refusal

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]

MODELS = ["test/model", "demo/reasoner", "demo/slow", "test/large"]
KNOWN = ["First token", "Tokens", "Cost"]


@pytest.fixture
def failing():
    return Failing()


@pytest.fixture
def simulator(failing):
    with failing.simulator() as server:
        yield server


def answer(view, at):
    """The newest card of a column."""
    column = view.root.locator(".orn-chosen").nth(at).get_attribute("data-column")
    return view.root.locator(f".orn-answer[data-column={column}]").last


def bodies(simulator, after=0):
    return {exchange.model: exchange.request.body for exchange in simulator.exchanges[after:]}


def test_four_columns_answer_fail_stop_and_are_gone_on_with_each_for_itself(
    play, simulator, failing, artifacts
):
    view = play(
        MODELS[0],
        "temperature=0.2, extra_body={'simulator': {'wait_ms': 0, 'pace_ms': 40, 'hold_after': 60}}",
    )
    lab, root, page = view.lab, view.root, view.page
    page.set_viewport_size({"width": 1500, "height": 1000})
    for at, model in enumerate(MODELS[1:], 2):
        view.button("Compare").click()
        picker = root.get_by_role("combobox", name=f"Model {at}")
        expect(picker).to_be_focused()
        picker.fill(model)
        picker.press("Enter")
        expect(picker).to_have_value(model)
    expect(view.button("Compare")).to_be_disabled()
    # A value of the second column's own, beside that of all.
    view.open_rail()
    second = root.locator(".orn-chosen").nth(1).get_attribute("data-column")
    root.locator(".orn-scope select").select_option(second)
    view.row("temperature").locator("input[type=text]").fill("1.5")
    view.expect_state("temperature", "set")
    root.locator(".orn-scope select").focus()
    root.locator(".orn-scope select").select_option(label="all columns")
    expect(view.row("temperature").locator("input[type=text]")).to_have_value("0.2")

    failing.next = refusal(500, "Broken")
    # Only demo/slow has more than 60 deltas: it does not end before it is stopped.
    view.ask("Say it")
    slow = answer(view, 2)
    slow.get_by_text("simulated answer").first.wait_for()
    slow.get_by_role("button", name="Stop").click()
    expect(slow).to_have_attribute("aria-busy", "false")
    view.wait_done(4)
    sent = bodies(simulator)
    assert {model: body["temperature"] for model, body in sent.items()} == {
        "test/model": 0.2,
        "demo/reasoner": 1.5,
        "demo/slow": 0.2,
        "test/large": 0.2,
    }
    assert all(body["messages"] == [{"role": "user", "content": "Say it"}] for body in sent.values())
    assert {exchange.model: exchange.outcome for exchange in simulator.exchanges}[
        "demo/slow"
    ] == "client gone"
    # One of the two models of the test has failed, whichever came first; the other one answered.
    expect(root.locator(".orn-banner")).to_have_count(1)
    broken = root.locator(".orn-answer", has=page.locator(".orn-banner"))
    failed = next(exchange.model for exchange in simulator.exchanges if exchange.status == 500)
    expect(broken).to_contain_text(failed)
    whole = [answer(view, 1), answer(view, 3 if failed == MODELS[0] else 0)]
    for card in whole:
        for fact in KNOWN:
            expect(card.locator(f"[data-fact='{fact}'] dd")).not_to_have_text("—")
        expect(card.locator("[data-fact=Finish] dd")).to_have_text("stop")
    expect(whole[0].locator("[data-fact=Speed] dd")).to_contain_text("tok/s")
    expect(slow.locator("[data-fact=Finish] dd")).to_have_text("stopped")
    expect(slow.locator("[data-fact=Cost] dd")).to_have_text("—")
    # Side by side in the order of the columns, those that failed among them.
    shown = root.locator(".orn-answer").evaluate_all("(all) => all.map((each) => each.dataset.column)")
    chosen = root.locator(".orn-chosen").evaluate_all("(all) => all.map((each) => each.dataset.column)")
    assert shown == chosen
    for theme in ("Light", "Dark"):
        lab.theme(f"JupyterLab {theme}")
        for width in (1000, 420):
            root.evaluate("(root, width) => { root.style.width = `${width}px`; }", width)
            expect(root.locator(".orn-rail")).to_have_attribute("data-open", str(width >= 860).lower())
            lab.screenshot(0, artifacts / f"playground-columns-{width}-{theme.lower()}.png")
    lab.theme("JupyterLab Light")
    root.evaluate("(root) => { root.style.width = ''; }")
    page.set_viewport_size(VIEWPORT)

    # The remedy of one column asks that column only.
    before = len(simulator.exchanges)
    view.mark()
    broken.locator("[data-remedy=retry]").click()
    view.wait_done()
    assert list(bodies(simulator, before)) == [failed]
    expect(root.locator(".orn-banner")).to_have_count(0)

    # All continue from the answer of one.
    view.button("More actions", within=whole[0]).click()
    whole[0].get_by_role("menuitem", name="Continue with this answer").click()
    expect(root.locator(".orn-answer")).to_have_count(1)
    before = len(simulator.exchanges)
    view.ask("And now?")
    root.locator(".orn-answer").nth(4).wait_for()
    view.button("Stop").last.click()
    view.wait_done(4)
    for body in bodies(simulator, before).values():
        assert [each["role"] for each in body["messages"]] == ["user", "assistant", "user"]
        assert "simulated thought: **42**" in body["messages"][1]["content"]
    lab.execute_silently("assert len(p.results) == 4 and p.messages[1]['role'] == 'assistant'")
