"""Limits of cost: what was spent, what runs, and the worst case of the next request."""

import pytest

from openrouter_nb.chat_bridge.costs import CostAccount, worst_case
from openrouter_nb.components.catalog import Model
from openrouter_nb.errors import BridgeRefusedError

HI = [{"role": "user", "content": "Hi"}]


# US dollars of a token of the answer; the prompt costs nothing.
PRICES = {"demo/dollar": "1", "demo/router": "-1", "demo/dear": "2"}


class Prices:
    """A catalog."""

    def find(self, name):
        if name not in PRICES:
            return None
        pricing = {"prompt": "0", "completion": PRICES[name]}
        return Model.model_validate({"id": name, "pricing": pricing, "context_length": 50})


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def body(tokens=None, model="demo/dollar", **more):
    bound = {} if tokens is None else {"max_completion_tokens": tokens}
    return {"model": model, "messages": HI, **bound, **more}


def test_the_longest_answer_counts():
    assert worst_case(body(7), Prices()).usd == 7
    assert worst_case(body(7, max_tokens=9), Prices()).usd == 9
    assert worst_case(body(7, models=["demo/dear"]), Prices()).usd == 14
    assert worst_case(body(), Prices()).usd == 50  # the model's limit


@pytest.mark.parametrize("model", ["demo/router", "demo/unknown", None])
def test_a_model_without_a_price_is_refused_if_cost_is_limited(model):
    with pytest.raises(BridgeRefusedError) as refused:
        CostAccount(max_cost=1_000).reserve(body(1, model=model), Prices())
    assert refused.value.reason == "cost"
    account = CostAccount()
    account.settle(account.reserve(body(1, model=model), Prices()), None)
    assert (account.spent, account.requests) == (0, 1)


def test_what_runs_counts_until_its_cost_is_known():
    account = CostAccount(max_cost=10)
    first = account.reserve(body(6), Prices())
    with pytest.raises(BridgeRefusedError) as refused:
        account.reserve(body(5), Prices())
    assert refused.value.reason == "cost"
    account.settle(first, 1.0)
    account.settle(first, 100.0)  # once
    second = account.reserve(body(9), Prices())
    account.settle(second, None)  # its cost is not known
    assert account.spent == 10
    assert account.requests == 2
    with pytest.raises(BridgeRefusedError):
        account.reserve(body(1), Prices())


def test_cost_per_minute_counts_what_runs_and_what_ended_within_a_minute():
    clock = Clock()
    account = CostAccount(max_cost_per_minute=10, clock=clock)
    running = account.reserve(body(6), Prices())
    clock.now = 500
    with pytest.raises(BridgeRefusedError) as refused:
        account.reserve(body(5), Prices())
    assert refused.value.reason == "cost_per_minute"
    account.settle(running, 6.0)
    clock.now = 559
    with pytest.raises(BridgeRefusedError):
        account.reserve(body(5), Prices())
    clock.now = 560
    account.reserve(body(10), Prices())
