"""What can be done in the playground beside asking: presets, cells, remedies."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


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


# How it failed, what is set, which button, and what is in the request that it sends.
REMEDIES = [
    (
        "NotFoundError",
        {"provider": {"zdr": True, "sort": "price"}},
        "relax",
        lambda body: body["provider"] == {"sort": "price"},
    ),
    (
        "BadGatewayError",
        {"provider": {"allow_fallbacks": False}},
        "fallbacks",
        lambda body: "provider" not in body,
    ),
    ("BadGatewayError", {}, "ignore_provider", lambda body: body["provider"] == {"ignore": ["demo"]}),
    (
        "PaymentRequiredError",
        {"max_completion_tokens": 400},
        "fewer_tokens",
        lambda body: body["max_completion_tokens"] == 200,
    ),
    ("RequestTimeoutError", {}, "sort_latency", lambda body: body["provider"] == {"sort": "latency"}),
    (
        "ContextLengthError",
        {},
        "compress",
        lambda body: body["plugins"] == [{"id": "context-compression"}],
    ),
    ("TooManyRequestsError", {}, "wait", lambda body: "provider" not in body),
]

FAIL = """
def fail(kind, params, hint=2.0):
    import time
    from openrouter_nb import errors
    p.messages, p.params = [{'role': 'user', 'content': 'Hi'}], params
    column = p._core.session.columns[0]
    column.error = getattr(errors, kind)('temperature: it failed.', provider='Demo', retry_after=hint)
    column.failed_at = time.monotonic()
    p._core.changed()
"""


def test_the_remedies_of_a_banner_act(play, simulator):
    view = play("demo/parrot")
    view.lab.execute_silently(FAIL)
    for kind, params, remedy, holds in REMEDIES:
        view.lab.execute_silently(f"fail({kind!r}, {params!r})")
        expect(view.banner()).to_have_attribute("data-kind", kind)
        view.mark()
        view.banner().locator(f"[data-remedy={remedy}]").click()
        view.wait_done()
        body = simulator.exchanges[-1].request.body
        assert holds(body), (kind, remedy, body)
        expect(view.answers().last.locator(".orn-markdown")).to_have_text("Hi")
        expect(view.root.locator(".orn-banner")).to_have_count(0)
    for hint, countdown in (("None", 0), ("float('nan')", 0), ("-1.0", 0), ("86400.0", 1)):
        view.lab.execute_silently(f"fail('TooManyRequestsError', {{}}, {hint})")
        expect(view.root.locator(".orn-countdown")).to_have_count(countdown)
    digits = view.root.locator(".orn-countdown").inner_text()
    expect(view.root.locator(".orn-countdown")).not_to_have_text(digits)
    # The field that is named is shown.
    view.lab.execute_silently("fail('BadRequestError', {'temperature': 1})")
    view.banner().locator("[data-remedy=field]").click()
    expect(view.row("temperature").locator(":focus")).to_have_count(1)
    view.mark()
    view.banner().locator("[data-remedy=unset]").click()
    view.wait_done()
    assert "temperature" not in simulator.exchanges[-1].request.body
    # A model that is not there is replaced by the nearest one.
    choose(view, "demo/parot")
    view.ask("Again")
    view.wait_done()
    view.mark()
    view.banner().locator("[data-remedy=models]").click()
    view.wait_done()
    assert simulator.exchanges[-1].request.body["model"] == "demo/parrot"
    # An answer that was cut goes on.
    choose(view, "demo/length")
    view.ask("More")
    view.wait_done()
    expect(view.banner()).to_have_attribute("data-kind", "length")
    view.mark()
    view.banner().locator("[data-remedy=continue]").click()
    view.wait_done()
    assert simulator.exchanges[-1].request.body["messages"][-1]["role"] == "assistant"
