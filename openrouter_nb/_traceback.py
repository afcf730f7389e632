"""What a notebook shows of an error: the reader's own lines and what went wrong, not how the request was made.

A failed request has some ninety lines of traceback, through two event loops and the HTTP library, and a notebook keeps them.
Only IPython's display is changed: the exception has its whole traceback and its cause, for `%tb`, `%debug`, logs and scripts.
"""

from __future__ import annotations

import sys
from types import FrameType, TracebackType

_PACKAGE = "openrouter_nb"
_PLUMBING = ("asyncio", "concurrent")  # of the reader's tasks and threads


class ShortTraceback:
    """Mixin of exceptions whose message says all there is to say."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows of it; this name is IPython's protocol. `%tb` and `%xmode Verbose` show everything."""
        assert isinstance(self, BaseException)  # noqa: S101 - as a mixin it has no other use
        # IPython alone calls this, so it is there; it is not imported, because most who catch this error have no notebook.
        formatter = sys.modules["IPython"].get_ipython().InteractiveTB
        own = _own_frames(self.__traceback__)
        if own is None or formatter.mode == "Verbose" or is_asked_for(self):
            return list(formatter.structured_traceback(type(self), self, self.__traceback__))
        return list(formatter.structured_traceback(type(self), _without_cause(self), own))


def is_asked_for(error: BaseException) -> bool:
    """Tell whether `%tb` asks for an error again, and not the cell that has just failed, or IPython's record of it.

    For `_render_traceback_` alone: it looks at who has called that.
    """
    caller = sys._getframe(2)  # noqa: SLF001 - IPython hands over nothing by which they could be told apart
    return caller.f_code.co_name == "showtraceback" and sys.exc_info()[1] is not error


def _own_frames(whole: TracebackType | None) -> TracebackType | None:
    """Return the traceback down to the call of this package, None where there is nothing above that."""
    frames = []
    while whole is not None and (module := _module(whole.tb_frame)) != _PACKAGE:
        if module not in _PLUMBING:
            frames.append(whole)
        whole = whole.tb_next
    # The first frame is IPython's, which runs the cell; its formatter leaves that out.
    if whole is None or len(frames) < 2:
        return None
    own: TracebackType | None = None
    for each in reversed(frames):
        own = TracebackType(own, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return own


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _without_cause(error: BaseException) -> BaseException:
    """Return a twin to be shown: made past `__init__`, which may ask for more than the message."""
    twin: BaseException = type(error).__new__(type(error))
    twin.args = error.args
    twin.__dict__.update(error.__dict__)
    twin.__suppress_context__ = True
    return twin
