"""Raise KeyboardInterrupt at every instruction where Python checks for signals."""

import asyncio
import dis
import functools
import sys
import threading

# CPython checks for signals when a function starts or resumes, after calls, and at backward jumps.
_HEARD_AFTER = ("RESUME", "CALL", "CALL_FUNCTION_EX", "CALL_KW", "JUMP_BACKWARD")


@functools.cache
def _names(code):
    """Return the names of a function's instructions by offset."""
    return {each.offset: each.opname for each in dis.get_instructions(code)}


def interrupted_at(nth, modules, function, *, afterwards=lambda: None, here=False):
    """Call a function with a Ctrl-C at the nth signal check in these modules.

    Calls to other modules count as two checks: before the start and after the end. An interrupt in a destructor is only
    printed by Python.

    Args:
        nth: From 1.
        modules: Modules whose signal checks count.
        function: The function.
        afterwards: Called after it, in the same thread and context.
        here: Whether to run in this thread instead of a new one: with Python 3.12, an exception raised by a tracer within
            an `except` remains the context of all later exceptions of the thread.

    Returns:
        Whether the nth check was reached, and the return value of the function.
    """
    files = {module.__file__ for module in modules}
    last = {}
    left = nth

    def moment():
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    def trace(frame, event, _argument):
        if event == "call":
            caller = frame.f_back
            if frame.f_code.co_filename in files:
                frame.f_trace_opcodes = True
                frame.f_trace_lines = False
                last.pop(caller, None)  # counts as a separate check
                last[frame] = "RESUME"
                return trace
            if caller is not None and caller.f_code.co_filename in files:
                moment()
            return None
        if event == "opcode":
            name = _names(frame.f_code).get(frame.f_lasti)
            before, last[frame] = last.get(frame), name
            if before in _HEARD_AFTER:
                moment()
        elif event == "return":
            last.pop(frame, None)
        return trace

    def body():
        sys.settrace(trace)
        try:
            found.append(function())
        except KeyboardInterrupt:
            found.append(None)
        except BaseException as error:  # noqa: BLE001 - raised where it was called
            wrong.append(error)
        finally:
            sys.settrace(None)
            last.clear()
        try:
            afterwards()
        except BaseException as error:  # noqa: BLE001 - as above
            wrong.append(error)

    found, wrong = [], []
    if here:
        body()
    else:
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
    if wrong:
        raise wrong[0]
    return left <= 0, found[0]


async def nothing_runs():
    """Wait until no other task runs on this event loop: closed tasks may take a moment to end."""
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        _, running = await asyncio.wait(others, timeout=30)
        assert running == set()
