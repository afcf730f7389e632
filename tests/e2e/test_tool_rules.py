"""What may not happen with tool calls does not, in JupyterLab and in the playground; and a keyboard is all it takes."""

import json

import pytest
from playwright.sync_api import expect
from support.axe import AXE, violations
from support.malformed import MALFORMED, UNREGISTERED
from support.says import says

pytestmark = pytest.mark.browser

DEFINE = """
import json, threading, time
from openrouter_nb import tool
seen = []
ended = threading.Event()

@tool(approve="auto")
def population(city: str) -> int:
    "Number of inhabitants."
    seen.append(city)
    return 522_250

def weather(city: str) -> dict:
    "Weather of a city."
    seen.append(city)
    return {"city": city, "degrees": 21}

@tool(approve="auto")
def endless(city: str) -> str:
    print("waiting in", city)
    try:
        while True:
            time.sleep(0.002)
    finally:
        ended.set()
"""
SEEN = "print(json.dumps(seen)); seen.clear()"
# All in one cell: as many cells would take a minute.
EACH = """
for line in {lines!r}:
    get_ipython().run_cell_magic("chat", "--tools population --approve auto --once " + line, "Go")
"""
WRONG = [("demo/tools-wrong", text) for text in MALFORMED] + [
    ("demo/tools-unknown", name) for name in UNREGISTERED
]


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


def press_until(page, key, name):
    """Press a key until the button or field of this name has the focus."""
    said = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    for _ in range(40):
        if page.evaluate(said) == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} is not reached with {key}")


def test_in_a_cell_nothing_runs_that_is_wrong_or_was_not_offered_and_loops_end(chat, simulator):
    lab = chat(
        DEFINE,
        EACH.format(lines=[f"-m {model} {says(text)}" for model, text in WRONG]),
        "%%chat -m demo/tools-endless --tools population --once\nin Lyon",
        "%%chat -m demo/tools-identical --tools population --once\nin Lyon",
        "%%chat -m demo/tools-endless --tools population --once -n 1 --max-cost 0.000015\nin Lyon",
        "%%chat -m demo/tools --tools endless --once\nin Lyon",
        "print(ended.wait(20))",
        SEEN,
    )
    lab.run(0)
    lab.run(1)
    assert json.loads(lab.run(7)[0]["text"]) == []
    assert len(sent(simulator)) == 2 * len(WRONG)
    answers = [body["messages"][-1]["content"] for body in sent(simulator)[1::2]]
    assert [answer.startswith("Not run: the arguments are wrong") for answer in answers] == [True] * 12 + [
        False
    ] * 5
    assert all("Not run: there is no tool" in answer for answer in answers[12:])

    for cell, words, ran in (
        (2, "The limit of 8 rounds is reached.", 7),
        (3, "The same call was made 3 times before.", 3),
        (4, "The limit of 1.5e-05 US dollars is reached.", 0),
    ):
        lab.run(cell)
        assert words in lab.output(cell).inner_text()
        assert len(json.loads(lab.run(7)[0]["text"])) == ran

    before = len(sent(simulator))
    lab.start(5)
    expect(lab.live(5).locator(".orn-card[data-kind=tool]")).to_contain_text("running", timeout=30_000)
    lab.stop(5)
    lab.wait()
    assert lab.run(6)[0]["text"] == "True\n"
    assert len(sent(simulator)) == before + 1


def test_in_the_playground_nothing_runs_that_is_wrong_or_was_not_offered_and_loops_end(play, simulator):
    view = play("demo/tools-wrong", cells=(SEEN,))
    lab, p = view.lab, view.lab.execute_silently
    p(DEFINE + "p.add_tool(population)")
    calls = view.root.locator(".orn-tool")
    for model, text in WRONG:
        wanted = f"p.messages = []; p.model = {model!r}; p.params['extra_body'] = {{'simulator': {{'text': {text!r}}}}}"
        p(wanted)
        expect(view.answers()).to_have_count(0)
        view.ask("Go")
        view.wait_done(2)
        expect(calls).to_have_count(1)
        expect(calls).to_have_attribute("data-state", "failed")
        expect(calls).to_contain_text(
            "the arguments are wrong" if model == "demo/tools-wrong" else "there is no tool"
        )
    assert json.loads(lab.run(1)[0]["text"]) == []

    p("del p.params['extra_body']")
    for settings, requests, words in (
        ({}, 8, "the limit of 8 rounds is reached"),
        ({"max_rounds": 2}, 2, "the limit of 2 rounds is reached"),
        ({"max_calls": 3}, 4, "the limit of 3 calls is reached"),
        ({"max_cost": 0.000_001}, 1, "the limit of 1e-06 US dollars is reached"),
    ):
        p(f"p.messages = []; p.model = 'demo/tools-endless'; p.settings = {settings!r}")
        expect(view.answers()).to_have_count(0)
        view.ask("in Lyon")
        view.wait_done(requests)
        expect(calls.last).to_contain_text(words)
        assert len(json.loads(lab.run(1)[0]["text"])) == requests - 1

    p("p.messages = []; p.model = 'demo/tools'; p.settings = {}; p.params['tools'] = []; p.add_tool(endless)")
    expect(view.answers()).to_have_count(0)
    before = len(sent(simulator))
    view.ask("in Lyon")
    expect(calls).to_have_attribute("data-state", "running")
    expect(calls).to_contain_text("waiting in Lyon")
    view.button("Stop").first.click()
    expect(calls).to_contain_text("Stopped by the user.")
    p("assert ended.wait(20)")
    assert len(sent(simulator)) == before + 1


def test_a_call_is_decided_with_the_keyboard_alone_and_axe_finds_nothing(chat, artifacts):
    lab = chat(
        DEFINE,
        "%%chat -m demo/tools --tools weather --once\nHow warm is it in Lyon?",
        SEEN,
    )
    page = lab.page
    lab.run(0)
    page.add_script_tag(path=AXE)
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        lab.start(1)
        card = lab.live(1).locator(".orn-card[data-kind=tool]")
        expect(card).to_contain_text("waiting for you", timeout=30_000)
        expect(lab.live(1).get_by_role("status")).to_have_text("weather: waiting for you")
        assert violations(page, ".orn-live") == []
        lab.live(1).locator(".orn-phase").click()
        press_until(page, "Tab", "Edit arguments")
        page.keyboard.press("Enter")
        expect(card.get_by_role("textbox")).to_be_focused()
        assert violations(page, ".orn-live") == []
        page.keyboard.press("Control+a")
        page.keyboard.type('{"city": 3}')
        press_until(page, "Tab", "Run with these")
        page.keyboard.press("Enter")
        expect(card).to_contain_text("city: input should be a valid string, not 3")
        expect(card.get_by_role("textbox")).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.type('{"city": "Rome"}')
        press_until(page, "Tab", "Run with these")
        page.keyboard.press("Enter")
        lab.wait()
        assert "ran with changed arguments" in lab.output(1).inner_text()
        assert violations(page, ".jp-Cell-outputArea") == []
        lab.screenshot(1, artifacts / f"tools-keyboard-{theme.lower()}.png")
        assert json.loads(lab.run(2)[0]["text"]) == ["Rome"]


def test_the_playgrounds_calls_are_decided_with_the_keyboard_alone_and_axe_finds_nothing(play, artifacts):
    view = play("demo/tools", cells=(SEEN,))
    lab, page = view.lab, view.page
    lab.execute_silently(DEFINE + "p.add_tool(weather)")
    page.add_script_tag(path=AXE)
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        lab.execute_silently("p.messages = []")
        expect(view.answers()).to_have_count(0)
        view.ask("How warm is it in Lyon?")
        call = view.root.locator(".orn-tool")
        expect(call).to_have_attribute("data-state", "waiting", timeout=30_000)
        lab.screenshot(0, artifacts / f"playground-call-{theme.lower()}.png")
        assert violations(page, ".orn-pg") == []
        call.locator("summary").focus()
        press_until(page, "Tab", "Edit…")
        page.keyboard.press("Enter")
        expect(call.get_by_role("textbox")).to_be_focused()
        assert violations(page, ".orn-pg") == []
        page.keyboard.press("Control+a")
        page.keyboard.type('{"city": "Rome"}')
        press_until(page, "Tab", "Run with these")
        page.keyboard.press("Enter")
        expect(call).to_have_attribute("data-state", "done")
        expect(call.locator("summary")).to_be_focused()
        view.wait_done(2)
        assert json.loads(lab.run(1)[0]["text"]) == ["Rome"]


@pytest.mark.parametrize("server", ["notebook"], indirect=True)
def test_notebook_7_asks_before_a_call_and_shows_what_came_of_it(chat, artifacts):
    lab = chat(DEFINE, "%%chat -m demo/tools --tools weather\nHow warm is it in Lyon?", SEEN)
    lab.run(0)
    lab.start(1)
    card = lab.live(1).locator(".orn-card[data-kind=tool]")
    expect(card).to_contain_text("waiting for you", timeout=30_000)
    expect(card).to_contain_text("weather(city: str) -> dict")
    lab.screenshot(1, artifacts / "tools-notebook-7.png")
    card.get_by_role("button", name="Run", exact=True).click()
    lab.wait()
    assert "ran in" in lab.output(1).inner_text()
    assert json.loads(lab.run(2)[0]["text"]) == ["Lyon"]
