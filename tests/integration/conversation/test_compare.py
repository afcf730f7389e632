"""`compare`: one question to several models."""

import asyncio

import pytest

from openrouter_nb import acompare, chat, compare, errors

THREE = ["demo/parrot", "demo/midstream-error", "demo/reasoner"]


def test_each_model_has_its_own_answer_or_its_own_error():
    both = compare("Hello", THREE)
    assert list(both) == THREE
    assert list(both.answers) == ["demo/parrot", "demo/reasoner"]
    assert both["demo/parrot"].text == "Hello"
    assert both.errors["demo/midstream-error"].partial.text == "Some text that was already paid for "
    with pytest.raises(errors.BadGatewayError):
        both["demo/midstream-error"]
    with pytest.raises(KeyError):
        both["demo/other"]
    assert both.cost == sum(answer.cost for answer in both.answers.values())


def test_they_run_at_once(simulator):
    compare("Hi", ["demo/slow", "demo/parrot"], extra_body={"simulator": {"chunks": 5}})
    by_model = {exchange.model: exchange for exchange in simulator.exchanges}
    slow, quick = by_model["demo/slow"], by_model["demo/parrot"]
    assert quick.closed_at < slow.closed_at
    assert quick.started_at < slow.closed_at


def test_they_stand_side_by_side():
    shown = compare("Hello", THREE)._repr_mimebundle_()
    assert all(model in shown["text/html"] for model in THREE)
    assert "grid" in shown["text/html"]
    assert "The provider failed" in shown["text/plain"]


def test_another_model_can_judge_them(sent):
    both = compare("Hello", ["demo/parrot", "demo/error-402"])
    assert chat(["Which is best?", both]).text == "Which is best?\n\n## demo/parrot\n\nHello"
    assert len(sent()) == 3


def test_the_records_make_a_table():
    first, second, _ = compare("Hello", THREE).records
    assert (first["model"], first["text"], first["error"]) == ("demo/parrot", "Hello", None)
    assert second["text"] is None
    assert "Provider disconnected" in second["error"]


@pytest.mark.parametrize(
    ("models", "error"),
    [("demo/parrot", TypeError), ([1], TypeError), ([], ValueError), (["a/b", "a/b"], ValueError)],
)
def test_models_that_make_no_comparison_are_refused(sent, models, error):
    with pytest.raises(error, match="compare"):
        compare("Hello", models)
    assert sent() == []


def test_what_could_be_sent_to_nobody_is_raised(sent):
    with pytest.raises(errors.ConfigurationError, match="temperature"):
        compare("Hello", THREE, temperature=9)
    assert sent() == []


def test_an_interrupt_closes_every_request(simulator):
    async def cell():
        task = asyncio.ensure_future(acompare("Hi", ["demo/slow", "demo/stall"]))
        while [exchange.sent_chunks > 1 for exchange in simulator.exchanges] != [True, True]:  # noqa: ASYNC110 - the simulator has its thread
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(cell())
    simulator.wait_for_close()
    assert {exchange.outcome for exchange in simulator.exchanges} == {"client gone"}
