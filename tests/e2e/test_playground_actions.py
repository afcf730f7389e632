"""What can be done in the playground beside asking: messages, media, presets, cells."""

import json

import pytest
from playwright.sync_api import expect
from support.media import tone

pytestmark = pytest.mark.browser


def test_pictures_sounds_variables_sources_and_probabilities_are_shown(play, simulator):
    view = play("demo/images", "logprobs=True, top_logprobs=3")
    lab, root = view.lab, view.root
    lab.execute_silently(
        "import matplotlib; matplotlib.use('agg'); from matplotlib.figure import Figure\n"
        "figure = Figure(figsize=(1, 1)); figure.subplots().plot([1, 2])"
    )
    root.get_by_role("button", name="Variable", exact=True).click()
    root.get_by_role("menuitem", name="figure").click()
    root.locator(".orn-composer input[type=file]").set_input_files(
        {"name": "tone.wav", "mimeType": "audio/wav", "buffer": tone()}
    )
    expect(root.locator(".orn-composer figure")).to_have_count(2)
    view.ask("What is this?")
    view.wait_done()
    text, picture, sound = simulator.exchanges[-1].request.body["messages"][0]["content"]
    assert text == {"type": "text", "text": "What is this?"}
    assert picture["image_url"]["url"].startswith("data:image/png;base64,")
    assert sound["input_audio"]["format"] == "wav"
    drawn = "(image) => image.complete && image.naturalWidth"
    for image in (
        root.locator(".orn-message .orn-media img"),
        view.answers().last.locator(".orn-media img"),
    ):
        image.wait_for()
        image.evaluate("(image) => image.decode()")
        assert image.evaluate(drawn) > 0
    root.locator(".orn-message audio").evaluate(
        """(sound) => new Promise((resolve, reject) => {
            sound.onerror = () => reject(sound.error);
            if (sound.readyState > 0) resolve();
            else sound.onloadedmetadata = () => resolve();
        })"""
    )
    assert root.locator(".orn-message audio").evaluate("(sound) => sound.duration") == 0.5

    choose(view, "demo/citations")
    view.ask("Who says so?")
    view.wait_done()
    sources = view.answers().last.locator("a[href='https://example.org/a']")
    assert sources.count() >= 1
    assert "noopener" in sources.first.get_attribute("rel")

    choose(view, "demo/logprobs")
    view.ask("How sure are you?")
    view.wait_done()
    view.button("More actions", within=view.answers().last).click()
    view.answers().last.get_by_role("menuitemcheckbox", name="Token probabilities").click()
    tokens = view.answers().last.locator(".orn-tokens button")
    expect(tokens.first).to_have_attribute("title", "95.0 %")
    assert "".join(tokens.all_inner_texts()).split()[:2] == ["Each", "of"]
    tokens.nth(1).click()
    expect(view.answers().last.locator(".orn-logprobs tr")).to_have_count(3)


def choose(view, model):
    """Another model, typed."""
    picker = view.root.get_by_role("combobox", name="Model")
    picker.fill(model)
    picker.press("Enter")
    expect(picker).to_have_value(model)


def test_a_preset_is_kept_and_taken_and_the_request_becomes_a_cell(play, tmp_path):
    view = play("demo/parrot", "temperature=0.25, messages=[{'role': 'user', 'content': 'Hi'}]")
    root, lab = view.root, view.lab
    lab.execute_silently(f"import os; os.environ['OPENROUTER_NB_PRESETS'] = {str(tmp_path)!r}")
    view.button("Presets").click()
    root.get_by_role("menuitem", name="Save as…").click()
    name = root.get_by_role("textbox", name="Name of the preset")
    name.fill("cool")
    name.press("Enter")
    preset = root.locator(".orn-head [aria-haspopup=menu]")
    expect(preset).to_have_text("cool")
    assert json.loads((tmp_path / "cool.json").read_text())["params"] == {"temperature": 0.25}
    view.open_rail()
    view.row("temperature").locator("input[type=text]").fill("1")
    expect(preset).to_have_text("cool *")
    preset.click()
    root.locator(".orn-menu [role=menuitemcheckbox]").get_by_text("cool", exact=True).click()
    expect(view.row("temperature").locator("input[type=text]")).to_have_value("0.25")
    expect(preset).to_have_text("cool")

    view.tab("Code")
    code = root.locator(".orn-pane pre")
    expect(code).to_contain_text("%%chat")
    written = code.inner_text()
    view.button("Insert as cell").click()
    expect(root.locator(".orn-pane [role=status]")).to_have_text("Inserted below.")
    sources = "() => window.__panel.content.widgets.map((cell) => cell.model.sharedModel.source)"
    assert lab.page.evaluate(sources)[1].split() == written.split()
