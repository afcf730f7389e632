"""Pictures in both themes, for a person to look at, and text that can be read on its background."""

import pytest
from support.says import says

from openrouter_nb.simulator.scripts import kitchen_sink

pytestmark = pytest.mark.browser

# The contrast of each text with what is painted behind it, as WCAG defines it.
CONTRASTS = """(nodes) => {
    const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = ([r, g, b]) => [r, g, b]
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    return nodes.map((node) => {
        const layers = [];
        for (let at = node; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
        paint.fillStyle = "white";
        const over = (colour) => {
            paint.fillStyle = colour;
            paint.fillRect(0, 0, 1, 1);
            return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        over("white");
        layers.forEach(over);
        const back = luminance(over("transparent"));
        const front = luminance(over(getComputedStyle(node).color));
        return [node.textContent, (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)];
    });
}"""


# Every element that contains text directly. Code has the colors of the notebook's editor, whatever they are.
WITH_TEXT = """(output) => [...output.querySelectorAll("*")]
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .filter((node) => !node.closest("pre code, mjx-container, style, .orn-announcer") && node.checkVisibility())"""


def assert_all_readable(output):
    output.evaluate("(node) => node.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    handle = output.evaluate_handle(WITH_TEXT)
    contrasts = handle.evaluate(CONTRASTS)
    assert contrasts
    assert [(text[:60], contrast) for text, contrast in contrasts if contrast < 4.5] == []


def assert_readable(locator):
    contrasts = locator.evaluate_all(CONTRASTS)
    assert contrasts
    assert [text for text, contrast in contrasts if contrast < 4.5] == [], contrasts


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_each_state_is_readable_in_each_theme(chat, simulator, artifacts, theme):
    lab = chat(
        f"%%chat -m demo/stall {says(kitchen_sink.TEXT)}\nShow me",
        "%%chat --once -m demo/reasoner -p simulator.hold_after=24\nThink",
        "%%chat --once -m demo/tour\nShow me",
        "%%chat --once -m demo/error-429\nHello",
        "%%chat --once -m demo/midstream-error\nHello",
        "%%chat --once -m demo/citations\nHello",
        "%%chat --once -m demo/logprobs -p logprobs=true -p top_logprobs=3\nHello",
        "%%chat --once -m demo/images\nHello",
    )
    lab.theme(f"JupyterLab {theme}")

    def picture(index, name):
        lab.screenshot(index, artifacts / f"{name}-{theme.lower()}.png")

    lab.start(0)
    lab.live(0).get_by_text("arrive whole, too").wait_for()
    picture(0, "live")
    assert_readable(lab.live(0).locator(".orn-status > :is(.orn-model, .orn-phase, .orn-elapsed, .orn-stop)"))
    lab.stop(0)
    lab.wait()
    lab.output(0).locator("mjx-container").nth(1).wait_for()
    picture(0, "stopped")
    assert_readable(lab.output(0).locator("div[style]"))

    lab.start(1)
    lab.live(1).get_by_text("what is known").wait_for()
    picture(1, "reasoning")
    assert_readable(
        lab.live(1).locator(".orn-status > span:not(.orn-dot), .orn-reasoning summary, .orn-reasoning p")
    )
    simulator.release()
    lab.wait()
    lab.output(1).locator("summary").wait_for()
    picture(1, "reasoned")
    assert_readable(lab.output(1).locator("summary, div[style]"))

    lab.run(2)
    lab.output(2).locator("mjx-container").nth(1).wait_for()
    picture(2, "tour")
    assert_readable(lab.output(2).locator("div[style], a, blockquote"))

    for index, name in ((3, "error"), (4, "error-midstream")):
        lab.run(index)
        picture(index, name)
        assert_readable(lab.output(index).locator("[role=alert] > *, [role=alert] ~ div"))

    for index, name in ((5, "citations"), (6, "logprobs"), (7, "images")):
        lab.run(index)
        assert_all_readable(lab.output(index))
        picture(index, name)
    for index in range(5):
        assert_all_readable(lab.output(index).locator(".jp-RenderedHTML").first)
    lab.theme("JupyterLab Light")
