"""The playground in JupyterLab and Notebook 7: answers, stopping, tools."""

import re

import pytest
from playwright.sync_api import expect
from support.frontends import in_each

pytestmark = pytest.mark.browser


def tuned(**wishes):
    """How the simulator shall play, as a keyword of Playground."""
    return f"extra_body={{'simulator': {wishes!r}}}"


# ------------------------------------------------------------------------------------------------ answers


@in_each("panel")
def test_a_question_is_answered_and_python_has_everything(play, simulator):
    view = play("demo/tour", "system='Be terse.'")
    view.ask("Show me everything")
    view.wait_done()
    expect(view.answers()).to_have_count(1)
    expect(view.words()).to_contain_text("A tour of what an answer can hold")
    body = simulator.exchanges[-1].request.body
    assert body["messages"] == [
        {"role": "system", "content": "Be terse."},
        {"role": "user", "content": "Show me everything"},
    ]
    expect(view.root.locator("[data-fact=Cost] dd")).to_have_text(re.compile(r"\$0\.000\d+"))
    expect(view.root.locator(".orn-spent")).to_contain_text("1 call")
    view.lab.execute_silently(
        "assert p.result.text.startswith('# A tour'), p.result\n"
        "assert [m['role'] for m in p.messages] == ['system', 'user', 'assistant'], p.messages\n"
        "assert p.cost > 0\n"
        "p.params = {'temperature': 0.3}"
    )
    view.expect_state("temperature", "set")
    view.open_rail()
    expect(view.row("temperature").locator("input[type=text]")).to_have_value("0.3")


def test_stop_closes_the_request_and_keeps_the_words(play, simulator):
    view = play("demo/slow", tuned(pace_ms=60, wait_ms=0, hold_after=90))
    view.ask("Go on")
    view.answers().get_by_text("simulated answer").first.wait_for()
    view.message.press("Escape")
    simulator.wait_for_close()
    view.wait_done()
    assert simulator.exchanges[-1].outcome == "client gone"
    expect(view.words()).to_contain_text("This is a simulated answer")
    expect(view.root.get_by_role("status").first).to_have_text("Stopped")


def test_a_tool_call_waits_for_a_decision_and_its_result_goes_back(play, simulator):
    view = play("demo/tools")
    view.lab.execute_silently(
        "def weather(city: str) -> str:\n    'What the weather is like.'\n    return f'sunny in {city}'\n"
    )
    view.open_rail()
    tools = view.row("tools")
    tools.get_by_role("button", name="From Python").click()
    tools.get_by_role("menuitem", name="weather").click()
    view.expect_state("tools", "set")
    view.ask("What is the weather like?")
    call = view.root.locator(".orn-tool[data-state=waiting]")
    call.wait_for()
    assert simulator.exchanges[-1].request.body["tools"][0]["function"]["name"] == "weather"
    call.get_by_role("button", name="Edit…").click()
    call.get_by_role("textbox").fill('{"city": "Oslo"}')
    call.get_by_role("button", name="Run with these").click()
    expect(view.answers().last.locator(".orn-markdown")).to_contain_text("sunny in Oslo")
    assert simulator.exchanges[-1].request.body["messages"][-1]["role"] == "tool"


def test_stop_ends_a_tool_that_runs_and_nothing_more_is_sent(play, simulator):
    view = play("demo/tools")
    view.lab.execute_silently(
        "import threading, time; tool_ended = threading.Event()\n"
        "def endless(city: str) -> None:\n"
        "    print('looking at', city)\n"
        "    try:\n"
        "        while True: time.sleep(0.002)\n"
        "    finally: tool_ended.set()\n"
    )
    view.open_rail()
    tools = view.row("tools")
    tools.get_by_role("button", name="From Python").click()
    tools.get_by_role("menuitem", name="endless").click()
    expect(tools.get_by_role("combobox").locator("option")).to_have_text(
        ["ask before running", "enter the result by hand"]
    )
    view.ask("in Lyon")
    call = view.root.locator(".orn-tool")
    call.get_by_role("button", name="Run", exact=True).click()
    expect(call).to_have_attribute("data-state", "running")
    expect(call.get_by_role("region", name="Output of endless")).to_contain_text("looking at Lyon")
    view.button("Stop").click()
    expect(call).to_have_attribute("data-state", "failed")
    expect(call.locator(".orn-result").last).to_have_text("Stopped by the user.")
    view.button("Send").wait_for()
    view.lab.execute_silently("assert tool_ended.wait(20)")
    assert [request.path.endswith("/chat/completions") for request in simulator.requests].count(True) == 1
