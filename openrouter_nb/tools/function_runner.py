"""One call of a function: in a thread of its own or as a coroutine, within a time, stoppable, its output kept."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from openrouter_nb.tools.stdout_capture import captured

if TYPE_CHECKING:
    from collections.abc import Callable


_GATHER_S = 0.05


class ToolTimeoutError(TimeoutError):
    """A call took longer than its tool allows."""


class _ToolCancelled(BaseException):
    """Raised inside the thread of a call that nobody waits for any more."""


async def run(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    *,
    timeout_s: float,
    on_output: Callable[[str], None],
) -> Any:
    """Call a function and return its result.

    Cancelling this stops the call: a coroutine at once, a function at its next line of Python. One that waits outside of
    Python, in a database or a system call, goes on until it returns, and what it returns is dropped.

    Args:
        function: Synchronous, which runs in a thread of its own, or asynchronous, which runs on this loop.
        arguments: By name.
        timeout_s: Seconds it may take.
        on_output: Gets what it prints, on this loop.

    Raises:
        ToolTimeoutError: it took longer.
        Exception: whatever the function raises.
    """
    output = _OutputWriter(on_output)
    try:
        async with asyncio.timeout(timeout_s) as limit:
            if _is_asynchronous(function):
                with captured(output.write):
                    return await function(**arguments)
            result = await _in_thread(function, arguments, output.write)
            if inspect.isawaitable(result):
                with captured(output.write):
                    return await result
            return result
    except TimeoutError:
        if not limit.expired():  # the function's own
            raise
        raise ToolTimeoutError(f"It took longer than {timeout_s:g} s and was stopped.") from None
    finally:
        output.flush()


class _OutputWriter:
    """Gathers what a call prints and hands it over a few times a second: a loop that prints must not flood this one.

    Args:
        listener: Gets the text, on the event loop that this is made on.
    """

    def __init__(self, listener: Callable[[str], None]) -> None:
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        """Take text, from any thread."""
        with self._lock:
            self._parts.append(text)
            if len(self._parts) > 1:
                return
        with contextlib.suppress(RuntimeError):  # the loop may be gone before a function that was given up
            self._loop.call_soon_threadsafe(self._loop.call_later, _GATHER_S, self.flush)

    def flush(self) -> None:
        """Hand over what is there. On the event loop."""
        with self._lock:
            text = "".join(self._parts)
            self._parts.clear()
        if text:
            self._listener(text)


def _is_asynchronous(function: Any) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    call = function if inspect.isroutine(function) else type(function).__call__
    return inspect.iscoroutinefunction(call)


async def _in_thread(
    function: Callable[..., Any], arguments: dict[str, Any], heard: Callable[[str], None]
) -> Any:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def hand_over(value: Any, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)

    def body() -> None:
        value: Any = None
        wrong: Exception | None = None
        try:
            with captured(heard):
                value = function(**arguments)
        except _ToolCancelled:
            return
        except StopIteration as error:  # which no future takes
            wrong = RuntimeError(f"StopIteration: {error}")
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like are results of the function, too
            wrong = (
                error if isinstance(error, Exception) else RuntimeError(f"{type(error).__name__}: {error}")
            )
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(hand_over, value, wrong)

    context = copy_context()

    def contained() -> None:
        with contextlib.suppress(_ToolCancelled):  # it may strike when the function has just ended
            context.run(body)

    # Its own, and no one's to wait for: a function that hangs must not keep the process from ending.
    thread = threading.Thread(target=contained, name=f"tool {function!r:.60}", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no threads in a browser's Python
        contained()
    try:
        return await done
    except asyncio.CancelledError:
        _stop(thread)
        raise


def _stop(thread: threading.Thread) -> None:
    if thread.is_alive() and thread.ident is not None:
        import ctypes

        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_ToolCancelled)
        )
