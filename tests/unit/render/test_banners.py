"""Every error has a specific text that says what to do, and no text reveals a secret."""

import inspect
import json

import pytest
from support.heads import Head

from openrouter_nb import errors
from openrouter_nb.client.error_mapping import error_from_payload
from openrouter_nb.components import ChatResult
from openrouter_nb.notebook.cell.chat_cell import ChatCell
from openrouter_nb.notebook.commands.model_search import ModelSearch
from openrouter_nb.notebook.options.parser import parse
from openrouter_nb.prompt import Prompt
from openrouter_nb.render.answer.answer_bundle import result_bundle
from openrouter_nb.render.errors.banners import OWN_FAULT, banner
from openrouter_nb.render.errors.conditions import CONDITIONS
from openrouter_nb.render.errors.error_text import BY_AVAILABILITY, BY_CLASS, BY_FINISH_REASON, BY_TYPE
from openrouter_nb.render.errors.remedies import REMEDIES

CLASSES = [
    value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.OpenRouterError) and value.__name__ == name
]
QUESTION = ChatCell(parse(""), Prompt(), "key")
ALL_TEXTS = [
    *BY_CLASS.values(),
    *BY_TYPE.values(),
    *BY_AVAILABILITY.values(),
    *BY_FINISH_REASON.values(),
    *(condition.text for condition in CONDITIONS),
]


def sent(status, message="Provider returned error", *, availability=None, **metadata):
    """The banner for a body of the service."""
    error = {"code": status, "message": message, "metadata": metadata, "availability": availability}
    return banner(error_from_payload({"error": error}, Head(status)))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_has_words(kind):
    assert kind in BY_CLASS
    assert banner(kind("what happened")).message == "what happened"


@pytest.mark.parametrize("text", ALL_TEXTS, ids=lambda text: text.title)
def test_the_lead_introduces_the_code_and_the_code_runs(text):
    assert text.title
    assert text.meaning.endswith((".", "{detail}"))
    assert text.remedies
    lead, code = text.fill({"n": "3919"}).in_cell
    assert lead.endswith(":") if code else lead == "" or lead.endswith(".")
    for line in code.splitlines():
        name, _, options = line.partition(" ")
        assert name in {"%chat_key", "%chat_models", "%chat_retry"}
        if name == "%chat_retry":
            QUESTION.again(options, {})
        elif name == "%chat_models":
            ModelSearch.parse(options)


@pytest.mark.parametrize("text", ALL_TEXTS, ids=lambda text: text.title)
def test_texts_hold_in_a_cell_and_in_the_playground(text):
    assert "cell" not in text.title + text.meaning
    for remedy in text.remedies:
        assert REMEDIES[remedy.id].label == remedy.label
        # A remedy in the table has code, a button, or both.
        assert remedy.label or remedy.command
        assert bool(remedy.lead) == bool(remedy.command)


@pytest.mark.parametrize("text", ALL_TEXTS, ids=lambda text: text.title)
def test_a_remedy_runs_after_a_question_with_every_kind_of_option(text):
    question = ChatCell(parse("--free -c x -n 5 -m a/b --new --max-cost 1 --fallback c/d"), Prompt(), "key")
    for line in text.fill({"n": "3919"}).in_cell[1].splitlines():
        if line.startswith("%chat_retry"):
            asked = question.again(line.removeprefix("%chat_retry"), {})
            assert asked.arguments.chat == "x"
            assert not (asked.arguments.free and " -m " in line)


@pytest.mark.parametrize(
    ("error", "again", "remedy"),
    [
        (errors.InternalServerError("x"), "%chat_retry -m a/b", "%chat_retry -m a/b"),
        (errors.RequestTimeoutError("x"), "%chat_retry -m a/b", "%chat_retry -m a/b --timeout 300"),
        (errors.ContentPolicyError("x"), "%chat_retry -m a/b", "%chat_retry -m openrouter/auto"),
        (errors.UnauthorizedError("x"), "%chat_retry -m a/b", "%chat_key\n%chat_retry -m a/b"),
        (errors.NoResponseError("x"), "%chat_models gpt", "%chat_models gpt"),
        (errors.RequestTimeoutError("x"), "%chat_models gpt", "%chat_models gpt"),
        (errors.NotFoundError("x"), "%chat_retry -m a/b", "%chat_models"),
        (errors.ConfigurationError("x"), "%chat_retry -m a/b", ""),
        *((kind("x"), "", "") for kind in CLASSES),
    ],
)
def test_a_remedy_asks_again_what_has_failed(error, again, remedy):
    words = banner(error, again=again)
    assert words.remedy == remedy
    assert not words.meaning.endswith(":") or remedy


CASES = [
    (
        (404, "gone"),
        {"code": "model_deprecated", "fallback_models": ["acme/new", "acme/newer"]},
        {},
        (
            "The model is gone",
            "It is no longer offered. OpenRouter suggests acme/new, acme/newer:",
            "%chat_retry -m acme/new",
        ),
    ),
    (
        (404, "none"),
        {"code": "constraint_filtered", "constraint": {"field": "provider.only", "detail": "only acme"}},
        {},
        (
            "A constraint of the request excludes every provider",
            "The constraint is provider.only (only acme). Relax it and run the cell again, or switch models:",
            "%chat_retry -m openrouter/auto",
        ),
    ),
    (
        (404, "none"),
        {"code": "privacy_restricted", "excluded_by": ["data_policy:zdr", "geo", "newer word"]},
        {},
        (
            "Your privacy settings exclude the model",
            "complies with them (zero data retention, your region, newer word)",
            None,
        ),
    ),
    (
        (404, "ended"),
        {"code": "free_variant_ended", "fallback_models": ["acme/paid"]},
        {},
        (
            "The free variant has ended",
            "for a price. OpenRouter suggests acme/paid:",
            "%chat_retry -m acme/paid",
        ),
    ),
    (
        (404, "x"),
        {"code": "no_endpoints", "excluded_by": "max_price"},
        {},
        ("No provider is left", "every provider (the maximum price).", None),
    ),
    ((400, "x"), {"code": "model_not_found"}, {}, ("No such model", "The id is wrong.", "%chat_models")),
    (
        (400, "x"),
        {"code": "wrong_endpoint", "constraint": {"detail": "Use /embeddings."}},
        {},
        (
            "This model is not for chat",
            "It has another endpoint. Use /embeddings. List the chat models:",
            "%chat_models",
        ),
    ),
    ((403, "x"), {"code": "region_restricted"}, {}, ("Not offered in your region", "from your region", None)),
    (
        (429, "x"),
        {"code": "capacity_exhausted", "retry_after": 12},
        {},
        ("Too many requests", "Retry after 12 s. All providers", "%chat_retry"),
    ),
    (
        (503, "x"),
        {"code": "temporarily_unavailable"},
        {},
        ("No provider is available", "busy or down", "%chat_retry"),
    ),
    ((404, "x"), {"code": "a newer code"}, {}, ("No such model, or no provider left", "", "%chat_models")),
    (
        (
            400,
            "maximum context length is 8,192 tokens. However, you requested about 150031 tokens (149000 of text)",
        ),
        None,
        {"error_type": "context_length_exceeded"},
        ("Too long: 150,031 of 8,192 tokens", "start a new conversation:", "%chat_retry --new"),
    ),
    (
        (400, "too long"),
        None,
        {"error_type": "string_too_long"},
        ("Too long for this model", "", "%chat_retry --new"),
    ),
    (
        (400, "x"),
        None,
        {"error_type": "refusal"},
        ("The model refused", "", "%chat_retry -m openrouter/auto"),
    ),
    (
        (400, "x"),
        None,
        {"error_type": "image_download_failed"},
        ("An image could not be downloaded", "-i with a path", ""),
    ),
    (
        (
            402,
            "more credits, or fewer max_tokens. You requested up to 16384 tokens, but can only afford 3,919.",
        ),
        None,
        {},
        (
            "Not enough credits",
            "Your credits cover 3,919 output tokens: add credits at https://openrouter.ai/settings/credits.",
            "%chat_retry -n 3919",
        ),
    ),
    ((402, "Insufficient credits"), None, {}, ("Out of credits", "", "%chat_retry -m openrouter/free")),
    (
        (402, "Key limit exceeded"),
        None,
        {},
        ("The key's limit is reached", "This key, not the account,", "%chat_key\n%chat_retry"),
    ),
    (
        (403, "Key limit exceeded (daily limit)"),
        None,
        {},
        ("The key's limit is reached", "", "%chat_key\n%chat_retry"),
    ),
    (
        (403, "flagged"),
        None,
        {"reasons": ["violence"], "flagged_input": "the words"},
        ("Flagged by moderation", "for: violence (“the words”).", None),
    ),
    (
        (403, "x"),
        None,
        {"patterns": ["card number"]},
        ("Stopped by a guardrail", "stopped the request: card number.", ""),
    ),
    (
        (429, "Rate limit exceeded: free-models-per-day"),
        None,
        {"limit_source": "openrouter_free_tier_daily"},
        ("The daily limit of free requests is reached", "50 requests a day", None),
    ),
    (
        (429, "Rate limit exceeded: free-models-per-min"),
        None,
        {},
        ("Too many requests", "20 requests a minute", "%chat_retry"),
    ),
    (
        (429, "x"),
        None,
        {"limit_source": "upstream_provider_shared_pool", "provider_name": "Acme"},
        ("The provider is at its limit", "a limit of Acme.", "%chat_retry"),
    ),
]


@pytest.mark.parametrize(
    ("error", "availability", "metadata", "words"), CASES, ids=lambda value: str(value)[:40]
)
def test_what_the_service_says_more_is_told(error, availability, metadata, words):
    said = sent(*error, availability=availability, **metadata)
    title, meaning, remedy = words
    assert said.title.startswith(title)
    assert meaning in said.meaning
    assert "{" not in said.meaning
    if remedy is not None:
        assert said.remedy == remedy


def test_what_was_tried_before_is_in_the_details():
    before = [{"provider": "One", "code": 5, "status": 502}, {"message": "Two", "code": 503}, "noise"]
    assert "before: One 502, Two 503" in sent(502, previous_errors=before).details


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (2.4, "after 3 s."),
        (89, "after 89 s."),
        (600, "after 10 min."),
        (17_000, "after 5 h."),
        (86_400, "after 24 h."),
        (1e14, "after more than a week."),
        (None, ""),
        (0, ""),
        (-5, ""),
        (float("nan"), ""),
        (float("inf"), ""),
    ],
)
def test_a_known_wait_is_said_and_no_other(seconds, said):
    meaning = banner(errors.TooManyRequestsError("slow down", retry_after=seconds)).meaning
    assert said in meaning
    assert ("Retry after" in meaning) == bool(said)
    assert "nan" not in meaning


def test_ids_like_the_one_asked_for_become_code():
    said = banner(errors.NotFoundError("no model"), similar=["acme/thinker", "acme/tinker"])
    assert said.meaning.endswith("settings/privacy. Did you mean acme/thinker, acme/tinker?")
    assert said.remedy == "%chat_retry -m acme/thinker"


@pytest.mark.parametrize(
    "model", ["x\n!rm -rf ~", "a/b; import os", "--out x", "a/b c", "", 5, None, "a/" + "b" * 5000]
)
def test_nothing_but_an_id_becomes_code(model):
    said = sent(404, availability={"code": "model_deprecated", "fallback_models": [model]})
    assert said.remedy == "%chat_retry -m openrouter/auto"
    assert banner(errors.NotFoundError("x"), similar=[str(model)]).remedy == "%chat_models"


def test_a_partial_answer_is_pointed_at():
    half = ChatResult(choices=[{"message": {"content": "Hal"}}])
    assert "above" in banner(errors.BadGatewayError("gone", partial=half)).meaning
    assert "above" not in banner(errors.BadGatewayError("gone", partial=ChatResult())).meaning
    assert "above" not in banner(errors.BadGatewayError("gone")).meaning


def test_a_banner_shows_the_ids_that_a_bug_report_needs_and_not_the_body():
    error = errors.NotFoundError(
        "gone",
        status_code=404,
        provider="Acme",
        generation_id="gen-1",
        request_id="ray",
        body="user_secret",
        metadata={"raw": "x"},
    )
    for mime in result_bundle(None, banner=banner(error)).values():
        assert "status 404 · provider Acme · generation gen-1 · request ray" in mime
        assert "user_secret" not in mime


HOSTILE = "<img src=x onerror=y>\x1b[31m $x$ user_2aBcDeFgHi " + "long " * 300
NOISE = [HOSTILE, [HOSTILE] * 20, {"a": HOSTILE}, 5, None, [None, {}, []]]


@pytest.mark.parametrize("noise", NOISE, ids=lambda noise: type(noise).__name__)
@pytest.mark.parametrize("status", [400, 402, 403, 404, 429])
def test_whatever_the_service_sends_a_banner_is_small_and_harmless(status, noise):
    keys = (
        "reasons",
        "flagged_input",
        "patterns",
        "limit_source",
        "previous_errors",
        "provider_name",
        "error_type",
    )
    for code in (*BY_AVAILABILITY, noise):
        inner = dict.fromkeys(("excluded_by", "fallback_models", "retry_after"), noise)
        availability = {"code": code, "constraint": {"field": noise, "detail": noise}, **inner}
        said = sent(status, HOSTILE, availability=availability, **dict.fromkeys(keys, noise))
        bundle = result_bundle(None, banner=said)
        assert len(json.dumps(bundle)) < 5_000
        assert "<img" not in bundle["text/html"]
        for mime in bundle.values():
            assert "\x1b" not in mime
            assert "user_2aBcDeFgHi" not in mime


def test_a_fault_of_our_own_says_so():
    assert "report" in OWN_FAULT.meaning
