"""Interrupt and Stop: the request is closed, what arrived stays, the next cell works."""

import pytest

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SLOW = "-m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=20 -p simulator.hold_after=60"


def assert_closed_by_us(simulator):
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


@pytest.mark.parametrize("prefix", ["", "%%time\n"], ids=["awaited", "not awaited"])
def test_an_interrupt_closes_the_request_and_keeps_what_arrived(kernel, simulator, prefix):
    run = kernel.start(f"{prefix}%%chat {SLOW}\nHello", allow_stdin=False)
    run.until(lambda: "answering" in run.text)
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    assert_closed_by_us(simulator)
    assert "This" in run.text
    assert "[Interrupted." in run.text
    assert run.outputs[-1]["traceback"] == ["KeyboardInterrupt: the request was closed."]
    after = kernel.chat("-m demo/echo", "Are you there?", allow_stdin=False)
    assert after.reply["status"] == "ok"
    assert [message["role"] for message in simulator.requests[-1].body["messages"]] == ["user"]


def test_an_interrupt_is_felt_while_nothing_arrives(kernel, simulator):
    run = kernel.start("%%chat -m demo/stall\nHello", allow_stdin=False)
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks >= 3)
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"


def test_stop_ends_the_cell_quietly(kernel, simulator):
    run = kernel.start_chat(SLOW, allow_stdin=True)
    run.until(lambda: run.comms() and simulator.exchanges and simulator.exchanges[-1].sent_chunks > 10)
    (comm,) = run.comms()
    kernel.send_custom(comm, {"kind": "ready"})
    kernel.send_custom(comm, {"kind": "stop"})
    assert run.finish()["status"] == "ok"
    assert_closed_by_us(simulator)
    assert "[Stopped." in run.text
    assert kernel.run("_.complete").text == "False"
    kernel.chat("-m demo/echo", "next", allow_stdin=False)
    assert len(simulator.requests[-1].body["messages"]) == 1


def test_the_cell_that_is_stopped_lets_the_next_one_run(kernel, simulator):
    run = kernel.start_chat(SLOW, allow_stdin=True)
    after = kernel.start("print('after')")
    run.until(lambda: run.comms() and simulator.exchanges and simulator.exchanges[-1].sent_chunks > 3)
    kernel.send_custom(run.comms()[0], {"kind": "stop"})
    run.finish()
    after.until(lambda: after.reply)
    assert after.reply["status"] == "ok"


def test_an_interrupted_cell_stops_those_behind_it(kernel, simulator):
    run = kernel.start_chat(SLOW, allow_stdin=False)
    after = kernel.start("print('after')", allow_stdin=False)
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks > 3)
    kernel.interrupt()
    run.finish()
    after.until(lambda: after.reply)
    assert after.reply["status"] == "aborted"
