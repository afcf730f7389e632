"""Twenty interrupts and twenty presses on Stop, in the newest kernel and in the one before, and under nbclient."""

import asyncio
import statistics
import time

import nbformat
import pytest
from ipykernel import version_info
from nbclient import NotebookClient
from support.kernel import Kernel, needs_pages, python_path

TIMES = 20
SLOW = "%%chat -m demo/slow -t 0.7 -s slowly -p simulator.wait_ms=0 -p simulator.pace_ms=20 -p simulator.hold_after=60"
LOAD = "%load_ext openrouter_nb"


@pytest.fixture(params=["7.4", "7.3"] if version_info[0] > 6 else ["6."])
def kernel(request, simulator):
    """A kernel of one version of ipykernel, its chats answered by the simulator."""
    env = {
        "OPENROUTER_BASE_URL": simulator.base_url,
        "OPENROUTER_NB_MODEL": "demo/echo",
        "PYTHONPATH": python_path(request.param),
    }
    with Kernel(env=env) as started:
        version = started.run(f"import ipykernel\n{LOAD}\nprint(ipykernel.__version__)").text
        assert version.startswith(request.param)
        yield started


def arriving(simulator, count):
    """Whether the answer to the question of this number is on its way."""
    exchanges = simulator.exchanges
    return len(exchanges) == count and exchanges[-1].sent_chunks > 10


def closed_after(simulator, since):
    """Milliseconds until the server saw that the client was gone."""
    simulator.wait_for_close()
    exchange = simulator.exchanges[-1]
    assert exchange.outcome == "client gone"
    return (exchange.closed_at - since) * 1000


def report(delays):
    """Say how long it took; shown by `pytest -rP`."""
    print(f"median {statistics.median(delays):.0f} ms, slowest {max(delays):.0f} ms, of {len(delays)}")


def assert_nothing_is_left(kernel, simulator):
    """The next cell works, and neither a turn nor an option of those before is in it."""
    after = kernel.run("%%chat\nAre you there?", allow_stdin=False)
    assert after.reply["status"] == "ok"
    assert simulator.requests[-1].body == {
        "model": "demo/echo",
        "messages": [{"role": "user", "content": "Are you there?"}],
        "stream": True,
    }
    assert kernel.run("1 + 1").text == "2"


def test_every_interrupt_closes_the_request_and_keeps_what_arrived(kernel, simulator):
    delays = []
    for _ in range(TIMES):
        run = kernel.start(f"{SLOW}\nHello", allow_stdin=False)
        run.until(lambda run=run: "answering" in run.text)
        since = time.monotonic()
        kernel.interrupt()
        assert run.finish()["ename"] == "KeyboardInterrupt"
        delays.append(closed_after(simulator, since))
        answer, error = run.outputs
        assert "This" in answer["data"]["text/plain"]
        assert "[Interrupted." in answer["data"]["text/plain"]
        assert error["traceback"] == ["KeyboardInterrupt: the request was closed."]
    report(delays)
    assert_nothing_is_left(kernel, simulator)


SLOWLY = "model='demo/slow', extra_body={'simulator': {'wait_ms': 0, 'pace_ms': 20, 'hold_after': 60}}"


@pytest.mark.parametrize(
    "call",
    [
        f"x = {SLOW[1:]} Hello",
        f"chat('Hello', {SLOWLY})",
        f"for event in stream('Hello', {SLOWLY}):\n    pass",
        f"chat_map('Say {{{{word}}}}.', [{{'word': 'a'}}], {SLOWLY})",
    ],
)
def test_an_interrupt_ends_a_blocking_call_in_a_cell_with_await(kernel, simulator, call):
    kernel.run("import asyncio\nfrom openrouter_nb import chat, chat_map, stream")
    run = kernel.start(f"{call}\nawait asyncio.sleep(0)", allow_stdin=False)
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks > 10)
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    assert kernel.run("import sys\nprint(sys.last_value.partial is not None)").text == "True\n"
    assert kernel.run("await asyncio.sleep(0)\nprint(1)").text == "1\n"


def test_an_interrupt_ends_a_wait_for_an_answer_in_the_background(kernel, simulator):
    kernel.run("import asyncio")
    run = kernel.start(f"%chat {SLOW[7:]} --bg -o part Hello\npart.wait()\nawait asyncio.sleep(0)")
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks > 10)
    kernel.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(part.done)\npart.stop()").text == "False\n"
    simulator.wait_for_close()


@needs_pages
def test_every_press_on_stop_closes_the_request_and_keeps_what_arrived(kernel, simulator):
    subshell = kernel.subshell()  # what JupyterLab sends a widget's messages through
    delays = []
    for _ in range(TIMES):
        run = kernel.start(f"{SLOW}\nHello")
        (comm,) = run.until(run.comms)
        kernel.send_custom(comm, {"kind": "ready"}, subshell=subshell)
        run.until(lambda run=run, comm=comm: any(each.get("text") for each in run.deltas(comm)))
        since = time.monotonic()
        kernel.send_custom(comm, {"kind": "stop"}, subshell=subshell)
        assert run.finish()["status"] == "ok"
        delays.append(closed_after(simulator, since))
        (answer,) = (output for output in run.outputs if output["output_type"] == "display_data")
        assert "This" in answer["data"]["text/plain"]
        assert "[Stopped." in answer["data"]["text/plain"]
    report(delays)
    assert kernel.run("_.complete").text == "False"
    assert_nothing_is_left(kernel, simulator)


def test_a_signal_under_nbclient_ends_the_cell_and_no_other(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    monkeypatch.setenv("OPENROUTER_NB_MODEL", "demo/echo")
    new = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(
        cells=[new(LOAD), *(new(f"{SLOW}\nHello") for _ in range(TIMES)), new("%%chat\nAre you there?")]
    )
    delays = []

    async def interrupt(client, index):
        while not arriving(simulator, index):  # noqa: ASYNC110 - the simulator runs in another thread
            await asyncio.sleep(0.01)
        since = time.monotonic()
        await client.km.interrupt_kernel()
        return since

    async def run():
        client = NotebookClient(notebook, allow_errors=True, timeout=60)
        async with client.async_setup_kernel():
            for index, cell in enumerate(notebook.cells):
                running = asyncio.ensure_future(client.async_execute_cell(cell, index))
                if 1 <= index <= TIMES:
                    since = await asyncio.wait_for(interrupt(client, index), 60)
                    await running
                    delays.append(closed_after(simulator, since))
                else:
                    await running

    asyncio.run(run())
    report(delays)
    for cell in notebook.cells[1 : TIMES + 1]:
        answer, error = cell.outputs
        assert "[Interrupted." in answer["data"]["text/plain"]
        assert error["traceback"] == ["KeyboardInterrupt: the request was closed."]
    assert [len(request.body["messages"]) for request in simulator.requests][-1] == 1
    assert "Are you there?" in str(notebook.cells[-1].outputs)
