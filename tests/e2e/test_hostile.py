"""Answers that attack their renderers: nothing runs, nothing is fetched, in the live view, when it has ended, and saved.

The payloads are those of the browser half's own tests, streamed here into the real application.
"""

import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbconvert import HTMLExporter
from support.attacks import ATTACKS, EVIL, NEWLINES, PAYLOADS, STATE, TOUCH, WATCH, cell

from openrouter_nb.simulator.scripts import hostile

pytestmark = pytest.mark.browser

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
