"""Run a tool function, in a thread or as a coroutine, with timeout, cancellation and captured output."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from openrouter_nb.tools.stdout_capture import captured
from openrouter_nb.user_code import as_exception, call_user_code, run_in_task

if TYPE_CHECKING:
    from collections.abc import Callable

_FLUSH_INTERVAL_S = 0.05


class ToolTimeoutError(TimeoutError):
    """A call exceeded the timeout of its tool."""


class _ToolCancelled(BaseException):
    """Raised in the thread of a cancelled call."""


async def run(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    *,
    timeout_s: float,
    on_output: Callable[[str], None],
) -> Any:
    """Call a function and return its result.

    Cancellation stops a coroutine immediately, and a function at its next Python instruction. A function that blocks in
    native code, such as a database or system call, continues until it returns, and its result is discarded, as does a
    coroutine that ignores its cancellation for two seconds.

    Args:
        function: Synchronous (runs in a new thread) or asynchronous (runs on this loop).
        arguments: Arguments by name.
        timeout_s: Time limit in seconds.
        on_output: Called on this loop with printed text.

    Raises:
        ToolTimeoutError: the call exceeded `timeout_s`.
        Exception: any exception of the function; for SystemExit and the like, a RuntimeError that names it.
    """
    output = _OutputWriter(on_output)
    try:
        async with asyncio.timeout(timeout_s) as limit:
            if _is_asynchronous(function):
                return await run_in_task(_captured(lambda: function(**arguments), output.write))
            result = await _in_thread(function, arguments, output.write)
            if call_user_code(inspect.isawaitable, result):
                return await run_in_task(_captured(lambda: result, output.write))
            return result
    except TimeoutError:
        if not limit.expired():  # raised by the function
            raise
        raise ToolTimeoutError(f"It took longer than {timeout_s:g} s and was stopped.") from None
    finally:
        output.flush()


class _OutputWriter:
    """Buffers printed text and delivers it at most 20 times per second, so that a printing loop cannot flood the event loop.

    Args:
        listener: Called with the text on the event loop that is running at construction.
    """

    def __init__(self, listener: Callable[[str], None]) -> None:
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        """Buffer text. Thread-safe."""
        with self._lock:
            self._parts.append(text)
            if len(self._parts) > 1:
                return
        with contextlib.suppress(RuntimeError):  # the loop may be closed before an abandoned function ends
            self._loop.call_soon_threadsafe(self._loop.call_later, _FLUSH_INTERVAL_S, self.flush)

    def flush(self) -> None:
        """Deliver the buffered text. Call on the event loop."""
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


async def _captured(function: Callable[[], Any], on_text: Callable[[str], None]) -> Any:
    with captured(on_text):
        return await function()


async def _in_thread(
    function: Callable[..., Any], arguments: dict[str, Any], on_text: Callable[[str], None]
) -> Any:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def set_outcome(value: Any, error: Exception | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)

    def body() -> None:
        value: Any = None
        failure: Exception | None = None
        try:
            with captured(on_text):
                value = function(**arguments)
        except _ToolCancelled:
            return
        except BaseException as error:  # noqa: BLE001 - SystemExit etc. are errors of the function, too
            failure = as_exception(error)
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(set_outcome, value, failure)

    context = copy_context()

    def contained() -> None:
        with contextlib.suppress(_ToolCancelled):  # may be raised after the function has ended
            context.run(body)

    # A daemon thread: a function that hangs must not block interpreter exit.
    thread = threading.Thread(target=contained, name="openrouter-nb tool", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no threads in Pyodide
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
