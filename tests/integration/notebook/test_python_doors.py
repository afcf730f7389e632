"""`chat()` and its companions in code cells."""

import re

import pytest

FAILING = [
    'chat("Hi", model="demo/error-402")',
    'await achat("Hi", model="demo/error-402")',
    'Chat()("Hi", model="demo/midstream-error")',
    'for piece in stream("Hi", model="demo/error-402"): pass',
    'compare("Hi", ["demo/parrot"], temperature=9)',
    'compare("Hi", ["demo/error-402"])["demo/error-402"]',
    'chat("Hi", temprature=1)',
    'chat("")',
]


@pytest.fixture
def doors(kernel):
    kernel.run("from openrouter_nb import *")
    return kernel


@pytest.mark.parametrize("code", FAILING)
def test_a_failure_shows_the_line_that_asked_and_little_else(doors, code):
    (output,) = doors.run(code).outputs
    shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output["traceback"])).splitlines()
    assert len(shown) <= 15
    assert any(code in line for line in shown[:4])


def test_a_cell_that_ends_with_an_answer_shows_it_as_a_chat_cell_does(doors):
    (output,) = doors.run('chat("Hi", model="demo/reasoner")').outputs
    assert output["output_type"] == "execute_result"
    assert "<details>" in output["data"]["text/html"]
    assert "demo/reasoner · Simulator" in output["data"]["text/plain"]


def test_an_interrupt_closes_the_request_and_the_next_cell_works(doors, simulator):
    run = doors.start('chat("Hi", model="demo/stall")')
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks > 2)
    doors.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    assert doors.run('chat("Hi", model="demo/parrot").text').text == "'Hi'"
