"""--bg: the cell is over at once, and its answer arrives in it."""

import pytest

BATCH = {"allow_stdin": False}
SLOW = "-m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=20"
HELD = f"{SLOW} -p simulator.hold_after=20"


@pytest.fixture
def kernel(kernel):
    kernel.run("import os\nos.environ['OPENROUTER_NB_LIVE'] = 'updates'")
    return kernel


def ask(kernel, options, prompt):
    """Run a cell and keep receiving its messages."""
    run = kernel.start_chat(options, prompt)
    run.until(lambda: run.reply)
    return run


def bodies(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


def test_the_cell_is_over_before_its_answer(kernel, simulator):
    run = ask(kernel, f"{HELD} --bg -o later", "one")
    assert run.reply["status"] == "ok"
    said = kernel.run("print(later.done, repr(later))")
    assert said.text == "False <Answer, still arriving: await it, or .stop() it>\n"
    simulator.release()
    said = kernel.run("answer = await later\nprint(answer.complete, later.text == answer.text)")
    assert said.text == "True True\n"
    run.until(lambda: "main, turn 1" in run.text)


def test_what_it_has_not_yet_is_an_error_that_says_so(kernel):
    kernel.chat(f"{HELD} --bg", "one")
    assert "`await` it first" in kernel.run("_.text").text
    assert kernel.run("_.stop()").reply["status"] == "ok"


def test_the_conversation_goes_on_in_its_order(kernel, simulator):
    kernel.chat(f"{SLOW} --bg", "one")
    kernel.chat("-m demo/parrot --bg", "two")
    kernel.chat("-m demo/parrot", "three")
    assert [[m["content"] for m in body["messages"]] for body in bodies(simulator)][-1][::2] == [
        "one",
        "two",
        "three",
    ]


def test_other_conversations_do_not_wait(kernel, simulator):
    kernel.chat("-m demo/stall --bg -o stuck", "one")
    assert kernel.chat("-m demo/parrot -c other", "two").reply["status"] == "ok"
    assert kernel.chat("-m demo/parrot --once", "three").reply["status"] == "ok"
    kernel.run("stuck.stop()")
    simulator.wait_for_close()


def test_stop_closes_the_request_and_leaves_no_turn(kernel, simulator):
    run = ask(kernel, f"{HELD} --bg -o later", "one")
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks > 3)
    kernel.run("later.stop()")
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    run.until(lambda: "[Stopped." in run.text)
    kernel.chat("-m demo/parrot", "two")
    assert [m["content"] for m in bodies(simulator)[-1]["messages"]] == ["two"]


def test_a_cell_that_waits_can_be_interrupted_and_the_other_answer_goes_on(kernel, simulator):
    kernel.chat("-m demo/stall --bg -o stuck", "one")
    waiting = kernel.start_chat("-m demo/parrot", "two")
    waiting.until(lambda: "waiting for the answer before this one" in waiting.text)
    kernel.interrupt()
    assert waiting.finish()["ename"] == "KeyboardInterrupt"
    assert "[Interrupted before anything was sent.]" in waiting.text
    awaiting = kernel.start("print('now')\nawait stuck")
    awaiting.until(lambda: "now" in awaiting.text)
    kernel.interrupt()
    assert awaiting.finish()["status"] == "error"
    assert kernel.run("print(stuck.done)").text == "False\n"
    kernel.run("stuck.stop()")
    simulator.wait_for_close()
    assert [body["model"] for body in bodies(simulator)] == ["demo/stall"]


def test_a_failure_is_a_banner_in_its_cell_and_an_error_where_it_is_awaited(kernel, simulator):
    run = ask(kernel, "-m demo/error-500 --retries 0 --bg -o later", "one")
    assert run.reply["status"] == "ok"
    run.until(lambda: 'role="alert"' in str(run.outputs))
    awaited = kernel.run("await later")
    assert awaited.reply["ename"] == "InternalServerError"
    assert kernel.chat("-m demo/parrot", "two").reply["status"] == "ok"
    assert len(bodies(simulator)[-1]["messages"]) == 1


def test_a_batch_run_waits_and_fails_where_it_fails(kernel):
    run = kernel.chat("-m demo/parrot --bg", "one", **BATCH)
    assert "main, turn 1" in run.text
    assert kernel.run("print(_.done, _.text, (await _).text)").text == "True one one\n"
    assert kernel.chat("-m demo/error-500 --retries 0 --bg", "two", **BATCH).reply["status"] == "error"


def test_what_cannot_be_in_the_background_is_refused(kernel, simulator):
    assert "--bg and --code exclude each other" in kernel.chat("--bg --code").text
    assert bodies(simulator) == []
