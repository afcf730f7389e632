"""Every kind of failure: its banner, and that its remedies act."""

import itertools
import time

import pytest
from support.heads import Head

from openrouter_nb import Playground, errors
from openrouter_nb.client.error_mapping import error_from_response
from openrouter_nb.playground.remedies import banners
from openrouter_nb.playground.remedies.actions import PANEL_REMEDIES
from openrouter_nb.render.errors.banners import banner, describe
from openrouter_nb.render.errors.remedies import REMEDIES

IMMEDIATE = {"max_retries": 0}


def failed(panel, model, text="Hello", **given):
    playground, page = panel(model, **given)
    playground.settings = IMMEDIATE
    page.tell("submit", text=text)
    page.ended()
    return playground, page


def remedy(page, name, index=0):
    return page.op("remedy", column=page.column(index)["id"], remedy=name)


def offered(page, index=0):
    return [entry["id"] for entry in page.column(index)["banner"]["remedies"]]


def concrete(kind):
    return [kind, *itertools.chain.from_iterable(map(concrete, kind.__subclasses__()))]


# The panel does not use replay files.
SHOWN = [kind for kind in concrete(errors.OpenRouterError) if kind is not errors.ReplayMissError]


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.__name__)
def test_every_error_has_a_banner_whose_remedies_can_act(kind):
    playground = Playground("demo/parrot:free")
    column = playground._controller.state.columns[0]
    column.error = kind("temperature is wrong.", provider="Demo", retry_after=3.0)
    banner = banners.error_banner(playground._controller.state, column)
    assert banner["title"]
    assert banner["meaning"]
    assert 0 < len(banner["remedies"]) <= 3
    assert "cell" not in banner["meaning"]
    for entry in banner["remedies"]:
        assert entry["label"]
        # A button does something in the kernel, or the panel has what it needs for it.
        needs = {
            "op": entry["id"] in PANEL_REMEDIES and PANEL_REMEDIES[entry["id"]].action is not None,
            "link": entry.get("href"),
            "copy": entry.get("code"),
            "focus": entry.get("field") or entry.get("item"),
            "raw": True,
        }
        assert needs[entry["action"]]


def test_a_cell_and_the_panel_use_the_same_texts_and_remedies():
    playground = Playground("demo/parrot:free")
    column = playground._controller.state.columns[0]
    for error in (
        errors.ServiceUnavailableError("It failed."),
        errors.ForbiddenError("No.", metadata={"reasons": ["violence"]}),
        errors.PaymentRequiredError("You can only afford 3919."),
        errors.NotFoundError("Gone.", availability={"code": "free_variant_ended"}),
        errors.BadRequestError("No.", error_type="max_tokens_exceeded"),
    ):
        column.error = error
        shown, in_cell = banners.error_banner(playground._controller.state, column), banner(error)
        assert (shown["title"], shown["message"], shown["details"]) == (
            in_cell.title,
            in_cell.message,
            in_cell.details,
        )
        assert in_cell.meaning.startswith(shown["meaning"])
        ids = [remedy.id for remedy in describe(error).remedies]
        assert [entry["id"] for entry in shown["remedies"]] == [
            name for name in ids if name in {entry["id"] for entry in shown["remedies"]}
        ]


def test_every_remedy_with_a_button_has_what_the_button_needs():
    assert set(PANEL_REMEDIES) <= set(REMEDIES)
    for remedy in REMEDIES.values():
        ways = [remedy.id in PANEL_REMEDIES, bool(remedy.link), bool(remedy.snippet), bool(remedy.focus)]
        assert sum(ways) == bool(remedy.label), remedy.id


@pytest.mark.parametrize("name", ["nothing", "field", "credits", "fallback", "drop_oldest", "wait"])
def test_a_remedy_that_does_not_apply_changes_nothing(panel, sent, name):
    _, page = failed(panel, "demo/error-500")
    before = len(sent())
    assert "remedy" in remedy(page, name)
    assert page.column()["banner"]["kind"] == "InternalServerError"
    assert len(sent()) == before


def test_a_model_that_is_like_no_other_is_answered_with_the_field_for_another(panel):
    _, page = panel("nobody/knows-this-model-at-all")
    page.tell("submit", text="Hello")
    page.ended()
    remedies = page.column()["banner"]["remedies"]
    assert remedies[0]["label"] == "Pick another model"
    assert (remedies[0]["action"], remedies[0]["field"]) == ("focus", "model")


def test_an_unknown_model_is_replaced_by_the_nearest(panel):
    _, page = panel("demo/parot")
    page.ask("models")
    page.tell("submit", text="Hello")
    page.ended()
    assert offered(page)[0] == "models"
    assert remedy(page, "models") == ""
    page.ended()
    assert page.texts()[-1] == ("assistant", "Hello")
    assert page.column()["model"] == "demo/parrot"


def test_a_refused_parameter_is_shown_and_unset(panel, sent):
    playground, page = failed(panel, "demo/parrot", temperature=1, extra_body={"temperature": 9})
    assert page.column()["banner"]["kind"] == "BadRequestError"
    assert offered(page) == ["field", "unset", "raw"]
    assert page.column()["banner"]["remedies"][0]["field"] == "temperature"
    playground.params.pop("extra_body")
    assert remedy(page, "unset") == ""
    page.ended()
    assert "temperature" not in sent()[-1]
    assert page.texts()[-1] == ("assistant", "Hello")


def test_a_limit_of_tokens_is_raised(panel, sent):
    _, page = failed(panel, "demo/length", max_completion_tokens=20)
    assert page.column()["banner"]["kind"] == "length"
    assert offered(page) == ["continue", "raise_limit"]
    remedy(page, "raise_limit")
    page.ended()
    assert sent()[-1]["max_completion_tokens"] == 40
    remedy(page, "continue")
    page.ended()
    assert sent()[-1]["messages"][-1]["role"] == "assistant"


def test_an_answer_that_broke_off_is_kept_continued_or_asked_for_again(panel, sent):
    _, page = failed(panel, "demo/midstream-error")
    partial = page.texts()[-1]
    assert partial[0] == "assistant"
    assert partial[1]
    assert offered(page) == ["continue", "retry", "keep"]
    assert page.column()["stats"]["end"] == "truncated"
    page.op("set_model", column=page.column()["id"], model="demo/parrot")
    remedy(page, "continue")
    page.ended()
    assert sent()[-1]["messages"][-1]["content"] == partial[1]
    assert page.texts()[-1][1].startswith(partial[1])
    remedy(page, "keep")
    assert page.column()["banner"] is None


def test_dear_requests_are_made_cheaper(panel, sent):
    _, page = failed(panel, "demo/error-402")
    assert offered(page)[0] == "fewer_tokens"
    for _ in range(2):
        remedy(page, "fewer_tokens")
        page.ended()
    affordable, half = (body["max_completion_tokens"] for body in sent()[1:])
    assert str(affordable) in page.column()["banner"]["message"]
    assert half == affordable // 2


def test_a_long_conversation_loses_its_oldest_turn(panel, sent):
    said = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Yes"},
        {"role": "user", "content": "Two"},
    ]
    playground, page = panel("demo/parrot", messages=said)
    column = playground._controller.state.columns[0]
    column.error = errors.ContextLengthError("Too long: 9 of 8 tokens.")
    page.controller.notify()
    assert offered(page) == ["drop_oldest", "compress"]
    remedy(page, "drop_oldest")
    page.ended()
    assert [message["content"] for message in sent()[-1]["messages"]] == ["Be kind.", "Two"]
    column.error = errors.ContextLengthError("Too long.")
    remedy(page, "compress")
    page.ended()
    assert sent()[-1]["plugins"] == [{"id": "context-compression"}]


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("fallbacks", {"allow_fallbacks": False}, {}),
        ("sort_latency", {}, {"sort": "latency"}),
        ("relax", {"zdr": True}, {}),
        ("ignore_provider", {}, {"ignore": ["demo"]}),
    ],
)
def test_routing_is_relaxed(panel, sent, name, given, expected):
    playground, page = panel(
        "demo/parrot", messages=[{"role": "user", "content": "Hi"}], **({"provider": given} if given else {})
    )
    column = playground._controller.state.columns[0]
    column.error = errors.BadGatewayError("It failed.", provider="Demo")
    remedy(page, name)
    page.ended()
    assert sent()[-1].get("provider", {}) == expected


def test_a_constraint_that_the_service_names_is_the_one_that_is_relaxed(panel):
    body = b'{"error": {"code": 404, "message": "No endpoints", "availability": {"code": "constraint_filtered", "excluded_by": ["max_price"]}}}'
    playground, page = panel("demo/parrot", provider={"zdr": True, "max_price": {"prompt": 0}})
    column = playground._controller.state.columns[0]
    column.error = error_from_response(Head(404), body)
    page.controller.notify()
    assert "Relax provider.max_price" in [entry["label"] for entry in page.column()["banner"]["remedies"]]


def test_the_model_that_the_service_suggests_is_taken(panel):
    body = b'{"error": {"code": 404, "message": "Gone", "availability": {"code": "model_deprecated", "fallback_models": ["demo/parrot"]}}}'
    playground, page = panel("demo/old", messages=[{"role": "user", "content": "Hi"}])
    playground._controller.state.columns[0].error = error_from_response(Head(404), body)
    page.controller.notify()
    assert "fallback" in offered(page)
    remedy(page, "fallback")
    page.ended()
    assert page.texts()[-1] == ("assistant", "Hi")


def test_attachments_are_removed_or_made_smaller(panel, sent):
    import base64
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (3000, 1500)).save(buffer, "PNG")
    playground, page = panel("demo/parrot")
    page.attach(buffer.getvalue(), "big.png")
    page.tell("submit", text="Look")
    page.ended()
    playground._controller.state.columns[0].error = errors.PayloadTooLargeError("Too large.")
    page.controller.notify()
    assert offered(page)[:2] == ["shrink", "detach"]
    remedy(page, "shrink")
    page.ended()
    url = sent()[-1]["messages"][0]["content"][1]["image_url"]["url"]
    assert Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).size == (1024, 512)
    remedy(page, "detach")
    page.ended()
    assert [part["type"] for part in sent()[-1]["messages"][0]["content"]] == ["text"]


@pytest.mark.parametrize(
    ("hint", "shown", "waits"),
    [
        (30.0, True, True),
        (86_400.0, True, False),
        (None, False, False),
        (0.0, False, False),
        (float("nan"), False, False),
    ],
)
def test_a_wait_is_counted_down_where_the_service_names_one(panel, hint, shown, waits):
    playground, page = panel("demo/parrot", messages=[{"role": "user", "content": "Hi"}])
    column = playground._controller.state.columns[0]
    column.error = errors.TooManyRequestsError("Slow down.", retry_after=hint)
    column.failed_at = time.monotonic()
    page.controller.notify()
    countdown = page.column()["banner"]["countdown"]
    assert (countdown is not None) is shown
    if shown:
        assert 0 < countdown["remaining_ms"] <= hint * 1000
    assert ("wait" in offered(page)) is waits


def test_after_the_wait_it_is_sent_again_unless_that_is_cancelled(panel, sent):
    playground, page = panel("demo/parrot", messages=[{"role": "user", "content": "Hi"}])
    column = playground._controller.state.columns[0]
    column.error = errors.TooManyRequestsError("Slow down.", retry_after=600.0)
    column.failed_at = time.monotonic()
    page.controller.notify()
    assert remedy(page, "wait") == ""
    assert page.column()["status"] == "waiting"
    assert page.column()["banner"]["countdown"]["auto"] is True
    assert offered(page)[:2] == ["retry", "cancel_retry"]
    remedy(page, "cancel_retry")
    assert page.column()["banner"]["countdown"]["auto"] is False
    column.error = errors.TooManyRequestsError("Slow down.", retry_after=0.05)
    column.failed_at = time.monotonic()
    remedy(page, "wait")
    page.wait_for(lambda: page.texts()[-1] == ("assistant", "Hi"))
    assert len(sent()) == 1


def test_a_wait_that_ends_where_nothing_can_be_sent_leaves_the_banner(panel, sent):
    playground, page = panel("demo/parrot", messages=[{"role": "user", "content": "Hi"}], temperature=9)
    column = playground._controller.state.columns[0]
    column.error = errors.TooManyRequestsError("Slow down.", retry_after=0.05)
    column.failed_at = time.monotonic()
    remedy(page, "wait")
    page.wait_for(lambda: page.column()["status"] != "waiting" and page.state["blocked"])
    assert page.column()["banner"]["kind"] == "TooManyRequestsError"
    assert sent() == []


def test_a_retry_that_waits_is_seen_and_can_be_hurried(panel, sent):
    playground, page = panel("demo/error-503")
    playground.settings = {"first_wait_s": 60, "max_retries": 1}
    page.tell("submit", text="Hello")
    waiting = page.wait_for(lambda: [delta for delta in page.deltas() if delta.get("wait")])
    assert 0 < waiting[0]["wait"]["remaining_ms"] <= 75_000
    assert waiting[0]["phase"] == "waiting"
    assert remedy(page, "retry") == ""
    page.ended()
    assert len(sent()) == 2


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("free_model", "demo/error-402", "openrouter/free"),
        ("paid", "demo/parrot:free", "demo/parrot"),
    ],
)
def test_another_model_is_asked_in_its_place(panel, sent, name, asked, expected):
    _, page = panel(asked, messages=[{"role": "user", "content": "Hi"}])
    page.ask("models")
    assert remedy(page, name) == ""
    page.ended()
    assert page.column()["model"] == sent()[-1]["model"] == expected


def test_a_model_with_more_context_takes_the_conversation(panel):
    playground, page = panel("demo/parrot", messages=[{"role": "user", "content": "Hi"}])
    page.ask("models")
    models = playground._controller.state.catalog._entries
    # All scripted models have the same context: this one gets less, as a model of years ago.
    old = models["demo/parrot"].model_copy(update={"context_length": 4_096})
    models["demo/parrot"] = old
    larger = playground._controller.state.catalog.larger("demo/parrot")
    assert models[larger].context_length >= 2 * old.context_length
    assert remedy(page, "larger_model") == ""
    page.ended()
    assert page.column()["model"] == larger


def test_more_time_is_given(panel):
    playground, page = failed(panel, "demo/parrot")
    remedy(page, "raise_timeout")
    page.ended()
    assert playground.settings["timeout_s"] == 240
