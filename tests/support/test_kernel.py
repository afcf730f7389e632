"""Tests of the kernel harness."""

import pytest
from support.kernel import Kernel
from support.outputs import fold

WIDGET = """
import anywidget, asyncio
class Echo(anywidget.AnyWidget):
    _esm = "export default {}"
echo, stopped = Echo(), asyncio.Event()
echo.on_msg(lambda _, content, __: (echo.send({"got": content}), stopped.set()))
print("ready")
await asyncio.wait_for(stopped.wait(), 20)
"""


@pytest.fixture(scope="module")
def kernel():
    with Kernel(env={"FROM_TEST": "yes"}) as kernel:
        yield kernel


def test_outputs_and_reply(kernel):
    run = kernel.run("import os; print(os.environ['FROM_TEST']); 6 * 7")
    assert run.text == "yes\n\n42"
    assert run.reply["status"] == "ok"
    assert all(message.size > 0 and message.at > 0 for message in run.messages)


def test_input_is_answered(kernel):
    assert kernel.run("print(input('name? '))", answers=["Ada"]).text == "Ada\n"


def test_a_frontend_without_stdin_and_a_cell_with_an_id(kernel):
    run = kernel.run("input()", allow_stdin=False)
    assert run.reply["ename"] == "StdinNotImplementedError"
    assert (
        kernel.run("get_ipython().kernel.get_parent()['metadata']", cell_id="c1").text == "{'cellId': 'c1'}"
    )


def test_interrupt_once_something_is_seen(kernel):
    run = kernel.start("import time\nprint('begun', flush=True)\ntime.sleep(600)")
    run.until(lambda: "begun" in run.text)
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"


@pytest.mark.parametrize("subshell", [False, True])
def test_a_view_talks_to_its_widget_while_the_cell_runs(kernel, subshell):
    run = kernel.start(WIDGET)
    run.until(lambda: "ready" in run.text)
    [comm_id] = run.comms()
    kernel.send_custom(comm_id, {"kind": "run.cancel"}, subshell=kernel.subshell() if subshell else None)
    assert run.finish()["status"] == "ok"
    assert run.until(lambda: run.custom(comm_id)) == [{"got": {"kind": "run.cancel"}}]


def test_updates_and_clearing_are_folded(kernel):
    assert kernel.run("shown = display('a', display_id=True); shown.update('b')").text == "'b'"
    cleared = kernel.run(
        "from IPython.display import clear_output\nprint(1); clear_output(wait=True); print(2)"
    )
    assert cleared.text == "2\n"
    assert fold(
        [("stream", {"name": "stdout", "text": "a"}), ("stream", {"name": "stdout", "text": "b"})]
    ) == [{"output_type": "stream", "name": "stdout", "text": "ab"}]
