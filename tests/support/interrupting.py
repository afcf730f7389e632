"""Ctrl-C at every moment at which Python hears it: KeyboardInterrupt before any instruction where it looks for signals."""

import asyncio
import dis
import functools
import sys
import threading

# CPython looks for signals when a function begins or goes on, after calls, and where a loop goes round.
_HEARD_AFTER = ("RESUME", "CALL", "CALL_FUNCTION_EX", "CALL_KW", "JUMP_BACKWARD")


@functools.cache
def _names(code):
    """The names of a function's instructions by their places."""
    return {each.offset: each.opname for each in dis.get_instructions(code)}


def interrupted_at(nth, modules, function, *, afterwards=lambda: None, here=False):
    """Call a function with a Ctrl-C at the nth moment at which it would be heard in these modules.

    What they call elsewhere counts as two moments: before it has begun, and after it has ended. Where a destructor is
    interrupted, Python prints that and goes on.

    Args:
        nth: From 1.
        modules: Where it is heard.
        function: What is interrupted.
        afterwards: Called after it, in the same thread and context.
        here: Whether it runs in this thread, and not in one of its own: what a tracer raises within an `except` of Python
            3.12 stays for ever the context of whatever its thread raises later.

    Returns:
        Whether it came so far, and what the function returned.
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
                last.pop(caller, None)  # what this has to do ends with a moment of its own
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
    """Wait until nothing else runs on this event loop. What has been closed may take a moment to end."""
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        _, running = await asyncio.wait(others, timeout=30)
        assert running == set()
