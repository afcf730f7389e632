"""The panel on a slow or lost connection: no typed key, file or message is lost, and none is sent twice."""

import pytest
from playwright.sync_api import expect
from support.playground import PlaygroundView

pytestmark = pytest.mark.browser

LATENCY_MS = 500
KEY_MS = 40
PASTE = """(area, [name, size]) => {
    const data = new DataTransfer();
    data.items.add(new File(["0123456789abcde\\n".repeat(size / 16)], name, { type: "text/plain" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def write(view, text):
    view.page.keyboard.type(text, delay=KEY_MS)


def press(view, *keys):
    for key in keys:
        view.page.keyboard.press(key, delay=KEY_MS)


def test_no_key_is_lost_behind_a_round_trip(play, simulator):
    view = play("demo/echo")
    root, lab = view.root, view.lab
    lab.execute_silently("first, second, third = b'number one', b'number two', b'number three'")
    view.open_rail()
    with lab.latency(LATENCY_MS):
        # A model to compare with, typed at once.
        view.button("Compare").click()
        write(view, "demo/parrot")
        press(view, "Enter")
        view.until("p.models == ['demo/echo', 'demo/parrot']")
        view.button("Remove demo/parrot").click()
        # A message at the top.
        view.button("Add a system message").click()
        write(view, "Be brief.")
        press(view, "Control+Enter")
        view.until("[m['content'] for m in p.messages] == ['Be brief.']")
        # A variable from a menu that arrives after the keys; the message is written before it has been attached.
        view.button("Variable", within=root.locator(".orn-composer")).click()
        press(view, "ArrowDown", "Enter")
        expect(root.get_by_role("menu")).to_have_count(0)
        view.message.click()
        view.mark()
        write(view, "What is this?")
        press(view, "Control+Enter")
        # The next message, while this one is on its way.
        write(view, "And this is next")
        view.wait_done()
        expect(view.message).to_have_value("And this is next")
        # A message in between, by keys.
        more = root.locator(".orn-message").first.get_by_role("button", name="More actions")
        more.focus()
        press(view, "Enter", "ArrowDown", "Enter")
        write(view, "Understood.")
        press(view, "Control+Enter")
        view.until("p.messages[1] == {'role': 'assistant', 'content': 'Understood.'}")
        # A tool, whose fields the kernel checks one after the other.
        tools = view.row("tools")
        view.button("Add tool", within=tools).click()
        press(view, "Enter")
        tools.get_by_label("Name of the function").click()
        press(view, "Control+a")
        write(view, "weather")
        press(view, "Tab", "Tab")
        write(view, "Looks up the weather.")
        press(view, "Tab")
        view.until(
            "(p.params['tools'][0]['function']['name'], p.params['tools'][0]['function']['description'])"
            " == ('weather', 'Looks up the weather.')"
        )
        # A preset.
        view.button("Presets").focus()
        press(view, "Enter", "Enter")
        write(view, "slow line")
        press(view, "Enter")
        expect(root.get_by_role("button", name="slow line")).to_be_visible()
    sent = [exchange.request.body["messages"] for exchange in simulator.exchanges]
    assert len(sent) == 1
    text, attached = sent[0][-1]["content"]
    assert text["text"] == "What is this?"
    assert "number two" in attached["text"]


def test_a_field_is_undone_by_the_browser_and_two_views_share_the_draft(play, simulator):
    one = play("demo/echo", cells=("p",))
    lab, page = one.lab, one.page
    lab.run(1)
    two = PlaygroundView(lab, 1).wait()
    cells = lab.path.read_text().count('"cell_type"')
    with lab.latency(LATENCY_MS):
        one.message.click()
        write(one, "One")
        expect(two.message).to_have_value("One")
        one.until("p._controller.state.draft.text == 'One'")
        press(one, *["Control+z"] * 3)  # the change of the other view ends a step of undo
        expect(one.message).to_have_value("")
        expect(two.message).to_have_value("")
        press(one, *["Control+Shift+z"] * 3)
        expect(one.message).to_have_value("One")
        role = two.root.get_by_label("Role of the message")
        role.select_option("system")
        expect(one.root.get_by_label("Role of the message")).to_have_value("system")
        two.button("Add only").click()
        for view in (one, two):
            expect(view.message).to_have_value("")
            expect(view.root.get_by_label("Role of the message")).to_have_value("user")
        one.until("p.messages == [{'role': 'system', 'content': 'One'}]")
    lab.save()
    two.message.click()
    page.keyboard.type("Kept over a reload")
    page.evaluate("() => { window.__panel.model.dirty = false; }")
    lab.reload()
    for view in (one, two):
        view.wait()
        expect(view.message).to_have_value("Kept over a reload")
    assert lab.path.read_text().count('"cell_type"') == cells
    assert simulator.exchanges == []


def test_a_file_larger_than_a_message_of_the_server_is_attached(play, simulator):
    view = play("demo/tour")
    composer = view.root.locator(".orn-composer")
    size = 12 * 2**20
    view.message.evaluate(PASTE, ["large.txt", size])
    view.ask("Summarize")  # waits for the file
    view.wait_done()
    # The panel names the file and does not load its text.
    expect(view.root.locator(".orn-message figcaption")).to_contain_text("large.txt")
    assert len(view.root.inner_text()) < 10_000
    (_, attached) = simulator.exchanges[-1].request.body["messages"][-1]["content"]
    assert attached["text"].count("0123456789abcde\n") == size // 16
    view.message.evaluate(PASTE, ["too large.txt", 21 * 2**20])
    expect(view.root.get_by_role("alert")).to_have_text("too large.txt is larger than 20 MiB.")
    expect(composer.locator("figure")).to_have_count(0)
    expect(view.root.locator("[data-notice=busy]")).to_have_count(0)


def test_a_message_lost_with_the_connection_is_sent_once(play, simulator):
    view = play("demo/echo")
    with view.lab.lost_connection():
        view.ask("Lost and found")
        expect(view.root.locator("[data-notice=busy]")).to_contain_text("busy or not connected")
    view.wait_done()
    expect(view.words()).to_contain_text("Lost and found")
    expect(view.root.locator("[data-notice=busy]")).to_have_count(0)
    # One that was stopped before it arrived stays in the composer.
    with view.lab.lost_connection():
        view.ask("Not wanted")
        view.button("Stop").click()
    expect(view.message).to_have_value("Not wanted")
    view.button("Send").wait_for()
    view.ask("Wanted")
    view.wait_done()
    sent = [exchange.request.body["messages"][-1]["content"] for exchange in simulator.exchanges]
    assert sent == ["Lost and found", "Wanted"]
