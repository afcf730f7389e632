"""`%%chat -m a,b,c`: several models in one cell."""

from support.kernel import needs_pages
from support.says import says

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def bodies(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


def columns(kernel, options, prompt="Hello", **how):
    return kernel.chat(options, prompt, allow_stdin=False, **how)


def test_each_model_has_its_own_column_footer_and_error(kernel, simulator):
    run = columns(kernel, "-m demo/parrot,demo/midstream-error,demo/reasoner -t 0")
    assert run.reply["status"] == "ok"
    (output,) = run.outputs
    html, plain = output["data"]["text/html"], output["data"]["text/plain"]
    assert html.count("<h4>") == 3
    for said in ("Hello", "already paid for", "The provider failed", "After some simulated thought"):
        assert said in plain
    assert "demo/reasoner · Simulator" in plain
    assert "_.keep('demo/parrot')" in plain
    facts = output["metadata"]["openrouter_nb"]["compared"]
    assert [fact.get("error") for fact in facts] == [None, "BadGatewayError", None]
    sent = {body["model"]: body for body in bodies(simulator)}
    assert set(sent) == {"demo/parrot", "demo/midstream-error", "demo/reasoner"}
    assert all(body["temperature"] == 0 for body in sent.values())


def test_the_value_has_answers_and_errors_and_draws_itself_once(kernel):
    columns(kernel, "-m demo/parrot,demo/error-402 -o both")
    assert kernel.run(
        "print(both['demo/parrot'].text, both.errors['demo/error-402'].status_code)"
    ).text.strip() == ("Hello 402")
    assert len(kernel.run("both").outputs) == 1
    assert "assistant" in kernel.run("print(both['demo/parrot'].messages[-1]['role'])").text


def test_none_is_kept_until_one_is_picked(kernel, simulator):
    columns(kernel, "-m demo/parrot,demo/reasoner")
    columns(kernel, "", "And now?")
    assert [message["content"] for message in bodies(simulator)[-1]["messages"]] == ["And now?"]
    columns(kernel, "--new -m demo/parrot,demo/reasoner -o both", "One")
    assert kernel.run("both.keep('demo/parrot').text").text == "'One'"
    columns(kernel, "", "Two")
    assert [message["content"] for message in bodies(simulator)[-1]["messages"]] == ["One", "One", "Two"]


def test_what_was_asked_once_or_failed_cannot_be_kept(kernel):
    columns(kernel, "--once -m demo/parrot,demo/error-402 -o both")
    assert "has no conversation" in kernel.run("both.keep('demo/parrot')").text
    assert "402" in kernel.run("both.keep('demo/error-402')").text


def test_where_all_fail_the_cell_fails_with_one_line(kernel):
    run = columns(kernel, "-m demo/error-402,demo/error-401")
    assert run.reply["status"] == "error"
    assert run.outputs[0]["data"]["text/html"].count('role="alert"') == 2
    assert "PaymentRequiredError" in run.outputs[1]["traceback"][0]
    assert len(run.outputs[1]["traceback"]) == 1
    run = columns(kernel, "--on-error banner -m demo/error-402,demo/error-401")
    assert run.reply["status"] == "ok"


def test_each_is_paid_for_and_counted(kernel):
    columns(kernel, "-m demo/parrot,demo/reasoner,demo/midstream-error")
    text = kernel.run("%chat_cost").text
    assert "demo/parrot" in text
    assert "demo/reasoner" in text


def test_the_code_of_the_kept_one_goes_into_a_new_cell(kernel, simulator):
    fenced = says("Run it:\n\n```python\nprint(6 * 7)\n```\n")
    run = kernel.chat(f"--code -m demo/tour,demo/parrot {fenced}")
    assert "_.keep('demo/tour') adds one to it, and its code into a new cell." in run.text
    assert run.reply["payload"] == []
    kept = kernel.run("_.keep('demo/tour').code")
    assert [each["text"] for each in kept.reply["payload"]] == ["print(6 * 7)"]
    kernel.chat("-m demo/parrot", "And now?")
    assert len(bodies(simulator)[-1]["messages"]) == 3
    kernel.chat(f"--code --once -m demo/tour,demo/parrot {fenced}", "x")
    kept = kernel.run("_.keep('demo/tour').code")
    assert [each["text"] for each in kept.reply["payload"]] == ["print(6 * 7)"]


def test_a_dry_run_shows_each_request_and_sends_none(kernel, simulator):
    run = columns(kernel, "--dry-run -m demo/parrot,demo/reasoner")
    assert '"model": "demo/parrot"' in run.text
    assert '"model": "demo/reasoner"' in run.text
    assert bodies(simulator) == []


def test_more_than_is_allowed_is_not_sent(kernel, simulator):
    run = columns(kernel, "--max-cost 0.0000001 -m demo/parrot,demo/reasoner")
    assert "--max-cost allows" in run.text
    assert bodies(simulator) == []


def test_without_a_view_there_is_one_display_at_the_end(kernel):
    kernel.run("os.environ['OPENROUTER_NB_LIVE'] = '0'")
    run = columns(kernel, "-m demo/parrot,demo/reasoner")
    assert [message.type for message in run.published if "display" in message.type] == ["display_data"]


def live(kernel, options):
    """Start a cell as a page with a widget manager would, both columns taken up."""
    run = kernel.start_chat(options, allow_stdin=True)
    comms = run.until(lambda: (found := run.comms()) and len(found) == 2 and found)
    for comm in comms:
        kernel.send_custom(comm, {"kind": "ready"})
    return run, comms


def texts(run, comms):
    return ["".join(delta.get("text", "") for delta in run.deltas(comm)) for comm in comms]


SLOW = "-p simulator.wait_ms=0 -p simulator.pace_ms=20"


@needs_pages
def test_they_stream_side_by_side_in_one_grid(kernel, simulator):
    run, comms = live(kernel, f"-m demo/slow,demo/tour {SLOW} -p simulator.hold_after=20")
    run.until(lambda: all(texts(run, comms)))
    (grid,) = run.comms("@jupyter-widgets/controls")
    (output,) = run.outputs
    assert output["data"][WIDGET_VIEW]["model_id"] == grid
    for _ in comms:
        simulator.release()
    run.finish()
    (output,) = run.outputs
    assert set(output["data"]) == {"text/html", "text/plain"}
    assert output["data"]["text/html"].count("<h4>") == 2


@needs_pages
def test_stop_stops_one_and_the_other_goes_on(kernel, simulator):
    run, (slow, tour) = live(kernel, "-m demo/stall-comments,demo/parrot -p simulator.pace_ms=20")
    run.until(lambda: texts(run, [slow, tour])[0])
    kernel.send_custom(slow, {"kind": "stop"})
    assert run.finish()["status"] == "ok"
    assert "Stopped." in run.text
    assert "Hello" in run.text
    simulator.wait_for_close()
    outcomes = {exchange.model: exchange.outcome for exchange in simulator.exchanges}
    assert outcomes == {"demo/stall-comments": "client gone", "demo/parrot": "done"}
    assert "stopped before its end" in kernel.run("_.keep('demo/stall-comments')").text


@needs_pages
def test_an_interrupt_stops_all_and_keeps_what_had_arrived(kernel, simulator):
    run, comms = live(kernel, "-m demo/stall,demo/stall-comments")
    run.until(lambda: all(texts(run, comms)))
    kernel.interrupt()
    assert run.finish()["status"] == "error"
    assert run.outputs[0]["data"]["text/plain"].count("Interrupted.") == 2
    assert run.outputs[1]["ename"] == "KeyboardInterrupt"
    simulator.wait_for_close()
    assert {exchange.outcome for exchange in simulator.exchanges} == {"client gone"}
    assert kernel.chat("-m demo/parrot", allow_stdin=False).reply["status"] == "ok"


def test_without_a_page_that_takes_it_up_a_line_says_who_has_answered(kernel, simulator):
    run = kernel.start_chat("-m demo/slow,demo/parrot -p simulator.wait_ms=0 -p simulator.hold_after=5")
    run.until(lambda: "demo/parrot: there · waiting for demo/slow" in run.text)
    simulator.release()
    run.finish()
    assert len(run.outputs) == 1


def test_in_the_background_the_columns_fill_while_the_kernel_goes_on(kernel, simulator):
    run = kernel.start_chat(f"--bg -o both -m demo/slow,demo/parrot {SLOW}", allow_stdin=True)
    comms = run.until(lambda: (found := run.comms()) and len(found) == 2 and found)
    for comm in comms:
        kernel.send_custom(comm, {"kind": "ready"})
    run.until(lambda: run.reply)
    said = kernel.run("print(both.done, both)").text
    assert said == "False <Comparison, still arriving: await it, or .stop() it>\n"
    assert "still arriving" in kernel.run("both['demo/parrot']").text
    assert kernel.chat("-m demo/parrot --timeout 50", "Meanwhile").reply["status"] == "ok"
    assert len(bodies(simulator)[-1]["messages"]) == 1  # only the current message
    awaited = kernel.run("answers = await both\nprint(list(both), both['demo/parrot'].text, answers.errors)")
    assert awaited.text == "['demo/slow', 'demo/parrot'] Hello {}\n"
    run.until(lambda: "both.keep('demo/slow')" in run.text)
    (output,) = run.outputs
    assert output["data"]["text/html"].count("<h4>") == 2
    assert kernel.run("both.keep('demo/parrot').text").text == "'Hello'"
    assert len(kernel.run("both").outputs) == 1


def test_an_answer_that_is_awaited_is_drawn_where_it_is_awaited(kernel):
    kernel.chat(f"--bg -o both -m demo/slow,demo/parrot {SLOW}")
    assert "── demo/parrot ──" in kernel.run("await both").text


def test_what_runs_in_the_background_can_be_stopped_at_any_time(kernel, simulator):
    run = kernel.start_chat("--bg -o both -m demo/stall,demo/stall-comments", allow_stdin=True)
    run.until(lambda: run.reply)
    kernel.run("both.stop()")
    assert (
        kernel.run("print([answer.complete for answer in (await both).answers.values()])").text
        == "[False, False]\n"
    )
    run.until(lambda: run.text.count("[Stopped") == 2)
    simulator.wait_for_close()


def test_in_the_background_what_is_refused_stands_in_the_cell(kernel, simulator):
    run = kernel.start_chat(
        "--bg -o both --max-cost 0.0000001 -m demo/parrot,demo/reasoner", allow_stdin=True
    )
    run.until(lambda: run.reply and "--max-cost allows" in run.text)
    assert len(run.outputs) == 1
    assert kernel.run("await both").reply["ename"] == "UsageError"
    assert bodies(simulator) == []


def test_where_nobody_reads_along_the_cell_waits_for_all(kernel):
    run = columns(kernel, "--bg -o both -m demo/parrot,demo/reasoner")
    assert run.text.count("──") == 4
    assert kernel.run("print(both.done, both['demo/parrot'].text)").text == "True Hello\n"
