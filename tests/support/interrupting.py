"""Ctrl-C at every moment at which Python hears it: KeyboardInterrupt before any instruction where it looks for signals."""

import dis
import functools
import sys

# CPython looks for signals when a function begins or goes on, after calls, and where a loop goes round.
_HEARD_AFTER = ("RESUME", "CALL", "CALL_FUNCTION_EX", "CALL_KW", "JUMP_BACKWARD")


@functools.cache
def _names(code):
    """The names of a function's instructions by their places."""
    return {each.offset: each.opname for each in dis.get_instructions(code)}


def interrupted_at(nth, modules, function):
    """Call a function with a Ctrl-C at the nth moment at which it would be heard in these modules, in this thread.

    What they call elsewhere counts as two moments: before it has begun, and after it has ended.

    Returns whether it came so far, and what the function returned.
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

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        value = function()
    except KeyboardInterrupt:
        return True, None
    else:
        return left <= 0, value  # where a destructor runs, Python prints the interrupt and goes on
    finally:
        sys.settrace(before)
        last.clear()
