"""The background event loop that runs blocking calls: one for each process.

Where no thread can be started, as in Pyodide, it is the caller's running loop.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import sys
import threading
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar, cast

from openrouter_nb.client.kernel_interrupts import interruptible, wait_for, wait_for_result
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.user_code import as_exception, create_task, without_exits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

T = TypeVar("T")

# For the output of an interrupted answer. On a machine with seven busy processes a core it took more than 2 s; another Ctrl-C
# ends this wait.
_INTERRUPT_CLEAN_UP_S = 10.0
_EXIT_CLEAN_UP_S = 2.0


@dataclass(frozen=True, slots=True)
class _Running:
    """A loop, the thread that runs it, and the event that ends it."""

    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    ending: threading.Event


_lock = threading.Lock()
_running: _Running | None = None
_at_exit: list[Callable[[], object]] = []
# Jobs for the thread that waits for the current coroutine.
_waiting: ContextVar[SimpleQueue[Callable[[], object]] | None] = ContextVar("waiting", default=None)


def run_sync(function: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Run a coroutine function on the background loop and wait for it; not to be called from that loop's thread.

    Without threads, it runs on the running loop, if the interpreter can suspend the caller meanwhile: Pyodide can in browsers
    with JavaScript Promise Integration.

    The coroutine runs in the caller's context, so that its output goes to the caller's cell. Ctrl-C cancels it, waits for
    its cleanup (which closes its connection) for at most 10 s, and is raised as KeyboardInterrupt.

    Raises:
        ConfigurationError: there are no threads, and the caller cannot be suspended. The function is not called.
        RuntimeError: it is called from the loop's thread, or by a finalizer at the end of the interpreter.
    """
    __tracebackhide__ = True  # read by IPython and pytest
    loop = _start()
    if runs_here():
        raise RuntimeError("a blocking call was made on the background event loop: use the async one there")
    if _running_loop() is loop:
        return _run_suspended(function, *args)
    jobs: SimpleQueue[Callable[[], object]] = SimpleQueue()
    ended = threading.Event()
    task: asyncio.Task[Any] | None = None
    stopped = False
    exit_: BaseException | None = None

    async def guarded() -> T | None:
        nonlocal task, exit_
        task = asyncio.current_task()
        if stopped:
            raise asyncio.CancelledError
        try:
            return await function(*args)
        except (KeyboardInterrupt, SystemExit) as error:  # raised by the caller's code, such as a callback
            exit_ = error
            return None
        finally:
            ended.set()
            jobs.put(ended.is_set)  # wakes the waiting thread

    def run_job(seconds: float) -> bool:
        __tracebackhide__ = True
        try:
            job = jobs.get(timeout=seconds)
        except Empty:
            return False
        job()
        return ended.is_set()

    def stop() -> None:
        nonlocal stopped
        stopped = True
        if task is None:
            ended.set()
        else:
            task.cancel()

    # Python can raise KeyboardInterrupt between any two instructions of this function. So the variable is set in a copy of
    # the context, not in the caller's, where it would outlive the call; and the coroutine is stopped through variables that
    # it shares with this function, because the interrupt may come before the future is assigned.
    context = copy_context()
    context.run(_waiting.set, jobs)
    try:
        with interruptible():
            future = context.run(asyncio.run_coroutine_threadsafe, guarded(), loop)
            wait_for(run_job)
        result = future.result()
        if exit_ is not None:
            raise exit_
        return cast("T", result)
    except BaseException as error:
        if not ended.is_set():
            loop.call_soon_threadsafe(stop)
            wait_for(ended.wait, _INTERRUPT_CLEAN_UP_S)
        if isinstance(error, KeyboardInterrupt):
            # The instruction that Ctrl-C happened to hit, in threading or contextlib, adds up to 30 lines to a notebook.
            error.__traceback__ = None
        raise


def run_cleanup(function: Callable[[], Awaitable[object]]) -> None:
    """Run an idempotent cleanup function and wait for it. Ctrl-C ends the wait, not the cleanup."""
    __tracebackhide__ = True
    if sys.is_finalizing():  # the end of the loop has closed all connections
        return
    try:
        run_sync(function)
    except ConfigurationError:  # nothing can wait for it
        submit(function)
    except BaseException:
        submit(function)  # it may not have been submitted yet, or was cancelled
        raise


async def call_in_waiting_thread(function: Callable[..., T], *args: Any) -> T:
    """Call a function in the thread that waits in `run_sync` for the current coroutine.

    For functions that Ctrl-C must end, such as `input()`. If no thread waits, because the caller's loop runs the coroutine,
    the function is called directly.
    """

    def call() -> T:
        try:
            return function(*args)
        except (StopIteration, StopAsyncIteration) as error:  # have a meaning to futures and streams
            raise as_exception(error) from error

    jobs = _waiting.get()
    if jobs is None:
        return call()
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(value: Any, error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(value)
        else:
            done.set_exception(error)

    def job() -> None:
        if done.cancelled():
            return
        value, wrong = None, None
        try:
            value = call()
        except Exception as error:  # noqa: BLE001 - raised in the coroutine
            wrong = error
        loop.call_soon_threadsafe(settle, value, wrong)

    jobs.put(job)
    return await done


def submit(function: Callable[..., Awaitable[T]], *args: Any) -> Future[T]:
    """Start a coroutine function on the background loop, in the caller's context, and return its future."""

    async def started() -> T:
        return await without_exits(function(*args))

    return asyncio.run_coroutine_threadsafe(started(), _start())


def has_caller() -> bool:
    """Return whether a thread waits in `run_sync` for the current coroutine."""
    return _waiting.get() is not None


def background_loop() -> asyncio.AbstractEventLoop:
    """Return the background loop, running: for tasks that outlive the caller.

    Raises:
        RuntimeError: the interpreter ends, or there are neither threads nor a running loop.
    """
    return _start()


def at_exit(function: Callable[[], object]) -> None:
    """Call a function at interpreter exit, while the loop still runs."""
    _at_exit.append(function)
    atexit.register(function)


def has_thread() -> bool:
    """Return whether the background loop runs in a thread; without threads, it is the caller's loop."""
    return _running is not None


def runs_here() -> bool:
    """Return whether the caller runs on the background loop."""
    return _running is not None and _running_loop() is _running.loop


def _start() -> asyncio.AbstractEventLoop:
    # Not anyio's portal, which cancels by level: an interrupted coroutine could not await anything during its cleanup.
    global _running  # noqa: PLW0603 - one loop for the process is the point of this module
    if sys.is_finalizing():  # a thread started now never runs: Python 3.11 would wait for it without end
        raise RuntimeError("the interpreter ends: nothing was sent")
    running = _running
    if running is not None and running.thread.is_alive():
        return running.loop
    with _lock:
        if _running is None or not _running.thread.is_alive():
            if _running is not None:
                _running.loop.close()
            ending, made = threading.Event(), SimpleQueue[asyncio.AbstractEventLoop]()
            thread = threading.Thread(target=_run, args=(made, ending), name="openrouter-nb", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                if (here := _running_loop()) is None:
                    raise
                return here
            started = _Running(made.get(), thread, ending)
            atexit.register(_stop, started)
            for function in _at_exit:  # the last registered is called first
                atexit.unregister(function)
                atexit.register(function)
            # Last: an interrupt before this line must not leave a loop that does not run.
            _running = started
        return _running.loop


def _run(made: SimpleQueue[asyncio.AbstractEventLoop], ending: threading.Event) -> None:
    """Run a new loop until the interpreter exits."""
    # Made here: in Pyodide, which cannot start this thread, a new loop takes the place of the running one.
    loop = asyncio.new_event_loop()
    made.put(loop)
    while not (ending.is_set() or loop.is_closed()):
        # A callback that raises SystemExit ends `run_forever`, as does `loop.stop()`. The loop can run on.
        with contextlib.suppress(BaseException):
            loop.run_forever()


def _run_suspended(function: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Run a coroutine function on the running loop while the caller is suspended."""
    try:
        from pyodide.ffi import can_run_sync, run_sync
    except ImportError:
        is_possible = False
    else:
        is_possible = can_run_sync()
    if not is_possible:
        raise ConfigurationError(
            "A blocking call needs a thread, and none can be started here: use its asynchronous twin, such as"
            " `await achat(…)` for `chat(…)`. Nothing was sent."
        )
    task = create_task(function(*args))
    try:
        # Not for the task: its result crosses JavaScript, which would await one that is awaitable, such as an `Answer`, again
        # and again.
        run_sync(asyncio.wait([task]))
    finally:
        task.cancel()
    return task.result()


def _stop(running: _Running) -> None:
    """Cancel all tasks, which closes their connections, and end the thread."""
    if not running.thread.is_alive():  # a forked child has the variables, not the thread
        return

    async def wind_up() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    with contextlib.suppress(TimeoutError):
        wait_for_result(asyncio.run_coroutine_threadsafe(wind_up(), running.loop), _EXIT_CLEAN_UP_S)
    running.ending.set()
    running.loop.call_soon_threadsafe(running.loop.stop)
    running.thread.join(_EXIT_CLEAN_UP_S)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _forget() -> None:
    """Reset the state of a forked child."""
    global _running, _lock  # noqa: PLW0603 - see _start
    _running = None
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, not in Pyodide
    os.register_at_fork(after_in_child=_forget)
