"""What a cell costs, before and after it is sent."""

import re

import pytest

BATCH = {"allow_stdin": False}


def chats(simulator):
    return [request for request in simulator.requests if request.path.endswith("/chat/completions")]


def test_what_would_cost_too_much_is_not_sent(kernel, simulator):
    run = kernel.chat("-m demo/tour -n 1000000 --max-cost 0.001", **BATCH)
    assert run.reply["status"] == "error"
    assert re.search(
        r"About \d+ tokens in and at most 1,000,000 out: about \$[\d.]+\. --max-cost allows \$0.001", run.text
    )
    assert chats(simulator) == []
    remedy = re.search(r"%chat_retry --max-cost [\d.]+", run.text)
    assert kernel.run(remedy[0], **BATCH).reply["status"] == "ok"
    assert chats(simulator)[0].body["messages"][-1]["content"] == "Hello"


def test_a_price_that_nobody_knows_cannot_be_bounded(kernel, simulator):
    run = kernel.chat("-m demo/unheard-of --max-cost 1", **BATCH)
    assert "--max-cost cannot be checked" in run.text
    assert "the price of demo/unheard-of is not known" in run.text
    assert chats(simulator) == []


def test_a_budget_that_is_spent_or_would_be_refuses(kernel, simulator):
    kernel.run("%config ChatMagics.budget = 0.01")
    kernel.chat("-m demo/parrot -n 10", **BATCH)
    assert "Of the budget of $0.01, $" in kernel.chat("-m demo/parrot -n 1000000", **BATCH).text
    kernel.run("%config ChatMagics.budget = 0.00000001")
    run = kernel.chat("-m demo/parrot -n 1", **BATCH)
    assert "is spent" in run.text
    assert len(chats(simulator)) == 1
    remedy = re.search(r"%chat_config budget=[\d.]+\s+%chat_retry", run.text)
    again = kernel.run(re.sub(r"\n +", "\n", remedy[0]), **BATCH)
    assert "Hello" in again.text
    assert len(chats(simulator)) == 2


def test_a_setting_bounds_every_cell(kernel):
    kernel.run("%config ChatMagics.max_cost = 0.0001")
    assert "ChatMagics.max_cost allows $0.0001" in kernel.chat("-m demo/tour -n 1000000", **BATCH).text
    assert kernel.chat("-m demo/tour -n 1000000 --max-cost 100", **BATCH).reply["status"] == "ok"


def test_a_refused_cell_leaves_the_conversation_as_it_was(kernel, simulator):
    kernel.chat("", "one", **BATCH)
    kernel.chat("-m demo/tour -n 1000000 --max-cost 0.0001", "two", **BATCH)
    kernel.chat("", "three", **BATCH)
    assert len(chats(simulator)[-1].body["messages"]) == 3


def test_the_footer_says_what_was_spent_so_far(kernel):
    first = kernel.chat("-m demo/tour", **BATCH).text.splitlines()[-1]
    second = kernel.chat("-m demo/tour", **BATCH).text.splitlines()[-1]
    assert "so far" not in first
    costs = [float(cost) for cost in re.findall(r"\$([\d.]+)", first + second)]
    assert costs[2] == pytest.approx(costs[0] + costs[1], rel=0.01)
    assert second.rstrip("]").endswith("so far")


def test_a_dry_run_says_what_it_would_cost(kernel, simulator):
    run = kernel.chat("-m demo/tour --dry-run", "Hello " * 100, **BATCH)
    assert re.search(
        r"Nothing was sent. About 1\d\d tokens in and some 1,000 out \(-n bounds them\): about \$", run.text
    )
    assert chats(simulator) == []
