"""Everything that a hostile service can put into the panel, in each place where it is shown: nothing runs, nothing is requested."""

import dataclasses
import re

import pytest
from playwright.sync_api import expect
from support.attacks import PAYLOADS, watch
from support.failing import Failing, refusal
from support.playground import KEY

from openrouter_nb.simulator import Simulator
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say

pytestmark = pytest.mark.browser

ATTACK = "\n\n".join(each["text"] for each in PAYLOADS)
TAG = "<img src=x onerror=window.pwned_here=1><script>window.pwned_too=1</script>"
EVIL = "evil/model"
WATCH = watch("""    const bad = "script, iframe, frame, object, embed, applet, form, link, meta, base, template, noscript, portal, animate," +
        "img:not([src^='data:image/'], [src^='blob:']), svg:not(.orn-icon), video:not([src^='blob:']), audio:not([src^='blob:'])";
    const look = (node) => {
        if (node.nodeType !== 1 || !node.closest(".orn-pg") || node.closest(".orn-icon")) return;
        if (node.matches(bad)) found.add(node.outerHTML.slice(0, 100));
        for (const { name, value } of node.attributes) {
            if (name.startsWith("on") || /^(srcdoc|formaction|ping|background)$/.test(name)) found.add(`${name}=${value}`);
            if (name === "href" && !/^(https?:|mailto:|blob:)/i.test(value)) found.add(`href=${value}`);
            if (name === "style" && /url\\(|fixed/i.test(value)) found.add(`style=${value}`);
        }
    };
""")
TOUCH = """(root) => {
    for (const node of root.querySelectorAll(".orn-markdown *, .orn-banner p, .orn-banner p *, .orn-pane pre, .orn-table td, .orn-picker *")) {
        for (const kind of ["mouseover", "pointerenter", "focus", "toggle", "load", "error"]) node.dispatchEvent(new Event(kind));
        if (node.closest(".orn-markdown")) node.click?.();
    }
}"""
STATE = """() => ({
    pwned: Object.getOwnPropertyNames(window).filter((name) => name.includes("pwned")),
    frames: window.length,
    app: typeof window.jupyterapp?.commands?.execute,
    found: [...window.__found],
})"""
HARMLESS = {"pwned": [], "frames": 0, "app": "function", "found": []}


def hostile(request):
    """All attacks, as text, as reasoning and as sources."""
    deltas = [{"reasoning": ATTACK}, *say(ATTACK, request)]
    source = {"url": "javascript:window.pwned_source=1", "title": TAG}
    annotation = {"type": "url_citation", "url_citation": source}
    return ScriptedAnswer(deltas=[*deltas, {"annotations": [annotation], "content": " The end."}])


@pytest.fixture
def failing():
    return Failing()


@pytest.fixture
def simulator(failing):
    script = ScriptedModel(slug=EVIL, summary=TAG, respond=hostile, provider=TAG, parameters=("reasoning",))
    named = dataclasses.replace(script, slug=f"evil/{TAG}", respond=failing.respond)
    fails = ScriptedModel(slug="evil/fails", summary=ATTACK, respond=failing.respond)
    with Simulator(scripts=[script, named, fails]) as server:
        yield server


@pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)
def test_nothing_hostile_runs_or_asks_anywhere_in_the_panel(play, failing):
    view = play(EVIL, "extra_body={'simulator': {'chunks': 300, 'pace_ms': 1}}")
    root, page = view.root, view.page
    page.evaluate(WATCH)
    # The list of models, and its search.
    picker = root.get_by_role("combobox", name="Model")
    picker.fill("evil")
    expect(root.get_by_role("option").first).to_be_visible()
    root.evaluate(TOUCH)
    picker.press("Escape")
    picker.fill(EVIL)
    picker.press("Enter")
    # A question that attacks, the answer, its reasoning and its sources.
    view.ask(ATTACK)
    view.wait_done(patience_s=60)
    expect(view.answers().last).to_contain_text("The end.")
    root.evaluate("(root) => { for (const each of root.querySelectorAll('details')) each.open = true; }")
    root.evaluate(TOUCH)
    for tab in ("Raw", "Code", "History"):
        view.tab(tab)
        inner = root.locator(".orn-pane [role=tab]")
        for at in range(inner.count() or 1):
            if inner.count():
                inner.nth(at).click()
            root.locator(
                ".orn-pane :is(pre, .orn-chunks, .orn-timeline, .orn-table, p.orn-muted)"
            ).first.wait_for()
            root.evaluate(TOUCH)
    view.tab("Chat")
    # A model whose name attacks, and what an upstream says of its failure.
    view.lab.execute_silently(f"p.model = {f'evil/{TAG}'!r}; p.messages = []")
    expect(picker).to_have_value(f"evil/{TAG}")
    for status, message in (
        (400, TAG),
        (403, ATTACK),
        (404, TAG),
        (429, TAG),
        (502, "Provider returned error"),
    ):
        failing.next = refusal(
            status,
            message,
            headers={"Retry-After": "<b>9</b>"},
            availability={"code": "model_deprecated", "fallback_models": [TAG, "javascript:alert(1)"]} if status == 404 else None,
            raw=TAG,
            provider_name=TAG,
            reasons=[TAG],
            flagged_input=TAG,
        )  # fmt: skip
        view.ask("Fail")
        view.wait_done()
        expect(view.banner()).to_have_attribute("data-kind", re.compile("Error$"))
        view.banner().locator("details summary").click()
        root.evaluate(TOUCH)
    assert page.evaluate(STATE) == HARMLESS
    assert view.lab.watch.foreign == []
    assert view.lab.watch.dialogs == []
    # The watch sees an element that must not be there.
    root.evaluate("(root) => root.append(document.createElement('object'))")
    assert page.evaluate(STATE)["found"]
    root.locator("object").evaluate("(planted) => { planted.remove(); window.__found.clear(); }")
    # What is left in the notebook, when the panel is open and when it is closed.
    assert KEY not in view.lab.save()
    said = [{"role": "user", "content": TAG}, {"role": "assistant", "content": f"{ATTACK}\n\nThe end."}]
    view.lab.execute_silently(f"p.messages = {said!r}\np.close()")
    expect(view.lab.output(0).locator(".orn-pg")).to_have_count(0)
    expect(view.lab.output(0).locator(".jp-RenderedHTML").last).to_contain_text("The end.")
    assert page.evaluate(STATE) == HARMLESS
    page.evaluate("() => window.__watching.disconnect()")
