"""The live view as the kernel sends it: what, how often, how much."""

import json

import pytest
from support.kernel import needs_pages

pytestmark = needs_pages

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
TEXT = 20_000
HELD = "-m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=20 -p simulator.hold_after=90"


@pytest.fixture(autouse=True)
def _widgets_are_imported(kernel):
    """Without them, the first cell displays a line first and replaces it with the widget."""
    kernel.run("import anywidget")


def chat(kernel, options, *, pages=1):
    """Run a cell as a page with a widget manager would."""
    run = kernel.start_chat(options, allow_stdin=True)
    (comm,) = run.until(run.comms)
    for _ in range(pages):
        kernel.send_custom(comm, {"kind": "ready"})
    run.finish()
    return run, comm


def test_the_deltas_add_up_to_the_answer_and_carry_numbers_without_gaps(kernel):
    run, comm = chat(kernel, "-m demo/tour")
    deltas = run.deltas(comm)
    assert [delta["seq"] for delta in deltas] == list(range(1, len(deltas) + 1))
    answer = kernel.run("print(_.text, end='')").text
    assert "".join(delta.get("text", "") for delta in deltas) == answer
    assert deltas[-1]["phase"] == "finished"


def test_a_sign_is_there_before_the_request_is_sent(kernel):
    run, _ = chat(kernel, "-m demo/thinking-long -p simulator.wait_ms=200")
    kinds = [message.type for message in run.published]
    first = next(message for message in run.published if message.type == "display_data")
    assert first.content["data"][WIDGET_VIEW]["model_id"]
    assert kinds.index("display_data") < kinds.index("comm_msg")


def test_keepalives_are_shown_as_processing(kernel):
    run, comm = chat(kernel, "-m demo/thinking-long -p simulator.wait_ms=300")
    phases = [delta["phase"] for delta in run.deltas(comm) if "phase" in delta]
    assert phases[0] == "processing"
    assert "answering" in phases


def test_what_stays_has_no_widget_in_it(kernel):
    run, _ = chat(kernel, "-m demo/tour")
    (output,) = run.outputs
    assert WIDGET_VIEW not in output["data"]
    assert set(output["data"]) == {"text/html", "text/plain"}


@pytest.mark.parametrize("pace_ms", [0, 2])
def test_a_long_answer_costs_less_than_five_times_its_size(kernel, pace_ms):
    chat(kernel, "-m demo/echo --once")  # the first cell of a kernel carries the renderer as well
    run, _ = chat(kernel, f"-m demo/firehose -p simulator.pace_ms={pace_ms}")
    size = sum(message.size for message in run.published)
    assert size < 5 * TEXT
    sent = [message.sent.timestamp() for message in run.published]
    assert max(sum(begin <= each < begin + 1 for each in sent) for begin in sent) <= 30


def test_the_first_cell_of_a_kernel_costs_the_renderer_besides(kernel):
    kernel.run("from openrouter_nb.live.views.widget import WidgetView\nWidgetView._kept.clear()")
    run, _ = chat(kernel, "-m demo/echo")
    assert sum(message.size for message in run.published) < 41_000


def test_the_renderer_is_sent_once_for_a_kernel(kernel):
    chat(kernel, "-m demo/echo")
    run, _ = chat(kernel, "-m demo/echo")
    (opened,) = [m for m in run.published if m.type == "comm_open" and "_esm" in m.content["data"]["state"]]
    assert opened.size < 4_000


def test_a_page_that_asks_gets_the_module_and_a_snapshot(kernel, simulator):
    run = kernel.start_chat(HELD, allow_stdin=True)
    (comm,) = run.until(run.comms)
    kernel.send_custom(comm, {"kind": "ready"})
    kernel.send_custom(comm, {"kind": "module"})
    run.until(lambda: "simulated" in "".join(delta.get("text", "") for delta in run.deltas(comm)))
    kernel.send_custom(comm, {"kind": "resync", "run": "0"})
    run.until(lambda: {"module", "snapshot"} <= {content["kind"] for content in run.custom(comm)})
    kernel.send_custom(comm, {"kind": "module", "name": "highlight"})
    kernel.send_custom(comm, {"kind": "module", "name": "../errors"})
    run.until(lambda: any(content.get("name") == "highlight" for content in run.custom(comm)))
    simulator.release()
    run.finish()
    assert {content.get("name") for content in run.custom(comm) if content["kind"] == "module"} == {
        None,
        "highlight",
    }
    answers = {content["kind"]: content for content in run.custom(comm)}
    assert answers["snapshot"]["model"] == "demo/slow"
    assert answers["snapshot"]["text"].startswith("This is a simulated")


def test_without_a_widget_manager_the_text_grows_by_updates(kernel, simulator):
    run = kernel.start_chat(HELD, allow_stdin=True)

    def updates():
        return [m.content["data"] for m in run.published if m.type == "update_display_data"]

    run.until(lambda: any("simulated answer" in data.get("text/html", "") for data in updates()))
    assert not any(WIDGET_VIEW in data for data in updates())
    simulator.release()
    run.finish()
    assert len(run.outputs) == 1
    # The next answer does not wait for a page.
    second = kernel.chat("-m demo/parrot", allow_stdin=True)
    assert not second.comms()
    assert any(message.type == "update_display_data" for message in second.published)
    kernel.send_custom(run.comms()[0], {"kind": "ready"})
    assert kernel.chat("-m demo/parrot", allow_stdin=True).comms()


def test_a_page_that_is_slow_to_answer_gets_its_live_view_back(kernel, simulator):
    run = kernel.start_chat(HELD, allow_stdin=True)
    (comm,) = run.until(run.comms)

    def shows_a_widget():
        updates = [
            message.content["data"] for message in run.published if message.type == "update_display_data"
        ]
        return [WIDGET_VIEW in data for data in updates]

    run.until(lambda: False in shows_a_widget())
    kernel.send_custom(comm, {"kind": "ready"})
    run.until(lambda: shows_a_widget()[-1])
    simulator.release()
    run.finish()
    snapshot = next(content for content in run.custom(comm) if content["kind"] == "snapshot")
    deltas = [delta for delta in run.deltas(comm) if delta["seq"] > snapshot["seq"]]
    assert [delta["seq"] for delta in deltas] == [snapshot["seq"] + 1 + index for index in range(len(deltas))]
    answer = kernel.run("print(_.text, end='')").text
    assert snapshot["text"] + "".join(delta.get("text", "") for delta in deltas) == answer
    assert len(run.outputs) == 1


def test_a_batch_run_opens_no_widget(kernel):
    run = kernel.chat("-m demo/tour", allow_stdin=False)
    assert run.comms() == []
    assert "comm_open" not in {message.type for message in run.published}


def test_a_view_removed_after_its_end_is_closed_and_the_first_one_stays(kernel):
    chat(kernel, "-m demo/echo")
    run, comm = chat(kernel, "-m demo/echo")
    after = kernel.start("pass")
    kernel.send_custom(comm, {"kind": "closed"})
    after.until(
        lambda: any(
            m.type == "comm_close" and m.content["comm_id"] == comm for m in [*run.messages, *after.messages]
        )
    )
    after.finish()


@pytest.mark.parametrize(("page", "is_announced"), [(1.5, False), (2.5, True)])
def test_a_late_message_of_the_page_that_shows_the_answer_is_no_reload(kernel, simulator, page, is_announced):
    run = kernel.start_chat(HELD, allow_stdin=True)
    (comm,) = run.until(run.comms)
    kernel.send_custom(comm, {"kind": "shown", "page": 1.5})
    kernel.send_custom(comm, {"kind": "ready", "page": page})
    simulator.release()
    run.finish()
    assert ("no page showed it" in kernel.run("pass").text) == is_announced


def test_an_output_that_was_cleared_before_the_page_saw_the_end_is_announced(kernel):
    """The message arrives when the kernel has already displayed the answer."""
    chat(kernel, "-m demo/echo")
    _, comm = chat(kernel, "-m demo/echo")
    kernel.send_custom(comm, {"kind": "cleared"})
    texts = [
        kernel.run("pass").text for _ in range(2)
    ]  # the first cell may begin before the message is handled
    assert ["answered while no page showed it" in text for text in texts].count(True) == 1


def test_noise_from_a_page_is_ignored(kernel):
    run = kernel.start_chat("-m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=10", allow_stdin=True)
    (comm,) = run.until(run.comms)
    for content in ({}, {"kind": "nonsense"}, {"kind": None}, {"kind": "shown"}):
        kernel.send_custom(comm, content)
    assert run.finish()["status"] == "ok"
    assert "error" not in json.dumps(
        [message.content for message in run.published if message.type == "stream"]
    )


def test_a_cell_ends_under_its_own_request_where_the_kernel_has_set_another(kernel):
    chat(kernel, "-m demo/echo")  # displays a widget
    run = kernel.run(
        "kernel = get_ipython().kernel; parent = kernel.get_parent('shell')\n"
        "other = {**parent, 'header': {**parent['header'], 'msg_id': 'an earlier cell'}}\n"
        "kernel.set_parent([b'another page'], other, 'shell')"
    )
    assert run.reply["status"] == "ok"  # and `idle` has arrived, or `run` would not have returned
    assert (
        kernel.run("get_ipython().kernel.get_parent('shell')['header']['msg_id']").text != "an earlier cell"
    )
