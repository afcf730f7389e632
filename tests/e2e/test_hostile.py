"""Answers that attack their renderers: nothing runs, nothing is fetched, in the live view, when it has ended, and saved.

The payloads are those of the browser half's own tests, streamed here into the real application.
"""

import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from support.says import says

from openrouter_nb.simulator.scripts import hostile

pytestmark = pytest.mark.browser

PAYLOADS = json.loads(
    (Path(__file__).resolve().parents[2] / "js" / "test" / "fixtures" / "payloads.json").read_text(
        encoding="utf-8"
    )
)
NEWLINES = "\n\n"
EVIL = "https://evil.example"
MATH = NEWLINES.join(
    rf"Formula {number}: \({formula}\)"
    for number, formula in enumerate(
        (
            rf"\bbox[background:url({EVIL}/bbox)]{{x}}",
            rf"\bbox[position:fixed;top:0;left:0;width:999px;height:999px;background:url({EVIL}/over)]{{x}}",
            r'\mmlToken{mi}[href="javascript:window.pwned=1"]{x}',
            rf'\mmlToken{{mi}}[style="background:url({EVIL}/token)"]{{x}}',
            r'\mmlToken{mi}[onclick="window.pwned=1"]{x}',
            rf"\fcolorbox{{red;background:url({EVIL}/box)}}{{white}}{{x}}",
            rf"\href{{javascript:window.pwned=1}}{{x}} \includegraphics{{{EVIL}/graphics}}",
            r"\renewcommand{\x}[1]{\hr#1}\x{ef{javascript:window.pwned=1}{x}}",
            r"\text{<img src=x onerror=window.pwned=1>}",
        )
    )
)

ATTACKS = {
    category: NEWLINES.join(payload["text"] for payload in payloads)
    for category, payloads in itertools.groupby(PAYLOADS, key=lambda payload: payload["category"])
} | {"math": MATH}

TAGS = {
    *(
        "script",
        "iframe",
        "frame",
        "object",
        "embed",
        "form",
        "input",
        "select",
        "link",
        "meta",
        "base",
        "svg",
        "img",
    ),
    *("video", "audio", "source", "template", "animate"),
}


class Dangers(HTMLParser):
    """Everything in a page that could run or fetch something, in order."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in TAGS:
            self.found.append(tag)
        for name, value in attrs:
            if (
                name.startswith("on")
                or (name == "style" and "url(" in value)
                or (name in {"href", "src"} and not re.match(r"https?:|mailto:|#", value))
            ):
                self.found.append(f"{name}={value}")


# Looks at everything that ever appears in an output, however shortly.
WATCH = """() => {
    const found = (window.__found = new Set());
    const elements = "script,iframe,frame,object,embed,applet,form,input,select,textarea,link,meta,base,svg,video," +
        "audio,source,picture,template,noscript,portal,animate";
    const isOurs = (node) => node.closest("mjx-container, .orn-status");
    const look = (node) => {
        const output = node.closest?.(".orn-live, .jp-RenderedHTML");
        if (!output || isOurs(node)) return;
        if (node.matches(elements)) found.add(`<${node.localName}>`);
        for (const { name, value } of node.attributes) {
            if (name.startsWith("on")) found.add(`${name} on <${node.localName}>`);
            if (/^(id|name|srcset|srcdoc|action|formaction|background|poster|ping)$/.test(name))
                found.add(`${name}=${value}`);
            if (name === "href" && !/^(https?:|mailto:)/i.test(value)) found.add(`href=${value}`);
            if (name === "src" && !/^data:image\\/(png|jpeg|webp|gif);/.test(value)) found.add(`src=${value}`);
            if (name === "style" && /url\\(|position/i.test(value)) found.add(`style=${value}`);
        }
        if (node.localName === "style" && /url\\(|@import/.test(node.textContent)) found.add(node.textContent);
    };
    const lookDeep = (node) => {
        if (node.nodeType !== 1) return;
        look(node);
        node.querySelectorAll("*").forEach(look);
    };
    window.__watching?.disconnect();
    window.__watching = new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
            if (target.nodeType === 1) look(target);
            addedNodes.forEach(lookDeep);
        }
    });
    window.__watching.observe(document.body, { subtree: true, childList: true, attributes: true });
    // Links that lead away are followed no further than here; those that would run something are not held back.
    window.addEventListener("click", (event) => {
        const link = event.composedPath().find((node) => node.localName === "a");
        if (/^(https?|mailto):/.test(link?.href ?? "")) event.preventDefault();
    }, true);
}"""

# What a hand, a mouse and a keyboard would do to every part of an output.
TOUCH = """(output) => {
    for (const node of output.querySelectorAll("*")) {
        if (node.closest(".orn-status")) continue;
        for (const kind of ["mouseover", "pointerenter", "focus", "toggle", "load", "error"])
            node.dispatchEvent(new Event(kind));
        if (!node.closest("details")) node.click?.();
        else if (node.localName === "a") node.click();
    }
    return output.querySelectorAll("a").length;
}"""

STATE = """() => ({
    pwned: Object.getOwnPropertyNames(window).filter((name) => name.includes("pwned")),
    frames: window.length,
    app: typeof window.jupyterapp?.commands?.execute,
    overlaid: [...document.querySelectorAll(".orn-live *, .jp-RenderedHTML *")]
        .filter((node) => !node.closest("mjx-container, .orn-announcer"))
        .filter((node) => /fixed|sticky/.test(getComputedStyle(node).position)).length,
    base: document.baseURI === location.href.split("#")[0],
    page: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    found: [...window.__found],
})"""


def attack(lab, simulator):
    """Hold the answer in the live view and touch all of it, stop, touch all of what stays, save."""
    lab.page.evaluate(WATCH)
    before = lab.page.evaluate(STATE)
    assert before == {**before, "found": [], "pwned": []}
    lab.start(0)
    lab.page.wait_for_function(
        "() => document.querySelector('.orn-live .orn-body')?.textContent.trimEnd().endsWith('The end.')"
    )
    lab.live(0).evaluate(TOUCH)
    lab.stop(0)
    lab.wait()
    simulator.wait_for_close()
    lab.output(0).locator("mjx-container").first.wait_for()
    lab.output(0).evaluate(TOUCH)
    assert lab.live(0).count() == 0
    assert lab.page.evaluate(STATE) == before
    lab.save()


def cell(text):
    """A cell whose answer is the text, a formula that shows when MathJax has been here, and no end."""
    return f"%%chat -m demo/stall {says(text + NEWLINES + '$x$' + NEWLINES + 'The end.')}\nHello"


def assert_exported_harmless(path):
    """As HTML the notebook can do what a notebook without outputs can, and no more."""
    notebook = nbformat.read(path, as_version=4)
    attacked, _ = HTMLExporter().from_notebook_node(notebook)
    for each in notebook.cells:
        each.update(source="", outputs=[])
    harmless, _ = HTMLExporter().from_notebook_node(notebook)
    assert "The end." in attacked
    assert Dangers(attacked).found == Dangers(harmless).found


def test_there_are_attacks_of_every_kind():
    assert set(ATTACKS) >= {"image", "reference-link", "autolink", "svg-math", "math", "footnote", "entity"}
    assert set(ATTACKS) >= {"terminal", "bidi", "link-list", "script", "handler", "frame", "head", "form"}
    assert len(PAYLOADS) >= 120


def test_the_watch_sees_what_a_careless_answer_does(notebook):
    lab = notebook(
        "from IPython.display import HTML\nHTML('<img src=x id=y alt=z onerror=\"window.careless = 1\">')"
    )
    lab.page.evaluate(WATCH)
    lab.run(0)
    lab.page.wait_for_function("() => window.careless")
    assert set(lab.page.evaluate(STATE)["found"]) >= {"onerror on <img>", "id=y", "src=x"}
    lab.save()
    exported, _ = HTMLExporter().from_filename(str(lab.path))
    assert {"img", "onerror=window.careless = 1", "src=x"} <= set(Dangers(exported).found)


@pytest.mark.parametrize("category", ATTACKS)
def test_an_attack_does_nothing(chat, simulator, category):
    lab = chat(cell(ATTACKS[category]))
    attack(lab, simulator)
    assert_exported_harmless(lab.path)


@pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)
def test_all_attacks_at_once_do_nothing(chat, simulator):
    lab = chat(cell(NEWLINES.join([*ATTACKS.values(), hostile.TEXT.replace("CANARY", EVIL)])))
    attack(lab, simulator)
    assert_exported_harmless(lab.path)
