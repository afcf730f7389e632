"""What stays in the notebook."""

import pytest

from openrouter_nb.components import ChatResult
from openrouter_nb.render.answer.answer_bundle import result_bundle
from openrouter_nb.render.answer.display_formats import DisplayFormat
from openrouter_nb.render.answer.footer import Timing, cost, footer
from openrouter_nb.render.answer.text_bundle import answer_bundle


def result(**usage):
    return ChatResult.model_validate(
        {
            "model": "acme/thinker",
            "provider": "Acme",
            "choices": [{"message": {"content": "Hi"}, "finish_reason": usage.pop("finish", "stop")}],
            "usage": usage or None,
        }
    )


def test_a_huge_answer_is_cut_in_the_notebook_and_says_so():
    for mime in answer_bundle("word" * 375_000).values():
        assert len(mime) < 1_100_000
        assert "500,000 more characters" in mime


INDENTED = "\n    return x\n    y = 1\n\n"


def test_the_indentation_at_the_start_of_an_answer_stays():
    reasoned = {"role": "assistant", "content": INDENTED, "reasoning": INDENTED}
    answer = ChatResult.model_validate({"choices": [{"message": reasoned, "finish_reason": "stop"}]})
    for form in ("md", "text"):
        shown = result_bundle(answer, style=DisplayFormat(form=form))
        assert shown["text/plain"].startswith("    return x\n    y = 1")
    assert ">    return x\n    y = 1</pre>" in shown["text/html"]
    code = ">return x\ny = 1\n</code></pre>"  # a code block, in the answer and in the reasoning
    assert result_bundle(answer)["text/html"].count(code) == 2


def test_what_is_too_long_to_be_rendered_stands_as_it_was_written():
    html = answer_bundle("**a** <b>\n\n" * 40_000)["text/html"]
    assert "<strong>a</strong>" in html[:1000]
    assert html.rstrip().endswith("**a** &lt;b&gt;</pre>")
    assert html.count("<strong>") + html.count("**a**") == 40_000


def test_the_footer_says_who_what_and_how_much():
    line = footer(
        result(
            prompt_tokens=1200,
            completion_tokens=40,
            cost=0.000783,
            completion_tokens_details={"reasoning_tokens": 12},
            prompt_tokens_details={"cached_tokens": 1000},
        ),
        timing=Timing(first_token_s=0.5, total_s=1.5),
        turn="main, turn 2",
    )
    assert line == (
        "acme/thinker · Acme · 1,200 → 40 tokens (12 reasoning, 1,000 cached) · $0.000783"
        " · first token 0.50 s · 40 tokens/s · main, turn 2"
    )


@pytest.mark.parametrize(("total_s", "speed"), [(80.5, "0.5"), (10.5, "4"), (16.5, "2.5"), (4.5, "10")])
def test_a_slow_model_has_a_speed(total_s, speed):
    timing = Timing(first_token_s=0.5, total_s=total_s)
    line = footer(result(prompt_tokens=1200, completion_tokens=40), timing=timing)
    assert line.endswith(f" · {speed} tokens/s")


def test_time_that_functions_and_people_took_is_no_measure_of_the_models_speed():
    timing = Timing(first_token_s=0.5, total_s=61.5, acted=True)
    assert footer(result(prompt_tokens=1200, completion_tokens=40), timing=timing).endswith(
        "first token 0.50 s · 61.5 s in all"
    )


def test_what_is_not_known_is_not_in_the_footer():
    assert footer(result()) == "acme/thinker · Acme"
    assert footer(ChatResult(), asked_model="a/b") == "a/b"


def test_an_answer_cut_at_the_limit_says_so():
    assert "cut at the token limit" in footer(result(finish="length"))
    assert "content filter" in footer(result(finish="content_filter"))


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        (0, "free"),
        (0.000012, "$0.000012"),
        (0.0123, "$0.0123"),
        (1.5, "$1.50"),
        (1234, "$1,234.00"),
        (1e-8, "< $0.000001"),
    ],
)
def test_amounts_have_as_many_digits_as_they_need(usd, shown):
    assert cost(usd) == shown
