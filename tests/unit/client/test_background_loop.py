"""The background loop and the threads that wait for it."""

import asyncio
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from openrouter_nb.client import background_loop
from openrouter_nb.errors import ConfigurationError


def test_work_of_the_waiting_thread_is_done_there():
    async def body():
        return await background_loop.call_in_waiting_thread(
            threading.current_thread
        ), threading.current_thread()

    there, here = background_loop.run_sync(body)
    assert there is threading.main_thread()
    assert here is not there


def test_where_nobody_waits_it_is_done_on_the_spot():
    assert (
        asyncio.run(background_loop.call_in_waiting_thread(threading.current_thread))
        is threading.main_thread()
    )


def test_what_it_raises_is_raised_where_it_was_asked_for():
    async def body():
        with pytest.raises(ZeroDivisionError):
            await background_loop.call_in_waiting_thread(lambda: 1 / 0)
        return "went on"

    assert background_loop.run_sync(body) == "went on"


def test_an_interrupt_there_cancels_the_coroutine():
    ended = []

    def interrupt():
        raise KeyboardInterrupt

    async def body():
        try:
            await background_loop.call_in_waiting_thread(interrupt)
        finally:
            ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        background_loop.run_sync(body)
    assert ended == [True]


def interrupted_at(nth, function, *args):
    """Call `blocking.run` with a Ctrl-C before its nth line, those of the asyncio functions it calls counted too.

    Returns the files of the interrupt's traceback, None if it did not come so far, and what it returned.
    """
    left = nth

    def trace(frame, event, _argument):
        nonlocal left
        if frame.f_code.co_filename not in (
            background_loop.__file__,
            asyncio.tasks.__file__,
            asyncio.base_events.__file__,
        ):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    def called():
        sys.settrace(trace)
        try:
            return None, background_loop.run_sync(function, *args)
        except KeyboardInterrupt as interrupt:
            return {frame.filename for frame in traceback.extract_tb(interrupt.__traceback__)}, None
        finally:
            sys.settrace(None)
            assert not background_loop.has_caller()

    # In a separate thread: with Python 3.12, an exception raised by a tracer within an `except` remains the context of all
    # later exceptions of the thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(called).result()


@pytest.mark.filterwarnings("ignore:coroutine .*guarded. was never awaited:RuntimeWarning")
def test_an_interrupt_at_any_line_leaves_nothing_that_runs_and_nothing_set():
    began, ended = [], []

    async def body(nth):
        began.append(nth)
        try:
            await background_loop.call_in_waiting_thread(time.sleep, 0.01)
            await asyncio.sleep(0.01)
        finally:
            ended.append(nth)
        return nth

    async def others():
        return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    background_loop.background_loop()
    nth, files = 0, set()
    while files is not None:
        nth += 1
        files, value = interrupted_at(nth, body, nth)
        assert files is None or files <= {
            background_loop.__file__,
            __file__,
        }  # a notebook shows no line of asyncio
        assert background_loop.run_sync(others) == []
        assert began == ended
    assert value == nth
    assert nth > 20
    assert 0 < len(began) < nth  # before it is handed over, and after


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
@pytest.mark.parametrize("in_task", [False, True])
def test_an_exit_in_a_coroutine_reaches_the_caller_and_the_loop_runs_on(error, in_task):
    async def fail():
        raise error("mine")

    async def in_another_task():
        await asyncio.ensure_future(fail())

    loop = background_loop.background_loop()
    with pytest.raises(error, match="mine"):
        background_loop.run_sync(in_another_task if in_task else fail)
    assert background_loop.run_sync(asyncio.sleep, 0, "works") == "works"
    assert background_loop.background_loop() is loop


def test_an_exit_of_a_submitted_coroutine_is_an_exception():
    async def fail():
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        background_loop.submit(fail).result(30)


@pytest.mark.parametrize("end", [sys.exit, lambda: asyncio.get_running_loop().stop()], ids=["exit", "stop"])
def test_a_callback_that_ends_the_loop_does_not_end_the_calls_that_wait(end):
    async def body():
        asyncio.get_running_loop().call_soon(end)
        await asyncio.sleep(0.01)
        return "went on"

    assert background_loop.run_sync(body) == "went on"


def test_a_dead_loop_is_replaced():
    program = """
import asyncio
from openrouter_nb.client import background_loop
first = background_loop.background_loop()
first.call_soon_threadsafe(background_loop._running.ending.set)
first.call_soon_threadsafe(first.stop)
background_loop._running.thread.join()
print(background_loop.run_sync(asyncio.sleep, 0, "works"), first.is_closed())
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("works True\n", "")


@pytest.mark.parametrize("error", [StopIteration, StopAsyncIteration])
def test_the_end_of_an_iteration_in_the_waiting_thread_is_an_error_of_its_own(error):
    def fail():
        raise error

    async def body():
        await background_loop.call_in_waiting_thread(fail)

    with pytest.raises(RuntimeError, match=error.__name__):
        background_loop.run_sync(body)


def test_functions_registered_for_the_exit_are_called_while_the_loop_runs():
    program = (
        "import asyncio\nfrom openrouter_nb.client import background_loop\n"
        "background_loop.at_exit(lambda: print(background_loop.run_sync(asyncio.sleep, 0, 'the loop runs')))\n"
        "background_loop.background_loop()"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "the loop runs\n"


def test_a_finalizer_at_the_end_of_the_interpreter_is_refused_a_blocking_call_and_may_clean_up():
    program = """
import asyncio
from openrouter_nb.client import background_loop
class Late:
    def __del__(self):
        background_loop.run_cleanup(asyncio.sleep)
        try:
            background_loop.run_sync(asyncio.sleep, 0)
        except RuntimeError as error:
            print(error)
background_loop.run_sync(asyncio.sleep, 0)
late = Late()
late.itself = late
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("the interpreter ends: nothing was sent\n", "")


@pytest.fixture
def no_threads(monkeypatch):
    """As in Pyodide, and where a limit of the system is reached."""

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(background_loop, "_running", None)
    monkeypatch.setattr(threading.Thread, "start", refuse)


@pytest.mark.usefixtures("no_threads")
def test_without_threads_a_blocking_call_says_what_to_use():
    called = []

    async def work():
        called.append(1)

    async def cell():
        with pytest.raises(ConfigurationError, match=r"await achat.*Nothing was sent"):
            background_loop.run_sync(work)

    asyncio.run(cell())
    with pytest.raises(RuntimeError, match="can't start new thread"):
        background_loop.run_sync(work)
    assert not called


@pytest.mark.usefixtures("no_threads")
def test_without_threads_tasks_run_on_the_running_loop():
    async def work():
        return asyncio.get_running_loop()

    async def cell():
        background_loop.run_cleanup(work)
        return await asyncio.wrap_future(background_loop.submit(work)) is asyncio.get_running_loop()

    assert asyncio.run(cell())
