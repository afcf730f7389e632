"""The playground without a mouse: everything is reached, seen, named and done with keys alone."""

import pytest
from playwright.sync_api import expect
from support.keyboard import Keyboard

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

EVERYTHING = """
    system='Be terse.', temperature=0.2, stop=['END'], metadata={'a': 'b'}, logprobs=True, top_logprobs=2, logit_bias={'5': 1},
    tools=['web_search'], plugins=[{'id': 'web'}],
    response_format={'type': 'json_schema', 'json_schema': {'name': 'x', 'schema': {'type': 'object'}}},
"""


def test_tab_reaches_each_control_shows_where_it_is_and_leaves(play):
    view = play("demo/tour", EVERYTHING)
    root, keys = view.root, Keyboard(view.root)
    view.ask("Show me everything")
    view.wait_done()
    root.evaluate("(root) => { root.style.width = '1000px'; }")
    expect(root.locator(".orn-rail")).to_have_attribute("data-open", "true")
    view.open_rail()
    keys.walk()
    assert keys.nameless() == []
    # With the rows folded away: the other tabs, and models side by side with an error and a tool.
    root.evaluate("(root) => { root.style.width = '700px'; }")
    expect(root.locator(".orn-rail")).to_have_attribute("data-open", "false")
    for name in ("Raw", "Code", "History"):
        view.tab(name)
        root.locator(".orn-pane [tabindex='0']").first.wait_for()
        keys.walk()
        assert keys.nameless() == []
    view.tab("Chat")
    view.lab.execute_silently(
        "def weather(city: str) -> str: return 'sunny'\n"
        "p.params = {}; p.messages = []; p.add_tool(weather); p.models = ['demo/tools', 'demo/error-429']"
    )
    expect(root.locator(".orn-chosen")).to_have_count(2)
    view.ask("What is the weather?")
    view.wait_done(2)
    expect(root.locator(".orn-banner")).to_have_count(1)
    root.locator(".orn-tool[data-state=waiting]").wait_for()
    keys.walk()
    assert keys.nameless() == []


@both
def test_keys_send_and_lead_to_the_model_and_from_tab_to_tab_and_are_no_commands_of_the_notebook(
    play, simulator
):
    view = play("demo/parrot")
    root, keys = view.root, Keyboard(view.root)
    view.message.focus()
    keys.type("With keys")
    keys.press("Shift+Enter")
    assert simulator.exchanges == []
    view.mark()
    keys.press("Control+Enter")
    view.wait_done()
    expect(view.message).to_be_focused()
    # The model: found with its filters, picked with arrows.
    keys.press("Control+k")
    picker = root.get_by_role("combobox", name="Model")
    expect(picker).to_be_focused()
    keys.type("demo/")
    keys.press("Tab", "Tab")
    expect(root.get_by_role("button", name="tools", exact=True)).to_be_focused()
    keys.press("Space")
    expect(root.get_by_role("button", name="tools", exact=True)).to_have_attribute("aria-pressed", "true")
    keys.press("Space", "Escape")
    expect(picker).to_be_focused()
    expect(root.locator(".orn-found")).to_be_hidden()
    keys.press("Control+a")
    keys.type("demo/ech")
    keys.press("ArrowDown", "Enter")
    expect(picker).to_have_value("demo/echo")
    # What was typed is taken on the way out.
    keys.press("Control+a")
    keys.type("demo/parrot:nitro")
    while root.locator(".orn-found:popover-open").count():
        keys.press("Tab")
    expect(picker).to_have_value("demo/parrot:nitro")
    keys.go(root.get_by_role("tab", name="Chat", exact=True))
    for name in ("Raw", "Code", "History", "Chat"):
        keys.press("ArrowRight")
        tab = root.get_by_role("tab", name=name, exact=True).first
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(tab).to_be_focused()
    assert len(view.page.evaluate("() => window.__panel.content.widgets.map((cell) => cell.model.type)")) == 1
    # Escape leaves the panel, where it has nothing else to close.
    keys.press("Escape")
    expect(root.locator(":focus")).to_have_count(0)


# What is pressed last or not at all: it asks a model, leaves the panel, or opens a window of the system.
SPARED = {"Send", "Stop", "Attach files", "Insert as cell", "Set only"}

# Notes each frame in which the focus is not in the panel, and which button was pressed before it.
GUARD = """(root) => {
    window.__lost = [];
    const look = () => {
        if (!root.isConnected) return;
        if (!root.contains(document.activeElement)) window.__lost.push(window.__pressed);
        window.__guard = requestAnimationFrame(look);
    };
    cancelAnimationFrame(window.__guard);
    look();
}"""

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# The next button that was not pressed yet, given the focus; its name.
NEXT = """(root, spared) => {
    window.__tried ??= new Set(spared);
    for (const node of root.querySelectorAll("button, summary")) {
        if (node.tabIndex < 0 || node.disabled || !node.checkVisibility({ visibilityProperty: true })) continue;
        const name = (node.getAttribute("aria-label") ?? node.textContent).trim();
        const where = node.closest("[data-param]")?.dataset.param ?? node.closest("[data-item]")?.dataset.item ?? "";
        const key = where && name.startsWith("Unset") ? "Unset" : name;
        if (window.__tried.has(key)) continue;
        window.__tried.add(key);
        window.__pressed = name;
        node.focus();
        return name;
    }
    return null;
}"""


@both
def test_no_button_that_is_pressed_sends_the_focus_away(play):
    view = play(
        "demo/tour",
        "system='Be terse.', temperature=0.2, stop=['a', 'b'], metadata={'a': 'b'}, seed=1, tools=['web_search'], "
        "plugins=[{'id': 'web'}], models=['demo/echo', 'demo/parrot'], provider={'order': ['x']}",
    )
    keys = Keyboard(view.root)
    view.lab.execute_silently("def weather(city: str) -> str: return city")
    view.ask("Show me everything")
    view.wait_done()
    view.root.evaluate("(root) => { root.style.width = '1000px'; }")
    expect(view.root.locator(".orn-rail")).to_have_attribute("data-open", "true")
    view.root.evaluate(GUARD)
    pressed = []
    while name := view.root.evaluate(NEXT, [*SPARED]):
        pressed.append(name)
        keys.press("Enter")
        view.page.evaluate(TWO_FRAMES)
        if view.root.locator("[role=menu], .orn-found:popover-open").count():
            keys.press("Escape")
        assert view.page.evaluate("() => window.__lost") == []
    assert len(pressed) >= 60, pressed  # 60 and 61 were seen
    expect(view.root.locator(":focus")).to_have_count(1)


@both
def test_an_input_method_takes_its_own_enter_and_nothing_moves_for_those_who_want_that(play, simulator):
    view = play("demo/slow", "extra_body={'simulator': {'pace_ms': 40, 'hold_after': 60}}")
    page = view.page
    page.emulate_media(reduced_motion="reduce")
    input_method = page.context.new_cdp_session(page)
    view.mark()
    view.message.focus()
    input_method.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    expect(view.message).to_have_value("にほん")
    page.keyboard.press("Control+Enter")
    input_method.send("Input.insertText", {"text": "日本"})
    expect(view.message).to_have_value("日本")
    input_method.detach()
    page.keyboard.press("Control+Enter")
    view.answers().get_by_text("simulated answer").first.wait_for()
    moving = "(root) => document.getAnimations().filter(({ effect }) => root.contains(effect.target)).length"
    assert view.root.evaluate(moving) == 0
    view.button("Stop").click()
    view.wait_done()
    page.emulate_media(reduced_motion="no-preference")
    # Had the first Enter sent it, there would be two questions.
    assert [each.request.body["messages"][0]["content"] for each in simulator.exchanges] == ["日本"]
