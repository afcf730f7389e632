"""Interrupt and Stop: the request is closed, what arrived stays, the next cell works."""

import pytest
from support.kernel import TIMED, needs_pages

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
DEFINITIONS = """
from pydantic import BaseModel
class Trip(BaseModel):
    days: int
def look(at: int) -> int:
    "Look."
    return at
"""
SLOW = "-m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=20 -p simulator.hold_after=60"


def assert_closed_by_us(simulator):
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


@pytest.mark.parametrize("prefix", [pytest.param("", id="awaited"), TIMED])
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


@needs_pages
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


@needs_pages
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


KEPT = "print(part.text[:4], part.complete, _ is part, part is Out[max(Out)], part.messages[-1]['role'])"


@pytest.mark.parametrize("prefix", [pytest.param("", id="awaited"), TIMED])
@pytest.mark.parametrize("options", ["", "--tools look", "--schema Trip"])
def test_an_interrupt_keeps_the_partial_answer_as_a_value(kernel, prefix, options):
    kernel.run(f"{DEFINITIONS}\npart = 'old'")
    run = kernel.start(f"{prefix}%%chat {SLOW} {options} -o part\nHello", allow_stdin=False)
    run.until(lambda: "answering" in run.text or "being written" in run.text)
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    assert "What had arrived is above and in `_`" in run.text
    assert kernel.run(KEPT).text.strip() == "This False True True assistant"
    assert kernel.run("import sys; print(sys.last_value.partial.text == part.text)").text.strip() == "True"


@needs_pages
def test_a_stop_keeps_the_partial_answer_where_an_object_was_asked_for(kernel, simulator):
    kernel.run(DEFINITIONS)
    run = kernel.start_chat(f"{SLOW} --schema Trip -o part", allow_stdin=True)
    run.until(lambda: run.comms() and simulator.exchanges and simulator.exchanges[-1].sent_chunks > 10)
    (comm,) = run.comms()
    kernel.send_custom(comm, {"kind": "ready"})
    kernel.send_custom(comm, {"kind": "stop"})
    assert run.finish()["status"] == "ok"
    assert kernel.run("print(part.text[:4], part.complete, _ is part)").text.strip() == "This False True"


@pytest.mark.parametrize("on_error", ["raise", "banner"])
@pytest.mark.parametrize("prefix", [pytest.param("", id="awaited"), TIMED])
def test_an_error_in_the_middle_keeps_the_partial_answer_as_a_value(kernel, on_error, prefix):
    kernel.run("part = 'old'")
    run = kernel.run(f"{prefix}%%chat -m demo/midstream-error --on-error {on_error} -o part\nHello")
    assert run.reply["status"] == ("error" if on_error == "raise" else "ok")
    assert kernel.run("print(part.text)").text.strip() == "Some text that was already paid for"
    assert kernel.run("print(part.complete, _ is part)").text.strip() == "False True"


def test_an_answer_that_cannot_be_shown_is_kept(kernel):
    """Such as in a terminal that was closed."""
    kernel.run(
        "from openrouter_nb.live.views.quiet import QuietView\nend = QuietView.end\n"
        "def fail(*_):\n    raise OSError('no terminal')\nQuietView.end = fail"
    )
    run = kernel.run("%%chat -q -m demo/parrot -o part\nHello")
    kernel.run("QuietView.end = end")
    assert run.reply["ename"] == "OSError"
    assert kernel.run("print(_.text, _.complete, _ is part, _.cost > 0)").text == "Hello True True True\n"
    assert "$0.000" in kernel.run("%chat_cost").text


def test_an_error_before_any_part_keeps_nothing(kernel):
    kernel.run("part = 'old'")
    kernel.run("%%chat -m demo/error-402 -o part\nHello")
    assert kernel.run("print(part)").text.strip() == "old"


def test_an_answer_that_does_not_fit_its_schema_is_kept(kernel):
    kernel.run(DEFINITIONS)
    run = kernel.run("%%chat -m demo/structured-wrong --schema Trip -o part\nHello")
    assert run.reply["ename"] == "WrongAnswerError"
    assert kernel.run("print(_.problems[0].path, _.complete, _.cost > 0)").text.strip() == "days True True"


@pytest.mark.parametrize("prefix", [pytest.param("", id="awaited"), TIMED])
def test_an_interrupt_keeps_all_partial_answers_of_a_comparison(kernel, simulator, prefix):
    run = kernel.start(f"{prefix}%%chat -m demo/slow,demo/echo {SLOW[13:]} -o both\nHello", allow_stdin=False)
    run.until(
        lambda: "echo: there" in run.text and max(each.sent_chunks for each in simulator.exchanges) > 10
    )
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    shown = kernel.run("print(list(both), both['demo/slow'].complete, _ is both)").text.strip()
    assert shown == "['demo/slow', 'demo/echo'] False True"


def test_if_all_models_fail_their_partial_answers_are_kept(kernel):
    run = kernel.run("%%chat -m demo/midstream-error,demo/error-402 -o both\nHello")
    assert run.reply["status"] == "error"
    shown = kernel.run(
        "print(both.errors['demo/midstream-error'].partial.text, '|', len(both.errors), _ is both)"
    )
    assert shown.text == "Some text that was already paid for  | 2 True\n"


@needs_pages
def test_stop_is_heard_while_a_loop_blocks_the_kernel(kernel, simulator):
    subshell = kernel.subshell()  # JupyterLab sends a widget's messages through one
    run = kernel.start("for _ in 1, 2:\n    %chat --once -m demo/stall Hello", allow_stdin=True)
    for number in (1, 2):
        comm = run.until(lambda number=number: len(found := run.comms()) == number and found[-1])
        kernel.send_custom(comm, {"kind": "shown"}, subshell=subshell)
        run.until(lambda comm=comm: "paid" in "".join(each.get("text", "") for each in run.deltas(comm)))
        kernel.send_custom(comm, {"kind": "stop"}, subshell=subshell)
    assert run.finish()["status"] == "ok"
    assert run.text.count("[Stopped.") == 2
    simulator.wait_for_close()
    assert {exchange.outcome for exchange in simulator.exchanges} == {"client gone"}
