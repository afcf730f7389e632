"""Call the user's code, such as tools, validators and callbacks, whatever it raises.

asyncio ends its event loop when a task raises SystemExit or KeyboardInterrupt, and takes a CancelledError for a cancelled
task. The event loop is the kernel's, or runs the requests of all cells. So these become ordinary exceptions here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_CLEAN_UP_S = 2.0


def message_of(value: object) -> str:
    """Return the text of a value, such as the message of an exception; empty if its `__str__` raises."""
    try:
        return str(value)
    except BaseException:  # noqa: BLE001 - `__str__` is code of the user, too
        return ""


def described(error: BaseException) -> str:
    """Return the class and message of an exception of the user's code; of one that `as_exception` replaced, its own."""
    cause = error.__cause__
    if type(error) is RuntimeError and cause is not None and not _is_ordinary(cause):
        error = cause
    return f"{type(error).__name__}: {message_of(error)}".removesuffix(": ")


def as_exception(error: BaseException) -> Exception:
    """Return an exception that has no meaning to asyncio or to iteration: the same one, or a RuntimeError that names it."""
    if _is_ordinary(error):
        return error
    exception = RuntimeError(described(error))
    exception.__cause__ = error
    return exception


def call_user_code(function: Callable[..., T], *args: Any) -> T:
    """Call a function.

    Raises:
        Exception: any exception of the function, as `as_exception` returns it.
    """
    try:
        return function(*args)
    except BaseException as error:
        if _is_ordinary(error):
            raise
        raise as_exception(error) from error


async def run_in_task(awaitable: Awaitable[T]) -> T:
    """Await in a separate task.

    If the caller is cancelled, the task is cancelled and has 2 seconds to end. One that does not end is abandoned.

    Raises:
        Exception: any exception of the awaitable, as `as_exception` returns it, also if it cancels itself.
    """
    task = create_task(awaitable)
    task.add_done_callback(retrieve_error)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait([task], timeout=_CLEAN_UP_S)
        raise
    return call_user_code(task.result)


def create_task(awaitable: Awaitable[T]) -> asyncio.Task[T]:
    """Create a task that never ends its event loop: see `without_exits`."""
    return asyncio.get_running_loop().create_task(without_exits(awaitable))


async def without_exits(awaitable: Awaitable[T]) -> T:
    """Await, and raise SystemExit and KeyboardInterrupt as exceptions that do not end the event loop.

    Raises:
        RuntimeError: SystemExit was raised.
        CancelledError: KeyboardInterrupt was raised, which `asyncio.run` turns into a cancellation, too.
    """
    try:
        return await awaitable
    except SystemExit as error:
        raise as_exception(error) from error
    except KeyboardInterrupt as error:
        raise asyncio.CancelledError(type(error).__name__) from error


def _is_ordinary(error: BaseException) -> TypeGuard[Exception]:
    return isinstance(error, Exception) and not isinstance(error, (StopIteration, StopAsyncIteration))


def retrieve_error(task: asyncio.Task[Any]) -> None:
    """Mark the exception of a task as retrieved: asyncio would log that of a task that nothing waits for."""
    if not task.cancelled():
        task.exception()
