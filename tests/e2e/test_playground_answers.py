"""What an answer can hold, in the panel: pictures, sound, sources, probabilities, reasoning, refusals; and a real model's."""

import re

import pytest
from playwright.sync_api import expect
from support.playground import PlaygroundView

from openrouter_nb.simulator import Simulator

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]

IS_DRAWN = "(image) => image.decode().then(() => image.naturalWidth > 0)"
DURATION = """(sound) => new Promise((resolve, reject) => {
    const told = () => resolve(sound.duration);
    sound.onerror = () => reject(sound.error);
    if (sound.readyState > 0) told();
    else sound.onloadedmetadata = told;
})"""


def test_pictures_sound_sources_probabilities_reasoning_and_refusals_are_shown(play, simulator):
    view = play("demo/images")
    root = view.root
    newest = view.answers().last

    def ask(model, **params):
        view.lab.execute_silently(f"p.messages = []; p.model = {model!r}; p.params = {params!r}")
        expect(root.get_by_role("combobox", name="Model")).to_have_value(model)
        expect(root.locator(".orn-item")).to_have_count(0)
        view.ask("Show me")
        view.wait_done()

    ask("demo/images")
    newest.locator(".orn-media img").wait_for()
    assert newest.locator(".orn-media img").evaluate(IS_DRAWN)
    for audio_format in ("wav", "pcm16"):
        ask("demo/audio", modalities=["text", "audio"], audio={"voice": "alloy", "format": audio_format})
        expect(newest.locator(".orn-markdown")).to_have_text("This simulated sound is a short tone.")
        newest.locator("audio").wait_for()
        assert newest.locator("audio").evaluate(DURATION) == pytest.approx(0.25, abs=0.05)
        view.until(
            "p.result.audio.transcript == 'This simulated sound is a short tone.' and p.result.audio.data"
        )

    ask("demo/citations")
    marks = newest.locator(".orn-markdown sup")
    expect(marks).to_have_text(["[1]", "[2]"])
    addresses = [mark.get_attribute("href") for mark in marks.get_by_role("link").all()]
    assert addresses == ["https://example.org/a", "https://example.com/b"]
    newest.locator(".orn-citations summary").click()
    expect(newest.locator(".orn-citations a")).to_have_count(2)
    for link in newest.locator(".orn-citations a").all():
        assert "noopener" in link.get_attribute("rel")

    ask("demo/logprobs", logprobs=True, top_logprobs=3)
    view.button("More actions", within=newest).first.click()
    newest.get_by_role("menuitemcheckbox", name="Token probabilities").click()
    tokens = newest.locator(".orn-tokens button")
    expect(tokens.first).to_have_attribute("title", "95.0 %")
    assert "".join(tokens.all_inner_texts()).split()[:2] == ["Each", "of"]
    tokens.nth(1).click()
    expect(newest.locator(".orn-logprobs tr")).to_have_count(3)

    ask("demo/refusal")
    expect(newest.locator(".orn-markdown")).to_have_text("I cannot help with that (simulated).")
    expect(view.banner()).to_have_attribute("data-kind", "refusal")

    # The thought is open while it is written and folded when the answer begins; then the reader decides.
    view.lab.execute_silently("p.params = {'extra_body': {'simulator': {'hold_after': [12, 42]}}}")
    view.lab.execute_silently("p.messages = []; p.model = 'demo/reasoner'")
    expect(root.get_by_role("combobox", name="Model")).to_have_value("demo/reasoner")
    view.ask("Think")
    thought = newest.locator("details.orn-reasoning")
    expect(newest.locator("details.orn-reasoning[open]")).to_contain_text("The question is simulated")
    expect(thought.locator("summary")).to_have_text("Reasoning…")
    simulator.release()
    expect(newest.locator(".orn-markdown").last).to_contain_text("After some")
    expect(newest.locator("details.orn-reasoning:not([open])")).to_have_count(1)
    simulator.release()
    view.wait_done()
    expect(thought.locator("summary")).to_have_text(re.compile(r"Reasoned for [\d.]+ s · \d+ tok"))
    thought.locator("summary").click()
    expect(thought).to_contain_text("check the result twice")


@pytest.mark.local_model
def test_a_real_language_model_streams_into_the_panel(notebook):
    with Simulator(local=True) as local:
        lab = notebook(
            "from openrouter_nb import Playground\np = Playground('local/smollm2-135m-instruct', temperature=0, max_completion_tokens=60)\np"
        )
        lab.execute_silently(
            f"import os; os.environ |= {{'OPENROUTER_BASE_URL': {local.base_url!r}, 'OPENROUTER_API_KEY': 'none'}}"
        )
        lab.run(0)
        view = PlaygroundView(lab).wait()
        view.root.evaluate(
            """(root) => {
                window.__lengths = new Set();
                new MutationObserver(() => {
                    const text = root.querySelector(".orn-answer .orn-markdown")?.textContent ?? "";
                    window.__lengths.add(text.length);
                }).observe(root, { subtree: true, childList: true, characterData: true });
            }"""
        )
        view.ask("What is the capital of France? Tell a long story about it.")
        view.wait_done(patience_s=120)
        expect(view.words()).to_contain_text("Paris")
        assert local.exchanges[-1].sent_chunks > 3
        # How many of the pieces the page draws one by one is a matter of how busy it is.
        assert len(view.page.evaluate("() => [...window.__lengths].filter((length) => length > 0)")) > 1
        expect(view.root.locator("[data-fact=Speed] dd")).to_have_text(re.compile(r"[\d.]+ tok/s"))
        expect(view.root.locator("[data-fact=Cost] dd")).to_have_text("$0")
        expect(view.root.locator(".orn-badge")).to_have_count(1)
        view.until("'Paris' in p.result.text and p.result.usage.completion_tokens > 3")
