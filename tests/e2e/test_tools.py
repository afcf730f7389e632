"""Calls of tools in JupyterLab: nothing runs before a press, what is shown is text, and Stop ends what runs."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DEFINE = """
import threading, time
from openrouter_nb import tool
seen = []
ended = threading.Event()

def weather(city: str) -> dict:
    "Weather of a city."
    seen.append(city)
    print("looking at <b>", city)
    return {"city": city, "degrees": 21}

@tool(approve="auto")
def endless() -> str:
    try:
        while True:
            time.sleep(0.002)
    finally:
        ended.set()
"""
ASK = "%%chat -m demo/tools --tools weather\nHow warm is it in Lyon?"
SEEN = "import json; print(json.dumps(seen))"


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


def asked(lab, index):
    """The card of the call that waits."""
    card = lab.live(index).locator(".orn-card[data-kind=tool]")
    expect(card).to_contain_text("waiting for you", timeout=30_000)
    return card


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def test_a_call_waits_for_a_press_and_shows_what_it_would_do(chat, simulator, artifacts):
    lab = chat(DEFINE, ASK, SEEN, ASK, ASK, ASK)
    lab.run(0)
    for theme in ("Light", "Dark"):
        lab.theme(f"JupyterLab {theme}")
        lab.start(1)
        card = asked(lab, 1)
        expect(card).to_contain_text("weather(city: str) -> dict")
        expect(card).to_contain_text('"city": "Lyon"')
        expect(lab.live(1).locator(".orn-phase")).to_have_text("waiting for you")
        lab.screenshot(1, artifacts / f"tools-asked-{theme.lower()}.png")
        press(card, "Run" if theme == "Light" else "Refuse")
        lab.wait()
        shown = lab.output(1).inner_text()
        assert ("ran in" if theme == "Light" else "not run") in shown
        lab.screenshot(1, artifacts / f"tools-saved-{theme.lower()}.png")
    assert json.loads(lab.run(2)[0]["text"]) == ["Lyon"]
    assert "refused this call" in sent(simulator)[-1]["messages"][-1]["content"]

    lab.theme("JupyterLab Light")
    lab.start(3)
    card = asked(lab, 3)
    press(card, "Edit arguments")
    field = card.get_by_role("textbox")
    expect(field).to_have_value('{\n  "city": "Lyon"\n}')
    field.fill('{"city": 3}')
    press(card, "Run with these")
    expect(card).to_contain_text("city: input should be a valid string, not 3")
    lab.screenshot(3, artifacts / "tools-edited.png")
    card.get_by_role("textbox").fill('{"city": "Rome"}')
    lab.page.evaluate("() => { window.__panel.model.dirty = true; }")
    card.get_by_role("textbox").press("ControlOrMeta+s")
    lab.page.wait_for_function("() => !window.__panel.model.dirty")
    press(card, "Run with these")
    lab.wait()
    assert "ran with changed arguments" in lab.output(3).inner_text()
    assert lab.output(3).locator("b").count() == 0

    lab.start(4)
    card = asked(lab, 4)
    press(card, "Enter a result")
    card.get_by_role("textbox").fill("It snows.")
    press(card, "Use as the result")
    lab.wait()
    assert sent(simulator)[-1]["messages"][-1]["content"] == "It snows."
    assert json.loads(lab.run(2)[0]["text"]) == ["Lyon", "Rome"]


def test_stop_ends_a_tool_that_runs_and_sends_nothing_more(chat, simulator):
    lab = chat(DEFINE, "%%chat -m demo/tools --tools endless\nGo", "print(ended.wait(20))", ASK, SEEN)
    lab.run(0)
    lab.start(1)
    expect(lab.live(1).locator(".orn-card[data-kind=tool]")).to_contain_text("running", timeout=30_000)
    lab.stop(1)
    lab.wait()
    assert lab.run(2)[0]["text"] == "True\n"
    assert "stopped" in lab.output(1).inner_text()
    assert len(sent(simulator)) == 1

    lab.start(3)
    asked(lab, 3)
    lab.stop(3)
    lab.wait()
    assert json.loads(lab.run(4)[0]["text"]) == []
    assert len(sent(simulator)) == 2
