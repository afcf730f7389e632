"""Every remedy of the playground, pressed: the failure comes over the wire, and the next request carries what was pressed.

Each model fails once and then repeats the question, so a banner that stays is a remedy that did not work.
"""

import base64
import datetime as dt
import email.utils
import io
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from PIL import Image
from playwright.sync_api import expect
from support.failing import Failing, refusal

from openrouter_nb.render.errors.remedies import REMEDIES
from openrouter_nb.simulator.responses.fixed_response import FixedResponse
from openrouter_nb.simulator.scripts.broken_streams import BROKEN_STREAMS
from openrouter_nb.simulator.scripts.finish_reasons import ENDINGS
from openrouter_nb.simulator.scripts.http_errors import BODIES, page, refuse

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

MODEL, FREE, LARGE = "test/model", "test/model:free", "test/large"
SCRIPTS = {script.slug: script.respond for script in (*BROKEN_STREAMS, *ENDINGS)}
TALK = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "One"},
    {"role": "assistant", "content": "Yes"},
]
TOO_LONG = "This endpoint's maximum context length is 4000 tokens. However, you requested about 5200 tokens"


class Case(NamedTuple):
    """A failure, the remedy to press, and what the next request says. None is the simulator's own: there is no such model."""

    remedy: str
    failure: Any
    kind: str
    holds: Callable[[dict[str, Any]], bool]
    params: Mapping[str, Any] = MappingProxyType({})
    model: str = MODEL
    messages: tuple[dict[str, Any], ...] = ()


def picture(side):
    buffer = io.BytesIO()
    Image.new("RGB", (side, side)).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def size(body):
    url = body["messages"][0]["content"][1]["image_url"]["url"]
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).size


def not_found(code, **more):
    return refusal(404, "No endpoints found.", availability={"code": code, "retryable": False, **more}, error_type="not_found")  # fmt: skip


LOOK = ({"role": "user", "content": [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": picture(1500)}}]},)  # fmt: skip
ACT = [
    Case("retry", refuse(500), "InternalServerError", lambda body: body["model"] == MODEL),
    Case("retry", FixedResponse(status=502, body=b""), "OpenRouterDefaultError", lambda body: body["model"] == MODEL),
    Case("unset", refusal(400, "temperature: not with this model", error_type="invalid_request"), "BadRequestError", lambda body: "temperature" not in body and body["seed"] == 1, {"temperature": 1, "seed": 1}),
    Case("unset", refusal(422, "top_k is not understood", error_type="unprocessable"), "UnprocessableEntityError", lambda body: "top_k" not in body, {"top_k": 3}),
    Case("models", None, "BadRequestError", lambda body: body["model"] == MODEL, model="test/modle"),
    Case("fewer_tokens", refuse(402), "PaymentRequiredError", lambda body: body["max_completion_tokens"] == 3919),
    Case("fewer_tokens", refusal(400, "Too many tokens", error_type="max_tokens_exceeded"), "BadRequestError", lambda body: body["max_tokens"] == 4000, {"max_tokens": 9000}),
    Case("free_model", refuse(402), "PaymentRequiredError", lambda body: body["model"] == FREE),
    Case("paid", not_found("free_variant_ended"), "NotFoundError", lambda body: body["model"] == MODEL, model=FREE),
    Case("fallback", not_found("model_deprecated", fallback_models=["test/large", "test/model"]), "NotFoundError", lambda body: body["model"] == LARGE),
    Case("relax", not_found("constraint_filtered", excluded_by=["max_price"]), "NotFoundError", lambda body: body["provider"] == {"zdr": True}, {"provider": {"zdr": True, "max_price": {"prompt": 1}}}),
    Case("relax", not_found("privacy_restricted", constraint={"field": "provider.zdr", "detail": "none keeps to it"}), "NotFoundError", lambda body: "provider" not in body, {"provider": {"zdr": True}}),
    Case("drop_oldest", refusal(400, TOO_LONG, error_type="context_length_exceeded"), "ContextLengthError", lambda body: [each["content"] for each in body["messages"]] == ["Be kind.", "Again"], messages=(*TALK,)),
    Case("compress", refusal(400, TOO_LONG), "ContextLengthError", lambda body: body["plugins"] == [{"id": "web"}, {"id": "context-compression"}], {"plugins": [{"id": "web"}]}),
    Case("larger_model", refusal(400, TOO_LONG), "ContextLengthError", lambda body: body["model"] == LARGE),
    Case("shrink", refuse(413), "PayloadTooLargeError", lambda body: size(body) == (1024, 1024), messages=LOOK),
    Case("shrink", refusal(400, "A picture is too large", error_type="image_too_large"), "BadRequestError", lambda body: size(body) == (1024, 1024), messages=LOOK),
    Case("detach", refusal(404, "Not there", error_type="image_not_found"), "NotFoundError", lambda body: [part["type"] for part in body["messages"][0]["content"]] == ["text"], messages=LOOK),
    Case("raise_timeout", refuse(504), "GatewayTimeoutError", lambda body: body["model"] == MODEL),
    Case("sort_latency", refuse(408), "RequestTimeoutResponseError", lambda body: body["provider"] == {"sort": "latency"}),
    Case("wait", refuse(429), "TooManyRequestsError", lambda body: body["model"] == MODEL),
    Case("wait", refuse(503), "ProviderOverloadedError", lambda body: body["model"] == MODEL),
    Case("paid", refusal(429, "Rate limit exceeded: free-models-per-day", error_type="rate_limit_exceeded"), "TooManyRequestsError", lambda body: body["model"] == MODEL, model=FREE),
    Case("fallbacks", refuse(502), "BadGatewayError", lambda body: "provider" not in body, {"provider": {"allow_fallbacks": False}}),
    Case("ignore_provider", refuse(502), "BadGatewayError", lambda body: body["provider"] == {"ignore": ["simulator"]}),
    Case("continue", SCRIPTS["demo/midstream-error"], "BadGatewayError", lambda body: body["messages"][-1] == {"role": "assistant", "content": "Some text that was already paid for "}),
    Case("retry", SCRIPTS["demo/truncated"], "StreamInterruptedError", lambda body: body["messages"][-1]["role"] == "user"),
    Case("continue", SCRIPTS["demo/length"], "length", lambda body: body["messages"][-1]["content"].startswith("This simulated")),
    Case("raise_limit", SCRIPTS["demo/length"], "length", lambda body: body["max_completion_tokens"] == 40 and body["messages"][-1]["role"] == "user", {"max_completion_tokens": 20}),
]  # fmt: skip
# What is pressed, what the page then has, and whether the banner stays until the reader has done something.
SHOW = [
    ("set_key", refuse(401), "UnauthorizedError", ".orn-snippet", "%chat_key"),
    ("proxy", page(200, b"Welcome"), "UnexpectedContentError", ".orn-snippet", "getproxies"),
    ("key_page", refuse(401), "UnauthorizedError", "[data-remedy=key_page][href='https://openrouter.ai/settings/keys'][rel~=noopener]", "Keys"),
    ("credits", refuse(402), "PaymentRequiredError", "[data-remedy=credits][href='https://openrouter.ai/settings/credits']", "Add credits"),
    ("privacy_page", not_found("privacy_restricted"), "NotFoundError", "[data-remedy=privacy_page][href='https://openrouter.ai/settings/privacy']", "Privacy"),
    ("other_model", refuse(500), "InternalServerError", "[role=combobox]:focus", ""),
    ("other_model", None, "BadRequestError", "[role=combobox]:focus", ""),
    ("edit_message", refuse(403), "ForbiddenError", ".orn-message textarea:focus", ""),
    ("field", refusal(400, "temperature: wrong"), "BadRequestError", "[data-param=temperature] :focus", ""),
    ("add_fallback", refusal(429, "Slow down"), "TooManyRequestsError", "[data-param=models] :focus", ""),
    ("raw", refuse(400), "BadRequestError", ".orn-pane pre", '"test/model"'),
]  # fmt: skip

BEGIN = """
def begin(model, messages, params):
    p.stop(); p.wait()
    p.models, p.messages, p.params, p.settings = [model], messages, params, {'max_retries': 0}
"""


@pytest.fixture
def failing():
    return Failing()


@pytest.fixture
def simulator(failing):
    with failing.simulator() as server:
        yield server


@pytest.fixture
def fail(play, failing):
    """Ask a question that fails: `fail(failure, kind, model=..., messages=..., params=...)`; its banner."""
    view = play(MODEL)
    view.lab.execute_silently(BEGIN)

    def run(failure, kind, *, model=MODEL, messages=(), params=None):
        view.lab.execute_silently(f"begin({model!r}, {list(messages)!r}, {dict(params or {})!r})")
        expect(view.root.locator(".orn-banner")).to_have_count(0)
        expect(view.root.get_by_role("combobox", name="Model")).to_have_value(model)
        failing.next = Lazy(failure) if callable(failure) else failure
        view.ask("Again" if messages is not LOOK else "")
        view.wait_done()
        expect(view.banner()).to_have_attribute("data-kind", kind or re.compile("."))
        return view

    return run


class Lazy:
    """The answer of a script, put off until the request is there."""

    def __init__(self, respond):
        self.respond = respond

    async def write_to(self, writer, request):
        await self.respond(request).write_to(writer, request)


def test_each_remedy_is_in_a_table():
    pressed = {case.remedy for case in ACT} | {name for name, *_ in SHOW} | {"keep", "cancel_retry"}
    assert pressed == {remedy.id for remedy in REMEDIES.values() if remedy.label}


@both
def test_what_is_pressed_is_in_the_next_request_and_the_banner_goes(fail, simulator):
    for case in ACT:
        view = fail(case.failure, case.kind, model=case.model, messages=case.messages, params=case.params)
        buttons = view.banner().locator("[data-remedy]")
        assert 0 < buttons.count() <= 3
        view.mark()
        before = len(simulator.exchanges)
        buttons.and_(view.root.locator(f"[data-remedy={case.remedy}]")).click()
        view.wait_done()
        assert len(simulator.exchanges) == before + 1, case
        body = simulator.exchanges[-1].request.body
        assert case.holds(body), (case.remedy, body)
        expect(view.root.locator(".orn-banner")).to_have_count(0)
        expect(view.answers().last).to_have_attribute("aria-busy", "false")
    view.lab.execute_silently("begin('test/model', [], {})")


@both
def test_what_is_shown_is_where_the_banner_leads(fail, failing, simulator):
    for remedy, failure, kind, selector, words in SHOW:
        # None is the simulator's own: there is no model that is called anything like that.
        view = fail(failure, kind, model=MODEL if failure else "nobody/knows-this")
        button = view.banner().locator(f"[data-remedy={remedy}]")
        if button.get_attribute("href") is None:
            button.click()
        expect(view.root.locator(selector).last).to_contain_text(words)
        if remedy == "add_fallback":
            # What a model could not do, the next in the list does.
            view.row("models").locator("input").fill(LARGE)
            view.page.keyboard.press("Enter")
            view.expect_state("models", "set")
            failing.next = refuse(429)
            view.mark()
            view.banner().locator("[data-remedy=retry]").click()
            view.wait_done()
            assert simulator.exchanges[-1].request.body["models"] == [LARGE]
            expect(view.root.locator(".orn-banner")).to_have_count(0)
        if remedy == "raw":
            assert json.loads(view.root.locator(".orn-pane pre").first.inner_text())["messages"] == [{"role": "user", "content": "Again"}]  # fmt: skip
            view.root.get_by_role("tab", name="Chunks", exact=True).click()
            expect(view.root.locator(".orn-chunks")).to_contain_text("Input validation failed")
            expect(view.root.locator(".orn-chunks")).not_to_contain_text("user_simulator")
            view.tab("Chat")
    view = fail(SCRIPTS["demo/midstream-error"], "BadGatewayError")
    view.banner().locator("[data-remedy=keep]").click()
    expect(view.root.locator(".orn-banner")).to_have_count(0)
    expect(view.words()).to_contain_text("Some text that was already paid for")


# ------------------------------------------------------------------------------------------------ the countdown


def date(seconds):
    when = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return email.utils.format_datetime(when, usegmt=True)


# `Retry-After`, and how the countdown begins; "" is none.
HINTS = {
    None: "",
    "soon": "",
    "": "",
    "-5": "",
    "0": "",
    "nan": "",
    "inf": "",
    "1e400": "",
    "12, 13": "",
    "40": "Wait 0:",
    "86400": "Wait 1 days",
    "7260": "Wait 2 h",
    "999999999": "Wait 11574.1 days",
}


@both
def test_the_countdown_is_live_and_survives_every_hint(fail):
    dated = {date(95): "Wait 1:", date(-60): "", "Thu, 99 Foo 2026": ""}
    for hint, words in {**HINTS, **dated}.items():
        headers = {} if hint is None else {"Retry-After": hint}
        view = fail(refusal(429, "Slow down", headers=headers), "TooManyRequestsError")
        clock = view.root.locator(".orn-countdown")
        expect(clock).to_have_count(1 if words else 0)
        assert "NaN" not in view.banner().inner_text()
        if words:
            expect(clock).to_contain_text(words)
        # A wait of hours is shown and not offered.
        expect(view.banner().locator("[data-remedy=wait]")).to_have_count(
            1 if words.startswith("Wait") and ":" in words else 0
        )
    view = fail(refusal(429, "Slow down", headers={"Retry-After": "3000"}), "TooManyRequestsError")
    clock = view.root.locator(".orn-countdown")
    digits = clock.inner_text()
    expect(clock).not_to_have_text(digits)
    view.banner().locator("[data-remedy=wait]").click()
    expect(clock).to_contain_text("Retries in 49:")
    expect(view.banner().get_by_role("button", name="Cancel")).to_have_count(1)
    expect(view.button("Send")).to_be_enabled()
    # It continues when the page is reloaded, and in a second view.
    view.lab.save()
    view.lab.reload()
    view.wait()
    expect(clock).to_contain_text("Retries in 49:")
    view.banner().locator("[data-remedy=cancel_retry]").click()
    expect(clock).to_contain_text("Wait 49:")
    view.mark()
    view.banner().locator("[data-remedy=retry]").click()
    view.wait_done()
    expect(view.root.locator(".orn-banner")).to_have_count(0)


@both
def test_a_retry_of_the_client_is_counted_down_hurried_and_stopped(fail, failing, simulator):
    view = fail(refuse(500), "InternalServerError")
    for button, sent in (("Retry now", 2), ("Stop", 1)):
        view.lab.execute_silently("begin('test/model', [], {}); p.settings = {'max_retries': 1}")
        expect(view.root.locator(".orn-banner")).to_have_count(0)
        failing.next = refusal(503, "Busy", headers={"Retry-After": "50"})
        before = len(simulator.exchanges)
        view.ask("Hello")
        status = view.root.locator(".orn-status-line")
        expect(status.locator(".orn-countdown")).to_contain_text("Retries in 0:4")
        status.get_by_role("button", name=button).click()
        view.wait_done()
        assert len(simulator.exchanges) == before + sent
        expect(view.root.locator(".orn-banner")).to_have_count(0)


@both
def test_every_status_has_a_banner_of_its_own_that_can_be_put_away(fail):
    kinds = {}
    for status in BODIES:
        view = fail(None, None, model=f"demo/error-{status}")
        kinds[status] = view.banner().get_attribute("data-kind")
        assert view.banner().get_by_role("alert").inner_text().strip()
        assert "sk-or" not in view.banner().inner_text()
        assert "user_simulator" not in view.root.inner_text()
        view.button("Dismiss", within=view.banner()).click()
        expect(view.root.locator(".orn-banner")).to_have_count(0)
    assert len(set(kinds.values())) >= len(BODIES) - 2, kinds
