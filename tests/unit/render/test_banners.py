"""Every error class has words of its own, and no words give anything away."""

import inspect

import pytest

from openrouter_nb import errors
from openrouter_nb.render.banners import _ROWS, banner
from openrouter_nb.render.bundle import answer_bundle

CLASSES = [
    value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.OpenRouterError) and value.__name__ == name
]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_has_a_row(kind):
    assert kind in _ROWS
    words = banner(kind("what happened"))
    assert words.title
    assert words.message == "what happened"
    assert words.meaning.endswith((".", ":"))
    assert bool(words.remedy) == words.meaning.endswith((":", "context.", "anew."))


def test_a_known_wait_is_said():
    assert "wait 3 s" in banner(errors.TooManyRequestsError("slow down", retry_after=2.4)).meaning
    assert "wait 5 h" in banner(errors.TooManyRequestsError("slow down", retry_after=17_000)).meaning


def test_a_partial_answer_is_pointed_at():
    from openrouter_nb.components import ChatResult

    assert "above" in banner(errors.BadGatewayError("gone", partial=ChatResult())).meaning
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
    bundle = answer_bundle("", banner=banner(error))
    for mime in bundle.values():
        assert "status 404 · provider Acme · generation gen-1 · request ray" in mime
        assert "user_secret" not in mime


def test_words_of_the_service_are_escaped():
    bundle = answer_bundle("", banner=banner(errors.BadRequestError("<img src=x onerror=y>\x1b[31m")))
    assert "&lt;img src=x onerror=y&gt;" in bundle["text/html"]
    assert "<img" not in bundle["text/html"]
    assert "\x1b" not in bundle["text/plain"]
