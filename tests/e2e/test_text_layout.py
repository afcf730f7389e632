"""Text of live and saved answers: the same layout, directions block by block, formulas that can be copied."""

import pytest
from playwright.sync_api import expect
from support.says import says

pytestmark = pytest.mark.browser

MARKDOWN = """# Heading

A paragraph with `code` and **bold** text.

- a
- b
  - nested

A loose list:

1. x

2. y

> A quotation
> of two lines

| name | value |
|---|--:|
| a | 1 |
| b | 2222 |

```python
for i in range(3):
    print(i)
```

    indented code

Long: {word}

---

مرحبا! هذه قائمة:

- واحد
- اثنان `pip install x`.

| اسم | قيمة |
|---|---|
| أ | C++ |

> English first, then مرحبا.

> قول قصير

1. سطر

2. آخر

The end.""".replace("{word}", "x" * 400)
EULER = "Euler: $e^{i\\pi}+1=0$ holds.\n\n$$x^2$$\n\n```python\nx = 1\n```\n\nThe end."
# Of each block: name, direction, left edge of it and of its text, width, height, and the distance to the first one.
BLOCKS = """(root) => {
    const blocks = [...root.querySelectorAll("h1, p, ul, ol, li, blockquote, table, th, td, pre, hr")];
    const top = blocks[0].getBoundingClientRect().top;
    return blocks.map((block) => {
        const { x, y, width, height } = block.getBoundingClientRect();
        const text = document.createRange();
        text.selectNodeContents(block);
        const start = text.getBoundingClientRect().x;
        return [block.localName, getComputedStyle(block).direction, x, start, width, height, y - top];
    });
}"""
RIGHT_TO_LEFT = {"مرحبا! هذه قائمة:": "p", "واحد": "li", "اسم": "th"}
COPY = """(root) => {
    const copied = new Promise((resolve) => {
        window.addEventListener("copy", ({ clipboardData }) => resolve(clipboardData.getData("text/plain")), { once: true });
    });
    getSelection().selectAllChildren(root);
    document.execCommand("copy");
    return copied;
}"""

# The distances of each line of a text from the left and from the right edge. A line has a box for each of its directions.
MARGINS = """(text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const edges = text.getBoundingClientRect();
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 1);
    return [...new Set(boxes.map(({ top }) => Math.round(top)))].map((line) => {
        const parts = boxes.filter(({ top }) => Math.round(top) === line);
        return [
            Math.min(...parts.map(({ left }) => left)) - edges.left,
            edges.right - Math.max(...parts.map(({ right }) => right)),
        ];
    });
}"""


def blocks_of(locator):
    return locator.evaluate(BLOCKS)


def test_the_saved_answer_has_the_layout_of_the_live_one(chat, artifacts):
    lab = chat(f"%%chat -m demo/stall {says(MARKDOWN)}\nShow")
    lab.start(0)
    lab.live(0).get_by_text("The end.").wait_for()
    lab.screenshot(0, artifacts / "layout-live.png")
    live = blocks_of(lab.live(0).locator(".orn-body"))
    lab.stop(0)
    lab.wait()
    output = lab.output(0).locator(".jp-RenderedHTMLCommon").first
    output.get_by_text("The end.").wait_for()
    lab.screenshot(0, artifacts / "layout-saved.png")
    saved = blocks_of(output)
    assert [block[:2] for block in live] == [block[:2] for block in saved]
    distances = [
        (name, mine, other)
        for (name, _, *mine), (_, _, *other) in zip(live, saved, strict=True)
        if max(abs(a - b) for a, b in zip(mine, other, strict=True)) > 3
    ]
    assert distances == []
    assert output.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert [direction for name, direction, *_ in saved if name == "pre"] == ["ltr", "ltr"]
    for text, name in RIGHT_TO_LEFT.items():
        block = output.locator(name).filter(has_text=text).first
        assert block.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    for text in ("قول قصير", "سطر"):
        ((left, right),) = output.locator("p").filter(has_text=text).evaluate(MARGINS)
        assert right < 1 < left


def test_formulas_are_copied_as_tex_and_code_by_a_button(chat):
    lab = chat(f"%%chat -m demo/stall {says(EULER)}\nShow")
    lab.start(0)
    live = lab.live(0)
    live.get_by_text("The end.").wait_for()
    live.locator("math").nth(1).wait_for()
    text = live.locator(".orn-text").evaluate(COPY)
    assert text.splitlines()[0] == r"Euler: $e^{i\pi}+1=0$ holds."
    assert "$$x^2$$" in text.splitlines()
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    live.locator("pre").hover()
    live.get_by_role("button", name="Copy code").click()
    live.locator(".orn-copy[data-copied]").wait_for()
    assert lab.page.evaluate("navigator.clipboard.readText()") == "x = 1\n"
    lab.stop(0)
    lab.wait()
    output = lab.output(0).locator(".jp-RenderedHTMLCommon").first
    output.locator("mjx-container").nth(1).wait_for()
    text = output.evaluate(COPY)
    assert text.splitlines()[0] == r"Euler: $e^{i\pi}+1=0$ holds."
    assert "$$x^2$$" in text


def test_the_panel_has_directions_line_by_line_in_questions_and_block_by_block_in_answers(play):
    view = play("demo/parrot")
    view.ask("مرحبا!\n\n```\nfor i in range(3):\n```")
    view.wait_done()
    lines = view.root.locator(".orn-plain").first.evaluate(MARGINS)
    arabic, fence, code, end = lines
    assert arabic[1] < 1 < arabic[0]
    for left, right in (code, end, fence):
        assert left < 1 < right
    answer = view.answers().last.locator(".orn-markdown")
    directions = [
        block.evaluate("(node) => getComputedStyle(node).direction")
        for block in answer.locator("p, pre").all()
    ]
    assert directions == ["rtl", "ltr"]
    expect(answer.get_by_role("button", name="Copy code")).to_have_count(1)
