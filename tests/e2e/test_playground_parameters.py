"""Each row of the parameter table: set in the panel it is in the request, left alone it is not."""

import json

import pytest
from playwright.sync_api import expect
from support.playground import PlaygroundView

from openrouter_nb.playground.parameters.model_capabilities import DEPENDS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]

# Of a model that no list knows, nothing is held back. The simulator refuses it, after it has noted the request.
UNLISTED = "demo/unlisted"

# What the kernel takes for an object or a list of these names.
JSON = {
    "stop_server_tools_when": '[{"type": "max_cost", "max_cost_in_dollars": 0.5}]',
    "transforms": '["middle-out"]',
    "prediction": '{"type": "content", "content": "x"}',
    "cache_control": '{"type": "ephemeral"}',
    "web_search_options": '{"search_context_size": "low"}',
    "x_search_filter": '{"allowed_x_handles": ["a"]}',
    "prompt_cache_options": '{"mode": "explicit"}',
    "trace": '{"trace_id": "t"}',
    "extra_body": '{"newer_than_us": [1, 2]}',
}
TEXT = {"table:number": ("50256: -7", {"50256": -7}), "table:text": ("run: a b", {"run": "a b"})}


def number_of(spec):
    """Return a valid number other than the default."""
    if spec["kind"] == "integer":
        return int(spec.get("minimum", 1)) + 3
    low, high = spec.get("minimum", 0), spec.get("maximum", 2)
    return round(low + (high - low) * 0.75, 2)


def set_with_mouse(row, spec):
    """Set it as a hand with a mouse alone would; the value that must be on the wire, or None where it is read off."""
    control = spec["control"]
    if control == "slider":
        slider = row.locator("input[type=range]")
        box = slider.bounding_box()
        slider.click(position={"x": box["width"] * 0.6, "y": box["height"] / 2})
        field = row.locator("input[type=text]")
        expect(field).not_to_have_value("")
        return float(field.input_value())
    if control in {"switch", "segmented", "response_format"}:
        radio = row.get_by_role("radio").nth(1)
        radio.check(force=True)
        word = radio.locator("xpath=following-sibling::span").inner_text().strip()
        if control == "switch":
            return False
        return {"type": "json_object"} if control == "response_format" else word
    if control in {"select", "tool_choice"}:
        select = row.locator("select")
        select.select_option(index=1)
        return select.locator("option:checked").inner_text()
    if control == "checks":
        box = row.get_by_role("checkbox").first
        box.check()
        return [box.locator("xpath=..").inner_text().strip()]
    row.get_by_role("button", name="Add plugin" if control == "plugins" else "Add tool").click()
    row.get_by_role("menuitem").first.click()
    row.locator(".orn-field-card").wait_for()
    return None


# A field for text takes keys, whatever put the focus there.
BY_MOUSE = {"switch", "segmented", "response_format", "select", "tool_choice", "checks", "plugins", "tools"}


def takes_a_mouse(spec):
    is_slider = spec["control"] == "slider" and spec.get("maximum") is not None
    return is_slider or spec["control"] in BY_MOUSE


def set_with_keyboard(row, spec):
    """Set it with keys alone, the focus put into the row; the value that must be on the wire."""
    control = spec["control"]
    if control in {"slider", "number"}:
        value = number_of(spec)
        row.locator("input[type=text]").press_sequentially(str(value))
        return value
    if control in {"text", "textarea"}:
        row.locator("input, textarea").first.press_sequentially("word")
        return "word"
    if control == "chips":
        field = row.locator(".orn-words > input")
        field.press_sequentially("demo/one")
        field.press("Enter")
        return ["demo/one"]
    if control == "table":
        typed, value = TEXT[f"table:{spec.get('value')}"]
        field = row.locator(".orn-pairs > input")
        field.press_sequentially(typed)
        field.press("Enter")
        return value
    if control == "json":
        typed = JSON.get(spec["name"], '{"a": "b"}')
        row.locator("textarea").fill(typed)
        return json.loads(typed)
    if control in {"switch", "segmented", "response_format"}:
        radio = row.get_by_role("radio").first
        radio.focus()
        radio.press("ArrowRight")
        word = row.locator("input:checked + span").inner_text().strip()
        if control == "switch":
            return False
        return {"type": "json_object"} if control == "response_format" else word
    if control in {"select", "tool_choice"}:
        select = row.locator("select")
        select.focus()
        select.press("ArrowDown")
        return select.locator("option:checked").inner_text()
    if control == "checks":
        box = row.get_by_role("checkbox").first
        box.press("Space")
        return [box.locator("xpath=..").inner_text().strip()]
    menu = row.get_by_role("button", name="Add plugin" if control == "plugins" else "Add tool")
    menu.press("Enter")
    expect(row.get_by_role("menuitem").first).to_be_focused()
    row.page.keyboard.press("Enter")
    row.locator(".orn-field-card").wait_for()
    return None


def at(body, name):
    """What a body holds under a dotted name; `...` where there is nothing."""
    for key in name.split("."):
        if not isinstance(body, dict) or key not in body:
            return ...
        body = body[key]
    return body


# With it the panel enables its requirements; without it, the answer is not streamed.
ALONE = {"top_logprobs", "stream"}


def batches(specs):
    """Rows that can be set together: those that clear one another, and twins of one field, go apart."""
    rows = [spec for spec in specs if spec["control"] != "note"]
    apart = [spec for spec in rows if spec.get("excludes") or spec.get("deprecated") or spec["name"] in ALONE]
    together = [spec for spec in rows if spec not in apart]
    size = 12
    return [together[start : start + size] for start in range(0, len(together), size)] + [
        [spec] for spec in apart
    ]


@pytest.fixture
def view(notebook, simulator):  # noqa: ARG001 - the kernel sends its requests there
    lab = notebook(
        f"from openrouter_nb import Playground\np = Playground({UNLISTED!r}, messages=[{{'role': 'user', 'content': 'Hi'}}])\np"
    )
    lab.page.set_viewport_size({"width": 1500, "height": 1000})
    lab.execute_silently("import os; os.environ['OPENROUTER_API_KEY'] = 'sk-or-v1-not-a-real-one'")
    lab.run(0)
    yield PlaygroundView(lab).wait()
    lab.page.set_viewport_size({"width": 1280, "height": 900})


def sent(view, simulator):
    """Send the thread as it is; the body that arrives."""
    view.mark()
    view.button("Send").click()
    view.wait_done()
    return [request.body for request in simulator.requests if "chat/completions" in request.path][-1]


@pytest.mark.parametrize("by", [set_with_mouse, set_with_keyboard])
def test_what_is_set_is_sent_and_what_is_not_set_is_absent(view, simulator, by):
    specs = [spec for spec in view.specs() if by is set_with_keyboard or takes_a_mouse(spec)]
    view.open_rail()
    base = sent(view, simulator)
    assert set(base) == {"model", "messages", "stream"}
    for batch in batches(specs):
        expected = {}
        for spec in batch:
            expected[spec["name"]] = by(view.row(spec["name"]), spec)
        for name in expected:
            view.expect_state(name, "set")
        body = sent(view, simulator)
        for name, value in expected.items():
            if name == "extra_body":
                assert body["newer_than_us"] == [1, 2]
            elif value is None:
                assert at(body, name) not in (..., []), name
            else:
                assert at(body, name) == value, name
        tops = {name.split(".")[0] for name in expected} - {"extra_body"}
        extra = {"newer_than_us"} if "extra_body" in expected else set()
        if "top_logprobs" in expected:  # the service wants the one with the other
            extra.add("logprobs")
            assert body["logprobs"] is True
        assert set(body) - {"model", "messages", "stream"} == (tops - {"stream"}) | extra
        for name in expected:
            view.row(name).locator(".orn-chip").get_by_role("button", name="Unset").click()
        for name in expected:
            view.expect_state(name, "unset")
    assert sent(view, simulator) == base


# A value of each parameter whose effect depends on the model, twins of one field apart, and a model that takes none of them.
DEPENDENT = [
    ("demo/bare", {
        "temperature": 0.5, "top_p": 0.5, "top_k": 7, "min_p": 0.1, "top_a": 0.1, "frequency_penalty": 0.1,
        "presence_penalty": 0.1, "repetition_penalty": 1.1, "max_completion_tokens": 9, "logit_bias": {"5": 1},
        "logprobs": True, "top_logprobs": 2, "prediction": {"type": "content", "content": "x"}, "seed": 1,
        "response_format": {"type": "json_object"}, "structured_outputs": True, "stop": ["x"],
        "reasoning": {"effort": "low"}, "verbosity": "low", "web_search_options": {"search_context_size": "low"},
    }),
    ("demo/bare", {"max_tokens": 9, "reasoning_effort": "low", "include_reasoning": True}),
    ("demo/parrot", {"tool_choice": "auto", "parallel_tool_calls": False}),
]  # fmt: skip


def test_a_model_that_takes_none_of_them_is_sent_none_of_them_and_all_are_kept(view, simulator):
    assert {name for _, values in DEPENDENT for name in values} == DEPENDS - {"tools"}
    view.open_rail()
    rows = {spec["name"] for spec in view.specs()}
    for model, values in DEPENDENT:
        view.lab.execute_silently(f"p.models = [{model!r}]; p.params = {values!r}")
        names = {name for name in rows if at(values, name) is not ...}
        assert {name.partition(".")[0] for name in names} == set(values)
        for name in names:
            view.expect_state(name, "ignored")
        assert set(sent(view, simulator)) == {"model", "messages", "stream"}
        view.lab.execute_silently(f"assert dict(p.params) == {values!r}, p.params; p.models = [{UNLISTED!r}]")
        for name in names:
            view.expect_state(name, "set")
        # Without tools there is nothing to choose from.
        assert set(sent(view, simulator)) == {"model", "messages", "stream", *values} - {"tool_choice"}


def test_a_model_without_a_parameter_keeps_the_value_and_does_not_send_it(view, simulator):
    view.open_rail()
    for name, value in (("temperature", "0.5"), ("top_k", "7"), ("logprobs", None)):
        if value is None:
            view.row(name).get_by_role("radio").first.check(force=True)
        else:
            view.row(name).locator("input[type=text]").fill(value)
        view.expect_state(name, "set")
    picker = view.root.get_by_role("combobox", name="Model")
    picker.fill("demo/parrot")
    picker.press("Enter")
    for name in ("top_k", "logprobs"):
        view.expect_state(name, "ignored")
        expect(view.row(name)).to_contain_text("Stored, not sent: demo/parrot does not support it.")
    view.expect_state("temperature", "set")
    body = sent(view, simulator)
    assert body["temperature"] == 0.5
    assert not {"top_k", "logprobs"} & set(body)
    assert view.row("top_k").locator("input[type=text]").input_value() == "7"
    view.row("top_k").get_by_role("button", name="Send anyway").click()
    view.expect_state("top_k", "set")
    view.message.fill("Again")
    assert sent(view, simulator)["top_k"] == 7
    # Back to a model that takes it: nothing was lost.
    picker.fill(UNLISTED)
    picker.press("Enter")
    view.expect_state("logprobs", "set")


def test_null_is_sent_and_a_wrong_value_is_explained_and_keeps_send_from_sending(view, simulator):
    row = view.row("temperature")
    row.get_by_role("button", name="More about temperature").click()
    row.get_by_role("menuitem", name="Send null").click()
    view.expect_state("temperature", "null")
    assert sent(view, simulator)["temperature"] is None
    field = row.locator("input[type=text]")
    field.fill("7")
    view.expect_state("temperature", "invalid")
    expect(view.button("Send")).to_be_disabled()
    problem = view.page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(problem).to_contain_text("0 to 2")
    field.fill("1.5")
    view.expect_state("temperature", "set")
    assert sent(view, simulator)["temperature"] == 1.5
