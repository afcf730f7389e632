"""A saved answer that nbconvert turns into Markdown is still the answer, and as harmless."""

import json
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbconvert import MarkdownExporter

from openrouter_nb.components import ChatResult
from openrouter_nb.render.answer.answer_bundle import result_bundle
from openrouter_nb.render.errors.banners import OWN_FAULT

PAYLOADS = Path(__file__).resolve().parents[3] / "js" / "test" / "fixtures" / "payloads.json"
LEAK = "![x](https://evil.example/leak.png)"
BROKEN = (
    f"text\n\n```\na\n\n{LEAK}\n```",
    f"```\na\n\n\n{LEAK}\n```\n\nb\n`{LEAK}`",
    f"first\n`{LEAK}`\n\n```python\nx = 1\n```",
    f"- a\n\n  ```\n  a\n \t\n  {LEAK}\n  ```",
    f"- a\n\n      b\n\n      {LEAK}",
    f"$$a\n\n{LEAK}$$",
    f"\\[\na\n\n{LEAK}\n\\]",
    f"a `b\n{LEAK}`\n\n| a | b |\n|---|---|\n| `{LEAK}` | c |\n\n{LEAK}",
)
HARMFUL = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "link",
    "meta",
    "base",
    "svg",
    "img",
    "video",
}


class Page(HTMLParser):
    """What a page shows and what in it could act."""

    def __init__(self, html):
        super().__init__()
        self.text = ""
        self.found = []
        self.tags = []
        self.feed(html)

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.found += [tag] if tag in HARMFUL else []
        self.found += [f"{name}={value}" for name, value in attrs if name.startswith("on") or name == "src"]


@cache
def exporter():
    return MarkdownExporter()


def converted(text, *, reasoning=None, **more):
    """The answer, saved, converted to Markdown, and read as GitHub and documentation sites read it."""
    message = {"role": "assistant", "content": text, "reasoning": reasoning}
    result = ChatResult.model_validate(
        {"model": "demo/x", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
    )
    bundle = result_bundle(result, **more)
    output = nbformat.v4.new_output("display_data", data=bundle)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%%chat\nHello", outputs=[output])])
    markdown, _ = exporter().from_notebook_node(notebook)
    return Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


@pytest.mark.parametrize("text", [*BROKEN, *(row["text"] for row in json.loads(PAYLOADS.read_text()))])
@pytest.mark.parametrize("place", ["answer", "reasoning"])
def test_an_attack_is_as_harmless_as_markdown(text, place):
    page = converted(text) if place == "answer" else converted("Fine.", reasoning=text)
    assert page.found == []


def test_code_formulas_reasoning_banner_and_footer_are_whole():
    code = "def f():\n    pass\n\n\n# not a heading\n\n* not a list"
    page = converted(
        f"Before.\n\n```python\n{code}\n```\n\n\\[\na_b\n\n*c*\n\\]\n\nAfter.",
        reasoning="First.\n\n    indented\n\n# second",
        banner=OWN_FAULT,
        note="Stopped.",
    )
    assert code in page.text
    assert "a_b\n\n*c*" in page.text
    for words in ("Before.", "After.", "First.", "indented", "second", "Stopped.", OWN_FAULT.title, "demo/x"):
        assert words in page.text
    assert page.tags.count("details") == 1
    assert page.tags.count("pre") == 3, "the cell, the reasoning's and the answer's"
