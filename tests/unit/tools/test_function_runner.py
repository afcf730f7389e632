"""One call of a function: where it runs, what it prints, how it is ended."""

import asyncio
import contextlib
import io
import sys
import threading
import time

import pytest
from support.interrupting import interrupted_at

from openrouter_nb import user_code
from openrouter_nb.tools import stdout_capture
from openrouter_nb.tools.function_runner import ToolTimeoutError, run


def call(function, arguments=None, *, timeout_s=30, outputs=None):
    async def body():
        result = await run(
            function,
            arguments or {},
            timeout_s=timeout_s,
            on_output=(outputs if outputs is not None else []).append,
        )
        await asyncio.sleep(0)
        return result

    return asyncio.run(body())


def test_a_function_runs_in_a_thread_of_its_own_and_a_coroutine_on_the_loop():
    async def where():
        return threading.current_thread()

    assert call(threading.current_thread) is not threading.main_thread()
    assert call(where) is threading.main_thread()
    assert call(lambda *, again=where: again()) is threading.main_thread()


def test_what_calls_print_goes_to_each_and_nowhere_else(capsys):
    def talk(word):
        print(word)
        print(word, file=sys.stderr)
        return word

    async def both():
        one, two = [], []
        before = sys.stdout
        await asyncio.gather(
            run(talk, {"word": "one"}, timeout_s=30, on_output=one.append),
            run(talk, {"word": "two"}, timeout_s=30, on_output=two.append),
        )
        print("mine")
        await asyncio.sleep(0)
        assert sys.stdout is before
        return "".join(one), "".join(two)

    assert asyncio.run(both()) == ("one\none\n", "two\ntwo\n")
    assert capsys.readouterr() == ("mine\n", "")


def test_a_function_that_prints_and_prints_is_heard_now_and_then_and_whole():
    heard = []

    def talk():
        for number in range(20_000):
            print(number)

    call(talk, outputs=heard)
    assert "".join(heard) == "".join(f"{number}\n" for number in range(20_000))
    assert len(heard) < 2_000


def test_who_redirects_the_output_meanwhile_keeps_it():
    elsewhere = io.StringIO()

    async def both():
        started, go_on = threading.Event(), threading.Event()

        def slow():
            started.set()
            go_on.wait(30)

        task = asyncio.ensure_future(run(slow, {}, timeout_s=30, on_output=lambda _text: None))
        await asyncio.to_thread(started.wait, 30)
        with contextlib.redirect_stdout(elsewhere):
            go_on.set()
            await task
            print("kept")

    asyncio.run(both())
    assert elsewhere.getvalue() == "kept\n"


class OwnError(BaseException):
    """Not an Exception, and without a message."""

    def __str__(self):
        raise SystemExit("in __str__")


ERRORS = [
    ValueError("no"),
    TimeoutError("mine"),
    StopIteration(3),
    StopAsyncIteration(),
    SystemExit(1),
    KeyboardInterrupt(),
    asyncio.CancelledError("mine"),
    GeneratorExit(),
    BaseExceptionGroup("several", [SystemExit(1)]),
    OwnError(),
]


class Raising:
    """An awaitable that raises."""

    def __init__(self, error):
        self.error = error

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        raise self.error


def as_function(error):
    def fail():
        raise error

    return fail


def as_coroutine(error):
    async def fail():
        await asyncio.sleep(0)
        raise error

    return fail


def as_awaitable(error):
    return lambda: Raising(error)


@pytest.mark.parametrize("form", [as_function, as_coroutine, as_awaitable])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_a_function_raises_comes_out_as_an_ordinary_exception(form, error):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is looked at
        call(form(error))
    assert not isinstance(caught.value, (ToolTimeoutError, StopAsyncIteration))
    assert type(error).__name__ in f"{type(caught.value).__name__} {caught.value}"


def test_a_coroutine_that_cancels_its_task_fails_alone():
    async def cancel():
        asyncio.current_task().cancel()
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="CancelledError"):
        call(cancel)


def test_a_coroutine_that_ignores_its_cancellation_is_abandoned(monkeypatch):
    monkeypatch.setattr(user_code, "_CLEAN_UP_S", 0.01)

    async def body():
        released = asyncio.Event()

        async def stubborn():
            while not released.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await released.wait()

        with pytest.raises(ToolTimeoutError):
            await run(stubborn, {}, timeout_s=0.01, on_output=str)
        released.set()

    asyncio.run(body())


def test_printing_something_else_than_text_fails_as_without_capture():
    with pytest.raises(TypeError, match="must be str"):
        call(lambda: sys.stdout.write(3))


def test_a_function_that_takes_too_long_is_stopped_at_its_next_line():
    ended = threading.Event()

    def for_ever():
        try:
            while True:
                time.sleep(0.001)
        finally:
            ended.set()

    with pytest.raises(ToolTimeoutError, match="longer than"):
        call(for_ever, timeout_s=0.05)
    assert ended.wait(30)


def test_a_coroutine_that_takes_too_long_is_cancelled():
    seen = []

    async def for_ever():
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("cancelled")

    with pytest.raises(ToolTimeoutError):
        call(for_ever, timeout_s=0.05)
    assert seen == ["cancelled"]


def test_cancelling_stops_the_function_and_its_late_result_is_dropped():
    async def body():
        started, ended = threading.Event(), threading.Event()

        def slow():
            started.set()
            try:
                while True:
                    time.sleep(0.001)
            finally:
                ended.set()

        task = asyncio.ensure_future(run(slow, {}, timeout_s=30, on_output=lambda _text: None))
        await asyncio.to_thread(started.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await asyncio.to_thread(ended.wait, 30)

    assert asyncio.run(body())


def test_an_interrupt_at_any_moment_leaves_stdout_as_it_was():
    before = sys.stdout, sys.stderr
    heard = []

    def speak():
        with stdout_capture.captured(heard.append):
            print("said", end="")

    def all_is_as_it_was():
        assert (sys.stdout, sys.stderr) == before
        assert stdout_capture._listener.get() is None
        assert (stdout_capture._calls, stdout_capture._proxies) == (set(), {})

    nth, came = 0, True
    while came:
        nth += 1
        came, _ = interrupted_at(nth, [stdout_capture], speak, afterwards=all_is_as_it_was)
    assert nth > 20 or sys.version_info[:2] == (3, 12)  # whose tracers hear of no instructions here
    assert "".join(heard).startswith("said")
