"""What a request costs, before it is sent."""

import pytest

from openrouter_nb.components.catalog import Model
from openrouter_nb.conversation.cost_estimate import estimate_cost, total

HI = [{"role": "user", "content": "x" * 384}]  # 4 + 388 / 4 tokens, the role included
TOKENS = 101


class Catalog:
    """Prices of three models."""

    def __init__(self, **prices):
        plain = {"prompt": "0.01", "completion": "0.1"}
        self.models = {
            "a/plain": plain,
            "a/dear": {"prompt": "0.02", "completion": "0.2"},
            "a/free": {"prompt": "0", "completion": "0"},
            "a/varies": {"prompt": "-1", "completion": "-1"},
            "a/special": plain | prices,
        }

    def find(self, name):
        prices = self.models.get(name.partition(":")[0])
        return prices and Model.model_validate({"id": name, "pricing": prices})


def usd(catalog=None, /, **request):
    request = {"model": "a/plain", "messages": HI, "max_completion_tokens": 10, **request}
    return estimate_cost(request, catalog or Catalog()).usd


def test_tokens_of_both_directions_have_their_price():
    found = estimate_cost({"model": "a/plain", "messages": HI, "max_tokens": 10}, Catalog())
    assert (found.tokens_in, found.tokens_out, found.is_bounded) == (TOKENS, 10, True)
    assert found.usd == pytest.approx(TOKENS * 0.01 + 1)
    assert found.usd_in == pytest.approx(TOKENS * 0.01)
    assert str(found) == "About 101 tokens in and at most 10 out: about $2.01."


def test_an_answer_without_a_bound_is_taken_for_a_page():
    found = estimate_cost({"model": "a/plain", "messages": HI}, Catalog())
    assert (found.tokens_out, found.is_bounded) == (1_000, False)
    assert "some 1,000 out (-n bounds them)" in str(found)
    thinking = estimate_cost(
        {"model": "a/plain", "messages": HI, "reasoning": {"max_tokens": 500}}, Catalog()
    )
    assert thinking.tokens_out == 1_500
    within = {"max_completion_tokens": 900, "reasoning": {"max_tokens": 500}}
    assert estimate_cost({"model": "a/plain", "messages": HI, **within}, Catalog()).tokens_out == 900


@pytest.mark.parametrize("field", ["tools", "response_format"])
def test_definitions_are_part_of_the_prompt(field):
    value = [{"type": "function", "function": {"name": "f" * 400}}]
    assert usd(**{field: value}) > usd() + 1


def test_the_most_expensive_model_that_may_answer_counts():
    assert usd(models=["a/free", "a/dear"]) == usd(model="a/dear")
    assert usd(model="a/dear", models=["a/plain"]) == usd(model="a/dear")


@pytest.mark.parametrize("name", ["a/varies", "a/unheard-of"])
def test_a_price_that_is_not_known_makes_the_whole_unknown(name):
    found = estimate_cost({"model": "a/plain", "models": [name], "messages": HI}, Catalog())
    assert (found.usd, found.usd_in, found.unknown) == (None, None, name)
    assert f"the price of {name} is not known" in str(found)
    assert total([found, estimate_cost({"model": "a/plain", "messages": HI}, Catalog())]).unknown == name


def test_a_request_may_have_a_price():
    assert usd(Catalog(request="5"), model="a/special") == pytest.approx(usd() + 5)


def test_media_have_prices_that_differ_from_those_of_text():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 9_000}}
    audio = {"type": "input_audio", "input_audio": {"data": "A" * 9_000, "format": "wav"}}
    messages = [{"role": "user", "content": [image, audio]}]
    as_text = usd(messages=messages)
    assert as_text == pytest.approx(20 + 1, abs=0.2)
    assert usd(Catalog(image="30"), model="a/special", messages=messages) == pytest.approx(as_text + 20)
    assert usd(Catalog(image_token="0.02"), model="a/special", messages=messages) == pytest.approx(
        as_text + 10
    )
    assert usd(Catalog(audio="0.05"), model="a/special", messages=messages) == pytest.approx(as_text + 40)


def test_long_prompts_may_cost_more():
    overrides = [{"min_prompt_tokens": 100, "prompt": "0.03"}, {"min_prompt_tokens": 200, "prompt": "9"}]
    found = usd(Catalog(overrides=overrides), model="a/special")
    assert found == pytest.approx(TOKENS * 0.03 + 1)


@pytest.mark.parametrize(
    ("fields", "native", "searches"),
    [
        ({"plugins": [{"id": "web"}]}, None, 0.015),
        ({"plugins": [{"id": "web"}]}, "0.01", 0.01),
        ({"plugins": [{"id": "web", "engine": "exa"}]}, "0.01", 0.015),
        ({"plugins": [{"id": "web", "engine": "parallel", "max_results": 12}]}, None, 0.007),
        ({"plugins": [{"id": "web", "enabled": False}]}, "0.01", 0.0),
        ({"plugins": [{"id": "web", "max_uses": 3}]}, "0.01", 0.03),
        ({"model": "a/special:online"}, "0.01", 0.01),
        ({"model": "a/special:online", "plugins": [{"id": "web"}]}, "0.01", 0.01),
        ({"web_search_options": {"search_context_size": "low"}}, "0.01", 0.01),
    ],
)
def test_searches_are_paid_for(fields, native, searches):
    catalog = Catalog(**({"web_search": native} if native else {}))
    assert usd(catalog, **{"model": "a/special", **fields}) == pytest.approx(usd() + searches)


def test_a_search_tool_is_counted_once_or_as_often_as_it_may_be_used():
    tool = {"type": "openrouter:web_search", "parameters": {"engine": "perplexity", "max_uses": 4}}
    found = usd(tools=[tool])
    assert found == pytest.approx(usd(tools=[{**tool, "type": "openrouter:other_search"}]) + 0.02, abs=0.011)


@pytest.mark.parametrize(
    "fields",
    [
        {
            "max_completion_tokens": "many",
            "max_tokens": True,
            "models": "a/plain",
            "plugins": 3,
            "tools": "f",
        },
        {"reasoning": "high", "messages": None, "plugins": ["web"], "tools": [3], "model": 7},
        {"plugins": [{"id": "web", "max_uses": "x", "max_results": "y", "engine": 3}], "model": None},
    ],
)
def test_what_is_not_valid_yet_is_estimated_as_far_as_it_goes(fields):
    assert estimate_cost({"model": "a/plain", "messages": HI, **fields}, Catalog()).tokens_out == 1_000


def test_several_requests_add_up():
    one = estimate_cost({"model": "a/plain", "messages": HI, "max_tokens": 10}, Catalog())
    both = total([one, one])
    assert both == one.scaled(2)
    assert (both.tokens_in, both.tokens_out, both.usd) == (2 * TOKENS, 20, pytest.approx(2 * one.usd))
